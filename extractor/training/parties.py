"""Lessons on which names are organisations of a text's incidents, services or places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from extractor.evaluation.gold import GoldArticle
from extractor.learning.clusters import Clusters
from extractor.learning.linear import BAR, Linear
from extractor.mentions import parties
from extractor.mentions.actors import NameMention
from extractor.tokens import fold
from extractor.training.articles import Taught
from extractor.training.fitting import Lesson, fit
from extractor.training.spans import seen

# How strongly weights are held to zero.
_STRENGTH = 10.0
# How much of each lesson is taught without the rules, which know the words of these articles too well.
_WITHOUT_RULES = 0.2
_WORD = re.compile(r"\w+")


def train(articles: Iterable[Taught], clusters: Clusters) -> Linear:
    """Learn the weights from the articles that tell an incident."""
    told = [article for article in articles if article.article.gold.relevant]
    return Linear(fit([lesson for article in told for lesson in lessons(article, clusters)], lambda feature: _STRENGTH))


def lessons(taught: Taught, clusters: Clusters) -> Iterator[Lesson]:
    """Each name of an article, with the rules and without."""
    reader = parties.Reader(seen(taught, clusters), taught.mentions.names)
    for rank, group in enumerate(reader.groups):
        features = reader.features(group, rank)
        bare = [feature for feature in features if not feature.startswith(parties.RULE)]
        right = (parties.LABELS.index(label(group, taught.article.gold)),)
        for known, weight in ((features, 1.0 - _WITHOUT_RULES), (bare, _WITHOUT_RULES)):
            yield Lesson(tuple(tuple(f"{name}{BAR}{one}" for one in known) for name in parties.LABELS), right, weight)


def label(group: Sequence[NameMention], gold: GoldArticle) -> str:
    """What a name is in the gold: one contains the other on whole words; a service before its operator."""
    own = {_plain(mention.name) for mention in group}
    for name, listed in (
        (parties.SERVICE, [n for incident in gold.incidents for n in incident.services]),
        (parties.ORGANIZATION, [n for incident in gold.incidents for n in incident.organizations]),
        (parties.PLACE, [n for incident in gold.incidents for n in incident.locations]),
    ):
        wanted = {_plain(one) for one in listed}
        if name == parties.SERVICE:
            if own & wanted:
                return name
        elif any(mine in theirs or theirs in mine for mine in own for theirs in wanted):
            return name
    return parties.NONE


def _plain(name: str) -> str:
    return f" {' '.join(map(fold, _WORD.findall(name)))} "
