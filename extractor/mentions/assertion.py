"""Whether the words of a clause are said of the world: negated, suspected, denied, planned, hypothetical, generic.

The idea of cue and scope is ConText's (Harkema et al., J. Biomedical Informatics 42, 2009); cues are data.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.languages import AssertionRule, CueRule, Hits, PredicateRule
from extractor.mentions.clauses import Clauses
from extractor.tokens import Words

_ALWAYS = frozenset({"planned", "generic", "exercise"})
UNREAL = frozenset({"planned", "hypothetical", "generic", "exercise"})


@dataclass(frozen=True, slots=True)
class Scope:
    """The tokens over which one cue holds; ``cue`` is where its own words stand."""

    kind: str
    first: int
    last: int
    cue: tuple[int, int]


class Assertions:
    """All scopes of a text; a scope never leaves its sentence.

    Args:
        scopes: The scopes.
        sentences: The number of the sentence of each token.
    """

    def __init__(self, scopes: Iterable[Scope], sentences: Sequence[int]) -> None:
        self._sentences = sentences
        self._scopes: dict[int, list[Scope]] = defaultdict(list)
        for scope in scopes:
            self._scopes[sentences[scope.cue[0]]].append(scope)

    def kinds(self, first: int, last: int) -> frozenset[str]:
        """What is said of the tokens ``first`` to ``last``: the kinds of the scopes that hold their beginning.

        A cue that is one of the tokens itself does not turn them, unless it says that they are unreal.
        """
        return frozenset(
            scope.kind
            for scope in self._scopes.get(self._sentences[first], ())
            if scope.first <= first < scope.last
            and (scope.kind in _ALWAYS or not (first <= scope.cue[0] and scope.cue[1] <= last))
        )

    def negates(self, first: int, last: int) -> bool:
        """Whether a negation holds the tokens or is one of them: "no data was lost"."""
        inside = any(
            scope.kind == "negated" and first <= scope.cue[0] and scope.cue[1] <= last
            for scope in self._scopes.get(self._sentences[first], ())
        )
        return inside or "negated" in self.kinds(first, last)

    def real(self, first: int, last: int) -> bool:
        """Whether the tokens tell what happened, and no plan, supposition, habit or exercise."""
        return not (self.kinds(first, last) & UNREAL)


def find(words: Words, hits: Hits, clauses: Clauses) -> Assertions:
    """The scope of every cue: its clause, the part after or before it, the rest of its sentence, or all of it.

    A negation inside the words of a failure ("could not pay") is what failed, and turns nothing else.
    """
    scopes = []
    failing: dict[int, int] = {}
    for predicate, failure in hits.of(PredicateRule):
        if predicate.effect in ("failed", "degraded"):
            for at in range(failure.first, failure.last):
                failing[at] = max(failing.get(at, 0), failure.last)
    reasons = sorted(hit.first for _, hit in hits.of(CueRule) if hit.payload.slot == "right")
    for rule, hit in hits.of(AssertionRule):
        if rule.kind == "negated" and failing.get(hit.first, 0) >= hit.last:
            continue
        clause = clauses.of(hit.first)
        first, last = clause.first, clauses.of(hit.last - 1).last
        if rule.scope == "after":
            first = hit.last
        elif rule.scope == "before":
            last = hit.first
        elif rule.scope == "rest":
            first, last = hit.last, words.sentences[clause.sentence].last
        elif rule.scope == "sentence":
            first, last = words.sentences[clause.sentence].first, words.sentences[clause.sentence].last
        if rule.kind == "negated":
            # "could not call because of a router": what failed is denied, not why.
            reason = bisect_left(reasons, hit.last)
            last = min([last, *reasons[reason : reason + 1]])
        scopes.append(Scope(rule.kind, first, last, (hit.first, hit.last)))
    return Assertions(scopes, [token.sentence for token in words.tokens])
