"""A linear-chain conditional random field that labels the tokens of a sentence.

Lafferty, McCallum and Pereira, "Conditional Random Fields", ICML 2001; trained and run by CRFsuite (Okazaki, 2007).
Labels are written BIO: "B-" opens a span, "I-" goes on with it, "O" is outside. A span counts from a probability on
that the caller chooses, not only where it is the likeliest reading: the best F1 needs that.
"""

from __future__ import annotations

import lzma
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pycrfsuite

OUTSIDE = "O"
BEGIN, INSIDE = "B-", "I-"

_CERTAIN = 0.99

#: The features of each token of a sentence.
Features = Sequence[Sequence[str]]
#: The probability of each label that a token may have, "outside" left out.
Odds = Sequence[dict[str, float]]


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens ``first`` to ``last`` (excluded) of a sentence, their label, and how probable they are on average."""

    first: int
    last: int
    label: str
    share: float


class SequenceModel:
    """Weighs the labels of tokens; safe to share between threads.

    Args:
        path: The file that CRFsuite wrote, compressed (``save``).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = threading.local()

    def odds(self, sentence: pycrfsuite.ItemSequence) -> list[dict[str, float]]:
        """The probability of each label of each token, "outside" left out; nothing where it is next to certain.

        Args:
            sentence: The features of its tokens, ``packed``.
        """
        tagger, labels = self._tagger()
        tagger.set(sentence)
        marginal = tagger.marginal
        return [
            {label: marginal(label, at) for label in labels} if marginal(OUTSIDE, at) < _CERTAIN else {}
            for at in range(len(sentence))
        ]

    def _tagger(self) -> tuple[pycrfsuite.Tagger, list[str]]:
        known: tuple[pycrfsuite.Tagger, list[str]] | None = getattr(self._own, "tagger", None)
        if known is None:
            tagger = pycrfsuite.Tagger()
            tagger.open_inmemory(_unpacked(self._path))
            known = tagger, sorted(label for label in tagger.labels() if label != OUTSIDE)
            self._own.tagger = known
        return known


def save(model: bytes, path: Path) -> None:
    """Write what CRFsuite made; equal models make equal files."""
    path.write_bytes(lzma.compress(model, preset=9 | lzma.PRESET_EXTREME))


@lru_cache(maxsize=16)
def _unpacked(path: Path) -> bytes:
    return lzma.decompress(path.read_bytes())


def packed(features: Features) -> pycrfsuite.ItemSequence:
    """The features of the tokens of a sentence, once for all models."""
    return pycrfsuite.ItemSequence(features)


def spans(odds: Odds, least: float) -> Iterator[Span]:
    """The spans whose tokens are all in one with at least a given probability.

    Args:
        odds: Of the tokens of a sentence.
        least: From which probability on a token counts.

    Example:
        >>> list(spans([{"B-x": 0.9}, {"I-x": 0.5, "B-x": 0.1}, {"B-x": 0.1}], least=0.2))
        [Span(first=0, last=2, label='x', share=0.75)]
    """
    at = 0
    while at < len(odds):
        if sum(odds[at].values()) < least:
            at += 1
            continue
        end = at + 1
        while end < len(odds) and sum(odds[end].values()) >= least and not _begins(odds[end]):
            end += 1
        inside = odds[at:end]
        yield Span(at, end, _label(inside), sum(sum(token.values()) for token in inside) / len(inside))
        at = end


def _begins(shares: dict[str, float]) -> bool:
    return max(shares, key=lambda label: (shares[label], label)).startswith(BEGIN)


def _label(tokens: Odds) -> str:
    """The label that is likeliest over all tokens of a span."""
    total: dict[str, float] = {}
    for shares in tokens:
        for label, share in shares.items():
            total[label[2:]] = total.get(label[2:], 0.0) + share
    return max(sorted(total), key=lambda label: total[label])


def probability(odds: Odds, first: int, last: int) -> float:
    """How probable it is, on average, that the tokens ``first`` to ``last`` (excluded) stand in a span."""
    return sum(sum(token.values()) for token in odds[first:last]) / max(1, last - first)
