"""What the text says became of things: failed, degraded, spared, recovered; and the phase a clause tells."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.languages import Hits, PredicateRule
from extractor.mentions.assertion import Assertions
from extractor.mentions.clauses import Clauses


@dataclass(frozen=True, slots=True)
class Predicate:
    """A predicate at tokens ``first`` to ``last`` (excluded), after negation: "did not fail" is unaffected."""

    first: int
    last: int
    clause: int
    rule: PredicateRule
    effect: str
    real: bool


_OPPOSITE = {"failed": "unaffected", "degraded": "unaffected", "unaffected": "failed", "recovered": "failed"}


def find(hits: Hits, clauses: Clauses, assertions: Assertions) -> tuple[Predicate, ...]:
    """Every predicate of the text, in order."""
    found = []
    for rule, hit in hits.of(PredicateRule):
        kinds = assertions.kinds(hit.first, hit.last)
        effect = _OPPOSITE.get(rule.effect, rule.effect) if "negated" in kinds else rule.effect
        real = assertions.real(hit.first, hit.last)
        found.append(Predicate(hit.first, hit.last, clauses.of(hit.first).index, rule, effect, real))
    return _longest(found)


def _longest(predicates: list[Predicate]) -> tuple[Predicate, ...]:
    """Leave out predicates inside a longer one that says something of the same kind."""
    kept = []
    for predicate in predicates:
        covered = any(
            other is not predicate
            and other.first <= predicate.first
            and predicate.last <= other.last
            and other.last - other.first > predicate.last - predicate.first
            and (other.rule.effect != "none") >= (predicate.rule.effect != "none")
            for other in predicates
        )
        if not covered:
            kept.append(predicate)
    return tuple(kept)
