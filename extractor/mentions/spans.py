"""Components, causes, impacts and actions that no rule knows, found by models that were trained on the corpus.

The rules know the words of the articles that they were made on. A conditional random field for each kind of mention
weighs what they say together with the words, their clusters and their neighbours (``extractor.mentions.features``).
What a rule found stays as the rule told it, unless the model is nearly sure that it is nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar, get_args

from extractor.languages import CauseRule, ComponentRule
from extractor.learning import sequence
from extractor.learning.linear import Linear
from extractor.learning.sequence import SequenceModels
from extractor.mentions.actions import ActionMention
from extractor.mentions.causes import CauseMention, judge
from extractor.mentions.clauses import skip_articles, trim
from extractor.mentions.components import ComponentMention
from extractor.mentions.features import Seen, Told, read
from extractor.mentions.impacts import ImpactMention, quantity
from extractor.records import ActionKind, CauseCategory, ComponentCategory, ImpactKind
from extractor.relevance import like_an_article

LEARNED = "learned:"
COMPONENT, CAUSE, IMPACT, ACTION = "component", "cause", "impact", "action"
LAYERS = (COMPONENT, CAUSE, IMPACT, ACTION)
#: What a span may be classed as, by kind of mention; components tell their status by their label.
CLASSES: Mapping[str, tuple[str, ...]] = {
    COMPONENT: get_args(ComponentCategory),
    CAUSE: get_args(CauseCategory),
    IMPACT: get_args(ImpactKind),
    ACTION: get_args(ActionKind),
}
AFFECTED, SPARED = "affected", "spared"
#: From which probability on a span is told, and under which one a rule is not believed.
LEAST = {COMPONENT: 0.3, CAUSE: 0.45, IMPACT: 0.3, ACTION: 0.15}
DOUBTED = {COMPONENT: 0.05, CAUSE: 0.03, IMPACT: 0.1, ACTION: 0.03}
_SHORTEST = 2
# No phrase ends with one of these.
_DANGLING = frozenset({"ADP", "AUX", "CCONJ", "DET", "PRON", "SCONJ"})


class _Mention(Protocol):
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...


Mention = TypeVar("Mention", bound=_Mention)


@dataclass(frozen=True, slots=True)
class Models:
    """The trained weights: a sequence model for each kind of mention, and what classes their words tell."""

    spans: SequenceModels
    classes: Linear


def refine(models: Models, seen: Seen) -> Told:
    """What the rules found, with the spans that the models add and without those that they do not believe.

    Args:
        models: The trained weights.
        seen: The text as the rules left it.
    """
    odds = models.spans.odds(read(seen))
    found = _Found(models.classes, seen)
    told = seen.told
    # Of a line or two the rules know more than models that were taught on articles.
    article = like_an_article(len(seen.words.tokens))

    def with_learned(layer: str, mentions: Sequence[Mention], more: Iterator[Mention | None]) -> tuple[Mention, ...]:
        least = DOUBTED[layer] * article
        kept = [m for m in mentions if sequence.probability(odds[layer], m.first, m.last) >= least]
        taken = {at for mention in kept for at in range(mention.first, mention.last)}
        kept += [m for m in more if m is not None and taken.isdisjoint(range(m.first, m.last))]
        return tuple(sorted(kept, key=lambda mention: mention.first))

    spans = {layer: list(_spans(odds[layer], seen, LEAST[layer])) for layer in LAYERS}
    silent = [part for part in told.components if part.status == "mentioned"]
    components = [part for part in told.components if part.status != "mentioned"]
    return replace(
        told,
        components=with_learned(COMPONENT, components, (found.component(s, silent) for s in spans[COMPONENT])),
        causes=with_learned(CAUSE, told.causes, map(found.cause, spans[CAUSE])),
        impacts=with_learned(IMPACT, told.impacts, map(found.impact, spans[IMPACT])),
        actions=with_learned(ACTION, told.actions, map(found.action, spans[ACTION])),
    )


def _spans(odds: sequence.Odds, seen: Seen, least: float) -> Iterator[sequence.Span]:
    for sentence in seen.words.sentences:
        for span in sequence.spans(odds[sentence.first : sentence.last], least):
            yield replace(span, first=span.first + sentence.first, last=span.last + sentence.first)


class _Found:
    """Turns what the models say into mentions."""

    def __init__(self, classes: Linear, seen: Seen) -> None:
        self._classes = classes
        self._seen = seen
        self._timed = frozenset(at for first, last in seen.times for at in range(first, last))

    def component(self, span: sequence.Span, silent: Sequence[ComponentMention]) -> ComponentMention | None:
        """A component; its category is what a rule says of its words, else the likeliest one."""
        first = skip_articles(self._seen.words.tokens, span.first, span.last, self._seen.language)
        if first == span.last or self._is_time(first, span.last):
            return None
        known = next((part.category for part in silent if part.first < span.last and first < part.last), None)
        if known is None:
            inside = (rule for rule, hit in self._seen.hits.of(ComponentRule) if first <= hit.first < span.last)
            known = next((rule.category for rule in inside), None)
        category = known or self._class(COMPONENT, first, span.last)
        clause = self._seen.clauses.of(first).index
        return ComponentMention(
            first, span.last, clause, category, span.label, None, f"{LEARNED}{COMPONENT}", _confidence(span)
        )

    def cause(self, span: sequence.Span) -> CauseMention | None:
        """A cause; words of causes.yaml in it tell its class, else the likeliest one is told."""
        first, last = trim(self._seen.words, span.first, span.last, self._seen.language)
        first = skip_articles(self._seen.words.tokens, first, last, self._seen.language)
        while last > first and self._seen.words.tokens[last - 1].pos in _DANGLING:
            last -= 1
        if first >= last or self._is_time(first, last):
            return None
        rule = next((rule for rule, hit in self._seen.hits.of(CauseRule) if first <= hit.first < last), None)
        mention = CauseMention(
            first,
            last,
            self._seen.clauses.of(first).index,
            rule.category if rule else self._class(CAUSE, first, last),
            rule.detail if rule else None,
            rule.role if rule else "root",
            "stated",
            None,
            f"{LEARNED}{CAUSE}",
            _confidence(span),
        )
        return judge(mention, self._seen.assertions)

    def impact(self, span: sequence.Span) -> ImpactMention | None:
        first, last = trim(self._seen.words, span.first, span.last, self._seen.language)
        if last - first < _SHORTEST or self._is_time(first, last):
            return None
        plain = [token for token in self._seen.words.tokens[first:last] if token.index not in self._timed]
        return ImpactMention(
            first,
            last,
            self._seen.clauses.of(first).index,
            self._class(IMPACT, first, last),
            span.label != SPARED,
            "suspected" if "suspected" in self._seen.assertions.kinds(first, last) else "stated",
            quantity(plain, self._seen.language.quantity_units),
            f"{LEARNED}{IMPACT}",
            _confidence(span),
        )

    def action(self, span: sequence.Span) -> ActionMention | None:
        first, last = trim(self._seen.words, span.first, span.last, self._seen.language)
        if last - first < _SHORTEST or self._is_time(first, last):
            return None
        kind = self._class(ACTION, first, last)
        clause = self._seen.clauses.of(first).index
        return ActionMention(first, last, clause, kind, f"{LEARNED}{ACTION}", _confidence(span))

    def _is_time(self, first: int, last: int) -> bool:
        return self._timed.issuperset(range(first, last))

    def _class(self, layer: str, first: int, last: int) -> str:
        weights = self._classes.weigh(of_class(self._seen, first, last))
        return max(CLASSES[layer], key=lambda name: weights.get(head(layer, name), 0.0))


def head(layer: str, name: str) -> str:
    """The head under which the model of classes weighs a class."""
    return f"{layer}={name}"


def of_class(seen: Seen, first: int, last: int) -> list[str]:
    """The features that tell the class of a span: its words and their clusters, and the words of its clause."""
    tokens, code = seen.words.tokens, seen.language.code
    clause = seen.clauses.of(first)
    known = seen.clusters
    found = ["bias"]
    for token in tokens[first:last]:
        if token.text[0].isalnum():
            found += (f"w:{code}:{token.norm}", f"w:{code}:{token.norm[:5]}*", f"w:{code}:*{token.norm[-4:]}")
            found += (f"k:{name}" for name in known.get(token.norm, ()))
    found += (f"r:{rule.category}" for rule, hit in seen.hits.of(CauseRule) if first <= hit.first < last)
    found += (f"r:part:{rule.category}" for rule, hit in seen.hits.of(ComponentRule) if first <= hit.first < last)
    for token in tokens[clause.first : clause.last]:
        if token.text[0].isalpha() and token.norm not in seen.language.stopwords:
            found += (f"c:{code}:{token.norm[:6]}", *(f"ck:{name}" for name in known.get(token.norm, ())))
    return list(dict.fromkeys(found))


def _confidence(span: sequence.Span) -> float:
    """Between the confidences of what rules guess and what they know, by how probable it is."""
    return round(0.3 + 0.5 * span.share, 2)
