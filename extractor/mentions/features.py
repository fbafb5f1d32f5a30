"""What the models of spans see of each token: its form, what the lexicon and the rules say of it, and its neighbours.

The same for every language: the words themselves, and the clusters of words that mean much the same, are all that
differs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractor import limits
from extractor.languages import ActorRule, CauseRule, ComponentRule, CueRule, EventRule, Hits, Language
from extractor.learning.sequence import Place
from extractor.mentions.actions import ActionMention
from extractor.mentions.actors import NameMention
from extractor.mentions.assertion import Assertions
from extractor.mentions.causes import CauseMention
from extractor.mentions.clauses import Clauses
from extractor.mentions.components import ComponentMention
from extractor.mentions.impacts import ImpactMention
from extractor.mentions.predicates import Predicate
from extractor.tokens import Token, Words

#: How features begin that tell what a rule found; a part of each lesson is taught without them.
RULE = "R@"
_CLOSE = 4
_REACH = 6
_PREFIX, _SUFFIX = 5, 3
_LONGEST_SHAPE = 8
_EDGE = 3
_OFTEN = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What the rules found in a text, before anything learnt is asked."""

    predicates: tuple[Predicate, ...]
    names: tuple[NameMention, ...]
    components: tuple[ComponentMention, ...]
    causes: tuple[CauseMention, ...]
    impacts: tuple[ImpactMention, ...]
    actions: tuple[ActionMention, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as the rules left it.

    Attributes:
        words: The text.
        clauses: Its clauses.
        hits: What the lexicon found.
        times: Token spans of its times.
        assertions: Scopes of negation, doubt, plans.
        told: What the rules found.
        language: Whose words they are.
        clusters: The clusters of its words, by their folded forms.
    """

    words: Words
    clauses: Clauses
    hits: Hits
    times: Sequence[tuple[int, int]]
    assertions: Assertions
    told: Told
    language: Language
    clusters: Mapping[str, tuple[str, ...]]


def read(seen: Seen) -> list[list[Place]]:
    """The features of each token, by sentence."""
    reader = _Reader(seen)
    return [
        [reader.place(at, sentence.first) for at in range(sentence.first, sentence.last)]
        for sentence in seen.words.sentences
    ]


def without_rules(place: Place) -> Place:
    """A token as it looks where no rule found anything."""
    return Place(*([name for name in names if not name.startswith(RULE)] for names in place))


@lru_cache(maxsize=limits.MATCHER_CACHE)
def shape(word: str) -> str:
    """The form of a word: capitals, small letters, figures; runs of more than two cut short.

    Example:
        >>> shape("Azure"), shape("10G"), shape("S3")
        ('Xxx', 'ddX', 'Xd')
    """
    form = ""
    for sign in word:
        kind = "X" if sign.isupper() else "x" if sign.islower() else "d" if sign.isdecimal() else sign
        if form[-2:] != kind * 2:
            form += kind
        if len(form) == _LONGEST_SHAPE:
            break
    return form


class _Reader:
    """Gives the tokens of one text their features."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        tokens = seen.words.tokens
        self._signs: list[list[str]] = [[] for _ in tokens]
        self._found: list[list[str]] = [[] for _ in tokens]
        self._mark_hits()
        self._mark_rules()
        self._capitals = Counter(token.norm for token in tokens if token.text[0].isupper())
        self._small = frozenset(token.norm for token in tokens if token.text[0].islower())
        self._predicates: dict[int, list[Predicate]] = defaultdict(list)
        for predicate in seen.told.predicates:
            if predicate.effect != "none":
                self._predicates[predicate.clause].append(predicate)
        self._cues: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
        for _, hit in seen.hits.of(CueRule):
            self._cues[tokens[hit.first].sentence].append((hit.payload.slot, hit.first, hit.last))

    def _mark_hits(self) -> None:
        """What the lexicon says, on each token of a term."""
        hits = self._seen.hits
        for first, last in self._seen.times:
            _mark(self._signs, first, last, "time")
        for part, hit in hits.of(ComponentRule):
            _mark(self._signs, hit.first, hit.last, "comp", f"comp:{part.category}")
        for _, hit in hits.of(EventRule):
            _mark(self._signs, hit.first, hit.last, "event")
        for cause, hit in hits.of(CauseRule):
            _mark(self._signs, hit.first, hit.last, "causeterm", f"cause:{cause.category}")
        for _, hit in hits.of(CueRule):
            _mark(self._signs, hit.first, hit.last, f"cue:{hit.payload.slot}")
        for actor, hit in hits.of(ActorRule):
            _mark(self._signs, hit.first, hit.last, f"actor:{actor.type}")
        for predicate in self._seen.told.predicates:
            _mark(self._signs, predicate.first, predicate.last, f"pred:{predicate.effect}:{predicate.rule.side}")
        for name in self._seen.told.names:
            _mark(self._signs, name.first, name.last, "cap")

    def _mark_rules(self) -> None:
        """What the rules made of it, on each token of a mention."""
        told = self._seen.told
        for name in told.names:
            _mark(self._found, name.first, name.last, f"name:{name.type}")
        for part in told.components:
            _mark(self._found, part.first, part.last, f"component:{part.status}")
        for cause in told.causes:
            _mark(self._found, cause.first, cause.last, f"cause:{cause.certainty}", f"cue:{cause.cue is not None}")
        for impact in told.impacts:
            _mark(self._found, impact.first, impact.last, f"impact:{impact.affected}")
        for action in told.actions:
            _mark(self._found, action.first, action.last, f"action:{action.kind}")

    def place(self, at: int, first: int) -> Place:
        """The features of a token; its sentence begins with the token ``first``."""
        token, code = self._seen.words.tokens[at], self._seen.language.code
        word = "0" if token.norm[0].isdecimal() else token.norm
        own = ["bias", f"s={code}{word[-_SUFFIX:]}", f"shape={shape(token.text)}", *self._around(token, first)]
        shared = [f"w={code}{word}", f"p={code}{word[:_PREFIX]}", f"pos={token.pos}", *self._signs[at]]
        shared += self._seen.clusters.get(token.norm, ())
        shared += [f"{RULE}{sign}" for sign in self._found[at]]
        return Place(own, shared)

    def _around(self, token: Token, first: int) -> list[str]:
        """What the clause, the sentence and the text say of a token."""
        seen, at = self._seen, token.index
        clause = seen.clauses.of(at)
        found = [
            f"sentence{min(token.sentence, _EDGE)}",
            f"clause{min(at - clause.first, _EDGE)}:{min(clause.last - 1 - at, _EDGE)}",
        ]
        if token.norm in seen.language.stopwords:
            found.append("stop")
        if token.text[0].isupper():
            often = min(self._capitals[token.norm], _OFTEN)
            found += [f"often{often}", f"small{token.norm in self._small}", f"opens{at == first}"]
        for predicate in self._predicates.get(clause.index, ()):
            side, distance = _side(at, predicate.first, predicate.last)
            found.append(f"{side}{predicate.effect}")
            found.append(f"{side}{predicate.effect}:{predicate.rule.side}:{predicate.real}")
            if abs(distance) <= _CLOSE:
                found.append(f"near{side}{predicate.effect}")
        for slot, start, end in self._cues.get(token.sentence, ()):
            distance = at - end if at >= end else at - start
            found.append(f"cue{slot}{distance >= 0}")
            found.append(f"cue{slot}{max(-_REACH, min(_REACH, distance))}")
        found += [f"is:{kind}" for kind in sorted(seen.assertions.kinds(at, at + 1))]
        return found


def _mark(signs: list[list[str]], first: int, last: int, *names: str) -> None:
    for at in range(first, last):
        signs[at] += [f"{'B' if at == first else 'I'}-{name}" for name in names]


def _side(at: int, first: int, last: int) -> tuple[str, int]:
    """Where a token stands seen from other tokens, and how far off."""
    if at >= last:
        return "after", at - last
    return ("before", first - at) if at < first else ("in", 0)
