"""Which clauses look back at another incident, and which sentences go on to a further one, weighed by a trained model.

Rules know some words of comparison, of counting, and how days lie to each other. Most asides have no such word, and
most dates begin no new incident: what tells them is the words of the passage, how far its times lie apart, and where
it stands in the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from extractor.incidents.events import Event
from extractor.incidents.moments import PlacedTime
from extractor.languages import CauseRule, DiscourseRule, Language
from extractor.learning.linear import Linear, shares
from extractor.mentions import Mentions
from extractor.mentions.clauses import FINITE, Clause

ASIDE, FURTHER = "aside", "further"
WORD, RULE = "w:", "r:"
#: From which probability on a clause looks back, and a sentence goes on to a further incident, where no rule says so,
#: and under which one a rule is not believed.
LEAST = {ASIDE: 0.4, FURTHER: 0.25}
DOUBTED = {ASIDE: 0.0, FURTHER: 0.03}
_ENDING = 3
_NOT_TOLD = frozenset({"report", "planned"})
_PARTS, _EARLY = 5, 4
_LEAD, _MANY = 2, 4
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
        self._published = _day(published)
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
        days = {
            p.time.earliest[:10] for p in placed if p.time.earliest and p.phase not in _NOT_TOLD and not p.time.vague
        }
        self._days = f"days{min(len(days), _MANY)}"
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
            begin = _day(p.time.earliest)
            if begin is None:
                continue
            if self._published is not None:
                told.append(f"ago:{lag((self._published - begin).days)}")
                told.append(f"ago:{p.time.precision}:{lag((self._published - begin).days)}")
            if latest is not None:
                told.append(f"back:{lag((latest - begin).days)}")
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

    def sentence(self, index: int, course: Sequence[str]) -> list[str]:
        """What a sentence, the one before it and the opening of the text tell."""
        sentences = self._mentions.words.sentences
        opens = not index or sentences[index].paragraph != sentences[index - 1].paragraph
        found = [
            "bias",
            f"part{_PARTS * index // len(sentences)}",
            f"sentence{min(index, _EARLY)}",
            f"opens{opens}",
            self._days,
            *course,
            *(f"{sign} {self._days}" for sign in course),
        ]
        for clause in self._sentences[index]:
            found += self._told[clause.index]
            found += self._words(clause, "")
        for clause in self._sentences.get(index - 1, ()):
            found += (f"before:{sign}" for sign in self._told[clause.index])
        for lead in range(min(_LEAD, index)):
            for clause in self._sentences[lead]:
                found += self._words(clause, "lead:")
        return list(dict.fromkeys(found))

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
    """Decides with a model what the rules do not know for sure.

    Args:
        model: The trained weights.
        reader: The text.
    """

    def __init__(self, model: Linear, reader: Reader) -> None:
        self._model = model
        self._reader = reader

    def looks_back(self, clause: Clause, ruled: bool) -> bool:
        """Whether a clause tells of an earlier or another incident; ``ruled`` if the rules say so."""
        return self._believed(ASIDE, self._reader.clause(clause), ruled)

    def goes_on(self, sentence: int, course: Sequence[str], ruled: bool) -> bool:
        """Whether a sentence goes on to a further incident; ``course`` tells how it stands to the one in focus."""
        return self._believed(FURTHER, self._reader.sentence(sentence, course), ruled)

    def _believed(self, head: str, features: Sequence[str], ruled: bool) -> bool:
        return _share(self._model, head, features) >= (DOUBTED if ruled else LEAST)[head]


def _share(model: Linear, head: str, features: Sequence[str]) -> float:
    return shares([0.0, model.weigh(features)[head]])[1]


def _day(value: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None


def lag(days: int) -> int:
    """How far two days lie apart, as a reader would tell it.

    Example:
        >>> lag(0), lag(5), lag(400), lag(-3)
        (0, 3, 6, -1)
    """
    return sum(days > border for border in _LAGS) if days >= 0 else -1
