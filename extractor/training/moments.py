"""Lessons on which time is the start or the end of an incident."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from extractor.evaluation.gold import GoldIncident
from extractor.evaluation.values import same_moment
from extractor.incidents import ends, moments
from extractor.incidents.ends import Candidate
from extractor.incidents.moments import PlacedTime
from extractor.learning.linear import BAR, Linear
from extractor.training.articles import Taught
from extractor.training.fitting import Lesson, fit

# How strongly weights are held to zero: words are many and seldom met, and what rules say of the articles that they
# were made on is surer than what they say of others.
_WORDS, _RULES, _PLACE = 20.0, 5.0, 3.0
# How much of each lesson on a start is taught without the rules, which know the words of these articles too well.
_WITHOUT_RULES = 0.5


def train(articles: Iterable[Taught]) -> Linear:
    """Learn the weights from articles."""
    return Linear(fit([lesson for article in articles for lesson in lessons(article)], strength))


def strength(feature: str) -> float:
    """How strongly the weight of a feature is held to zero."""
    name = feature.split(BAR, 1)[1]
    return _WORDS if name.startswith(ends.WORD) else _RULES if name.startswith(ends.RULE) else _PLACE


def lessons(taught: Taught) -> Iterator[Lesson]:
    """Start and end of each incident that the rules found, where one of its times is the right one or none is."""
    gold = taught.article.gold
    reader = ends.Reader(
        taught.mentions, taught.events, taught.placed, taught.language, taught.report.document.published
    )
    for mine, theirs in taught.pairs:
        thread = taught.threads[theirs]
        clauses, background = set(thread.clauses), thread.background
        told = moments.start(clauses, taught.placed, background)
        over = moments.end(clauses, taught.placed, told)
        candidates, options = ends.options(reader, clauses, background, None, told)
        right = _right(candidates, gold.incidents[mine], "started")
        yield from _lesson("started", options, right, _WITHOUT_RULES)
        begin = _start(candidates, right, told)
        candidates, options = ends.options(reader, clauses, background, begin, over)
        yield from _lesson("resolved", options, _right(candidates, gold.incidents[mine], "resolved"), 0.0)


def _lesson(role: str, options: list[list[str]], right: tuple[int, ...], without_rules: float) -> Iterator[Lesson]:
    if len(options) == 1 or not right:
        return
    yield _headed(role, options, right, 1.0 - without_rules)
    if without_rules:
        bare = [[feature for feature in option if not feature.startswith(ends.RULE)] for option in options]
        yield _headed(role, bare, right, without_rules)


def _headed(role: str, options: list[list[str]], right: tuple[int, ...], weight: float) -> Lesson:
    return Lesson(tuple(tuple(f"{role}{BAR}{feature}" for feature in option) for option in options), right, weight)


def _right(candidates: list[Candidate], gold: GoldIncident, role: str) -> tuple[int, ...]:
    """The numbers of the right options; 0 is none of the candidates."""
    wanted: str | None = getattr(gold, f"{role}_at")
    if wanted is None:
        return (0,)
    approximate = f"{role}_at" in gold.approximate
    return tuple(
        number
        for number, candidate in enumerate(candidates, start=1)
        if same_moment(candidate.placed.value, wanted, approximate=approximate)
    )


def _start(candidates: list[Candidate], right: Collection[int], told: PlacedTime | None) -> PlacedTime | None:
    """The right start: where several times tell it, the one that the rules chose, else the first."""
    listed = [candidates[number - 1].placed for number in right if number]
    return next((p for p in listed if told is not None and p.first == told.first), listed[0] if listed else None)
