"""Words that mean much the same, in all languages at once: the number of the cluster that a word belongs to.

A model that was taught "outage" thereby knows something of "Ausfall". The clusters are k-means over the word vectors
of a multilingual sentence encoder (``extractor.training.clusters``); the table holds hashes of words and needs no
encoder.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extractor import limits


@lru_cache(limits.FEATURE_CACHE)
def _named(*numbers: int) -> tuple[str, ...]:
    return tuple(f"k{width}.{number}" for width, number in enumerate(numbers))


class Clusters:
    """Which clusters a word is in, from the widest to the narrowest.

    Args:
        names: For each word, written ``code:folded word``, the number of its cluster at each width.

    Example:
        >>> Clusters({"en:outage": (3, 41), "de:ausfall": (3, 41)}).all("de", ["ausfall", "und"])
        {'ausfall': ('k0.3', 'k1.41')}
    """

    def __init__(self, names: Mapping[str, Sequence[int]]) -> None:
        hashed = {zlib.crc32(name.encode()): numbers for name, numbers in sorted(names.items())}
        rows = sorted(hashed)
        self._take(np.array(rows, dtype=np.uint32), np.array([hashed[row] for row in rows], dtype=np.uint16))

    def _take(self, rows: npt.NDArray[np.uint32], numbers: npt.NDArray[np.uint16]) -> None:
        self._rows = rows
        self._numbers = numbers

    def all(self, code: str, words: Collection[str]) -> dict[str, tuple[str, ...]]:
        """The clusters of folded words of a language; words that are not in the table are left out."""
        if not len(self._rows) or not words:
            return {}
        listed = list(words)
        rows = np.array([zlib.crc32(f"{code}:{word}".encode()) for word in listed], dtype=np.uint32)
        places = np.minimum(np.searchsorted(self._rows, rows), len(self._rows) - 1)
        known = np.flatnonzero(self._rows[places] == rows)
        numbers = self._numbers[places[known]].tolist()
        return {listed[at]: _named(*found) for at, found in zip(known.tolist(), numbers, strict=True)}

    def save(self, path: Path) -> None:
        """Write the table; equal tables make equal files."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, rows=self._rows, numbers=self._numbers)

    @classmethod
    def load(cls, path: Path) -> Clusters:
        """Read the table that ``save`` wrote."""
        table = cls({})
        with np.load(path, allow_pickle=False) as stored:
            table._take(stored["rows"], stored["numbers"])
        return table
