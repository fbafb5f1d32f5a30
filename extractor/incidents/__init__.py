"""Incidents: which events a text reports, and which fact belongs to which of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractor import relevance
from extractor.incidents import assemble, ends, events, moments, passages, threads
from extractor.incidents.events import Event
from extractor.incidents.moments import PlacedTime
from extractor.incidents.threads import Thread
from extractor.languages import Language
from extractor.learning.store import NOTHING, Learned
from extractor.mentions import Mentions, speakers
from extractor.records import Incident, Warning
from extractor.times import ResolvedTime

_MANY = 6


@dataclass(frozen=True, slots=True)
class Built:
    """The incidents of a text, warnings about them, and how surely the text is an incident report after all."""

    relevance: float
    incidents: tuple[Incident, ...] = ()
    warnings: tuple[Warning, ...] = ()


def build(
    mentions: Mentions,
    times: Sequence[tuple[ResolvedTime, int, int]],
    language: Language,
    document: str,
    published: str | None = None,
    learned: Learned = NOTHING,
) -> Built:
    """Build the incident records of one document.

    Args:
        mentions: What the text mentions.
        times: Its times with their first and last token.
        language: For its small words.
        document: The document's id; incidents are numbered behind it.
        published: The publication date, when known.
        learned: What was learnt of starts and ends; the rules alone decide without it.

    Returns:
        The incidents in order of the text, those mentioned in passing last, and warnings; none of a text that turns
        out to be no incident report.
    """
    found, placed, told = follow(mentions, times, language, published, learned)
    relevant = relevance.judge(
        mentions.words, mentions.hits, language, learned, relevance.AFTER, signs(mentions, placed, told)
    )
    if relevant < relevance.THRESHOLD:
        return Built(relevant)
    chooser = None
    if learned.moments is not None:
        chooser = ends.Chooser(learned.moments, ends.Reader(mentions, found, placed, language, published))
    context = assemble.Context(
        words=mentions.words,
        mentions=mentions,
        placed=placed,
        quotations=speakers.find(mentions.words, mentions.hits, mentions.names),
        language=language,
        operator=_operator(mentions),
        aside=_aside(mentions, told),
        chooser=chooser,
    )
    built = [assemble.incident(context, thread, f"{document}#{number}") for number, thread in enumerate(told, start=1)]
    return Built(
        relevant, tuple(record for record, _ in built), tuple(warning for _, found in built for warning in found)
    )


def signs(mentions: Mentions, placed: Sequence[PlacedTime], told: Sequence[Thread]) -> list[str]:
    """What was found in a text, as far as it tells whether the text is an incident report."""
    real = [p for p in mentions.predicates if p.real]
    counts = {
        "events": sum(len(thread.events) for thread in told),
        "strong": sum(event.strong for thread in told for event in thread.events),
        "failing": sum(p.effect in ("failed", "degraded") for p in real),
        "recovered": sum(p.effect == "recovered" for p in real),
        "started": sum(p.phase == "started" for p in placed),
        "resolved": sum(p.phase == "resolved" for p in placed),
        "planned": sum(p.phase == "planned" for p in placed),
        "clocks": sum(p.time.precision in moments.CLOCK for p in placed),
        "incidents": sum(not thread.background for thread in told),
    }
    return [f"{relevance.RULE}{name}{min(number, _MANY)}" for name, number in counts.items()]


def follow(
    mentions: Mentions,
    times: Sequence[tuple[ResolvedTime, int, int]],
    language: Language,
    published: str | None = None,
    learned: Learned = NOTHING,
) -> tuple[tuple[Event, ...], tuple[PlacedTime, ...], tuple[Thread, ...]]:
    """What incidents are made of: the events of a text, its times with their phases, and which clause tells which.

    Args:
        mentions: What the text mentions.
        times: Its times with their first and last token.
        language: For its small words.
        published: The publication date, when known.
        learned: What was learnt of asides; the rules alone decide without it.
    """
    found = events.find(mentions, language)
    placed = moments.place(mentions, times, found, language)
    judge = None
    if learned.passages is not None and learned.clusters is not None:
        clusters = learned.clusters.all(language.code, {token.norm for token in mentions.words.tokens})
        reader = passages.Reader(mentions, found, placed, language, clusters, published)
        judge = passages.Judge(learned.passages, reader)
    told = sorted(threads.follow(mentions, found, placed, judge), key=lambda thread: thread.background)
    return found, placed, tuple(told)


def _operator(mentions: Mentions) -> str | None:
    """The organisation that the text names most, its suppliers and victims aside."""
    names = Counter(n.name for n in mentions.names if n.type == "organization" and not n.party)
    return names.most_common(1)[0][0] if names else None


def _aside(mentions: Mentions, told: Sequence[Thread]) -> frozenset[str]:
    """The parties that the text names first in an aside: they are no parties of what it reports."""
    asides = {clause for thread in told if thread.background for clause in thread.clauses}
    first: dict[str, bool] = {}
    for name in mentions.names:
        first.setdefault(threads.party(name), mentions.clauses.of(name.first).index in asides)
    return frozenset(key for key, inside in first.items() if inside)
