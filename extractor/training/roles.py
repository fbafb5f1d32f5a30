"""Train all weights of models/weights: ``python -m extractor.training.roles CORPUS...``; minutes, on one processor."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from extractor.datafiles import models_folder
from extractor.learning import store
from extractor.training import clauses, moments
from extractor.training.articles import taught


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the weights on the dev articles of corpora, and write them."""
    parser = argparse.ArgumentParser(description="Train what is learnt of times and clauses.")
    parser.add_argument("corpora", nargs="+", type=Path, help="folders with one folder a language")
    parser.add_argument("--to", type=Path, default=models_folder() / store.FOLDER, help="where the weights go")
    given = parser.parse_args(arguments)
    articles = list(taught(given.corpora, "dev"))
    models = {store.MOMENTS: moments.train(articles), store.CLAUSES: clauses.train(articles)}
    for name, model in models.items():
        model.save(given.to / f"{name}.npz")
        print(f"{name}: {len(model):,} weights from {len(articles)} articles")
    return 0


if __name__ == "__main__":
    sys.exit(main())
