"""What learning is worth on articles that taught nothing: ``python -m extractor.training.crossvalidate CORPUS``.

The dev articles are dealt by event into folds; the models are trained on all folds but one and read that one. Only
articles that no rule was tuned on are scored (``LATER``). With ``--calibrate`` the confidences that values deserve are
measured there too, and stored: models are surer of the articles that taught them. Some ten minutes a fold.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from extractor import confidence
from extractor.datafiles import models_folder
from extractor.evaluation import calibration
from extractor.evaluation.aggregate import aggregate
from extractor.evaluation.gold import Article, load, ordinary
from extractor.evaluation.scoring import FIELDS, ArticleScore, score_article
from extractor.learning import store
from extractor.pipeline import Document, Extractor
from extractor.training.__main__ import train
from extractor.training.articles import Taught, taught

#: The note of articles that were written after the rules, to teach models.
LATER = "third batch"
WAYS = ("rules", "rules and learning")
_COMMAND = "python -m extractor.training.crossvalidate corpus/ --calibrate"


def main(arguments: Sequence[str] | None = None) -> int:
    """Cross-validate, print the table, and store the confidences if that is asked for."""
    parser = argparse.ArgumentParser(description="Measure what was learnt on articles that taught nothing.")
    parser.add_argument("corpus", type=Path, help="a folder with one folder a language")
    parser.add_argument("--folds", type=int, default=3, help="how many times the models are trained")
    parser.add_argument("--calibrate", action="store_true", help="store the confidences that values deserve")
    given = parser.parse_args(arguments)
    every, others = (list(taught([given.corpus], "dev", read)) for read in (load, ordinary))
    scores: dict[str, dict[str, list[ArticleScore]]] = {way: {} for way in WAYS}
    for number in range(given.folds):
        for way, code, score in read_fold(every, others, number, given.folds):
            scores[way].setdefault(code, []).append(score)
    print("\n".join(table(scores, given.folds)))
    if given.calibrate:
        claims = [claim for told in scores[WAYS[1]].values() for score in told for claim in score.claims]
        path = models_folder() / confidence.FILE
        calibration.write(path, calibration.fit(claims), _COMMAND)
    return 0


def read_fold(
    every: Sequence[Taught], others: Sequence[Taught], number: int, folds: int
) -> Iterator[tuple[str, str, ArticleScore]]:
    """Train on all folds but one, and read the later articles of that one: way, language, score."""
    rules, both = (Extractor(learning=False, calibrated=False) for _ in WAYS)
    with tempfile.TemporaryDirectory() as folder:
        clusters = store.clusters(models_folder() / store.FOLDER)
        train([one for one in every if fold(one.article, folds) != number], others, clusters, Path(folder))
        both.learned = store.read(Path(folder))
    for one in every:
        gold = one.article.gold
        if LATER in (gold.note or "") and fold(one.article, folds) == number:
            document = Document(one.article.text, id=gold.id, published=gold.published, language=gold.lang)
            for way, extractor in zip(WAYS, (rules, both), strict=True):
                yield way, gold.lang, score_article(one.article, extractor(document))


def fold(article: Article, folds: int) -> int:
    """The fold of an article: articles on one event stay together."""
    event = article.gold.event or article.gold.id
    return hashlib.sha256(f"fold {event}".encode()).digest()[0] % folds


def table(scores: Mapping[str, Mapping[str, Sequence[ArticleScore]]], folds: int) -> Iterator[str]:
    """F1 of each way with its interval, as lines of Markdown."""
    means = {way: aggregate({code: list(told) for code, told in by.items()}).mean.fields for way, by in scores.items()}
    number = sum(len(told) for told in scores[WAYS[0]].values())
    yield f"| {folds} folds, {number} later articles | {' | '.join(WAYS)} |"
    yield f"|---|{'---:|' * len(WAYS)}"
    for field in FIELDS:
        cells = [means[way].get(field) for way in WAYS]
        told = " | ".join("-" if cell is None else f"{cell.f1:.2f} ({cell.low:.2f}-{cell.high:.2f})" for cell in cells)
        yield f"| {field.replace('_', ' ')} | {told} |"


if __name__ == "__main__":
    sys.exit(main())
