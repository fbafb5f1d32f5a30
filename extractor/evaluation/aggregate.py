"""From the counts of articles to precision, recall and F1 with their intervals.

Micro within a language, mean over languages; the 95 % interval comes from resampling the articles, with a fixed seed
for each language, so that a language's interval is the same whichever others are scored beside it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractor.evaluation.scoring import FIELDS, ArticleScore, Field

RESAMPLES = 1000
SEED = 20110425
_INTERVAL = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one field.

    Attributes:
        precision: Share of right values among the predicted ones.
        recall: Share of right values among the gold ones.
        f1: Their harmonic mean.
        low: Lower end of the 95 % interval of F1.
        high: Upper end.
        n: How many gold values there are.
    """

    precision: float
    recall: float
    f1: float
    low: float
    high: float
    n: int


FieldScores = dict[Field, Score]


@dataclass(frozen=True, slots=True)
class LanguageScores:
    """The scores of one language; a field that neither gold nor the reports ever fill is left out."""

    articles: int
    fields: FieldScores


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of every language, and their mean over the languages that are not experimental."""

    languages: dict[str, LanguageScores]
    mean: LanguageScores


def aggregate(articles: Mapping[str, Sequence[ArticleScore]], outside: frozenset[str] = frozenset()) -> Scores:
    """Add up the scores of articles.

    Args:
        articles: Language code to the scores of its articles.
        outside: Languages that the mean leaves out.

    Returns:
        The scores of each language and their mean over languages.
    """
    tables = {code: _table(scores) for code, scores in articles.items() if scores}
    samples = {code: _resample(table, code) for code, table in tables.items()}
    languages = {code: LanguageScores(len(table), _fields(table, samples[code])) for code, table in tables.items()}
    counted = {code: of for code, of in languages.items() if code not in outside}
    return Scores(languages, LanguageScores(sum(of.articles for of in counted.values()), _mean(counted, samples)))


def _table(scores: Sequence[ArticleScore]) -> NDArray[np.int64]:
    """Articles x fields x (right, false, missed)."""
    rows = [
        [(count.right, count.false, count.missed) for count in (score.counts[name] for name in FIELDS)]
        for score in scores
    ]
    return np.array(rows, dtype=np.int64)


def _resample(table: NDArray[np.int64], code: str) -> NDArray[np.float64]:
    """F1 of each field in each resample: resamples x fields, nan where nothing was to be found."""
    size = len(table)
    draw = np.random.default_rng([SEED, zlib.crc32(code.encode())])
    weights = draw.multinomial(size, np.full(size, 1 / size), size=RESAMPLES)
    sums = (weights @ table.reshape(size, -1)).reshape(RESAMPLES, len(FIELDS), 3)
    return _f1(sums)


def _f1(sums: NDArray[np.int64]) -> NDArray[np.float64]:
    twice = 2.0 * sums[..., 0]
    of = twice + sums[..., 1] + sums[..., 2]
    f1: NDArray[np.float64] = np.full(of.shape, np.nan)
    np.divide(twice, of, out=f1, where=of > 0)
    return f1


def _fields(table: NDArray[np.int64], sample: NDArray[np.float64]) -> FieldScores:
    found: FieldScores = {}
    for index, name in enumerate(FIELDS):
        right, false, missed = (int(count) for count in table[:, index].sum(axis=0))
        if not right + false + missed:
            continue
        precision = right / (right + false) if right + false else 0.0
        recall = right / (right + missed) if right + missed else 0.0
        f1 = 2 * right / (2 * right + false + missed)
        found[name] = Score(precision, recall, f1, *_interval(sample[:, index]), right + missed)
    return found


def _interval(sample: NDArray[np.float64]) -> tuple[float, float]:
    known = sample[~np.isnan(sample)]
    if not known.size:
        return 0.0, 0.0
    low, high = np.percentile(known, _INTERVAL)
    return float(low), float(high)


def _mean(languages: Mapping[str, LanguageScores], samples: Mapping[str, NDArray[np.float64]]) -> FieldScores:
    found: FieldScores = {}
    for index, name in enumerate(FIELDS):
        having = [code for code, scores in languages.items() if name in scores.fields]
        scores = [languages[code].fields[name] for code in having]
        if not scores:
            continue
        together = np.stack([samples[code][:, index] for code in having])
        precision, recall, f1 = (
            sum(values) / len(scores)
            for values in zip(*((score.precision, score.recall, score.f1) for score in scores), strict=True)
        )
        low, high = _interval(_mean_of_known(together))
        found[name] = Score(precision, recall, f1, low, high, sum(score.n for score in scores))
    return found


def _mean_of_known(together: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean over the languages (rows) of each resample, without those where nothing was to be found."""
    known = (~np.isnan(together)).sum(axis=0)
    mean: NDArray[np.float64] = np.full(known.shape, np.nan)
    np.divide(np.nansum(together, axis=0), known, out=mean, where=known > 0)
    return mean
