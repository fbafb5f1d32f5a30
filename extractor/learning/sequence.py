"""Linear-chain conditional random fields that label the tokens of a sentence, several of them at once.

Lafferty, McCallum and Pereira, "Conditional Random Fields", ICML 2001. ``extractor.training.spans`` trains one for each
kind of mention with CRFsuite; here all are run together on numpy: each feature is looked up once, and the sentences of
a text go through forward and backward side by side. Labels are written BIO: "B-" opens a span, "I-" goes on with it,
"O" is outside. A span counts from a probability on that the caller chooses, not only where it is the likeliest reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from extractor import limits
from extractor.learning.linear import row_of

OUTSIDE = "O"
BEGIN, INSIDE = "B-", "I-"
_NEVER = -1e4

#: How far a token sees what its neighbours share.
REACH = 2
_STEPS = tuple(range(-REACH, REACH + 1))

#: The probability of each label of each token, "outside" left out.
Odds = Sequence[Mapping[str, float]]
Array = npt.NDArray[np.float64]


class Place(NamedTuple):
    """The features of a token: those that it alone sees, and those that its neighbours see of it as well."""

    own: Sequence[str]
    shared: Sequence[str] = ()


def spelled(sentence: Sequence[Place]) -> list[list[str]]:
    """All features of each token: its own, and what is shared around it, named with the distance.

    Example:
        >>> spelled([Place(["opens"], ["the"]), Place([], ["router"])])
        [['opens', '-2|', '-1|', '0the', '1router', '2|'], ['-2|', '-1the', '0router', '1|', '2|']]
    """
    return [
        [*place.own, *(name for step in _STEPS for name in _beside(sentence, at + step, step))]
        for at, place in enumerate(sentence)
    ]


def _beside(sentence: Sequence[Place], at: int, step: int) -> Iterator[str]:
    if not 0 <= at < len(sentence):
        yield _edge(step)
    else:
        yield from (_at(step, name) for name in sentence[at].shared)


def _at(step: int, name: str) -> str:
    return f"{step}{name}"


def _edge(step: int) -> str:
    return f"{step}|"


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens ``first`` to ``last`` (excluded), their label, and how probable they are on average."""

    first: int
    last: int
    label: str
    share: float


@dataclass(frozen=True, slots=True)
class Field:
    """The weights of one conditional random field.

    Attributes:
        states: The weight of a label where a feature is seen, by feature and label.
        transitions: The weight of a label behind another one.
    """

    states: Mapping[tuple[str, str], float]
    transitions: Mapping[tuple[str, str], float]


class SequenceModels:
    """Weighs the labels of the tokens of a text, for several kinds of mentions.

    Args:
        fields: The weights by kind of mention.

    Example:
        >>> field = Field({("router", "B-part"): 3.0, ("bias", "O"): 1.0}, {})
        >>> odds = SequenceModels({"component": field}).odds([[Place(["bias", "router"]), Place(["bias"])]])
        >>> [round(token["B-part"], 2) for token in odds["component"]]
        [0.88, 0.27]
    """

    def __init__(self, fields: Mapping[str, Field]) -> None:
        features = sorted({row_of(feature) for field in fields.values() for feature, _ in field.states})
        labels = [(layer, label) for layer, field in fields.items() for label in _labels(field)]
        rows = {row: at for at, row in enumerate(features)}
        columns = {name: at for at, name in enumerate(labels)}
        weights = np.zeros((len(rows), len(labels)), dtype=np.float32)
        transitions = np.zeros((len(labels), len(labels)), dtype=np.float32)
        for layer, field in fields.items():
            for (feature, label), weight in field.states.items():
                weights[rows[row_of(feature)], columns[layer, label]] += weight
            for (before, after), weight in field.transitions.items():
                transitions[columns[layer, before], columns[layer, after]] = weight
        self._take(
            np.array(features, dtype=np.uint32), [f"{layer} {label}" for layer, label in labels], weights, transitions
        )

    def _take(
        self,
        rows: npt.NDArray[np.uint32],
        names: Sequence[str],
        weights: npt.NDArray[np.float32],
        transitions: npt.NDArray[np.float32],
    ) -> None:
        self._rows = {row: at for at, row in enumerate(rows.tolist())}
        self._names, self._transitions = list(names), transitions
        # A last row of nothing is for all features that weigh nothing.
        self._weights = np.concatenate([weights, np.zeros((1, len(names)), np.float32)])
        self._remember()
        self.layers = tuple(dict.fromkeys(name.split(" ")[0] for name in names))
        columns = {layer: [at for at, name in enumerate(names) if name.split(" ")[0] == layer] for layer in self.layers}
        self._columns = [columns[layer] for layer in self.layers]
        self._labels = [[names[at].split(" ")[1] for at in listed] for listed in self._columns]
        widest = max(map(len, self._columns), default=0)
        # Layers with fewer labels are filled up with labels that nothing leads to.
        self._steps = np.zeros((len(self.layers), widest, widest))
        for layer, listed in enumerate(self._columns):
            self._steps[layer, : len(listed), : len(listed)] = np.exp(transitions[np.ix_(listed, listed)].astype(float))

    def _remember(self) -> None:
        self._row = lru_cache(limits.FEATURE_CACHE)(self._find)
        self._shared = lru_cache(limits.FEATURE_CACHE)(self._find_shared)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_row", "_shared")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._remember()

    def _find(self, name: str) -> int:
        return self._rows.get(row_of(name), -1)

    def _find_shared(self, name: str) -> tuple[int, ...]:
        """The rows of a shared feature seen from each distance."""
        return tuple(self._find(_at(step, name)) for step in _STEPS)

    def odds(self, sentences: Sequence[Sequence[Place]]) -> dict[str, list[dict[str, float]]]:
        """The probability of each label of each token of a text, "outside" left out.

        Args:
            sentences: The features of the tokens of each sentence.

        Returns:
            By layer, one entry a token; nothing for a token that is next to certainly outside.
        """
        lengths = [len(sentence) for sentence in sentences]
        if not sum(lengths) or not self.layers:
            return {layer: [{} for _ in range(sum(lengths))] for layer in self.layers}
        shares = self._shares(self._scores(sentences), lengths)
        inside = np.concatenate([shares[:, at, :length] for at, length in enumerate(lengths)], axis=1)
        return {layer: self._told(number, inside[number]) for number, layer in enumerate(self.layers)}

    def _told(self, layer: int, shares: Array) -> list[dict[str, float]]:
        labels = self._labels[layer]
        outside = labels.index(OUTSIDE)
        listed = [(at, label) for at, label in enumerate(labels) if at != outside]
        return [{label: row[at] for at, label in listed} if row[outside] < _CERTAIN else {} for row in shares.tolist()]

    def _scores(self, sentences: Sequence[Sequence[Place]]) -> npt.NDArray[np.float32]:
        """The sum of the weights of each token's features under each label."""
        places = list(chain.from_iterable(sentences))
        scores = self._sums([[self._row(name) for name in place.own] for place in places])
        shared = [[self._shared(name) for name in place.shared] for place in places]
        edges = [self._row(_edge(step)) for step in _STEPS]
        for number, step in enumerate(_STEPS):
            sums = self._sums([[rows[number] for rows in listed] for listed in shared])
            first = 0
            for sentence in sentences:
                last = first + len(sentence)
                begin = min(last, max(first, first - step))
                end = max(begin, min(last, last - step))
                scores[begin:end] += sums[begin + step : end + step]
                scores[first:begin] += self._weights[edges[number]]
                scores[end:last] += self._weights[edges[number]]
                first = last
        return scores

    def _sums(self, listed: Sequence[Sequence[int]]) -> npt.NDArray[np.float32]:
        """The sums of rows of weights."""
        starts = list(accumulate(map(len, listed), initial=0))
        rows = np.fromiter(chain.from_iterable(listed), np.intp, starts[-1])
        sums = np.add.reduceat(self._weights[np.append(rows, -1)], starts[:-1], axis=0)
        sums[[not one for one in listed]] = 0.0
        return np.asarray(sums, np.float32)

    def _shares(self, scores: npt.NDArray[np.float32], lengths: Sequence[int]) -> Array:
        """Forward and backward over all sentences and layers: layers x sentences x places x labels."""
        longest = max(lengths)
        filled = np.zeros((len(lengths), longest), dtype=bool)
        for at, length in enumerate(lengths):
            filled[at, :length] = True
        seen = np.full((len(self.layers), len(lengths), longest, self._steps.shape[1]), _NEVER)
        for layer, listed in enumerate(self._columns):
            seen[layer, filled, : len(listed)] = scores[:, listed]
        seen[:, ~filled] = 0.0
        local = np.exp(seen - seen.max(axis=3, keepdims=True))
        ahead, back = np.empty_like(local), np.ones_like(local)
        ahead[:, :, 0] = local[:, :, 0]
        for at in range(1, longest):
            step = np.matmul(ahead[:, :, at - 1], self._steps) * local[:, :, at]
            ahead[:, :, at] = step / step.sum(axis=2, keepdims=True)
        turned = self._steps.transpose(0, 2, 1)
        for at in range(longest - 2, -1, -1):
            step = np.matmul(local[:, :, at + 1] * back[:, :, at + 1], turned)
            step /= step.max(axis=2, keepdims=True)
            back[:, :, at] = np.where(filled[None, :, at + 1, None], step, 1.0)
        both = ahead * back
        return np.asarray(both / both.sum(axis=3, keepdims=True))

    def save(self, path: Path) -> None:
        """Write the weights in half precision, features as hashes; equal weights make equal files."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            path,
            rows=np.array(list(self._rows), dtype=np.uint32),
            names=np.array(self._names),
            weights=np.ascontiguousarray(self._weights[:-1].astype(np.float16).T),
            transitions=self._transitions,
        )

    @classmethod
    def load(cls, path: Path) -> SequenceModels:
        """Read the weights that ``save`` wrote."""
        models = cls({})
        with np.load(path, allow_pickle=False) as stored:
            weights = np.ascontiguousarray(stored["weights"].T).astype(np.float32)
            models._take(stored["rows"], stored["names"].tolist(), weights, stored["transitions"])
        return models


_CERTAIN = 0.99


def _labels(field: Field) -> list[str]:
    known = {label for _, label in field.states} | {label for pair in field.transitions for label in pair}
    return sorted(known | {OUTSIDE})


def spans(odds: Odds, least: float) -> Iterator[Span]:
    """The spans whose tokens are all in one with at least a given probability.

    Args:
        odds: Of the tokens of a sentence.
        least: From which probability on a token counts.

    Example:
        >>> list(spans([{"B-x": 0.9}, {"I-x": 0.5, "B-x": 0.1}, {"B-x": 0.1}], least=0.2))
        [Span(first=0, last=2, label='x', share=0.75)]
    """
    shares = [sum(token.values()) if token else 0.0 for token in odds]
    at = 0
    while at < len(odds):
        if shares[at] < least:
            at += 1
            continue
        end = at + 1
        while end < len(odds) and shares[end] >= least and not _begins(odds[end]):
            end += 1
        yield Span(at, end, _label(odds[at:end]), sum(shares[at:end]) / (end - at))
        at = end


def _begins(shares: Mapping[str, float]) -> bool:
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
