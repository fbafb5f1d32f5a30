"""Learn the weights of a ``Linear`` from choices whose right options are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Vector = npt.NDArray[np.float64]
Function = Callable[[Vector], tuple[float, Vector]]

_OPTIONS = {"maxiter": 60, "ftol": 1e-5}
_SLIGHT = 1e-3


@dataclass(frozen=True, slots=True)
class Lesson:
    """A choice to learn from: the features of each option, which options are right, and how much it counts."""

    options: tuple[tuple[str, ...], ...]
    right: tuple[int, ...]
    weight: float = 1.0


def fit(lessons: Sequence[Lesson], strength: Callable[[str], float]) -> dict[str, float]:
    """The most probable weights: log-linear likelihood of the right options, with a normal prior on each weight.

    There is no chance in it: equal lessons make equal weights.

    Args:
        lessons: What to learn from.
        strength: How strongly the weight of a feature is held to zero (the inverse of its prior variance).

    Example:
        >>> weights = fit([Lesson((("out|rain",), ("out|sun",)), (1,))], lambda feature: 0.1)
        >>> weights["out|sun"] > 0 > weights["out|rain"]
        True
    """
    names: dict[str, int] = {}
    columns: list[int] = []
    rows: list[int] = []
    owners: list[int] = []
    wanted: list[bool] = []
    for owner, lesson in enumerate(lessons):
        for number, option in enumerate(lesson.options):
            for name in dict.fromkeys(option):
                columns.append(names.setdefault(name, len(names)))
                rows.append(len(owners))
            owners.append(owner)
            wanted.append(number in lesson.right)
    if not names:
        return {}
    penalty = np.array([strength(name) for name in names])
    loss = _loss(
        np.array(columns),
        np.array(rows),
        np.array(owners),
        np.array(wanted),
        np.array([lesson.weight for lesson in lessons]),
        penalty,
    )
    weights = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options=_OPTIONS).x
    return {name: float(weights[at]) for name, at in names.items() if abs(weights[at]) > _SLIGHT}


def _loss(
    columns: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
    owners: npt.NDArray[np.int64],
    wanted: npt.NDArray[np.bool_],
    counts: Vector,
    penalty: Vector,
) -> Function:
    """The negative log posterior and its gradient."""
    choices = len(counts)

    def value(weights: Vector) -> tuple[float, Vector]:
        scores = np.bincount(rows, weights=weights[columns], minlength=len(owners))
        highest = np.full(choices, -np.inf)
        np.maximum.at(highest, owners, scores)
        parts = np.exp(scores - highest[owners])
        total = np.bincount(owners, weights=parts, minlength=choices)
        right = np.maximum(np.bincount(owners, weights=parts * wanted, minlength=choices), 1e-12)
        loss = -(counts * np.log(right / total)).sum() + 0.5 * (penalty * weights * weights).sum()
        slope = (parts / total[owners] - np.where(wanted, parts / right[owners], 0.0)) * counts[owners]
        gradient = np.bincount(columns, weights=slope[rows], minlength=len(weights)) + penalty * weights
        return float(loss), gradient

    return value
