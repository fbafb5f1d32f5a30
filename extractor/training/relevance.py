"""Lessons on whether a text is an incident report: by its words alone, and by what was found in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from extractor import incidents, relevance
from extractor.learning.clusters import Clusters
from extractor.learning.linear import BAR, Linear
from extractor.tokens import read
from extractor.training.articles import Taught, digests
from extractor.training.fitting import Lesson, fit

# How strongly weights are held to zero: those of rules, those that tell reports from near misses, and ordinary news.
_RULES, _NEAR, _PLAIN = 3.0, 15.0, 4.0
# How much of each lesson is taught without the rules, which know the words of these articles too well.
_WITHOUT_RULES = 0.3
# Texts that are no report are rarer in a corpus of reports than in a newspaper.
_OTHERS = 2.0


def train(articles: Sequence[Taught], ordinary: Sequence[Taught], clusters: Clusters) -> Linear:
    """Learn the weights: reports beside near misses, and both, and digests with a report in them, beside ordinary news.

    Args:
        articles: Annotated articles: reports and near misses.
        ordinary: Ordinary news.
        clusters: Words that mean much the same.
    """
    near = [lesson for one in articles for lesson in lessons(one, one.article.gold.relevant, "", clusters)]
    told = [(one, False) for one in (*articles, *digests(articles, ordinary))] + [(one, True) for one in ordinary]
    plain = [lesson for one, right in told for lesson in lessons(one, right, relevance.ORDINARY, clusters)]
    return Linear(
        fit([_weighted(lesson, 0) for lesson in near], _strength(_NEAR))
        | fit([_weighted(lesson, 1) for lesson in plain], _strength(_PLAIN))
    )


def lessons(taught: Taught, right: bool, question: str, clusters: Clusters) -> Iterator[Lesson]:
    """An article before and after it was read, with the rules and without.

    Args:
        taught: The article.
        right: The answer.
        question: What stands behind the head: nothing for "is it a report", or ``relevance.ORDINARY``.
        clusters: Words that mean much the same.
    """
    found, language = taught.mentions, taught.language
    plain = read(found.words.text, None, language.abbreviations)
    before = list(relevance.features(plain, language.find(plain), language, clusters))
    after = list(relevance.features(found.words, found.hits, language, clusters))
    after += incidents.signs(found, taught.placed, taught.threads)
    for head, seen in ((relevance.BEFORE, before), (relevance.AFTER, after)):
        bare = [feature for feature in seen if not feature.startswith(relevance.RULE)]
        for features, weight in ((seen, 1.0 - _WITHOUT_RULES), (bare, _WITHOUT_RULES)):
            option = tuple(f"{head}{question}{BAR}{feature}" for feature in features)
            yield Lesson(((), option), (int(right),), weight)


def _weighted(lesson: Lesson, answer: int) -> Lesson:
    """A lesson with the weight of what is rarer here than in a newspaper, if this is its answer."""
    return replace(lesson, weight=_OTHERS * lesson.weight) if lesson.right == (answer,) else lesson


def _strength(words: float) -> Callable[[str], float]:
    def strength(feature: str) -> float:
        name = feature.split(BAR, 1)[1]
        return _RULES if name.startswith((relevance.RULE, relevance.FORM)) else words

    return strength
