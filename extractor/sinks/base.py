"""What every target does: know what is done, commit a shard as a whole, and say what failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from extractor.records import Report

State = Literal["ok", "failed", "refused"]
RunState = Literal["running", "complete", "interrupted"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document, or of a record that is none.

    Attributes:
        ordinal: Its place in the input, counted from 0.
        place: Where it stands in the input: a file, ``file:line`` ...
        state: ok; failed (an accident: the same again may work); refused (it cannot work with this version).
        document_id: The document's id; None for a record that is no document.
        revision: Hash of everything that was given: text, dates, language, title.
        version: What extracted it, see ``extractor.batch.versions``.
        language: Code of the language, once told.
        sha256: Of the text.
        length: Of the text, in code points.
        code: Why it failed.
        message: Why it failed, in one line.
        report: The report, when the state is ok.
        text: The text that the report's offsets refer to.
    """

    ordinal: int
    place: str
    state: State
    document_id: str | None = None
    revision: str = ""
    version: str = ""
    language: str | None = None
    sha256: str = ""
    length: int = 0
    code: str | None = None
    message: str | None = None
    report: Report | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the journal says of a document."""

    revision: str
    version: str
    language: str | None
    state: State
    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A document or a record that is not in the target, and why."""

    place: str
    document_id: str | None
    state: State
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the program.

    Attributes:
        id: Unique.
        started_at: ISO 8601, UTC.
        inputs: As the caller wrote them, absolute.
        options: What was asked for.
        state: running, complete, interrupted; running too when it was killed.
        finished_at: ISO 8601, UTC.
        counts: documents, incidents, failures, skipped.
    """

    id: str
    started_at: str
    inputs: tuple[str, ...]
    options: Mapping[str, Any]
    state: RunState = "running"
    finished_at: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Status:
    """What a target holds.

    Attributes:
        documents: Documents that are done.
        incidents: Incidents in them.
        failures: What is not done, and why.
        runs: Oldest first.
    """

    documents: int
    incidents: int
    failures: tuple[Failure, ...]
    runs: tuple[Run, ...]


class Sink(Protocol):
    """A target that can be stopped at any moment.

    ``known`` and ``commit`` are called by many processes at once, the rest by the one that leads the run.
    """

    def prepare(self) -> None:
        """Create what is missing and finish what a killed run left; refuse what is not ours."""

    def check(self) -> None:
        """Refuse what is not ours, and change nothing."""

    def begin(self, run: Run) -> None:
        """Write down that a run begins."""

    def known(self, document_ids: Sequence[str]) -> Mapping[str, Known]:
        """What the journal says of these documents."""

    def commit(self, run_id: str, outcomes: Sequence[Outcome]) -> None:
        """Write rows and journal of a shard: all or nothing; the same again changes nothing."""

    def finish(self, run: Run) -> None:
        """Write down how a run ended, and show the result where that is done once."""

    def status(self) -> Status:
        """What is done and what is not."""

    def delete(self, document_id: str) -> bool:
        """Remove a document and all that came from it; False when there is none."""

    def close(self) -> None:
        """Let go of connections and files."""


class Format(Protocol):
    """A file format that reports are written in, once and as a whole."""

    def write(self, path: Path, old: Path | None, replaced: Set[str], reports: Iterator[str]) -> None:
        """Write a file anew.

        Args:
            path: The new file.
            old: The file it takes the place of, whose rows are kept.
            replaced: Ids of documents whose rows are not kept.
            reports: Further reports, as JSON.
        """


def listed(failures: Iterator[Failure]) -> tuple[Failure, ...]:
    """Failures in order of their place."""
    return tuple(sorted(failures, key=lambda failure: (failure.place, failure.document_id or "", failure.code)))
