"""Lessons on which words are a component, a cause, an impact or an action: the tokens of gold spans, labelled BIO."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pycrfsuite

from extractor.evaluation.gold import GoldIncident
from extractor.learning import sequence
from extractor.learning.clusters import Clusters
from extractor.learning.linear import BAR, Linear
from extractor.learning.sequence import Field
from extractor.mentions import spans
from extractor.mentions.features import Seen, Told, read, without_rules
from extractor.tokens import Words
from extractor.training.articles import Taught
from extractor.training.fitting import Lesson, fit

# Elastic net, rounds, and how often a feature must be seen: coarse choices, made on articles that nobody had tuned to.
_SETTINGS = {"c1": 0.4, "c2": 0.3, "max_iterations": 60, "feature.minfreq": 3}
# How strongly the weights of classes are held to zero.
_WORDS, _RULES, _WIDE = 4.0, 0.5, 1.0


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Words of the gold: what they are labelled, their class, and whether every place where they stand counts."""

    text: str
    label: str
    category: str
    everywhere: bool = False


def train(articles: Sequence[Taught], layer: str, clusters: Clusters) -> Field:
    """Learn to label the tokens of one kind of mention.

    Each sentence is taught twice, with what the rules say and without: they know the words of these articles better
    than those of others.

    Returns:
        Its weights.
    """
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(_SETTINGS)
    for article in articles:
        labelled = labels(article.mentions.words, list(gold(article.article.gold.incidents, layer)))
        for sentence, features in zip(article.mentions.words.sentences, read(seen(article, clusters)), strict=True):
            wanted = labelled[sentence.first : sentence.last]
            trainer.append(sequence.spelled(features), wanted)
            trainer.append(sequence.spelled([without_rules(place) for place in features]), wanted)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        return weights(path)


def weights(path: Path) -> Field:
    """The weights of a model that CRFsuite wrote."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    told = tagger.info()
    return Field(dict(told.state_features), dict(told.transitions))


def train_classes(articles: Sequence[Taught], clusters: Clusters) -> Linear:
    """Learn what class the words of a span tell, for all kinds of mentions."""
    found: dict[str, float] = {}
    for layer in spans.LAYERS:
        lessons = [lesson for article in articles for lesson in _classes(article, layer, clusters)]
        found |= fit(lessons, _strength)
    return Linear(found)


def seen(taught: Taught, clusters: Clusters) -> Seen:
    """An article as the models see it."""
    found = taught.mentions
    told = Told(found.predicates, found.names, found.components, found.causes, found.impacts, found.actions)
    return Seen(
        words=found.words,
        clauses=found.clauses,
        hits=found.hits,
        times=taught.spans,
        assertions=found.assertions,
        told=told,
        language=taught.language,
        clusters=clusters.all(taught.language.code, {token.norm for token in found.words.tokens}),
    )


def gold(incidents: Iterable[GoldIncident], layer: str) -> Iterator[GoldSpan]:
    """The spans of one kind of mention."""
    for incident in incidents:
        if layer == spans.COMPONENT:
            for part in incident.components:
                yield GoldSpan(part.name, part.status, part.category, everywhere=True)
        elif layer == spans.CAUSE:
            yield from (GoldSpan(cause.text, layer, cause.category) for cause in incident.causes)
        elif layer == spans.IMPACT:
            for impact in incident.impacts:
                yield GoldSpan(impact.text, spans.AFFECTED if impact.affected else spans.SPARED, impact.kind)
        else:
            yield from (GoldSpan(action.text, layer, action.kind) for action in incident.actions)


def labels(words: Words, listed: Sequence[GoldSpan]) -> list[str]:
    """The label of each token; of spans that share words the longest counts."""
    found = [sequence.OUTSIDE] * len(words.tokens)
    for span in sorted(listed, key=lambda span: -len(span.text)):
        for first, last in places(words, span):
            if all(label == sequence.OUTSIDE for label in found[first:last]):
                found[first] = f"{sequence.BEGIN}{span.label}"
                found[first + 1 : last] = [f"{sequence.INSIDE}{span.label}"] * (last - first - 1)
    return found


def places(words: Words, span: GoldSpan) -> Iterator[tuple[int, int]]:
    """First and last (excluded) token of the places where a span stands as whole words."""
    at = words.text.find(span.text)
    while at >= 0:
        end = at + len(span.text)
        first, last = words.between(at, end)
        if first < last and words.span(first, last) == (at, end):
            yield first, last
            if not span.everywhere:
                return
        at = words.text.find(span.text, end)


def _classes(taught: Taught, layer: str, clusters: Clusters) -> Iterator[Lesson]:
    text = seen(taught, clusters)
    for span in gold(taught.article.gold.incidents, layer):
        place = next(places(text.words, span), None)
        if place is not None:
            features = spans.of_class(text, *place)
            heads = [spans.head(layer, name) for name in spans.CLASSES[layer]]
            options = tuple(tuple(f"{head}{BAR}{feature}" for feature in features) for head in heads)
            yield Lesson(options, (spans.CLASSES[layer].index(span.category),))


def _strength(feature: str) -> float:
    name = feature.split(BAR, 1)[1]
    return _RULES if name.startswith("r:") else _WIDE if name[:2] in ("k:", "ck", "bi") else _WORDS
