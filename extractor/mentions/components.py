"""Parts of systems, under the text's own names, with what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.languages import ComponentRule, EventRule, Hits, Language
from extractor.mentions.assertion import Assertions
from extractor.mentions.causes import CauseMention
from extractor.mentions.clauses import Clauses, component_phrase
from extractor.mentions.predicates import Predicate
from extractor.tokens import Words

_REACH = 14


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
    assertions: Assertions,
    language: Language,
) -> tuple[ComponentMention, ...]:
    """Every component of the text; its status is ``mentioned`` where nothing is said of it.

    The status comes, in this order, from an event noun that takes the component as its complement ("loss of
    external connectivity"), from a stated cause that names it, from a predicate of its clause that has it on the
    right side, or from nothing.
    """
    faults = [(c.first, c.last, c.cue) for c in causes if c.cue is not None and c.certainty == "stated"]
    events = [(hit.first, hit.last) for rule, hit in hits.of(EventRule) if assertions.real(hit.first, hit.last)]
    found: list[ComponentMention] = []
    for rule, hit in hits.of(ComponentRule):
        first, last = component_phrase(words, hit.first, hit.last, language)
        first, last = _without_events(first, last, hit.first, hit.last, events)
        clause = clauses.of(hit.first).index
        status, cue, reason = _status(words, first, last, clause, events, predicates, language)
        fault = next((span for start, end, span in faults if start <= first and last <= end), None)
        if fault is not None and reason != "event":
            status, cue, reason = "failed", fault, "cause"
        confidence = 0.85 if cue else 0.3
        found.append(ComponentMention(first, last, clause, rule.category, status, cue, f"{rule.id}+{reason}", confidence))
    return _outermost(found)


def _without_events(first: int, last: int, head: int, tail: int, events: list[tuple[int, int]]) -> tuple[int, int]:
    """A name ends where an event noun begins: "network outage" names the network, and an outage of it."""
    for start, end in events:
        if first <= start and end <= head:
            first = end
        if tail <= start < last:
            last = start
    return first, last


def _status(
    words: Words,
    first: int,
    last: int,
    clause: int,
    events: list[tuple[int, int]],
    predicates: Sequence[Predicate],
    language: Language,
) -> tuple[str, tuple[int, int] | None, str]:
    governing = _event_of(words, first, last, events, language)
    if governing:
        return "failed", governing, "event"
    best: tuple[int, Predicate] | None = None
    for predicate in predicates:
        if predicate.clause != clause or predicate.effect == "none" or not predicate.real:
            continue
        after = first >= predicate.last
        if (predicate.rule.side == "subject" and after) or (predicate.rule.side == "object" and not after):
            continue
        distance = first - predicate.last if after else predicate.first - last
        if best is None or distance < best[0]:
            best = (distance, predicate)
    if best is None or best[0] > 2 * _REACH:
        return "mentioned", None, "no-predicate"
    status = "failed" if best[1].effect == "recovered" else best[1].effect
    return status, (best[1].first, best[1].last), best[1].rule.id


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
            link = [t for t in between if t.norm in language.name_links]
            plain = all(t.norm in language.stopwords or t.text == "'" or t.pos in ("ADJ", "DET", "ADV") for t in between)
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
