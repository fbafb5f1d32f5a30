"""Which clauses look back at an earlier or another incident, weighed by a model that was trained on the corpus.

Rules know some words of comparison, and dates that lie long before. Most asides have neither: what tells them is the
words of the clause, how far its times lie back, and where it stands in the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from extractor.incidents.events import Event
from extractor.incidents.moments import PlacedTime, day_of
from extractor.languages import CauseRule, DiscourseRule, Language
from extractor.learning.linear import Linear, shares
from extractor.mentions import Mentions
from extractor.mentions.clauses import FINITE, Clause

ASIDE = "aside"
WORD, RULE = "w:", "r:"
#: From which probability on a clause looks back where no rule says so.
LEAST = 0.4
_ENDING = 3
_NOT_TOLD = frozenset({"report", "planned"})
_PARTS, _EARLY = 5, 4
# Borders, in days, between distances that a reader would tell apart.
_LAGS = (0, 1, 2, 7, 31, 200, 800)


class Reader:
    """Gives the clauses of one text their features.

    Args:
        mentions: What the text mentions.
        events: Its events.
        placed: Its times.
        language: Whose words they are.
        clusters: The clusters of its words, by their folded forms.
        published: The publication date, when known.
    """

    def __init__(
        self,
        mentions: Mentions,
        events: Sequence[Event],
        placed: Sequence[PlacedTime],
        language: Language,
        clusters: Mapping[str, tuple[str, ...]],
        published: str | None,
    ) -> None:
        self._mentions = mentions
        self._language = language
        self._clusters = clusters
        self._published = day_of(published)
        of = mentions.clauses.of
        self._told: dict[int, list[str]] = defaultdict(list)
        for rule, hit in mentions.hits.of(DiscourseRule):
            self._told[of(hit.first).index].append(f"{RULE}kind:{rule.kind}")
        for _, hit in mentions.hits.of(CauseRule):
            self._told[of(hit.first).index].append("cause")
        for predicate in mentions.predicates:
            self._told[predicate.clause].append(f"effect:{predicate.effect}:{predicate.real}")
        for event in events:
            self._told[event.clause].append(f"event:{event.definite}")
        self._add_times(placed)
        self._sides: dict[tuple[int, str], list[str]] = {}
        self._sentences: dict[int, list[Clause]] = defaultdict(list)
        for clause in mentions.clauses.all:
            self._sentences[clause.sentence].append(clause)

    def _add_times(self, placed: Sequence[PlacedTime]) -> None:
        latest: datetime | None = None
        for p in placed:
            told = self._told[p.clause]
            told.append(f"time:{p.time.precision or p.time.type}:{p.time.vague}")
            told.append(f"{RULE}phase:{p.phase}")
            begin = day_of(p.time.earliest)
            if begin is None:
                continue
            if self._published is not None:
                told.append(f"ago:{_lag((self._published - begin).days)}")
                told.append(f"ago:{p.time.precision}:{_lag((self._published - begin).days)}")
            if latest is not None:
                told.append(f"back:{_lag((latest - begin).days)}")
            if p.phase not in _NOT_TOLD:
                latest = max(latest or begin, begin)

    def clause(self, clause: Clause) -> list[str]:
        """What a clause, its sentence and the sentence before it tell."""
        sentences = len(self._mentions.words.sentences)
        found = [
            "bias",
            f"part{_PARTS * clause.sentence // sentences}",
            f"sentence{min(clause.sentence, _EARLY)}",
            f"first{clause is self._sentences[clause.sentence][0]}",
        ]
        found += self._told[clause.index]
        for other in self._sentences[clause.sentence]:
            if other is not clause:
                found += self._seen_from(other, "<" if other.index < clause.index else ">")
        for other in self._sentences.get(clause.sentence - 1, ()):
            found += (f"before:{sign}" for sign in self._told[other.index])
        found += self._words(clause, "")
        return list(dict.fromkeys(found))

    def _seen_from(self, other: Clause, side: str) -> list[str]:
        """What a clause tells, as seen from another one of its sentence."""
        known = self._sides.get((other.index, side))
        if known is None:
            known = [*(f"{side}{sign}" for sign in self._told[other.index]), *self._words(other, side)]
            self._sides[other.index, side] = known
        return known

    def _words(self, clause: Clause, side: str) -> Iterator[str]:
        code, tokens = self._language.code, self._mentions.words.tokens
        for token in tokens[clause.first : clause.last]:
            if not token.text[0].isalpha():
                continue
            yield f"{WORD}{side}{code}:{token.norm}"
            yield from (f"{side}{cluster}" for cluster in self._clusters.get(token.norm, ()))
            if token.pos in FINITE:
                yield f"{WORD}{side}verb:{code}:{token.norm[-_ENDING:]}"


class Judge:
    """Decides which clauses look back: those that the rules know, and those that a model is sure enough of.

    Args:
        model: The trained weights.
        reader: The text.
    """

    def __init__(self, model: Linear, reader: Reader) -> None:
        self._model = model
        self._reader = reader

    def looks_back(self, clause: Clause, ruled: bool) -> bool:
        """Whether a clause tells of an earlier or another incident; ``ruled`` if the rules say so."""
        return ruled or probability(self._model, self._reader.clause(clause)) >= LEAST


def probability(model: Linear, features: Sequence[str]) -> float:
    """How probable it is that a clause with such features looks back."""
    return shares([0.0, model.weigh(features)[ASIDE]])[1]


def _lag(days: int) -> int:
    return sum(days > border for border in _LAGS) if days >= 0 else -1
