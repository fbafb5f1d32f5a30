"""A log-linear model over named features: it weighs the options of a choice, and knows nothing of what they are.

An option has a head (what is claimed: "started") and features (what is seen: words, places). Each pair of a head and a
feature has a weight, the weight of an option is the sum of those of its features, and the softmax over the options
gives their probabilities. Features are stored by hash: a file of weights holds no word of the texts that taught it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import Any

import numpy as np

from extractor import limits

BAR = "|"


class Linear:
    """Weighs options.

    Args:
        weights: The weight of each feature under a head, written ``head|feature``; what is not there weighs nothing.

    Example:
        >>> model = Linear({"dry|sun": 2.0, "dry|rain": -1.0, "wet|rain": 1.5})
        >>> model.weigh(["rain", "wind"])
        {'dry': -1.0, 'wet': 1.5}
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        parted = {tuple(name.split(BAR, 1)): weight for name, weight in weights.items()}
        self._heads = sorted({head for head, _ in parted})
        self._rows = {row: at for at, row in enumerate(sorted({row_of(feature) for _, feature in parted}))}
        self._weights = np.zeros((len(self._rows), len(self._heads)), dtype=np.float32)
        column = {head: at for at, head in enumerate(self._heads)}
        for (head, feature), weight in parted.items():
            self._weights[self._rows[row_of(feature)], column[head]] += weight
        self._remember()

    def _remember(self) -> None:
        self._find = lru_cache(limits.FEATURE_CACHE)(self._row)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_find"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._remember()

    def _row(self, feature: str) -> int | None:
        return self._rows.get(row_of(feature))

    def __len__(self) -> int:
        return int(np.count_nonzero(self._weights))

    def weigh(self, features: Iterable[str]) -> dict[str, float]:
        """The weight of the same features under each head."""
        find = self._find
        met = [at for feature in features if (at := find(feature)) is not None]
        sums: list[float] = self._weights[met].sum(axis=0).tolist() if met else [0.0] * len(self._heads)
        return dict(zip(self._heads, sums, strict=True))

    def save(self, path: Path) -> None:
        """Write the weights in half precision; equal weights make equal files."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            path,
            heads=np.array(self._heads),
            rows=np.array(list(self._rows), dtype=np.uint32),
            weights=self._weights.astype(np.float16),
        )

    @classmethod
    def load(cls, path: Path) -> Linear:
        """Read the weights that ``save`` wrote."""
        model = cls({})
        with np.load(path, allow_pickle=False) as stored:
            model._heads = stored["heads"].tolist()
            model._rows = {row: at for at, row in enumerate(stored["rows"].tolist())}
            model._weights = stored["weights"].astype(np.float32)
        return model


def row_of(feature: str) -> int:
    """The hash of a feature: the same on every machine."""
    return zlib.crc32(feature.encode())


def shares(scores: Sequence[float]) -> list[float]:
    """Softmax.

    Example:
        >>> shares([1.0, 1.0])
        [0.5, 0.5]
    """
    highest = max(scores)
    parts = [exp(score - highest) for score in scores]
    total = sum(parts)
    return [part / total for part in parts]
