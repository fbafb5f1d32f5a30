"""Is this an incident report? Told from words alone, before any model runs."""

from __future__ import annotations

import math

from extractor.languages import CauseRule, EventRule, Hits, Language, PredicateRule, RelevanceRule
from extractor.tokens import read

_EVENT = 1.0
_FAILURE = 1.4
_CAUSE = 0.4
_BIAS = -2.0
_MOST_PER_RULE = 3

THRESHOLD = 0.5


def score(text: str, language: Language) -> float:
    """How surely a text is an incident report, 0 to 1.

    Each kind of word counts a few times at most, so that length alone makes no report.

    Args:
        text: The text.
        language: Whose trigger words and counter-words are read.
    """
    return weigh(language.find(read(text, None, language.abbreviations)))


def weigh(hits: Hits) -> float:
    """How surely a text with these trigger words is an incident report, 0 to 1."""
    counts: dict[tuple[str, float], int] = {}
    for event, _ in hits.of(EventRule):
        _count(counts, event.id, _EVENT if event.strength == "strong" else 0.4 * _EVENT)
    for predicate, _ in hits.of(PredicateRule):
        if predicate.effect in ("failed", "degraded", "recovered"):
            _count(counts, predicate.id, _FAILURE)
    for cause, _ in hits.of(CauseRule):
        _count(counts, cause.id, _CAUSE if cause.alone else 0.5 * _CAUSE)
    for rule, _ in hits.of(RelevanceRule):
        _count(counts, rule.id, rule.weight)
    total = sum(weight * min(number, _MOST_PER_RULE) ** 0.5 for (_, weight), number in counts.items())
    return round(1 / (1 + math.exp(-(total + _BIAS))), 3)


def _count(counts: dict[tuple[str, float], int], rule: str, weight: float) -> None:
    counts[(rule, weight)] = counts.get((rule, weight), 0) + 1
