"""What a clause tells (an impact, an action), weighed by a model that was trained on the corpus.

The rules know the words of the articles that they were made on. The model weighs what they say together with the
words of the clause, their beginnings and endings, the clauses beside it and its place in the text, and adds the
clauses that no rule knows. What the rules found stays. (Causes were tried in the same way and gained nothing.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractor.languages import ActorRule, ComponentRule, EventRule, Hits, Language
from extractor.learning.linear import Linear, shares
from extractor.learning.wording import bag
from extractor.mentions.actions import ActionMention
from extractor.mentions.assertion import Assertions
from extractor.mentions.causes import CauseMention
from extractor.mentions.clauses import FINITE, Clause, Clauses, trim
from extractor.mentions.impacts import ImpactMention, quantity
from extractor.mentions.predicates import Predicate
from extractor.tokens import Token, Words

WORD, RULE = "w:", "r:"
NONE = "none"
#: What may be said of a clause, by role; the first is that it does not have the role.
LABELS = {
    "impact": (NONE, "affected", "spared"),
    "action": (NONE, "mitigation", "fix", "prevention"),
}
KIND = "kind"
KINDS = (
    "unavailable", "degraded", "delayed", "wrong_result", "data_loss", "data_exposure", "financial", "safety",
    "operations", "other",
)  # fmt: skip
LEARNED = "learned:"
#: How probable a role must be to be told: the best expected F1 needs half of that F1.
LEAST = {"impact": 0.2, "action": 0.1}
_SHORTEST = 3
_LONG = (3, 6, 10, 16, 25)


@dataclass(frozen=True, slots=True)
class Told:
    """What the rules found in a text, before anything learnt is asked."""

    predicates: tuple[Predicate, ...]
    causes: tuple[CauseMention, ...]
    impacts: tuple[ImpactMention, ...]
    actions: tuple[ActionMention, ...]


class Reader:
    """Gives the clauses of one text their features.

    Args:
        words: The text.
        clauses: Its clauses.
        hits: What the lexicon found.
        times: Token spans of its times.
        assertions: Scopes of negation, doubt, plans.
        told: What the rules found.
        language: Whose words they are.
    """

    def __init__(
        self,
        words: Words,
        clauses: Clauses,
        hits: Hits,
        times: Sequence[tuple[int, int]],
        assertions: Assertions,
        told: Told,
        language: Language,
    ) -> None:
        self._words = words
        self._clauses = clauses
        self._assertions = assertions
        self._code = language.code
        self._stop = language.stopwords
        self._masked = frozenset(at for first, last in times for at in range(first, last))
        self._signs: dict[int, list[str]] = defaultdict(list)
        for clause, sign in self._found(hits, told):
            self._signs[clause].append(sign)

    def _found(self, hits: Hits, told: Told) -> Iterator[tuple[int, str]]:
        """What the rules found in each clause."""
        of = self._clauses.of
        for impact in told.impacts:
            yield impact.clause, f"impact:{impact.affected}"
            yield impact.clause, f"impact:{impact.kind}"
        for action in told.actions:
            yield action.clause, f"action:{action.kind}"
        for cause in told.causes:
            for clause in sorted({of(cause.first).index, of(cause.last - 1).index}):
                yield clause, f"cause:{cause.certainty}"
                yield clause, f"cause:{cause.cue is not None}"
        for predicate in told.predicates:
            yield predicate.clause, f"predicate:{predicate.effect}:{predicate.real}"
            yield predicate.clause, f"phase:{predicate.rule.phase}"
        for _, hit in hits.of(EventRule):
            yield of(hit.first).index, "event"
        for component, hit in hits.of(ComponentRule):
            yield of(hit.first).index, "component"
            yield of(hit.first).index, f"component:{component.category}"
        for actor, hit in hits.of(ActorRule):
            yield of(hit.first).index, f"actor:{actor.type}"
        for first in sorted({first for first in self._masked if first - 1 not in self._masked}):
            yield of(first).index, "time"

    def in_time(self, token: int) -> bool:
        """Whether a token is one of a time's."""
        return token in self._masked

    def features(self, index: int) -> tuple[str, ...]:
        """The features of a clause."""
        clause = self._clauses.all[index]
        return tuple(dict.fromkeys((*self._wording(clause), *self._form(clause), *self._told(clause))))

    def _wording(self, clause: Clause) -> Iterator[str]:
        tokens, code = self._words.tokens, self._code
        own = tokens[clause.first : clause.last]
        yield from bag(f"{WORD}c:{code}", [t for t in own if t.text[0].isalnum()], self._masked)
        lead = [t for t in own if t.text[0].isalnum()][:2]
        yield from (f"{WORD}l{at}:{code}:{t.norm}" for at, t in enumerate(lead))
        plain = [t for t in own if t.text[0].isalnum() and t.index not in self._masked]
        yield from (f"{WORD}d:{code}:{one.norm[:5]} {two.norm[:5]}" for one, two in pairwise(plain))
        verbs = [t for t in own if t.pos in FINITE or t.pos in ("VPART", "VINF")]
        yield from bag(f"{WORD}v:{code}", verbs, self._masked)
        for side, other in (("p", clause.index - 1), ("n", clause.index + 1)):
            if 0 <= other < len(self._clauses.all) and self._clauses.all[other].sentence == clause.sentence:
                beside = self._clauses.all[other]
                yield from bag(f"{WORD}{side}:{code}", self._content(beside), self._masked)

    def _content(self, clause: Clause) -> list[Token]:
        tokens = self._words.tokens[clause.first : clause.last]
        return [t for t in tokens if t.text[0].isalpha() and t.norm not in self._stop]

    def _form(self, clause: Clause) -> Iterator[str]:
        tokens = self._words.tokens[clause.first : clause.last]
        sentence = self._words.sentences[clause.sentence]
        number = sum(t.text[0].isalnum() for t in tokens)
        yield "f:bias"
        yield f"f:long{sum(number > step for step in _LONG)}"
        yield f"f:sentence{min(clause.sentence, 5)}"
        yield f"f:share{4 * clause.sentence // max(1, len(self._words.sentences))}"
        yield f"f:opens{clause.first == sentence.first}"
        yield f"f:closes{clause.last == sentence.last}"
        yield f"f:figure{any(t.text[0].isdecimal() and t.index not in self._masked for t in tokens)}"
        yield f"f:verb{any(t.pos in FINITE for t in tokens)}"
        yield f"f:quoted{any(t.text in '«»“”„' for t in tokens)}"
        yield f"f:named{sum(t.pos == 'PROPN' for t in tokens) > 0}"
        yield from sorted({f"f:pos{t.pos}" for t in tokens})
        verbs = [t.pos for t in tokens if t.pos in FINITE or t.pos in ("VPART", "VINF")]
        yield f"f:verbs{'+'.join(verbs[:3])}"

    def _told(self, clause: Clause) -> Iterator[str]:
        for sign in self._signs.get(clause.index, ()):
            yield f"{RULE}{sign}"
        for kind in sorted(self._assertions.kinds(clause.first, clause.last)):
            yield f"{RULE}is:{kind}"
        for side, other in (("before", clause.index - 1), ("after", clause.index + 1)):
            for sign in self._signs.get(other, ()):
                if self._clauses.all[other].sentence == clause.sentence:
                    yield f"{RULE}{side}:{sign}"


def head(role: str, label: str) -> str:
    """The head under which the model weighs a label."""
    return f"{role}={label}"


def of_kind(features: Sequence[str]) -> list[str]:
    """The features that tell the kind of an impact: the clause's own words."""
    return ["f:bias", *(feature for feature in features if feature.startswith(f"{WORD}c:"))]


def refine(model: Linear, reader: Reader, told: Told, words: Words, clauses: Clauses, language: Language) -> Told:
    """What the rules found, with the clauses added that the model takes for an impact or an action.

    Args:
        model: The trained weights.
        reader: Of the text.
        told: What the rules found.
        words: The text.
        clauses: Its clauses.
        language: For its small words.
    """
    found = _Found(model, reader, words, clauses, language)
    impacts, actions = list(told.impacts), list(told.actions)
    taken = {
        "impact": {mention.clause for mention in impacts},
        "action": {mention.clause for mention in actions},
    }
    for clause in clauses.all:
        first, last = trim(words, clause.first, clause.last, language)
        if sum(token.text[0].isalnum() for token in words.tokens[first:last]) < _SHORTEST:
            continue
        features = reader.features(clause.index)
        weights = model.weigh(features)
        if clause.index not in taken["impact"] and (impact := found.impact(clause, first, last, features, weights)):
            impacts.append(impact)
        if clause.index not in taken["action"] and (action := found.action(clause, first, last, weights)):
            actions.append(action)
    return replace(
        told,
        impacts=tuple(sorted(impacts, key=lambda mention: mention.first)),
        actions=tuple(sorted(actions, key=lambda mention: mention.first)),
    )


class _Found:
    """Turns what the model says of a clause into a mention."""

    def __init__(self, model: Linear, reader: Reader, words: Words, clauses: Clauses, language: Language) -> None:
        self._model = model
        self._reader = reader
        self._words = words
        self._units = language.quantity_units

    def impact(
        self, clause: Clause, first: int, last: int, features: Sequence[str], weights: Mapping[str, float]
    ) -> ImpactMention | None:
        label, share = self._label("impact", weights)
        if label == NONE:
            return None
        plain = [t for t in self._words.tokens[first:last] if not self._reader.in_time(t.index)]
        kind = self._kind(features)
        number = quantity(plain, self._units)
        return ImpactMention(
            first,
            last,
            clause.index,
            kind,
            label == "affected",
            "stated",
            number,
            f"{LEARNED}impact",
            _confidence(share),
        )

    def action(self, clause: Clause, first: int, last: int, weights: Mapping[str, float]) -> ActionMention | None:
        label, share = self._label("action", weights)
        if label == NONE:
            return None
        return ActionMention(first, last, clause.index, label, f"{LEARNED}action", _confidence(share))

    def _label(self, role: str, weights: Mapping[str, float]) -> tuple[str, float]:
        told = shares([0.0, *(weights.get(head(role, label), 0.0) for label in LABELS[role][1:])])
        if 1.0 - told[0] < LEAST[role]:
            return NONE, told[0]
        at = max(range(1, len(told)), key=lambda index: (told[index], -index))
        return LABELS[role][at], 1.0 - told[0]

    def _kind(self, features: Sequence[str]) -> str:
        weights = self._model.weigh(of_kind(features))
        return max(KINDS, key=lambda kind: weights.get(head(KIND, kind), 0.0))


def _confidence(share: float) -> float:
    """Between the confidences of what rules guess and what they know, by how probable it is."""
    return round(0.3 + 0.5 * share, 2)
