"""What the text says became of things: failed, degraded, spared, recovered; and the phase a clause tells."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.languages import Hits, PredicateRule
from extractor.mentions.assertion import Assertions
from extractor.mentions.clauses import Clauses


@dataclass(frozen=True, slots=True)
class Predicate:
    """A predicate at tokens ``first`` to ``last`` (excluded), after negation: "did not fail" is unaffected.

    ``phase`` is what it tells of the incident's course: "has not been restored" says that it goes on.
    """

    first: int
    last: int
    clause: int
    rule: PredicateRule
    effect: str
    phase: str
    real: bool


_NOT_YET = {"resolved": "ongoing", "mitigated": "ongoing"}
_OPPOSITE = {"failed": "unaffected", "degraded": "unaffected", "unaffected": "failed", "recovered": "failed"}


def find(hits: Hits, clauses: Clauses, assertions: Assertions) -> tuple[Predicate, ...]:
    """Every predicate of the text, in order."""
    found = []
    for rule, hit in hits.of(PredicateRule):
        kinds = assertions.kinds(hit.first, hit.last)
        effect, phase = str(rule.effect), str(rule.phase)
        if "negated" in kinds:
            effect = _OPPOSITE.get(effect, effect)
            phase = _NOT_YET.get(phase, phase)
        real = assertions.real(hit.first, hit.last)
        found.append(Predicate(hit.first, hit.last, clauses.of(hit.first).index, rule, effect, phase, real))
    return _longest(found)


def _longest(predicates: list[Predicate]) -> tuple[Predicate, ...]:
    """Leave out predicates inside a longer one that says something of the same kind."""
    kept: list[Predicate] = []
    reach = {True: -1, False: -1}
    for predicate in sorted(predicates, key=lambda p: (p.first, -p.last)):
        telling = predicate.rule.effect != "none"
        if predicate.last <= max(reach[True], -1 if telling else reach[False]):
            same = [k for k in kept[-8:] if (k.first, k.last) == (predicate.first, predicate.last)]
            if not same:
                continue
        kept.append(predicate)
        reach[telling] = max(reach[telling], predicate.last)
    return tuple(sorted(kept, key=lambda p: p.first))
