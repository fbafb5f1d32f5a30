"""Which names of a text are organisations of its incidents and which their services, weighed by a trained model.

Rules know a name by the words beside it and by the gazetteer. Many names have no such word; what tells them is how
often and where they stand, what breaks or is said beside them, and what they look like. One choice is made for all
mentions of a name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from extractor.languages import ActorRule, CauseRule, ComponentRule, DiscourseRule, EventRule, Language
from extractor.learning.linear import Linear, shares
from extractor.mentions.actors import NameMention
from extractor.mentions.clauses import FINITE
from extractor.mentions.features import Seen
from extractor.tokens import Sentence, Token, fold

LEARNED = "learned:party"
NONE, ORGANIZATION, SERVICE, PLACE = "none", "organization", "service", "place"
LABELS = (NONE, ORGANIZATION, SERVICE, PLACE)
#: How features begin: words, what rules say.
WORD, RULE = "w:", "r:"
#: From which probability on a name is taken for an organisation or a service.
LEAST = {ORGANIZATION: 0.3, SERVICE: 0.13}
# What a rule knows as a service is one unless that is very improbable.
_KEPT = 0.06
_CLOSE = 3
_MANY, _EARLY, _LONG = 5, 4, 4
_STEM, _ENDING, _COMPOUND = 5, 4, 8
_NEXT, _REACH = 2, 8
_VERBS = frozenset({"VERB", "AUX"})
_TELLING = frozenset({"VERB", "VPART"})


def grouped(names: Sequence[NameMention]) -> list[list[NameMention]]:
    """Mentions by party: a name that holds another one is the same ("Rogers Communications", "Rogers").

    An organisation and a service that the gazetteer knows are two, though one bears the other's name.
    """
    groups: list[tuple[str, list[NameMention]]] = []
    for mention in sorted(names, key=lambda m: (-len(m.name), m.first)):
        key = f" {_key(mention)} "
        for known, group in groups:
            entries = {one.entry.type for one in (mention, group[0]) if one.entry}
            if len(entries) < 2 and (key in known or known in key):
                group.append(mention)
                break
        else:
            groups.append((key, [mention]))
    return [sorted(group, key=lambda m: m.first) for _, group in groups]


def _key(mention: NameMention) -> str:
    return fold(mention.entry.name if mention.entry else mention.name)


def retyped(model: Linear, names: Sequence[NameMention], seen: Seen) -> tuple[NameMention, ...]:
    """The names of a text with the types that the model gives them, all mentions of a name alike.

    Args:
        model: The trained weights.
        names: What the rules made of them.
        seen: The text.
    """
    reader = Reader(seen, names)
    result: list[NameMention] = []
    for rank, group in enumerate(reader.groups):
        weights = model.weigh(reader.features(group, rank))
        odds = dict(zip(LABELS, shares([weights.get(label, 0.0) for label in LABELS]), strict=True))
        result += (_retyped(mention, odds) for mention in group)
    return tuple(sorted(result, key=lambda mention: mention.first))


def _retyped(mention: NameMention, odds: Mapping[str, float]) -> NameMention:
    least = LEAST | ({SERVICE: _KEPT} if mention.type == SERVICE else {})
    likeliest = max((ORGANIZATION, SERVICE), key=lambda label: odds[label] / least[label])
    if odds[likeliest] >= least[likeliest]:
        return mention if mention.type == likeliest else replace(mention, type=likeliest, rule=LEARNED)
    if mention.type in (ORGANIZATION, SERVICE):
        return replace(mention, type=PLACE if odds[PLACE] > odds[NONE] else "unknown", rule=LEARNED)
    return mention


class Reader:
    """Gives the names of one text their features.

    Args:
        seen: The text.
        names: Its names; those of one letter are left as they are.
    """

    def __init__(self, seen: Seen, names: Sequence[NameMention]) -> None:
        self._seen = seen
        self.groups = sorted(grouped(names), key=lambda group: (-len(group), group[0].first))
        self._owners = {fold(name.owner) for name in names if name.owner}
        self._cues: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
        self._signs: dict[int, set[str]] = defaultdict(set)
        of, tokens = seen.clauses.of, seen.words.tokens
        for rule, hit in seen.hits.of(ActorRule):
            self._cues[tokens[hit.first].sentence].append((rule.type, hit.first, hit.last))
            self._signs[of(hit.first).index].add(f"actor:{rule.type}")
        for event, hit in seen.hits.of(EventRule):
            self._signs[of(hit.first).index].add(f"event:{event.strength}")
        for _, hit in seen.hits.of(CauseRule):
            self._signs[of(hit.first).index].add("cause")
        for _, hit in seen.hits.of(ComponentRule):
            self._signs[of(hit.first).index].add("component")
        for told, hit in seen.hits.of(DiscourseRule):
            self._signs[of(hit.first).index].add(f"discourse:{told.kind}")
        for predicate in seen.told.predicates:
            if predicate.real:
                self._signs[predicate.clause].add(f"predicate:{predicate.effect}")

    def features(self, group: Sequence[NameMention], rank: int) -> list[str]:
        """The features of all mentions of a name; ``rank`` counts the names that stand oftener."""
        found = [*self._form(group), *self._rules(group), f"rank{min(rank, _EARLY)}"]
        signs: Counter[str] = Counter()
        for mention in group:
            found += self._beside(mention)
            signs.update(self._place(mention))
        for sign, number in signs.items():
            found.append(f"{RULE}in:{sign}")
            if 2 * number >= len(group):
                found.append(f"{RULE}most:{sign}")
            if number == len(group):
                found.append(f"{RULE}all:{sign}")
        return list(dict.fromkeys(found))

    def _form(self, group: Sequence[NameMention]) -> Iterator[str]:
        tokens, code = self._seen.words.tokens, self._seen.language.code
        first = max(group, key=lambda mention: mention.last - mention.first)
        own = [token for token in tokens[first.first : first.last] if token.text[0].isalpha()]
        yield "bias"
        yield f"often{min(len(group), _MANY)}"
        yield f"sentence{min(tokens[group[0].first].sentence, _EARLY)}"
        yield f"words{min(len(own), _LONG)}"
        name = first.name
        yield f"capitals{name.isupper()}:{min(len(name), 6)}"
        yield f"inner{any(sign.isupper() for sign in name[1:]) and not name.isupper()}"
        yield f"figure{any(sign.isdecimal() for sign in name)}"
        yield f"personal{len(own) in (2, 3) and all(token.text.istitle() for token in own)}"
        for token in own:
            yield f"{WORD}own:{code}:{token.norm}"
            yield f"{WORD}stem:{token.norm[:_STEM]}"
            yield f"{WORD}end:{token.norm[-_ENDING:]}"
        if own:
            yield f"{WORD}head:{code}:{own[-1].norm}"
        known = self._seen.clusters
        yield from (f"own:{cluster}" for token in own for cluster in known.get(token.norm, ()))

    def _rules(self, group: Sequence[NameMention]) -> Iterator[str]:
        for mention in group:
            yield f"{RULE}type:{mention.type}"
            yield f"{RULE}rule:{mention.rule}"
            yield f"{RULE}party:{mention.party}"
            yield f"{RULE}owned{mention.owner is not None}"
        types = Counter(mention.type for mention in group)
        yield f"{RULE}mostly:{types.most_common(1)[0][0]}"
        yield f"{RULE}owner{any(fold(mention.name) in self._owners for mention in group)}"
        entry = next((mention.entry for mention in group if mention.entry), None)
        yield f"entry:{entry.type if entry else None}"
        if entry is not None:
            yield f"entry:{entry.category}"
            yield f"entry:operated{entry.operator is not None}"

    def _beside(self, mention: NameMention) -> Iterator[str]:
        """The words before and after a mention, and those of its clause."""
        seen, code = self._seen, self._seen.language.code
        tokens, sentence = seen.words.tokens, seen.words.sentence_of(mention.first)
        clause = seen.clauses.of(mention.first)
        known = seen.clusters
        for side, step, start in (("-", -1, mention.first - 1), ("+", 1, mention.last)):
            for distance in range(_CLOSE):
                at = start + step * distance
                if not sentence.first <= at < sentence.last:
                    yield f"{side}{distance}|"
                    break
                token = tokens[at]
                yield f"{side}{distance}{token.pos}"
                yield f"{WORD}{side}{min(distance, 1)}:{code}:{token.norm}"
                if distance < _NEXT:
                    yield from self._parts(f"{side}{distance}", token)
                yield from (f"{side}:{cluster}" for cluster in known.get(token.norm, ()))
        yield from self._noun_before(mention, sentence)
        yield from self._verbs(mention, sentence)
        for token in tokens[clause.first : clause.last]:
            if not mention.first <= token.index < mention.last and self._tells(token, seen.language):
                yield f"{WORD}clause:{code}:{token.norm[:_STEM]}"
                yield from (f"clause:{cluster}" for cluster in known.get(token.norm, ())[1:])

    def _noun_before(self, mention: NameMention, sentence: Sentence) -> Iterator[str]:
        """The noun that a name may stand in apposition to: "the vendor, Vyom"."""
        tokens = self._seen.words.tokens
        apart = ""
        for at in _before(mention, sentence):
            if tokens[at].pos in _VERBS:
                return
            apart = "," if tokens[at].text == "," else apart
            if tokens[at].pos == "NOUN":
                yield from self._word(f"noun{apart}", tokens[at])
                return

    def _verbs(self, mention: NameMention, sentence: Sentence) -> Iterator[str]:
        """The verbs next to a name on both sides."""
        tokens = self._seen.words.tokens
        after = range(mention.last, min(sentence.last, mention.last + _REACH))
        for side, places in (("after", after), ("before", _before(mention, sentence))):
            verb = next((at for at in places if tokens[at].pos in _TELLING), None)
            if verb is not None:
                yield from self._word(f"verb{side}", tokens[verb])

    def _word(self, name: str, token: Token) -> Iterator[str]:
        yield f"{WORD}{name}:{self._seen.language.code}:{token.norm}"
        yield from self._parts(name, token)
        yield from (f"{name}:{cluster}" for cluster in self._seen.clusters.get(token.norm, ()))

    @staticmethod
    def _parts(name: str, token: Token) -> Iterator[str]:
        """Beginning and end of a word, a long end for compounds ("Netzbetreiber")."""
        yield f"{WORD}{name}:{token.norm[:_STEM]}*"
        yield f"{WORD}{name}:*{token.norm[-_ENDING:]}"
        yield f"{WORD}{name}:*{token.norm[-_COMPOUND:]}"

    @staticmethod
    def _tells(token: Token, language: Language) -> bool:
        return token.text[0].isalpha() and token.norm not in language.stopwords

    def _place(self, mention: NameMention) -> Iterator[str]:
        """What a mention's clause tells, and how it stands in its sentence."""
        tokens, sentence = self._seen.words.tokens, self._seen.words.sentence_of(mention.first)
        yield from sorted(self._signs[self._seen.clauses.of(mention.first).index])
        yield f"sentence{min(sentence.index, _EARLY)}"
        if mention.first == sentence.first:
            yield "opens"
        after = tokens[mention.last] if mention.last < len(tokens) else None
        if after is not None and after.pos in FINITE:
            yield "verb"
        if after is not None and after.text in "'’":
            yield "owns"
        if mention.first and tokens[mention.first - 1].text == "(":
            yield "bracketed"
        for kind, first, last in self._cues[sentence.index]:
            gap = first - mention.last if first >= mention.last else mention.first - last
            if 0 <= gap <= _CLOSE:
                yield f"near:{kind}:{first >= mention.last}:{min(gap, 2)}"


def _before(mention: NameMention, sentence: Sentence) -> range:
    return range(mention.first - 1, max(sentence.first, mention.first - _REACH) - 1, -1)
