"""Lessons on which clauses look back, from where the facts of the gold stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from extractor.evaluation.gold import GoldIncident, place
from extractor.incidents import passages
from extractor.learning.clusters import Clusters
from extractor.learning.linear import BAR, Linear
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
    """Each clause of which the gold tells where it belongs, with the rules and without."""
    seen, back = reader(taught, clusters), looks_back(taught)
    for clause in taught.mentions.clauses.all:
        if clause.index not in back:
            continue
        features = seen.clause(clause)
        bare = [feature for feature in features if passages.RULE not in feature]
        for known, weight in ((features, 1.0 - _WITHOUT_RULES), (bare, _WITHOUT_RULES)):
            option = tuple(f"{passages.ASIDE}{BAR}{feature}" for feature in known)
            yield Lesson(((), option), (int(back[clause.index]),), weight)


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
