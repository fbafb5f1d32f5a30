"""When an incident started, was noticed, mitigated and over, and how long it took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from extractor.incidents.events import Event
from extractor.languages import ActionRule, ActorRule, Hits, Language, TimingRule
from extractor.mentions import Mentions
from extractor.mentions.clauses import FINITE, Clause
from extractor.mentions.predicates import Predicate
from extractor.times import ResolvedTime
from extractor.tokens import Words, fold

CLOCK = frozenset({"minute", "second"})
_FINENESS = {"second": 6, "minute": 5, "part_of_day": 4, "day": 3, "week": 2, "month": 1, "year": 0}
_COARSE = frozenset({"week", "month", "year"})
_SAID = 3
_APART = 4
_NEAR = 8
_LONGEST = 60 * 86_400
_LOOSE = 0.10
_SHORTEST = 60
_DAY = len("2011-04-25")
_SECOND = "second-bound"


@dataclass(frozen=True, slots=True)
class PlacedTime:
    """A resolved time at tokens ``first`` to ``last`` (excluded), with the phase that the words around it give it.

    ``weight`` says how strongly: 3 a word right beside it, 2 a predicate of its clause, 1 an event or a failure in its
    clause, 0 at most one in its sentence.
    """

    time: ResolvedTime
    first: int
    last: int
    clause: int
    sentence: int
    phase: str
    weight: int
    rule: str

    @property
    def value(self) -> str:
        """The value of the moment, a part of a day taken as its day."""
        value = self.time.value
        whole = self.time.precision != "part_of_day" or not (value[4:5] == "-" and "T" in value)
        return value if whole else value[:_DAY]


@dataclass(frozen=True, slots=True)
class Length:
    """A duration in seconds with bounds, and where it comes from."""

    value: str | None
    seconds: tuple[int | None, int | None, int | None]
    approximate: bool
    basis: str
    times: tuple[PlacedTime, ...]
    rule: str


class _Around:
    """What stands in the clauses and sentences of a text, by their numbers."""

    def __init__(self, mentions: Mentions, events: Sequence[Event], language: Language) -> None:
        self.mentions = mentions
        self.events = {event.clause for event in events}
        self.predicates: Mapping[int, list[Predicate]] = defaultdict(list)
        for predicate in mentions.predicates:
            if predicate.real:
                self.predicates[predicate.clause].append(predicate)
        self.causes = {cause.clause for cause in mentions.causes if cause.certainty != "denied"}
        self.after = frozenset(map(fold, language.about.lists.get("after", ())))
        self.pairing = {rule.id for rule, _ in mentions.hits.of(TimingRule) if rule.pair}
        told = self.events | {c for c, ps in self.predicates.items() if any(_fails(p) for p in ps)} | self.causes
        self.telling = {mentions.clauses.all[clause].sentence for clause in told}

    def near(self, clause: Clause, first: int, last: int) -> list[Predicate]:
        """The predicates of a clause; where a time ends it, of the next one; of a fragment, those close by."""
        own = self.predicates.get(clause.index, [])
        clauses = self.mentions.clauses.all
        following = clauses[clause.index + 1] if clause.index + 1 < len(clauses) else clause
        if clause.last - last <= _SAID and following.sentence == clause.sentence:
            own = [*own, *self.predicates.get(following.index, ())] if following is not clause else own
        if own:
            return own
        if any(t.pos in FINITE for t in self.mentions.words.tokens[clause.first : clause.last]):
            return own
        sentence = self.mentions.words.sentences[clause.sentence]
        inside = [
            p
            for other in range(max(0, clause.index - 3), min(len(self.mentions.clauses.all), clause.index + 4))
            for p in self.predicates.get(other, ())
            if sentence.first <= p.first < sentence.last
        ]
        return [p for p in inside if _gap(p.first, p.last, first, last) <= _NEAR]

    def joins(self, cue: str) -> bool:
        """Whether a timing rule only says something between two times: "to"."""
        return cue in self.pairing

    def said(self, clause: Clause, first: int, last: int) -> bool:
        """Whether a verb of saying stands right beside a time: "said on Thursday"."""
        tokens = self.mentions.words.tokens
        return any(
            rule.type == "speech"
            and tokens[hit.first].pos not in ("ADJ", "NOUN")
            and _gap(hit.first, hit.last, first, last) <= _SAID
            for rule, hit in self.mentions.hits.within(ActorRule, clause.first, clause.last)
        )


def _fails(predicate: Predicate) -> bool:
    return predicate.effect in ("failed", "degraded") and predicate.rule.effect != "recovered"


def _gap(first: int, last: int, other_first: int, other_last: int) -> int:
    return max(other_first - last, first - other_last, 0)


def place(
    mentions: Mentions,
    times: Sequence[tuple[ResolvedTime, int, int]],
    events: Sequence[Event],
    language: Language,
) -> tuple[PlacedTime, ...]:
    """Give each time of the text the phase that the words around it tell.

    Args:
        mentions: What the text mentions.
        times: Its times with their first and last token.
        events: Its events.
        language: For its small words.
    """
    around = _Around(mentions, events, language)
    placed: list[PlacedTime] = []
    for index, (time, first, last) in enumerate(times):
        clause = mentions.clauses.of(first)
        following = times[index + 1][1] if index + 1 < len(times) else None
        phase, weight, rule = _phase(around, time, first, last, clause, placed, following)
        if rule == _SECOND and placed[-1].phase != "started":
            placed[-1] = replace(placed[-1], phase="started", weight=3, rule="first-bound")
        placed.append(PlacedTime(time, first, last, clause.index, clause.sentence, phase, weight, rule))
    return tuple(placed)


def _phase(
    around: _Around,
    time: ResolvedTime,
    first: int,
    last: int,
    clause: Clause,
    placed: Sequence[PlacedTime],
    following: int | None,
) -> tuple[str, int, str]:
    if time.vague:
        return "none", 0, "vague"
    words, hits = around.mentions.words, around.mentions.hits
    bound, cue = _bound(words, hits, first, last, following)
    kinds = around.mentions.assertions.kinds(first, last)
    forecast = bound == "until" and not around.joins(cue) and kinds & {"hypothetical", "suspected"}
    if "planned" in kinds or forecast:
        return "planned", 3, "planned"
    near = around.near(clause, first, last)
    phase = _nearest_phase(near, first, last)
    if words.tokens[last - 1].norm in around.after:
        return "none", 0, "after"
    if bound in ("report", "before", "after"):
        return ("report" if bound == "report" else "none"), 0, cue
    closes = bound == "until" and time.precision in CLOCK
    if placed and not closes and _same_moment(words, placed[-1], time, first):
        return placed[-1].phase, placed[-1].weight, "same-moment"
    if placed and _is_second(words, placed[-1], time, first, bound):
        return "resolved", 3, _SECOND
    failing = clause.index in around.events or any(_fails(p) for p in near)
    if bound in ("from", "since"):
        if phase is not None and phase.phase == "resolved" and (bound == "since" or 0 <= first - phase.last <= _NEAR):
            return "resolved", 3, cue
        paired = following is not None and following - last <= 2
        return "started", (3 if bound == "since" or failing or paired else 1), cue
    if bound == "until" and not around.joins(cue):
        return "resolved", 3, cue
    if around.said(clause, first, last) and time.precision not in CLOCK:
        return "report", 1, "said"
    if phase is not None:
        return phase.phase, 2, phase.rule.id
    if any(p.phase == "ongoing" for p in near):
        return "ongoing", 1, "ongoing"
    if failing:
        return "started", 1, "event-in-clause"
    if clause.index in around.causes:
        return "started", 1, "cause-in-clause"
    return "none", 0, "event-in-sentence" if clause.sentence in around.telling else "nothing-beside"


def _same_moment(words: Words, previous: PlacedTime, time: ResolvedTime, first: int) -> bool:
    """Whether a time only makes the one before it finer or coarser: "on 5 February (20:14)", "09:47 UTC on 8 June"."""
    between = words.tokens[previous.last : first]
    if len(between) > 2 or previous.weight < 3 or (len(between) == 2 and any(t.text in ",;" for t in between)):
        return False
    return within(time, previous.time) or within(previous.time, time)


def _is_second(words: Words, previous: PlacedTime, time: ResolvedTime, first: int, bound: str) -> bool:
    """Whether a time closes the span that the time right before it opens: "from 10:00 to 11:30", "08:10 to 09:25"."""
    between = words.tokens[previous.last : first]
    if len(between) > _APART or sum(t.text[0].isalnum() for t in between) > 2 or previous.phase == "resolved":
        return False
    if previous.sentence != words.tokens[first].sentence:
        return False
    if previous.phase == "started" and previous.weight == 3 and previous.rule != "since":
        return True
    return bound == "until" and time.precision in CLOCK and previous.time.precision in CLOCK


def _bound(words: Words, hits: Hits, first: int, last: int, following: int | None) -> tuple[str, str]:
    """The timing cue right beside a time, articles and hedges between allowed."""
    paired = following is not None and following - last <= 2
    for rule, hit in hits.within(TimingRule, first - _NEAR, last + 2):
        beside = 0 <= first - hit.last <= 1 if rule.position == "before" else 0 <= hit.first - last <= 1
        same = words.tokens[hit.first].sentence == words.tokens[first].sentence
        clean = all(t.text[0].isalnum() or t.text == "'" for t in words.tokens[hit.last : first])
        if beside and same and clean and (paired or not rule.pair or rule.bound == "until"):
            return rule.bound, rule.id
    return "", ""


def _nearest_phase(predicates: Sequence[Predicate], first: int, last: int) -> Predicate | None:
    told = [p for p in predicates if p.phase not in ("none", "ongoing", "lasted")]
    return min(told, key=lambda p: (_gap(p.first, p.last, first, last), p.first), default=None)


def start(clauses: Collection[int], placed: Sequence[PlacedTime], background: bool) -> PlacedTime | None:
    """The time at which an incident started: the surest words, told early; a clock of the same day makes it exact.

    Args:
        clauses: The clauses that tell the incident.
        placed: All times of the text.
        background: Whether it is told in passing; a month or a year is then as good as a day.
    """
    told = [p for p in dated(clauses, placed) if p.phase in ("started", "none", "ongoing") and p.time.value[0] != "T"]
    if not told:
        return None
    opening = min(p.sentence for p in told)
    best = max(
        told,
        key=lambda p: (
            _start_score(p, opening) + (3.0 if background and p.time.precision in _COARSE else 0.0),
            -p.first,
        ),
    )
    finer = [
        p for p in told if p.time.precision in CLOCK and best.time.precision not in CLOCK and within(p.time, best.time)
    ]
    if not finer:
        return best
    sure = [p for p in finer if p.weight or p.rule == "event-in-sentence"]
    return max(sure or finer[:1], key=lambda p: (_start_score(p, opening), -p.first))


def _start_score(p: PlacedTime, opening: int) -> float:
    score = (0.0, 3.0, 4.0, 6.0)[p.weight] if p.phase == "started" else -1.0 if p.phase == "ongoing" else 0.0
    score += 2.0 if p.rule == "event-in-sentence" else 0.0
    score += 1.5 if p.time.precision in CLOCK else 0.0
    score -= 3.0 if p.time.precision in _COARSE else 0.0
    return score - min(2.0, 0.25 * (p.sentence - opening))


def end(clauses: Collection[int], placed: Sequence[PlacedTime], started: PlacedTime | None) -> PlacedTime | None:
    """The time at which an incident was over: of the surest words the latest moment, and a clock of that day."""
    told = [p for p in dated(clauses, placed) if p.phase == "resolved" and p is not started]
    after = [p for p in told if started is None or not precedes(p.time, started.time)]
    if not after:
        return None
    bound = next(
        (p for p in after if p.rule == _SECOND and started is not None and 0 <= p.first - started.last <= _APART), None
    )
    if bound is not None:
        return bound
    surest = [p for p in after if p.weight >= 2] or after
    best = max(surest, key=lambda p: (p.time.earliest or "", _FINENESS[p.time.precision or "year"], p.first))
    finer = [p for p in surest if p.time.precision in CLOCK and within(p.time, best.time)]
    return finer[-1] if finer and best.time.precision not in CLOCK else best


def still(clauses: Collection[int], placed: Sequence[PlacedTime]) -> PlacedTime | None:
    """The last moment at which an incident was not over: "still down at 16:50"."""
    told = [p for p in dated(clauses, placed) if p.phase == "ongoing" and p.time.earliest is not None]
    return max(told, key=lambda p: (p.time.earliest or "", p.first), default=None)


def first(phase: str, clauses: Collection[int], placed: Sequence[PlacedTime]) -> PlacedTime | None:
    """The first moment, of the surest words, at which an incident was noticed or mitigated."""
    told = [p for p in dated(clauses, placed) if p.phase == phase and p.time.precision not in _COARSE]

    def order(p: PlacedTime) -> tuple[int, int, str, int]:
        return -p.weight, -_FINENESS[p.time.precision or "year"], p.time.earliest or "", p.first

    return min(told, key=order, default=None)


def dated(clauses: Collection[int], placed: Iterable[PlacedTime]) -> list[PlacedTime]:
    """The dates and clocks that some clauses tell."""
    return [
        p for p in placed if p.clause in clauses and p.time.type in ("date", "time") and p.time.precision is not None
    ]


def day_of(value: str | None) -> datetime | None:
    """The day of an ISO 8601 date or date-time, at midnight.

    Example:
        >>> day_of("2011-04-26T10:15"), day_of("2011-04")
        (datetime.datetime(2011, 4, 26, 0, 0), None)
    """
    try:
        return datetime.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None


def precedes(one: ResolvedTime, other: ResolvedTime) -> bool:
    """Whether a time is over when another begins."""
    if one.latest is None or other.earliest is None:
        return False
    return one.latest <= other.earliest or (one.earliest or "") == other.earliest == (one.latest or "")


def within(inner: ResolvedTime, outer: ResolvedTime) -> bool:
    """Whether a time lies inside another."""
    if None in (inner.earliest, inner.latest, outer.earliest, outer.latest):
        return inner.value.startswith(outer.value)
    return str(outer.earliest) <= str(inner.earliest) and str(inner.latest) <= str(outer.latest)


def length(
    clauses: Collection[int],
    events: Sequence[Event],
    series: bool,
    placed: Sequence[PlacedTime],
    mentions: Mentions,
    started: PlacedTime | None,
    resolved: PlacedTime | None,
) -> tuple[Length | None, Length | None]:
    """How long it took.

    Args:
        clauses: The clauses that tell the incident.
        events: Its events.
        series: Whether the text counts it with others: a duration beside an interval is that of all of them.
        placed: All times of the text.
        mentions: What the text mentions.
        started: Its start.
        resolved: Its end.

    Returns:
        The duration, and the stated one that contradicts it where there is one.
    """
    stated = _stated(clauses, events, series, placed, mentions)
    derived = _derived(started, resolved)
    if derived is None or stated is None:
        return stated or derived, None
    told, counted = stated.seconds[0], derived.seconds[0]
    if told is None or counted is None:
        return derived, None
    if told == counted or (derived.approximate and abs(told - counted) <= _LOOSE * max(told, counted)):
        return stated, None
    return derived, stated if abs(told - counted) > _LOOSE * max(told, counted) else None


def _derived(started: PlacedTime | None, resolved: PlacedTime | None) -> Length | None:
    if started is None or resolved is None:
        return None
    if started.time.precision not in CLOCK or resolved.time.precision not in CLOCK:
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


def _stated(
    clauses: Collection[int], events: Sequence[Event], series: bool, placed: Sequence[PlacedTime], mentions: Mentions
) -> Length | None:
    acting = {mentions.clauses.of(hit.first).index for _, hit in mentions.hits.of(ActionRule)}
    # "two days (the 25th and 26th)" counts all incidents of a series together.
    of_all = {p.sentence for p in placed if p.time.type == "interval"} if series else set()
    failing = {mentions.clauses.all[p.clause].sentence for p in mentions.predicates if p.real and _fails(p)}
    failing |= {mentions.clauses.all[e.clause].sentence for e in events}
    best: tuple[float, PlacedTime] | None = None
    for p in placed:
        if p.clause not in clauses or p.time.type != "duration" or p.phase == "planned" or p.time.vague:
            continue
        if p.sentence in of_all or (p.time.seconds[0] or 0) > _LONGEST:
            continue
        weight: float = _duration_weight(p, events, mentions)
        weight -= 2 if p.clause in acting and weight < 3 else 0
        weight += 0.5 if p.sentence in failing else 0.0
        if p.time.seconds[0] is None:
            weight -= 1
        if weight < 3 and (p.time.seconds[0] or _SHORTEST) < _SHORTEST:
            continue
        if weight > 0 and (best is None or weight > best[0]):
            best = (weight, p)
    if best is None:
        return None
    time = best[1].time
    value = None if time.seconds[0] is None else time.value
    return Length(value, time.seconds, time.approximate or value is None, "stated", (best[1],), best[1].rule)


def _duration_weight(p: PlacedTime, events: Sequence[Event], mentions: Mentions) -> int:
    """3 with "lasted" or an event noun beside it, 2 with a failing predicate, 1 with an event, 0 with nothing."""
    here = [q for q in mentions.predicates if q.clause == p.clause and q.real]
    if any(q.phase == "lasted" and _gap(q.first, q.last, p.first, p.last) <= _SAID for q in here):
        return 3
    tokens = mentions.words.tokens
    beside = [e for e in events if e.nominal and (0 <= e.first - p.last <= 1 or 0 <= p.first - e.last <= 2)]
    if any(t.text[0].isalnum() or t.text == "'" for e in beside for t in [tokens[min(e.last, p.last)]]):
        return 3
    if any(_fails(q) for q in here):
        return 2
    if any(e.clause == p.clause for e in events) or any(q.effect == "recovered" or q.phase == "lasted" for q in here):
        return 1
    return 0
