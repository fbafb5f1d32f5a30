"""Lessons on whether a text is an incident report: by its words alone, and by what was found in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractor import incidents, relevance
from extractor.learning.clusters import Clusters
from extractor.learning.linear import BAR, Linear
from extractor.tokens import read
from extractor.training.articles import Taught
from extractor.training.fitting import Lesson, fit

# How strongly weights are held to zero.
_CLUSTERS, _RULES = 15.0, 3.0
# How much of each lesson is taught without the rules, which know the words of these articles too well.
_WITHOUT_RULES = 0.3
# Texts that are no report are rarer in a corpus of reports than in a newspaper.
_OTHERS = 2.0


def train(articles: Iterable[Taught], clusters: Clusters) -> Linear:
    """Learn the weights from articles, incident reports and others."""
    return Linear(fit([lesson for article in articles for lesson in lessons(article, clusters)], _strength))


def lessons(taught: Taught, clusters: Clusters) -> Iterator[Lesson]:
    """An article before and after it was read, with the rules and without."""
    found, language = taught.mentions, taught.language
    plain = read(found.words.text, None, language.abbreviations)
    before = list(relevance.features(plain, language.find(plain), language, clusters))
    after = list(relevance.features(found.words, found.hits, language, clusters))
    after += incidents.signs(found, taught.placed, taught.threads)
    for head, seen in ((relevance.BEFORE, before), (relevance.AFTER, after)):
        bare = [feature for feature in seen if not feature.startswith(relevance.RULE)]
        for features, weight in ((seen, 1.0 - _WITHOUT_RULES), (bare, _WITHOUT_RULES)):
            option = tuple(f"{head}{BAR}{feature}" for feature in features)
            relevant = taught.article.gold.relevant
            yield Lesson(((), option), (int(relevant),), weight if relevant else _OTHERS * weight)


def _strength(feature: str) -> float:
    name = feature.split(BAR, 1)[1]
    return _RULES if name.startswith((relevance.RULE, relevance.FORM)) else _CLUSTERS
