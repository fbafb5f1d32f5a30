"""Which time of an incident is its start and which its end, weighed by a model that was trained on the corpus.

For each incident all times of its clauses, and "none of them", stand for choice. What the rules say of a time is one
feature beside its words, its precision and its place in the text and in the order of times.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from extractor.incidents.events import Event
from extractor.incidents.moments import CLOCK, PlacedTime, dated, day_of, precedes, within
from extractor.languages import Language
from extractor.learning.linear import Linear, shares
from extractor.learning.wording import bag, beside
from extractor.mentions import Mentions

WORD, RULE = "w:", "r:"
_REACH = 12
_BESIDE = 4
_SURE, _LIKELY, _EVEN = 0.85, 0.65, 0.45
# The choice with the best expected F1 answers from half of that F1 on, not only where "none" is less probable.
_LEAST = 0.25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A time that may be an end of an incident, with its features."""

    placed: PlacedTime
    features: tuple[str, ...]


class Reader:
    """Gives the times of one text their features.

    Args:
        mentions: What the text mentions.
        events: Its events.
        placed: Its times with what the rules say of them.
        language: Whose words they are.
        published: The publication date, when known.
    """

    def __init__(
        self,
        mentions: Mentions,
        events: Sequence[Event],
        placed: Sequence[PlacedTime],
        language: Language,
        published: str | None,
    ) -> None:
        self._mentions = mentions
        self._placed = placed
        self._code = language.code
        self._published = day_of(published)
        self._masked = frozenset(at for p in placed for at in range(p.first, p.last))
        of = mentions.clauses.of
        self._told: dict[int, set[str]] = {}
        for event in events:
            self._told.setdefault(event.clause, set()).add("event" if event.nominal else "breaks")
        for predicate in mentions.predicates:
            if predicate.real:
                self._told.setdefault(predicate.clause, set()).add(f"{predicate.effect}/{predicate.rule.phase}")
        for cause in mentions.causes:
            self._told.setdefault(cause.clause, set()).add("cause")
        for name in mentions.names:
            self._told.setdefault(of(name.first).index, set()).add(name.type)
        self._own: dict[int, tuple[str, ...]] = {}

    def candidates(
        self, clauses: Collection[int], background: bool, started: PlacedTime | None = None
    ) -> list[Candidate]:
        """The times of an incident that may be its start, or, when the start is known, its end."""
        told = [p for p in dated(clauses, self._placed) if p.time.value[0] != "T" and not p.time.vague]
        # However probable: a plan or a forecast is no end, and nothing ends before it starts.
        found = [p for p in told if p.phase != "planned"]
        if started is not None:
            found = [p for p in found if p.first != started.first and not precedes(p.time, started.time)]
        values = sorted({p.time.earliest or p.time.value for p in found})
        result = []
        for number, p in enumerate(found):
            features = [*self._features(p), *self._order(p, number, found, values, background)]
            if started is not None:
                features += self._beside_start(p, started)
            result.append(Candidate(p, tuple(features)))
        return result

    def none(self, candidates: Sequence[Candidate], background: bool, chosen: PlacedTime | None) -> tuple[str, ...]:
        """The features of the option that no time of an incident is the one."""
        phases = sorted({c.placed.phase for c in candidates})
        return (
            "none",
            f"none:{background}",
            f"none:{min(len(candidates), 6)}",
            f"none:clocks{min(sum(c.placed.time.precision in CLOCK for c in candidates), 3)}",
            *(f"{RULE}none:{phase}" for phase in phases),
            f"{RULE}none:chosen{chosen is not None}",
        )

    def _features(self, p: PlacedTime) -> tuple[str, ...]:
        known = self._own.get(p.first)
        if known is None:
            known = self._own[p.first] = tuple(self._words(p)) + tuple(self._place(p))
        return known

    def _words(self, p: PlacedTime) -> Iterator[str]:
        words, code = self._mentions.words, self._code
        clause = self._mentions.clauses.all[p.clause]
        sentence = words.sentences[p.sentence]
        tokens = words.tokens
        local = tokens[sentence.first : sentence.last]
        yield from beside(f"{WORD}w:{code}", local, p.first - sentence.first, -_BESIDE, self._masked)
        yield from beside(f"{WORD}w:{code}", local, p.last - sentence.first, _BESIDE, self._masked)
        yield from bag(f"{WORD}b:{code}", tokens[max(clause.first, p.first - _REACH) : p.first], self._masked)
        yield from bag(f"{WORD}a:{code}", tokens[p.last : min(clause.last, p.last + _REACH)], self._masked)
        yield from bag(f"{WORD}s:{code}", tokens[clause.first : clause.last], self._masked)
        own = tokens[p.first : p.last]
        yield from (f"{WORD}t:{code}:{t.norm}" for t in own if not t.norm[0].isdecimal())

    def _place(self, p: PlacedTime) -> Iterator[str]:
        time, words = p.time, self._mentions.words
        clause = self._mentions.clauses.all[p.clause]
        grain = time.precision or ""
        yield f"p:{grain}"
        yield f"p:approximate{time.approximate}"
        yield f"p:{time.basis}"
        yield f"p:bound{time.bound}"
        yield f"p:sentence{min(p.sentence, 6)}"
        yield f"p:{grain}:sentence{min(p.sentence, 3)}"
        yield f"p:first{p.first - words.sentences[p.sentence].first < 3}"
        yield f"p:last{words.sentences[p.sentence].last - p.last < 3}"
        for kind in sorted(self._mentions.assertions.kinds(p.first, p.last)):
            yield f"{RULE}is:{kind}"
        for told in sorted(self._told.get(clause.index, ())):
            yield f"{RULE}tells:{told}"
            yield f"{RULE}tells:{told}:{grain in CLOCK}"
        yield f"{RULE}phase:{p.phase}"
        yield f"{RULE}phase:{p.phase}{p.weight}"
        yield f"{RULE}phase:{p.phase}:{grain in CLOCK}"
        yield f"{RULE}by:{self._code}:{p.rule}"

    def _order(
        self, p: PlacedTime, number: int, found: Sequence[PlacedTime], values: Sequence[str], background: bool
    ) -> Iterator[str]:
        time = p.time
        clock = time.precision in CLOCK
        at = values.index(time.earliest or time.value)
        finer = any(q is not p and q.time.precision in CLOCK and within(q.time, time) for q in found) and not clock
        coarser = clock and any(q is not p and q.time.precision not in CLOCK and within(time, q.time) for q in found)
        before = found[number - 1] if number else None
        after = found[number + 1] if number + 1 < len(found) else None
        yield f"o:nth{min(number, 4)}"
        yield f"o:nth{min(number, 4)}:{time.precision}"
        yield f"o:last{number == len(found) - 1}:{clock}"
        yield f"o:early{min(at, 3)}:{clock}"
        yield f"o:late{min(len(values) - 1 - at, 3)}:{clock}"
        yield f"o:finer{finer}"
        yield f"o:finer{finer}:{p.phase == 'started'}"
        yield f"o:coarser{coarser}"
        yield f"o:background{background}:{time.precision}"
        yield f"o:alone{len(found) == 1}"
        again = any(q.time.value == time.value for q in found[:number])
        yield f"o:again{again}"
        if self._published is not None and (day := day_of(time.earliest)) is not None:
            days = (self._published - day).days
            yield f"o:ago{min(max(days, -1), 4)}"
            yield f"o:ago{min(max(days, -1), 4)}:{clock}"
            yield f"o:long{days > 30}"
        for name, other in (("before", before), ("after", after)):
            if other is None:
                continue
            gap = max(p.first - other.last, other.first - p.last)
            if gap < 4:
                between = self._mentions.words.tokens[min(p.last, other.last) : max(p.first, other.first)]
                told = " ".join(t.norm for t in between)
                yield f"{WORD}{name}:{self._code}:{told}"
                yield f"o:{name}:{gap}:{other.time.precision in CLOCK}{clock}"
                yield f"{RULE}o:{name}:{other.phase}"

    def _beside_start(self, p: PlacedTime, started: PlacedTime) -> Iterator[str]:
        if p.time.value == started.time.value:
            yield "e:equal"
        yield f"e:{within(p.time, started.time)}{within(started.time, p.time)}"
        yield f"e:follows{p.first > started.first}:{p.time.precision in CLOCK}{started.time.precision in CLOCK}"
        begin, end = day_of(started.time.earliest), day_of(p.time.earliest)
        if begin is not None and end is not None:
            yield f"e:days{min(max((end - begin).days, -1), 3)}"
        if 0 <= p.first - started.last <= 4:
            yield "e:beside"


def options(
    reader: Reader,
    clauses: Collection[int],
    background: bool,
    started: PlacedTime | None,
    chosen: PlacedTime | None,
) -> tuple[list[Candidate], list[list[str]]]:
    """The candidates for start or end and the features of all options: none of them first, then each candidate.

    Args:
        reader: Of the text.
        clauses: The clauses that tell the incident.
        background: Whether it is told in passing.
        started: The start, where the end is asked for.
        chosen: What the rules chose.
    """
    candidates = reader.candidates(clauses, background, started)
    listed = [list(reader.none(candidates, background, chosen))]
    for candidate in candidates:
        own = list(candidate.features)
        if chosen is not None and chosen.first == candidate.placed.first:
            own += [f"{RULE}chosen", f"{RULE}chosen{chosen.weight}", f"{RULE}chosen:{chosen.rule}"]
        listed.append(own)
    return candidates, listed


class Chooser:
    """Chooses start and end of each incident of one text.

    Args:
        model: The trained weights.
        reader: Of the text.
    """

    def __init__(self, model: Linear, reader: Reader) -> None:
        self._model = model
        self._reader = reader

    def ends(
        self, clauses: Collection[int], background: bool, started: PlacedTime | None, resolved: PlacedTime | None
    ) -> tuple[PlacedTime | None, PlacedTime | None]:
        """Start and end of an incident.

        Args:
            clauses: The clauses that tell it.
            background: Whether it is told in passing.
            started: The start that the rules give.
            resolved: The end that the rules give.
        """
        begin = self._choose("started", clauses, background, None, started)
        return begin, self._choose("resolved", clauses, background, begin, resolved)

    def _choose(
        self, role: str, clauses: Collection[int], background: bool, started: PlacedTime | None, told: PlacedTime | None
    ) -> PlacedTime | None:
        candidates, listed = options(self._reader, clauses, background, started, told)
        if not candidates:
            return told
        odds = shares([self._model.weigh(option).get(role, 0.0) for option in listed])
        at = max(range(1, len(odds)), key=lambda index: (odds[index], -index))
        share = odds[at]
        if share < _LEAST:
            return None
        weight = 3 if share >= _SURE else 2 if share >= _LIKELY else 1 if share >= _EVEN else 0
        return replace(candidates[at - 1].placed, phase=role, weight=weight, rule=f"learned:{role}")
