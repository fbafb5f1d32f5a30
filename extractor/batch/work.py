"""The unit of work: one function takes a shard and commits what came of it, wherever it runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from extractor import languages, limits, workers
from extractor.batch.versions import ALL
from extractor.cleaning import clean
from extractor.errors import ExtractorError, InternalError, KnowledgeInvalid, PipelineMissing, WorkerCrash
from extractor.limits import SINK_PATIENCE
from extractor.pipeline import Document, Extractor
from extractor.records import Report
from extractor.sinks import Failure, Known, Outcome, Sink, open_sink
from extractor.sinks.choice import STANDARD_OUTPUT
from extractor.sources.base import Refusal, SourceDocument

_NO_PIPELINE = "none"


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for.

    Attributes:
        explain: Keep the rule behind every value.
        include_text: Let the text travel in the reports.
        only_incidents: Write only documents that report one.
        min_relevance: Less relevant documents are only scored.
        knowledge: A folder with names and rules of the user.
        keep: Leave a document alone that an older version extracted.
        retry: Do again what failed or was refused.
    """

    explain: bool = False
    include_text: bool = False
    only_incidents: bool = False
    min_relevance: float = 0.0
    knowledge: str | None = None
    keep: bool = False
    retry: bool = False

    @property
    def deciding(self) -> str:
        """Those that change what is written, as one string."""
        named = ("explain", "include_text", "only_incidents", "min_relevance")
        return json.dumps({name: getattr(self, name) for name in named})

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Job:
    """What every shard of a run shares; picklable, and the same on every machine.

    Attributes:
        target: Where to write.
        run_id: Of the run.
        options: What was asked for.
        versions: Version by language, see ``extractor.batch.versions``.
        patience: Seconds to wait for a database that is away.
    """

    target: str
    run_id: str
    options: Options
    versions: Mapping[str, str]
    patience: float = SINK_PATIENCE

    @property
    def streams(self) -> bool:
        """Whether reports go to standard output instead of a sink."""
        return self.target == STANDARD_OUTPUT


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a source gave, and its place in the input, counted from 0."""

    ordinal: int
    given: SourceDocument | Refusal


@dataclass(frozen=True, slots=True)
class Shard:
    """A few documents, in order: the unit of work and of commit."""

    items: tuple[Item, ...]

    def singly(self) -> Iterator[Shard]:
        """One shard for each item."""
        return (Shard((item,)) for item in self.items)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a shard came to.

    Attributes:
        documents: Written now.
        incidents: In them.
        skipped: Done before.
        characters: Of all of its documents.
        failures: What did not work, or did not before.
        lines: The reports as JSON, when they go to standard output.
    """

    documents: int = 0
    incidents: int = 0
    skipped: int = 0
    characters: int = 0
    failures: tuple[Failure, ...] = ()
    lines: tuple[str, ...] = ()


def cut(items: Iterable[SourceDocument | Refusal], characters: int = limits.SHARD_CHARACTERS) -> Iterator[Shard]:
    """Cut a stream into shards of about so many characters."""
    numbered = (Item(ordinal, given) for ordinal, given in enumerate(items))
    return (Shard(tuple(shard)) for shard in workers.cut(numbered, _length, characters))


def _length(item: Item) -> int:
    return len(item.given.text) if isinstance(item.given, SourceDocument) else 0


def process(job: Job, shard: Shard) -> Tally:
    """Extract a shard and commit it: rows and journal at once. Safe to do twice.

    Args:
        job: What the run's shards share.
        shard: The documents; those that are done already are left alone.

    Raises:
        ExtractorError: The target cannot be written to; nothing of the shard is in it.
    """
    known = {} if job.streams else _sink(job).known([name for name in map(_id, shard.items) if name is not None])
    todo = [item for item in shard.items if not _done(item, known, job)]
    with ExitStack() as zones:
        for code in sorted(_LOADED):
            pipeline = languages.get(code).pipeline
            if pipeline is not None:
                zones.enter_context(pipeline.memory_zone())
        outcomes = [_extract(item, job) for item in todo]
    return _commit(job, shard, outcomes, known)


def give_up(job: Job, shard: Shard) -> Tally:
    """Write down that the documents of a shard bring down the process that reads them."""
    error = WorkerCrash("the process that read it died twice; see whether it runs out of memory")
    outcomes = [_failed(item, job, error) for item in shard.items]
    return _commit(job, shard, outcomes, {})


#: Languages whose pipeline this process has loaded.
_LOADED: set[str] = set()


@lru_cache(maxsize=1)
def _opened(target: str, patience: float, _run_id: str) -> Sink:
    return open_sink(target, patience)


def _sink(job: Job) -> Sink:
    """The target; opened once in a process and run."""
    return _opened(job.target, job.patience, job.run_id)


@lru_cache(maxsize=4)
def _extractor(options: Options) -> Extractor:
    return Extractor(
        explain=options.explain,
        include_text=options.include_text,
        min_relevance=options.min_relevance,
        knowledge=Path(options.knowledge) if options.knowledge else None,
    )


def _commit(job: Job, shard: Shard, outcomes: list[Outcome], known: Mapping[str, Known]) -> Tally:
    lines: list[str] = []
    if job.streams:
        wanted = [outcome for outcome in outcomes if outcome.report is not None]
        lines = [outcome.report.model_dump_json() for outcome in wanted if outcome.report is not None]
    elif outcomes:
        _sink(job).commit(job.run_id, outcomes)
    done = [outcome for outcome in outcomes if outcome.state == "ok"]
    again = {outcome.ordinal for outcome in outcomes}
    before = [item for item in shard.items if item.ordinal not in again]
    failed_before = tuple(_failures_before(before, known))
    return Tally(
        documents=len(done),
        incidents=sum(len(outcome.report.incidents) for outcome in done if outcome.report),
        skipped=len(before) - len(failed_before),
        characters=sum(len(item.given.text) for item in shard.items if isinstance(item.given, SourceDocument)),
        failures=(*_failures(outcomes), *failed_before),
        lines=tuple(lines),
    )


def _failures(outcomes: Iterable[Outcome]) -> Iterator[Failure]:
    for outcome in outcomes:
        if outcome.state != "ok":
            code, message = outcome.code or "error", outcome.message or ""
            yield Failure(outcome.place, outcome.document_id, outcome.state, code, message)


def _failures_before(items: Iterable[Item], known: Mapping[str, Known]) -> Iterator[Failure]:
    for item in items:
        entry = known.get(_id(item) or "")
        if entry is not None and entry.state != "ok":
            message = f"{entry.message or ''} (in an earlier run; `incidents retry` does it again)".strip()
            yield Failure(safe(item.given.place), _id(item), entry.state, entry.code or "error", message)


def safe(text: str) -> str:
    """Text that every target takes: what breaks a database is replaced one to one."""
    return clean(text).text


def _id(item: Item) -> str | None:
    """The id that the document's report will have; None for a record that is no document."""
    document = item.given
    if isinstance(document, Refusal):
        return None
    named = document.id or document.uri
    if named:
        return safe(named)
    return f"text-{hashlib.sha256(safe(document.text).encode()).hexdigest()[:16]}"


def _done(item: Item, known: Mapping[str, Known], job: Job) -> bool:
    entry = known.get(_id(item) or "")
    if entry is None or isinstance(item.given, Refusal) or entry.revision != _revision(item.given):
        return False
    if entry.state != "ok" and job.options.retry:
        return False
    return job.options.keep or entry.version == _version(job, entry.language)


def _version(job: Job, language: str | None) -> str:
    return job.versions.get(language or ALL, job.versions[ALL])


def _revision(document: Document) -> str:
    """Hash of everything that was given."""
    given = [document.uri, document.title, document.published, document.published_basis, document.language]
    text = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
    return hashlib.sha256(json.dumps([text, *given]).encode()).hexdigest()[:32]


def _extract(item: Item, job: Job) -> Outcome:
    """One document; whatever it does ends as an outcome."""
    given = item.given
    if isinstance(given, Refusal):
        return Outcome(item.ordinal, safe(given.place), "refused", code=given.code, message=safe(given.message))
    try:
        report = _extractor(job.options)(_accepted(given))
    except KnowledgeInvalid:
        raise
    except ExtractorError as error:
        return _failed(item, job, error)
    except Exception as error:
        return _failed(item, job, InternalError(f"{type(error).__name__}: {error}"))
    if report.provenance.pipeline != _NO_PIPELINE:
        _LOADED.add(report.document.language.code)
    return _outcome(item, report, given, job)


def _accepted(document: SourceDocument) -> Document:
    """The document with names that every target takes."""
    return Document(
        text=document.text,
        id=safe(document.id) if document.id else None,
        uri=safe(document.uri) if document.uri else None,
        title=safe(document.title) if document.title else None,
        published=document.published,
        published_basis=document.published_basis,
        language=document.language,
    )


def _outcome(item: Item, report: Report, document: SourceDocument, job: Job) -> Outcome:
    info = report.document
    wanted = report.incidents or not job.options.only_incidents
    return Outcome(
        ordinal=item.ordinal,
        place=safe(document.place),
        state="ok",
        document_id=info.id,
        revision=_revision(document),
        version=_version(job, info.language.code),
        language=info.language.code,
        sha256=info.sha256,
        length=info.length,
        report=report if wanted else None,
        text=(info.text if info.text is not None else safe(document.text)) if wanted else None,
    )


def _failed(item: Item, job: Job, error: ExtractorError) -> Outcome:
    document = item.given
    if isinstance(document, Refusal):
        return Outcome(
            item.ordinal, safe(document.place), "refused", code=document.code, message=safe(document.message)
        )
    accident = isinstance(error, InternalError | WorkerCrash | PipelineMissing)
    text = safe(document.text)
    return Outcome(
        ordinal=item.ordinal,
        place=safe(document.place),
        state="failed" if accident else "refused",
        document_id=_id(item),
        revision=_revision(document),
        version=_version(job, None),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        length=len(text),
        code=error.code,
        message=safe(" ".join(error.message.split())),
    )
