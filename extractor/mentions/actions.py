"""What people did about it: mitigation, fix, prevention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.languages import ActionRule, Hits, Language
from extractor.mentions.assertion import Assertions
from extractor.mentions.causes import CauseMention
from extractor.mentions.clauses import Clauses, trim
from extractor.tokens import Words


@dataclass(frozen=True, slots=True)
class ActionMention:
    """An action at tokens ``first`` to ``last`` (excluded)."""

    first: int
    last: int
    clause: int
    kind: str
    rule: str
    confidence: float


def find(
    words: Words,
    clauses: Clauses,
    hits: Hits,
    causes: Sequence[CauseMention],
    assertions: Assertions,
    language: Language,
) -> tuple[ActionMention, ...]:
    """The clauses that say what was done, and not why it broke; one action a clause, the first rule decides."""
    why = {at for cause in causes for at in range(cause.first, cause.last)}
    found: dict[int, ActionMention] = {}
    for rule, hit in hits.of(ActionRule):
        kinds = assertions.kinds(hit.first, hit.last)
        if kinds & {"negated", "hypothetical", "generic", "exercise"} or hit.first in why:
            continue
        clause = clauses.of(hit.first)
        first, last = trim(words, clause.first, max(clause.last, hit.last), language)
        found.setdefault(clause.index, ActionMention(first, last, clause.index, rule.kind, rule.id, 0.6))
    return tuple(found.values())
