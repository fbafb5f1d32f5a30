"""Mentions of events: the words that say that something broke, with what tells one event from another."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.languages import DiscourseRule, EventRule, Language
from extractor.mentions import Mentions

_NEAR = 3


@dataclass(frozen=True, slots=True)
class Event:
    """One mention of an event at tokens ``first`` to ``last`` (excluded).

    Attributes:
        first: First token.
        last: One past the last token.
        clause: Its clause.
        kind: Kind of incident.
        strong: Whether the words alone make an event.
        nominal: A noun ("the outage"), no predicate ("went down").
        definite: The text takes it as known ("the outage", "this failure").
        ordinal: 1, 2, 3 when it is counted; 0 otherwise.
        rule: What found it.
    """

    first: int
    last: int
    clause: int
    kind: str
    strong: bool
    nominal: bool
    definite: bool
    ordinal: int
    rule: str


ORDINALS = {"first": 1, "second": 2, "third": 3}


def find(mentions: Mentions, language: Language) -> tuple[Event, ...]:
    """Every event that the text asserts; what stands inside a cause that a cue ties is no event of its own."""
    causes = {
        at for c in mentions.causes if c.cue is not None and c.certainty != "denied" for at in range(c.first, c.last)
    }
    events: list[Event] = []
    for rule, hit in mentions.hits.of(EventRule):
        if hit.first in causes:
            continue
        if not _asserted(mentions, hit.first, hit.last):
            continue
        events.append(
            Event(
                hit.first,
                hit.last,
                mentions.clauses.of(hit.first).index,
                rule.kind,
                rule.strength == "strong",
                True,
                _definite(mentions, hit.first, language),
                _ordinal(mentions, hit.first, hit.last),
                rule.id,
            )
        )
    for predicate in mentions.predicates:
        if predicate.rule.event is None or predicate.effect not in ("failed", "degraded") or not predicate.real:
            continue
        if predicate.first in causes:
            continue
        events.append(
            Event(
                predicate.first,
                predicate.last,
                predicate.clause,
                predicate.rule.event,
                True,
                False,
                False,
                0,
                predicate.rule.id,
            )
        )
    return tuple(sorted(_outermost(events), key=lambda e: (e.first, e.last)))


def _asserted(mentions: Mentions, first: int, last: int) -> bool:
    kinds = mentions.assertions.kinds(first, last)
    return not kinds & {"planned", "hypothetical", "generic", "exercise", "negated"}


def _definite(mentions: Mentions, first: int, language: Language) -> bool:
    """Whether one of the words right before it is in the language's list of words that point back."""
    pointing = frozenset(language.about.lists.get("definite", ()))
    tokens = mentions.words.tokens
    before = tokens[max(mentions.words.sentence_of(first).first, first - _NEAR) : first]
    return any(token.norm in pointing for token in before)


def _ordinal(mentions: Mentions, first: int, last: int) -> int:
    for rule, hit in mentions.hits.within(DiscourseRule, first - _NEAR, last + 2):
        if rule.kind in ORDINALS and (first - _NEAR <= hit.first < first or last <= hit.first <= last + 1):
            return ORDINALS[rule.kind]
    return 0


def _outermost(events: list[Event]) -> list[Event]:
    kept: list[Event] = []
    for event in sorted(events, key=lambda e: (e.first, -e.last)):
        if not kept or event.last > kept[-1].last:
            kept.append(event)
    return kept
