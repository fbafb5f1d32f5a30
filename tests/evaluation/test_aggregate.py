import time

import pytest
from gold_making import article, report_of

from extractor.evaluation.aggregate import RESAMPLES, Score, aggregate
from extractor.evaluation.scoring import FIELDS, ArticleScore, Counts, score_article


def scores(*rows: tuple[int, int, int], language: str = "en") -> list[ArticleScore]:
    """Articles with these counts (right, false, missed) for one field, and nothing else."""
    return [
        ArticleScore(
            str(index), language, {name: Counts(*(row if name == "impact" else (0, 0, 0))) for name in FIELDS}, ()
        )
        for index, row in enumerate(rows)
    ]


def test_micro_within_a_language() -> None:
    found = aggregate({"en": scores((3, 1, 0), (0, 0, 4))}).languages["en"].fields["impact"]
    assert (found.precision, found.recall, found.n) == (3 / 4, 3 / 7, 7)
    assert found.f1 == 2 * 3 / (2 * 3 + 1 + 4)
    assert found.low <= found.f1 <= found.high


def test_a_field_that_nobody_fills_is_left_out() -> None:
    assert list(aggregate({"en": scores((1, 0, 0))}).languages["en"].fields) == ["impact"]


def test_only_false_values_score_zero() -> None:
    found = aggregate({"en": scores((0, 2, 0))}).languages["en"].fields["impact"]
    assert found == Score(precision=0.0, recall=0.0, f1=0.0, low=0.0, high=0.0, n=0)


def test_mean_over_languages_leaves_the_experimental_out() -> None:
    articles = {"en": scores((1, 0, 0)), "xx": scores((1, 1, 1)), "yy": scores((0, 1, 1))}
    assert aggregate(articles).mean.fields["impact"].f1 == pytest.approx(0.5)
    assert aggregate(articles, outside=frozenset({"yy"})).mean.fields["impact"].f1 == pytest.approx(0.75)


def test_interval_is_the_same_every_time_and_whichever_languages_stand_beside() -> None:
    rows = [(index % 4, index % 3, index % 5) for index in range(60)]
    alone = aggregate({"en": scores(*rows)}).languages["en"]
    beside = aggregate({"aa": scores((1, 2, 3)), "en": scores(*rows)}).languages["en"]
    assert alone == beside
    found = alone.fields["impact"]
    assert 0 < found.low < found.f1 < found.high < 1


def test_interval_narrows_with_more_articles() -> None:
    def width(repeat: int) -> float:
        found = aggregate({"en": scores(*[(2, 1, 0), (0, 1, 2), (1, 0, 1)] * repeat)}).languages["en"].fields["impact"]
        return found.high - found.low

    assert width(40) < width(10) < width(3)


def test_interval_is_fast() -> None:
    given = article()
    many = [score_article(given, report_of(given))] * 400
    started = time.perf_counter()
    aggregate({"en": many})
    assert RESAMPLES == 1000
    assert time.perf_counter() - started < 2
