"""Train all weights of models/weights: ``python -m extractor.training CORPUS...``; minutes, on one processor."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from extractor.datafiles import models_folder
from extractor.evaluation.gold import ordinary
from extractor.learning import store
from extractor.learning.clusters import Clusters
from extractor.learning.linear import Linear
from extractor.learning.sequence import SequenceModels
from extractor.mentions.spans import LAYERS
from extractor.training import moments, parties, passages, relevance, spans
from extractor.training.articles import Taught, retold, taught


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the weights on the dev articles of corpora, and write them."""
    parser = argparse.ArgumentParser(description="Train what is learnt of times, spans and classes.")
    parser.add_argument("corpora", nargs="+", type=Path, help="folders with one folder a language")
    parser.add_argument("--to", type=Path, default=models_folder() / store.FOLDER, help="where the weights go")
    given = parser.parse_args(arguments)
    clusters = store.clusters(models_folder() / store.FOLDER)
    train(list(taught(given.corpora, "dev")), list(taught(given.corpora, "dev", ordinary)), clusters, given.to)
    return 0


def train(articles: Sequence[Taught], others: Sequence[Taught], clusters: Clusters, folder: Path) -> None:
    """Train every model, and write the weights into a folder, the clusters beside them.

    Args:
        articles: Annotated articles.
        others: Ordinary news, which only relevance learns from.
        clusters: Words that mean much the same.
        folder: Where the weights go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clusters.save(folder / f"{store.CLUSTERS}.npz")
    relevance.train(articles, others, clusters).save(folder / f"{store.RELEVANCE}.npz")
    parties.train(articles, clusters).save(folder / f"{store.PARTIES}.npz")
    passages.train(articles, clusters).save(folder / f"{store.PASSAGES}.npz")
    # Starts and ends are learnt twice: within incidents as rules tell them apart, and as the model of passages does.
    told = store.Learned(passages=Linear.load(folder / f"{store.PASSAGES}.npz"), clusters=clusters)
    moments.train([*articles, *(retold(article, told) for article in articles)]).save(folder / f"{store.MOMENTS}.npz")
    spans.train_classes(articles, clusters).save(folder / f"{store.CLASSES}.npz")
    fields = {layer: spans.train(articles, layer, clusters) for layer in LAYERS}
    SequenceModels(fields).save(folder / f"{store.SPANS}.npz")
    for path in sorted(folder.glob("*.npz")):
        print(f"{path.name}: {path.stat().st_size:,} bytes, from {len(articles)} articles")


if __name__ == "__main__":
    sys.exit(main())
