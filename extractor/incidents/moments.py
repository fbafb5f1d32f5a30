"""When an incident started, was noticed, mitigated and over, and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from extractor.incidents.threads import Thread
from extractor.languages import ActionRule, Hits, Language, TimingRule
from extractor.mentions import Mentions
from extractor.mentions.predicates import Predicate
from extractor.times import ResolvedTime
from extractor.tokens import Words

PHASES = ("started", "detected", "mitigated", "resolved")
_FINENESS = {"second": 6, "minute": 5, "part_of_day": 4, "day": 3, "week": 2, "month": 1, "year": 0}
_CLOCK = frozenset({"minute", "second"})
_LOOSE = 0.10


@dataclass(frozen=True, slots=True)
class PlacedTime:
    """A resolved time at tokens ``first`` to ``last`` (excluded), with the phase that its clause gives it.

    ``weight`` says how strongly: 3 a word right beside it, 2 a predicate of its clause, 1 an event in its clause.
    """

    time: ResolvedTime
    first: int
    last: int
    clause: int
    phase: str
    weight: int
    rule: str


@dataclass(frozen=True, slots=True)
class Length:
    """A duration in seconds with bounds, and where it comes from."""

    value: str | None
    seconds: tuple[int | None, int | None, int | None]
    approximate: bool
    basis: str
    times: tuple[PlacedTime, ...]
    rule: str


def place(
    mentions: Mentions, times: Sequence[tuple[ResolvedTime, int, int]], threads: Sequence[Thread]
) -> tuple[PlacedTime, ...]:
    """Give each time of the text the phase that the words around it tell."""
    event_clauses = {event.clause for thread in threads for event in thread.events}
    placed: list[PlacedTime] = []
    for index, (time, first, last) in enumerate(times):
        clause = mentions.clauses.of(first).index
        following = times[index + 1][1] if index + 1 < len(times) else None
        phase, weight, rule = _phase(mentions, time, first, last, clause, event_clauses, placed, following)
        placed.append(PlacedTime(time, first, last, clause, phase, weight, rule))
    return tuple(placed)


def _phase(
    mentions: Mentions,
    time: ResolvedTime,
    first: int,
    last: int,
    clause: int,
    event_clauses: set[int],
    placed: Sequence[PlacedTime],
    following: int | None,
) -> tuple[str, int, str]:
    if time.vague:
        return "none", 0, "vague"
    if "planned" in mentions.assertions.kinds(first, last):
        return "planned", 3, "planned"
    bound, cue = _bound(mentions.words, mentions.hits, first, last, following)
    real = [p for p in mentions.predicates if p.clause == clause and p.real]
    previous = placed[-1] if placed else None
    if bound in ("report", "before", "after"):
        return "none", 0, cue
    if previous is not None and previous.phase == "started" and previous.weight == 3 and first - previous.last <= 2:
        return "resolved", 3, "second-bound"
    if bound in ("from", "since"):
        recovered = bound == "since" and any(p.effect == "recovered" or p.rule.phase == "resolved" for p in real)
        return ("resolved" if recovered else "started"), 3, cue
    if bound == "until":
        return "resolved", 3, cue
    phase = _nearest_phase(real, first, last)
    if phase is not None:
        return phase.rule.phase, 2, phase.rule.id
    if clause in event_clauses or any(p.effect in ("failed", "degraded") for p in real):
        return "started", 1, "event-in-clause"
    if any(c.clause == clause and c.certainty != "denied" for c in mentions.causes):
        return "started", 1, "cause-in-clause"
    return "none", 0, "nothing-beside"


def _bound(words: Words, hits: Hits, first: int, last: int, following: int | None) -> tuple[str, str]:
    """The timing cue right beside a time, articles and hedges between allowed."""
    paired = following is not None and following - last <= 2
    for rule, hit in hits.of(TimingRule):
        beside = 0 <= first - hit.last <= 1 if rule.position == "before" else 0 <= hit.first - last <= 1
        same = words.tokens[hit.first].sentence == words.tokens[first].sentence
        clean = all(t.text[0].isalnum() or t.text == "'" for t in words.tokens[hit.last : first])
        if beside and same and clean and (paired or not rule.pair):
            return rule.bound, rule.id
    return "", ""


def _nearest_phase(predicates: Sequence[Predicate], first: int, last: int) -> Predicate | None:
    told = [p for p in predicates if p.rule.phase not in ("none", "ongoing", "lasted")]
    return min(told, key=lambda p: (min(abs(first - p.last), abs(p.first - last)), p.first), default=None)


def choose(phase: str, thread: Thread, placed: Sequence[PlacedTime]) -> PlacedTime | None:
    """The time that tells a phase of an incident best: the surest words, then the finest time, then the order told.

    A start that only a date gives is replaced by a clock of that same day which is as sure.
    """
    inside = set(thread.clauses)
    told = [
        p
        for p in placed
        if p.clause in inside and p.phase == phase and p.time.type in ("date", "time") and p.time.precision is not None
    ]
    if not told and phase == "started":
        told = _fallback(thread, placed)
    if not told:
        return None
    sign = -1 if phase == "resolved" else 1
    best = min(told, key=lambda p: (-p.weight, -_FINENESS[p.time.precision or "year"], sign * p.first))
    finer = [
        p
        for p in told
        if p.time.precision in _CLOCK and best.time.precision not in _CLOCK and _within(p.time, best.time)
    ]
    return finer[0] if finer else best


def _within(inner: ResolvedTime, outer: ResolvedTime) -> bool:
    if None in (inner.earliest, inner.latest, outer.earliest, outer.latest):
        return inner.value.startswith(outer.value)
    return str(outer.earliest) <= str(inner.earliest) and str(inner.latest) <= str(outer.latest)


def _fallback(thread: Thread, placed: Sequence[PlacedTime]) -> list[PlacedTime]:
    """The days of an interval that an event clause tells; else the first date of its sentence that nothing claims."""
    events = {event.clause for event in thread.events}
    return [
        p
        for p in placed
        if p.clause in events and p.phase in ("none", "started") and p.time.precision is not None
        and p.time.type in ("date", "time")
    ]  # fmt: skip


def length(
    thread: Thread,
    placed: Sequence[PlacedTime],
    mentions: Mentions,
    started: PlacedTime | None,
    resolved: PlacedTime | None,
    language: Language,
) -> tuple[Length | None, Length | None]:
    """How long it took.

    Returns:
        The duration, and the stated one that contradicts it where there is one.
    """
    stated = _stated(thread, placed, mentions)
    derived = _derived(started, resolved)
    if derived is None or stated is None:
        return stated or derived, None
    told, counted = stated.seconds[0], derived.seconds[0]
    if told is None or counted is None:
        return derived, None
    if abs(told - counted) <= _LOOSE * max(told, counted):
        return stated, None
    return derived, stated


def _derived(started: PlacedTime | None, resolved: PlacedTime | None) -> Length | None:
    if started is None or resolved is None:
        return None
    if started.time.precision not in _CLOCK or resolved.time.precision not in _CLOCK:
        return None
    try:
        begin = datetime.fromisoformat(started.time.value)
        end = datetime.fromisoformat(resolved.time.value)
    except ValueError:
        return None
    seconds = int((end - begin).total_seconds())
    if seconds <= 0:
        return None
    approximate = started.time.approximate or resolved.time.approximate
    return Length(
        iso_duration(seconds), (seconds, seconds, seconds), approximate, "derived", (started, resolved), "end-start"
    )


def iso_duration(seconds: int) -> str:
    """ISO 8601 duration of whole seconds.

    Example:
        >>> iso_duration(4500), iso_duration(172800), iso_duration(36000)
        ('PT1H15M', 'P2D', 'PT10H')
    """
    if seconds % 86_400 == 0 and seconds >= 172_800:
        return f"P{seconds // 86_400}D"
    hours, rest = divmod(seconds, 3_600)
    minutes, left = divmod(rest, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{left}S" if left else "")


def _stated(thread: Thread, placed: Sequence[PlacedTime], mentions: Mentions) -> Length | None:
    inside = set(thread.clauses)
    acting = {mentions.clauses.of(hit.first).index for _, hit in mentions.hits.of(ActionRule)}
    # "two days (the 25th and 26th)" counts all incidents of a series together.
    of_all: set[int] = set()
    if thread.series and thread.ordinal:
        of_all = {mentions.clauses.all[p.clause].sentence for p in placed if p.time.type == "interval"}
    best: tuple[int, PlacedTime] | None = None
    for p in placed:
        if p.clause not in inside or p.time.type != "duration" or p.phase == "planned" or p.time.vague:
            continue
        if mentions.clauses.all[p.clause].sentence in of_all:
            continue
        weight = _duration_weight(p, thread, mentions) - (2 if p.clause in acting else 0)
        if p.time.seconds[0] is None:
            weight -= 1
        if weight > 0 and (best is None or weight > best[0]):
            best = (weight, p)
    if best is None:
        return None
    time = best[1].time
    value = None if time.seconds[0] is None else time.value
    return Length(value, time.seconds, time.approximate or value is None, "stated", (best[1],), best[1].rule)


def _duration_weight(p: PlacedTime, thread: Thread, mentions: Mentions) -> int:
    """3 with "lasted" or an event noun beside it, 2 with a failing predicate, 1 with an event, 0 with nothing."""
    here = [q for q in mentions.predicates if q.clause == p.clause and q.real]
    if any(q.rule.phase == "lasted" for q in here):
        return 3
    if any(0 <= e.first - p.last <= 1 or 0 <= p.first - e.last <= 2 for e in thread.events):
        return 3
    if any(q.effect in ("failed", "degraded") for q in here):
        return 2
    if any(e.clause == p.clause for e in thread.events) or any(q.effect == "recovered" for q in here):
        return 1
    return 0
