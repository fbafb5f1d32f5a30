"""Parts of systems, under the text's own names, with what is said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.languages import ComponentRule, EventRule, Hits, Language
from extractor.mentions.assertion import Assertions
from extractor.mentions.causes import CauseMention
from extractor.mentions.clauses import Clauses, component_phrase
from extractor.mentions.predicates import Predicate
from extractor.tokens import Words

_REACH = 14
_RESUMED = 3
_CONFIDENCE = {"resumed": 0.6, "other-side": 0.5, "cause": 0.75}
# Causes whose words name what broke; a slip, an update or an attack names what was handled.
_BREAKING = frozenset({"power", "network", "facility", "hardware", "storage", "server", "bug", "load", "dependency"})


@dataclass(frozen=True, slots=True)
class ComponentMention:
    """A component's name at tokens ``first`` to ``last`` (excluded), and the words that tell its status."""

    first: int
    last: int
    clause: int
    category: str
    status: str
    cue: tuple[int, int] | None
    rule: str
    confidence: float


def find(
    words: Words,
    clauses: Clauses,
    hits: Hits,
    predicates: Sequence[Predicate],
    causes: Sequence[CauseMention],
    times: Sequence[tuple[int, int]],
    assertions: Assertions,
    language: Language,
) -> tuple[ComponentMention, ...]:
    """Every component of the text; its status is ``mentioned`` where nothing is said of it.

    The status comes, in this order, from an event noun that takes the component as its complement ("loss of
    external connectivity"), from a stated cause that names it, from a predicate of its clause that has it on the
    right side, or from nothing.
    """
    around = _Around(words, hits, predicates, causes, assertions)
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for start, end in times:
        spans[words.tokens[start].sentence].append((start, end))
    found: list[ComponentMention] = []
    for rule, hit in hits.of(ComponentRule):
        first, last = component_phrase(words, hit.first, hit.last, language)
        clause = clauses.of(hit.first).index
        breaks = [
            *around.events[words.tokens[hit.first].sentence],
            *((p.first, p.last) for p in around.predicates[clause]),
        ]
        first, last = _without_events(
            first, last, hit.first, hit.last, [*breaks, *spans[words.tokens[hit.first].sentence]]
        )
        status, cue, reason = _status(words, first, last, clause, around, language)
        if status == "mentioned":
            status, cue, reason = _resumed(clauses, clause, around)
        if status == "mentioned" and rule.category == "other":
            continue
        confidence = _CONFIDENCE.get(reason, 0.85) if cue else 0.3
        found.append(
            ComponentMention(first, last, clause, rule.category, status, cue, f"{rule.id}+{reason}", confidence)
        )
    return _outermost(found)


class _Around:
    """What stands around the components of a text, by sentence or clause."""

    def __init__(
        self,
        words: Words,
        hits: Hits,
        predicates: Sequence[Predicate],
        causes: Sequence[CauseMention],
        assertions: Assertions,
    ) -> None:
        tokens = words.tokens
        self.events: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for _, hit in hits.of(EventRule):
            if assertions.real(hit.first, hit.last):
                self.events[tokens[hit.first].sentence].append((hit.first, hit.last))
        self.predicates: dict[int, list[Predicate]] = defaultdict(list)
        for predicate in predicates:
            if predicate.real and predicate.effect != "none":
                self.predicates[predicate.clause].append(predicate)
        self.causes: dict[int, list[CauseMention]] = defaultdict(list)
        for cause in causes:
            if cause.certainty != "denied" and cause.category in _BREAKING:
                self.causes[tokens[cause.first].sentence].append(cause)

    def fault(self, sentence: int, first: int, last: int) -> tuple[int, int] | None:
        """The cause whose words name a component, and so say that it broke."""
        for cause in self.causes[sentence]:
            if cause.first <= first and last <= cause.last:
                return cause.cue or (cause.first, cause.last)
        return None


def _without_events(first: int, last: int, head: int, tail: int, events: list[tuple[int, int]]) -> tuple[int, int]:
    """A name ends where an event noun begins: "network outage" names the network, and an outage of it."""
    for start, end in events:
        if first <= start and end <= head:
            first = end
        if tail <= start < last:
            last = start
    return first, last


def _status(
    words: Words, first: int, last: int, clause: int, around: _Around, language: Language
) -> tuple[str, tuple[int, int] | None, str]:
    sentence = words.tokens[first].sentence
    governing = _event_of(words, first, last, around.events[sentence], language)
    if governing:
        return "failed", governing, "event"
    best: tuple[int, Predicate] | None = None
    loose: tuple[int, Predicate] | None = None
    for predicate in around.predicates[clause]:
        after = first >= predicate.last
        distance = first - predicate.last if after else predicate.first - last
        if (predicate.rule.side == "subject" and after) or (predicate.rule.side == "object" and not after):
            if loose is None or distance < loose[0]:
                loose = (distance, predicate)
        elif best is None or distance < best[0]:
            best = (distance, predicate)
    fault = around.fault(sentence, first, last)
    if fault is not None and not (best is not None and best[1].effect == "degraded"):
        return "failed", fault, "cause"
    if best is not None and best[0] <= 2 * _REACH:
        status = "failed" if best[1].effect == "recovered" else best[1].effect
        return status, (best[1].first, best[1].last), best[1].rule.id
    if loose is not None and loose[0] <= _REACH and loose[1].effect in ("failed", "degraded"):
        return loose[1].effect, (loose[1].first, loose[1].last), "other-side"
    return "mentioned", None, "no-predicate"


def _resumed(clauses: Clauses, clause: int, around: _Around) -> tuple[str, tuple[int, int] | None, str]:
    """What a later clause says that goes on without a subject: "the machines, which pay out cash, went dark"."""
    for later in clauses.all[clause + 1 : clause + 1 + _RESUMED]:
        if later.sentence != clauses.all[clause].sentence:
            break
        for predicate in around.predicates[later.index]:
            if predicate.rule.side != "object" and predicate.first - later.first <= 1:
                status = "failed" if predicate.effect == "recovered" else predicate.effect
                return status, (predicate.first, predicate.last), "resumed"
    return "mentioned", None, "no-predicate"


def _event_of(
    words: Words, first: int, last: int, events: list[tuple[int, int]], language: Language
) -> tuple[int, int] | None:
    """The event noun right before ("loss of the network") or right after ("network outage") a name."""
    tokens = words.tokens
    for start, end in events:
        if start == last or (start == last + 1 and tokens[last].text in "-–"):
            return start, end
        if end <= first and first - end <= 4:
            between = tokens[end:first]
            link = [t for t in between if t.norm in language.event_links]
            plain = all(
                t.norm in language.stopwords or t.text == "'" or t.pos in ("ADJ", "DET", "ADV") for t in between
            )
            if link and plain:
                return start, end
    return None


def _outermost(mentions: list[ComponentMention]) -> tuple[ComponentMention, ...]:
    """One mention a name: of nested ones the head decides, which is the first term of a name that has links."""
    kept: list[ComponentMention] = []
    for mention in sorted(mentions, key=lambda m: (m.first, -(m.last - m.first))):
        if kept and mention.first < kept[-1].last:
            continue
        kept.append(mention)
    return tuple(kept)
