"""Lessons on what a clause tells: an impact or an action, and of which kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from extractor.evaluation.gold import GoldIncident
from extractor.learning.linear import BAR, Linear
from extractor.mentions import roles
from extractor.training.articles import Taught
from extractor.training.fitting import Lesson, fit

# How strongly weights are held to zero.
_WORDS, _RULES, _FORM = 10.0, 3.0, 3.0
# How much of each lesson is taught without the rules, which know the words of these articles too well.
_WITHOUT_RULES = 0.5
_MOST = 0.5

Labels = dict[int, tuple[str, str]]


def train(articles: Sequence[Taught]) -> Linear:
    """Learn the weights from articles: each role by itself, since their lessons share no feature."""
    read = [(article, _reader(article)) for article in articles]
    weights: dict[str, float] = {}
    for role in roles.LABELS:
        weights |= fit([lesson for taught, reader in read for lesson in _of_role(taught, reader, role)], strength)
    return Linear(weights)


def strength(feature: str) -> float:
    """How strongly the weight of a feature is held to zero."""
    name = feature.split(BAR, 1)[1]
    return _WORDS if name.startswith(roles.WORD) else _RULES if name.startswith(roles.RULE) else _FORM


def _reader(taught: Taught) -> roles.Reader:
    found = taught.mentions
    told = roles.Told(found.predicates, found.causes, found.impacts, found.actions)
    return roles.Reader(
        found.words, found.clauses, found.hits, taught.spans, found.assertions, told, taught.language
    )  # fmt: skip


def _of_role(taught: Taught, reader: roles.Reader, role: str) -> Iterator[Lesson]:
    labelled = labels(taught, role)
    named = roles.LABELS[role]
    for clause in taught.mentions.clauses.all:
        features = reader.features(clause.index)
        label, kind = labelled.get(clause.index, (roles.NONE, ""))
        right = (named.index(label),)
        bare = [feature for feature in features if not feature.startswith(roles.RULE)]
        yield Lesson(_options(role, features), right, 1.0 - _WITHOUT_RULES)
        yield Lesson(_options(role, bare), right, _WITHOUT_RULES)
        if kind:
            yield Lesson(_kinds(features), (roles.KINDS.index(kind),))


def _options(role: str, features: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The labels of a role with the features of a clause; the first label has none, and weighs nothing."""
    heads = [roles.head(role, label) for label in roles.LABELS[role][1:]]
    return ((), *(tuple(f"{head}{BAR}{feature}" for feature in features) for head in heads))


def _kinds(features: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    heads = [roles.head(roles.KIND, kind) for kind in roles.KINDS]
    return tuple(tuple(f"{head}{BAR}{feature}" for feature in roles.of_kind(features)) for head in heads)


def labels(taught: Taught, role: str) -> Labels:
    """The label of each clause that holds most of a gold span, or most of whose words are in one; with its class."""
    words, clauses = taught.mentions.words, taught.mentions.clauses
    found: Labels = {}
    for text, label, kind in _spans(taught.article.gold.incidents, role):
        at = words.text.find(text)
        if at < 0:
            continue
        inside = Counter(clauses.by_token[token] for token in range(*words.between(at, at + len(text))))
        for index, number in inside.items():
            clause = clauses.all[index]
            size = sum(token.text[0].isalnum() for token in words.tokens[clause.first : clause.last])
            if number >= _MOST * max(size, 1) or number == max(inside.values()):
                found[index] = (label, kind)
    return found


def _spans(incidents: Iterable[GoldIncident], role: str) -> Iterator[tuple[str, str, str]]:
    for incident in incidents:
        if role == "impact":
            yield from ((i.text, "affected" if i.affected else "spared", i.kind) for i in incident.impacts)
        else:
            yield from ((action.text, action.kind, "") for action in incident.actions)
