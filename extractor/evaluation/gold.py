"""The gold of corpus/: its schema, how it is read, and which split an article is in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.datafiles import load_lines
from extractor.errors import GoldInvalid, KnowledgeInvalid
from extractor.records import (
    ActionKind,
    CauseCategory,
    CauseDetail,
    CauseRole,
    ComponentCategory,
    ComponentStatus,
    DurationBasis,
    ImpactKind,
    IncidentKind,
    IncidentRole,
    IncidentStatus,
    Quantity,
)

Split = Literal["dev", "test"]
Register = Literal["agency", "trade", "newspaper", "postmortem", "statuslog", "statement", "blog"]
ApproximateField = Literal["started_at", "detected_at", "mitigated_at", "resolved_at", "duration"]

SEED_NOTE = "seed"
CASES = 14
#: A folder with fewer articles is experimental: outside the mean over languages, the floors and the counts.
FEWEST_ARTICLES = 10
#: The folder of the corpus with ordinary news: one JSONL file a language.
ORDINARY = "ordinary"
_TEST_EVERY = 3


class GoldRecord(BaseModel):
    """Base of the gold records: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class GoldComponent(GoldRecord):
    """What failed, degraded or was spared."""

    name: str = Field(min_length=1)
    category: ComponentCategory
    status: ComponentStatus


class GoldCause(GoldRecord):
    """A verbatim span that names a cause; a denied cause is not annotated."""

    text: str = Field(min_length=1)
    category: CauseCategory
    detail: CauseDetail | None = None
    role: CauseRole
    certainty: Literal["stated", "suspected"] = "stated"


class GoldImpact(GoldRecord):
    """A verbatim span that says what users or a business suffered, or (affected false) did not."""

    text: str = Field(min_length=1)
    kind: ImpactKind
    affected: bool = True
    quantity: Quantity | None = None


class GoldAction(GoldRecord):
    """A verbatim span that says what was done."""

    text: str = Field(min_length=1)
    kind: ActionKind


class GoldIncident(GoldRecord):
    """One thing that broke, as the text tells it."""

    role: IncidentRole
    kind: IncidentKind
    status: IncidentStatus
    organizations: tuple[str, ...]
    services: tuple[str, ...]
    started_at: str | None
    detected_at: str | None
    mitigated_at: str | None
    resolved_at: str | None
    timezone: str | None = None
    duration: str | None
    duration_basis: DurationBasis | None
    approximate: tuple[ApproximateField, ...]
    components: tuple[GoldComponent, ...]
    causes: tuple[GoldCause, ...]
    impacts: tuple[GoldImpact, ...]
    actions: tuple[GoldAction, ...]
    locations: tuple[str, ...]


class GoldTime(GoldRecord):
    """A temporal expression with its TIMEX3 value; ``set`` for repeated times."""

    text: str = Field(min_length=1)
    value: str
    set: bool = False

    @property
    def optional(self) -> bool:
        """A vague reference, which nobody has to find."""
        return self.value.endswith("_REF")


class GoldArticle(GoldRecord):
    """The whole of ``<id>.json``."""

    id: str
    lang: str
    published: str | None
    event: str | None
    facts_from: str | None = None
    note: str = ""
    fictional: bool
    register_: Register = Field(alias="register")
    cases: tuple[int, ...]
    relevant: bool
    incidents: tuple[GoldIncident, ...]
    times: tuple[GoldTime, ...]

    @property
    def seed(self) -> bool:
        """Whether it comes from the seed of the corpus."""
        return self.note.startswith(SEED_NOTE)


class OrdinaryArticle(GoldRecord):
    """A line of ``ordinary/<lang>.jsonl``: news of a desk of a newspaper that tells of no incident at all."""

    id: str
    desk: str
    text: str = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Article:
    """A gold article with its text and split."""

    gold: GoldArticle
    text: str
    split: Split


def read_gold(path: Path) -> GoldArticle:
    """Read one gold file.

    Raises:
        GoldInvalid: Not readable, not JSON, or not what the schema says.
    """
    try:
        return GoldArticle.model_validate_json(path.read_bytes())
    except OSError as error:
        raise GoldInvalid(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        keys = ".".join(str(part) for part in fault["loc"])
        raise GoldInvalid(f"{path}: {keys}: {fault['msg']} (found {fault.get('input')!r:.80})") from error


def read_text(path: Path) -> str:
    """Read one article as the extractor does: UTF-8, byte-order mark dropped, line ends untouched.

    Raises:
        GoldInvalid: Not readable or not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldInvalid(f"{path}: {error}") from error


def folders(corpus: Path) -> list[Path]:
    """The folders of the corpus, one a language, sorted.

    Raises:
        GoldInvalid: The corpus is no folder, or holds no article.
    """
    if not corpus.is_dir():
        raise GoldInvalid(f"{corpus}: no such folder")
    found = sorted(path for path in corpus.iterdir() if path.is_dir() and any(path.glob("*.json")))
    if not found:
        raise GoldInvalid(f"{corpus}: no articles; a corpus has one folder a language with <id>.txt and <id>.json")
    return found


def load(corpus: Path) -> dict[str, tuple[Article, ...]]:
    """Read a corpus: the articles of each language, sorted by id.

    Args:
        corpus: The folder that holds one folder a language.

    Returns:
        Language code to its articles, with their splits.

    Raises:
        GoldInvalid: A file is not readable or not what the schema says.
    """
    golds = {folder.name: [read_gold(path) for path in sorted(folder.glob("*.json"))] for folder in folders(corpus)}
    seeds = seed_events(gold for listed in golds.values() for gold in listed)
    return {
        code: tuple(_articles(corpus / code, listed, seeds)) for code, listed in golds.items()
    }  # fmt: skip


def ordinary(corpus: Path) -> dict[str, tuple[Article, ...]]:
    """Read the ordinary news of a corpus; a corpus without any is no fault.

    What it is there for is its relevance: nothing else of it is annotated.

    Args:
        corpus: The folder that holds the folder ``ordinary``.

    Returns:
        Language code to its articles, split as the others are.

    Raises:
        GoldInvalid: A file is not readable or not what the schema says.
    """
    try:
        return {
            path.stem: tuple(_plain(line, path.stem) for line in load_lines(path, OrdinaryArticle))
            for path in sorted((corpus / ORDINARY).glob("*.jsonl"))
        }
    except KnowledgeInvalid as error:
        raise GoldInvalid(error.message) from error


def _plain(line: OrdinaryArticle, code: str) -> Article:
    gold = GoldArticle(
        id=line.id,
        lang=code,
        published=None,
        event=None,
        note=line.desk,
        fictional=True,
        register="newspaper",
        cases=(),
        relevant=False,
        incidents=(),
        times=(),
    )
    return Article(gold, line.text, split_of(gold, frozenset()))


def _articles(folder: Path, golds: list[GoldArticle], seeds: frozenset[str]) -> Iterator[Article]:
    for gold in golds:
        yield Article(gold, read_text(folder / f"{gold.id}.txt"), split_of(gold, seeds))


def seed_events(golds: Iterable[GoldArticle]) -> frozenset[str]:
    """The events of the seed articles: every article on one of them stays in dev."""
    return frozenset(gold.event or gold.id for gold in golds if gold.seed)


def split_of(gold: GoldArticle, seeds: frozenset[str]) -> Split:
    """Which split an article is in: by a hash of its event (else of its id); seed events are always dev.

    Args:
        gold: The article.
        seeds: The events of the seed articles, over all languages.
    """
    event = gold.event or gold.id
    if gold.seed or event in seeds:
        return "dev"
    return "test" if int(hashlib.sha256(event.encode()).hexdigest(), 16) % _TEST_EVERY == 0 else "dev"


def experimental(articles: tuple[Article, ...]) -> bool:
    """Whether a language has too few articles to be counted."""
    return len(articles) < FEWEST_ARTICLES


def place(text: str, spans: Iterable[str]) -> list[tuple[int, int] | None]:
    """Where spans stand in a text, each after the one before; whole words first. None for one that is not found.

    Example:
        >>> place("at 10 on 10 May 2010", ["10", "10 May"])
        [(3, 5), (9, 15)]
        >>> place("2010", ["10"]), place("later", ["soon"])
        ([(2, 4)], [None])
    """
    found: list[tuple[int, int] | None] = []
    at = 0
    for span in spans:
        start = _whole(text, span, at)
        if start < 0:
            start = text.find(span, at)
        found.append((start, start + len(span)) if start >= 0 else None)
        at = start + len(span) if start >= 0 else at
    return found


def _whole(text: str, span: str, at: int) -> int:
    """The first place from ``at`` on where the span cuts no word or number; -1 for none."""
    start = text.find(span, at)
    while start >= 0:
        end = start + len(span)
        cuts_left = start > 0 and text[start - 1].isalnum() and span[0].isalnum()
        cuts_right = end < len(text) and text[end].isalnum() and span[-1].isalnum()
        if not cuts_left and not cuts_right:
            return start
        start = text.find(span, start + 1)
    return -1


def corpus_hash(folder: Path) -> str:
    """A hash over the articles and gold of one language: the same files, the same hash.

    Args:
        folder: The folder of the language.
    """
    digest = hashlib.sha256()
    for path in sorted((*folder.glob("*.txt"), *folder.glob("*.json"))):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
