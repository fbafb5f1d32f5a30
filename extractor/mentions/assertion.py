"""Whether the words of a clause are said of the world: negated, suspected, denied, planned, hypothetical, generic.

The idea of cue and scope is ConText's (Harkema et al., J. Biomedical Informatics 42, 2009); cues are data.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractor.languages import AssertionRule, Hits
from extractor.mentions.clauses import Clauses

_ALWAYS = frozenset({"planned", "generic", "exercise"})
UNREAL = frozenset({"planned", "hypothetical", "generic", "exercise"})


@dataclass(frozen=True, slots=True)
class Scope:
    """The tokens over which one cue holds; ``cue`` is where its own words stand."""

    kind: str
    first: int
    last: int
    cue: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Assertions:
    """All scopes of a text."""

    scopes: tuple[Scope, ...]

    def kinds(self, first: int, last: int) -> frozenset[str]:
        """What is said of the tokens ``first`` to ``last``: the kinds of the scopes that hold their beginning.

        A cue that is one of the tokens itself does not turn them, unless it says that they are unreal.
        """
        return frozenset(
            scope.kind
            for scope in self.scopes
            if scope.first <= first < scope.last
            and (scope.kind in _ALWAYS or not (first <= scope.cue[0] and scope.cue[1] <= last))
        )

    def real(self, first: int, last: int) -> bool:
        """Whether the tokens tell what happened, and no plan, supposition, habit or exercise."""
        return not (self.kinds(first, last) & UNREAL)


def find(hits: Hits, clauses: Clauses) -> Assertions:
    """The scope of every cue: its clause, the part after or before it, the rest of its sentence, or all of it."""
    scopes = []
    for rule, hit in hits.of(AssertionRule):
        clause = clauses.of(hit.first)
        first, last = clause.first, clauses.of(hit.last - 1).last
        if rule.scope == "after":
            first = hit.last
        elif rule.scope == "before":
            last = hit.first
        elif rule.scope == "rest":
            first, last = hit.last, max(c.last for c in clauses.all if c.sentence == clause.sentence)
        elif rule.scope == "sentence":
            same = [c for c in clauses.all if c.sentence == clause.sentence]
            first, last = same[0].first, same[-1].last
        scopes.append(Scope(rule.kind, first, last, (hit.first, hit.last)))
    return Assertions(tuple(scopes))
