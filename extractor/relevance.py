"""Is this an incident report? Told from words alone before parts of speech are known, and again from what was found.

The rules count words that events, failures and causes are told with, and counter-words. Two linear models that were
trained on the corpus weigh their sum together with all other words: one tells ordinary news from texts about things
that break, the other, among these, reports from near misses. Without them the rules alone decide.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from extractor.languages import AssertionRule, CauseRule, EventRule, Hits, Language, PredicateRule, RelevanceRule
from extractor.learning.clusters import Clusters
from extractor.learning.linear import Linear, shares
from extractor.learning.store import NOTHING, Learned
from extractor.tokens import Words, folded, read

THRESHOLD = 0.5
#: Heads of the model: is it a report rather than a near miss, and (with ``ORDINARY`` behind) is it ordinary news.
BEFORE, AFTER = "before", "after"
ORDINARY = "/ordinary"
#: How features begin that tell what the rules say, and how long a text is.
RULE, FORM = "r:", "f:"
#: Below it single words are enough to tell that an article is no report: the rules are not asked.
UNLIKE = 0.15
#: Below it the words alone tell that a text is no report: parts of speech would not bring it over the threshold.
HOPELESS = 0.25

_EVENT = 1.0
_WEAK_EVENT = 0.4
_FAILURE = 1.4
_CAUSE = 0.4
_WEAK_CAUSE = 0.2
_PHASE = 0.3
_BIAS = -2.0
_SHORT_BIAS = -0.7
_SHORT, _LONG = 35, 75
_MOST_PER_RULE = 3
_OPENING = 25
_STEPS = (30, 60, 120, 240, 480)
_MANY = 8
_UNREAL = {"generic": -0.9, "exercise": -4.5, "planned": -0.5}
# One forecast or exercise is mentioned in many a report; it is the further ones that make an announcement.
_FREE = {"planned": 1, "exercise": 1}


def score(text: str, language: Language, learned: Learned = NOTHING) -> float:
    """How surely a text is an incident report, 0 to 1, before any part of speech is known.

    Args:
        text: The text.
        language: Whose trigger words and counter-words are read.
        learned: What was learnt of relevance; the rules alone decide without it.
    """
    glanced = glance(text, language, learned)
    if glanced is not None:
        return glanced
    words = read(text, None, language.abbreviations)
    return judge(words, language.find(words), language, learned)


def glance(text: str, language: Language, learned: Learned) -> float | None:
    """How surely an article is an incident report by which words it has, when that is enough to see that it is none.

    Most of a newspaper ends here: no sentence is cut, and no rule is asked.

    Args:
        text: The text.
        language: Whose words they are.
        learned: What was learnt of relevance.

    Returns:
        Less than ``UNLIKE``; None when the rules have to look at it, as at all texts of a line or two and wherever a
        user has rules of his own, which taught no model.
    """
    if learned.relevance is None or language.extended:
        return None
    norms = folded(text)
    if like_an_article(len(norms)) < 1.0:
        return None
    seen = _seen_of_words(norms, language, learned.clusters)
    weighed = _probability(learned.relevance, seen, BEFORE)
    return round(weighed, 3) if weighed < UNLIKE else None


def judge(
    words: Words, hits: Hits, language: Language, learned: Learned, head: str = BEFORE, more: Iterable[str] = ()
) -> float:
    """How surely a text is an incident report, 0 to 1.

    Args:
        words: The text.
        hits: What the lexicon found in it.
        language: Whose words they are.
        learned: What was learnt of relevance.
        head: What is known by now: ``BEFORE`` the words alone, ``AFTER`` what was found in them too.
        more: Features of what was found.
    """
    told = weigh(words, hits)
    if learned.relevance is None:
        return told
    seen = (*features(words, hits, language, learned.clusters), *more)
    weighed = _probability(learned.relevance, seen, head)
    # The model was taught on articles; of a line or two the rules know more.
    share = like_an_article(len(words.tokens))
    return round(share * weighed + (1.0 - share) * told, 3)


def features(words: Words, hits: Hits, language: Language, clusters: Clusters | None) -> Iterator[str]:
    """What a model sees of a text: the clusters of its words, those of its beginning apart, and what the rules say."""
    yield from _seen_of_words([token.norm for token in words.tokens], language, clusters)
    told = weigh(words, hits)
    yield f"{RULE}sum{round(2 * math.log((told + 0.001) / (1.001 - told)))}"
    for kind, number in hits.counts().items():
        yield f"{RULE}{kind}{min(number, _MANY)}"


def _seen_of_words(norms: Sequence[str], language: Language, clusters: Clusters | None) -> Iterator[str]:
    """What the folded words and signs of a text tell by themselves."""
    plain = [norm for norm in norms if norm[:1].isalpha() and norm not in language.stopwords]
    known = clusters.all(language.code, set(plain)) if clusters is not None else {}
    for place, listed in (("all", plain), ("opening", plain[:_OPENING])):
        # Named in the order of the text, so that the sum of their weights is the same on every run.
        named = dict.fromkeys(name for norm in listed for name in known.get(norm, ()))
        yield from (f"{place}:{name}" for name in named)
    yield f"{FORM}long{sum(len(norms) > step for step in _STEPS)}"


def _probability(model: Linear, seen: Iterable[str], head: str) -> float:
    """That a text is no ordinary news, and a report rather than a near miss."""
    weights = model.weigh(seen)
    plain = shares([0.0, weights.get(f"{head}{ORDINARY}", 0.0)])[1]
    return (1.0 - plain) * shares([0.0, weights.get(head, 0.0)])[1]


def weigh(words: Words, hits: Hits) -> float:
    """How surely a text with these trigger words is an incident report, 0 to 1.

    Each kind of word counts a few times at most, so that length alone makes no report; what stands in a sentence of a
    plan, an exercise or a general truth does not count at all.

    Args:
        words: The text.
        hits: What the lexicon found in it.
    """
    unreal: dict[int, int] = {}
    cues: Counter[str] = Counter()
    for rule, hit in hits.of(AssertionRule):
        if rule.kind in _UNREAL or rule.kind == "hypothetical":
            sentence = words.sentence_of(hit.first)
            begin = hit.first if rule.kind == "hypothetical" else sentence.first
            unreal[sentence.index] = min(begin, unreal.get(sentence.index, begin))
            cues[rule.kind] += 1
    counts: Counter[tuple[str, float]] = Counter()
    for event, hit in hits.of(EventRule):
        if hit.first < unreal.get(words.tokens[hit.first].sentence, len(words.tokens)):
            counts[event.id, _EVENT if event.strength == "strong" else _WEAK_EVENT] += 1
    for predicate, hit in hits.of(PredicateRule):
        if hit.first >= unreal.get(words.tokens[hit.first].sentence, len(words.tokens)):
            continue
        if predicate.effect in ("failed", "degraded", "recovered"):
            counts[predicate.id, _FAILURE] += 1
        elif predicate.phase in ("started", "detected", "mitigated", "ongoing"):
            counts[predicate.id, _PHASE] += 1
    for cause, _ in hits.of(CauseRule):
        counts[cause.id, _CAUSE if cause.alone else _WEAK_CAUSE] += 1
    for told, _ in hits.of(RelevanceRule):
        counts[told.id, told.weight] += 1
    total = sum(weight * min(number, _MOST_PER_RULE) ** 0.5 for (_, weight), number in counts.items())
    for kind, weight in _UNREAL.items():
        total += weight * min(max(0, cues[kind] - _FREE.get(kind, 0)), _MOST_PER_RULE) ** 0.5
    bias = _bias(len(words.tokens)) if counts else _BIAS
    return round(1 / (1 + math.exp(-(total + bias))), 3)


def _bias(length: int) -> float:
    """What a text has to overcome: a line or two can say less for itself than an article."""
    return _SHORT_BIAS + like_an_article(length) * (_BIAS - _SHORT_BIAS)


def like_an_article(length: int) -> float:
    """How far a text of so many tokens is an article, and not a line or two: 0 to 1.

    Example:
        >>> like_an_article(20), like_an_article(55), like_an_article(400)
        (0.0, 0.5, 1.0)
    """
    return min(1.0, max(0.0, (length - _SHORT) / (_LONG - _SHORT)))
