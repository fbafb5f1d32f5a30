"""Mentions: what a text says of components, causes, impacts, actions and actors, before they are given to incidents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractor.languages import DiscourseRule, Hits, Language, NameEntry
from extractor.learning.store import NOTHING, Learned
from extractor.mentions import (
    actions,
    actors,
    assertion,
    causes,
    clauses,
    components,
    impacts,
    parties,
    predicates,
    spans,
)
from extractor.mentions.actions import ActionMention
from extractor.mentions.actors import NameMention
from extractor.mentions.assertion import Assertions
from extractor.mentions.causes import CauseMention
from extractor.mentions.clauses import Clauses
from extractor.mentions.components import ComponentMention
from extractor.mentions.features import Seen, Told
from extractor.mentions.impacts import ImpactMention
from extractor.mentions.predicates import Predicate
from extractor.relevance import like_an_article
from extractor.tokens import Words


@dataclass(frozen=True, slots=True)
class Mentions:
    """Everything that was found in one text; positions are token indices of ``words``."""

    words: Words
    clauses: Clauses
    hits: Hits
    assertions: Assertions
    predicates: tuple[Predicate, ...]
    components: tuple[ComponentMention, ...]
    causes: tuple[CauseMention, ...]
    impacts: tuple[ImpactMention, ...]
    actions: tuple[ActionMention, ...]
    names: tuple[NameMention, ...]


def find(
    words: Words,
    times: Sequence[tuple[int, int]],
    language: Language,
    gazetteer: Mapping[str, NameEntry],
    learned: Learned = NOTHING,
) -> Mentions:
    """Find every mention of a text.

    Args:
        words: The text, cut and tagged.
        times: Token spans of its time expressions.
        language: What is known of its language.
        gazetteer: Folded name to entry.
        learned: What was learnt of spans; the rules alone decide without it.
    """
    hits = language.find(words)
    past = {hit.first for rule, hit in hits.of(DiscourseRule) if rule.kind == "background"}
    split = clauses.split(words, language, past)
    asserted = assertion.find(words, hits, split)
    told = predicates.find(hits, split, asserted)
    why = causes.find(words, split, hits, times, told, asserted, language)
    effects = impacts.find(words, split, hits, told, why, times, asserted, language)
    done = actions.find(words, split, hits, why, asserted, language)
    parts = components.find(words, split, hits, told, why, times, asserted, language)
    names = actors.find(words, hits, times, language, gazetteer)
    every = Told(told, names, parts, why, effects, done)
    if learned.spans is not None and learned.classes is not None and learned.clusters is not None:
        models = spans.Models(learned.spans, learned.classes)
        clusters = learned.clusters.all(language.code, {token.norm for token in words.tokens})
        seen = Seen(words, split, hits, times, asserted, every, language, clusters)
        every = spans.refine(models, seen)
        if learned.parties is not None and like_an_article(len(words.tokens)) == 1.0:
            names = parties.retyped(learned.parties, names, seen)
    return Mentions(
        words=words,
        clauses=split,
        hits=hits,
        assertions=asserted,
        predicates=told,
        components=every.components,
        causes=every.causes,
        impacts=every.impacts,
        actions=every.actions,
        names=names,
    )
