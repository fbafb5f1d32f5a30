"""Lessons on which clauses look back and which sentences go on, from where the facts of the gold stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from extractor.evaluation.gold import GoldIncident, place
from extractor.incidents import passages, threads
from extractor.learning.clusters import Clusters
from extractor.learning.linear import BAR, Linear
from extractor.mentions.clauses import Clause
from extractor.training.articles import Taught
from extractor.training.fitting import Lesson, fit
from extractor.training.spans import GoldSpan, places

# How strongly weights are held to zero.
_WORDS, _SIGNS = 10.0, 5.0
# How much of each lesson is taught without the rules, which know the words of these articles too well.
_WITHOUT_RULES = 0.4


def train(articles: Iterable[Taught], clusters: Clusters) -> Linear:
    """Learn the weights from the articles that tell an incident."""
    told = [article for article in articles if article.article.gold.relevant]
    return Linear(fit([lesson for article in told for lesson in lessons(article, clusters)], _strength))


def lessons(taught: Taught, clusters: Clusters) -> Iterator[Lesson]:
    """Each passage of which the gold tells where it belongs, with the rules and without."""
    seen = reader(taught, clusters)
    teacher = Teacher(taught)
    for clause in taught.mentions.clauses.all:
        if clause.index in teacher.back:
            yield from _lessons(passages.ASIDE, seen.clause(clause), teacher.back[clause.index])
    threads.follow(taught.mentions, taught.events, taught.placed, teacher)
    for sentence, course, further in teacher.told:
        yield from _lessons(passages.FURTHER, seen.sentence(sentence, course), further)


def _lessons(head: str, features: Sequence[str], right: bool) -> Iterator[Lesson]:
    bare = [feature for feature in features if passages.RULE not in feature]
    for known, weight in ((features, 1.0 - _WITHOUT_RULES), (bare, _WITHOUT_RULES)):
        yield Lesson(((), tuple(f"{head}{BAR}{feature}" for feature in known)), (int(right),), weight)


class Teacher:
    """Knows from the gold which clauses look back and which sentences go on, and keeps what it was asked.

    Args:
        taught: An article that tells an incident.
    """

    def __init__(self, taught: Taught) -> None:
        self.back = looks_back(taught)
        self.told: list[tuple[int, Sequence[str], bool]] = []
        reported = [incident for incident in taught.article.gold.incidents if incident.role != "background"]
        self._single = len(reported) < 2
        self._of: dict[int, set[int]] = defaultdict(set)
        clauses = taught.mentions.clauses.all
        for number, incident in enumerate(reported):
            for clause in _clauses(taught, [incident]):
                self._of[clauses[clause].sentence].add(number)
        self._met: set[int] = set()

    def looks_back(self, clause: Clause, ruled: bool) -> bool:
        """Whether a clause tells of an incident in the background, whatever the rules say."""
        return self.back.get(clause.index, False)

    def goes_on(self, sentence: int, course: Sequence[str], ruled: bool) -> bool:
        """Whether a sentence is the first to tell another incident than those before it."""
        told = self._of.get(sentence, set())
        if self._single:
            self.told.append((sentence, course, False))
            return False
        if len(told) != 1:
            return False
        further = bool(self._met) and told.isdisjoint(self._met)
        self.told.append((sentence, course, further))
        self._met |= told
        return further


def reader(taught: Taught, clusters: Clusters) -> passages.Reader:
    """The clauses of an article as the model sees them."""
    known = clusters.all(taught.language.code, {token.norm for token in taught.mentions.words.tokens})
    return passages.Reader(
        taught.mentions, taught.events, taught.placed, taught.language, known, taught.report.document.published
    )


def looks_back(taught: Taught) -> dict[int, bool]:
    """Clauses whose facts are all of incidents in the background, or all of others; every clause if there are none."""
    gold = taught.article.gold
    back = [incident for incident in gold.incidents if incident.role == "background"]
    clauses = taught.mentions.clauses
    if not back:
        return dict.fromkeys((clause.index for clause in clauses.all), False)
    others = [incident for incident in gold.incidents if incident.role != "background"]
    told, elsewhere = set(_clauses(taught, back)), set(_clauses(taught, others))
    return {index: index in told for index in told ^ elsewhere}


def _clauses(taught: Taught, incidents: Sequence[GoldIncident]) -> Iterator[int]:
    """The clauses in which facts of incidents stand."""
    words, of = taught.mentions.words, taught.mentions.clauses.of
    for incident in incidents:
        facts = [cause.text for cause in incident.causes]
        facts += [part.name for part in incident.components]
        facts += [impact.text for impact in incident.impacts]
        facts += [action.text for action in incident.actions]
        for fact in facts:
            for first, _ in places(words, GoldSpan(fact, "", "")):
                yield of(first).index
    wanted = {value for incident in incidents for value in _moments(incident)}
    times = taught.article.gold.times
    for time, span in zip(times, place(words.text, [time.text for time in times]), strict=True):
        if span is not None and time.value in wanted:
            first, last = words.between(*span)
            if first < last:
                yield of(first).index


def _moments(incident: GoldIncident) -> Iterator[str]:
    for value in (incident.started_at, incident.resolved_at, incident.duration):
        if value is not None:
            yield value


def _strength(feature: str) -> float:
    return _WORDS if passages.WORD in feature else _SIGNS
