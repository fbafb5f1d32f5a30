"""Do confidences mean what they say? How often values said with so much confidence are right, and how to mend them.

The mending is isotonic regression by pooling adjacent violators (Ayer et al., Annals of Mathematical Statistics 26,
1955), applied to classifiers by Zadrozny and Elkan (KDD 2002); each pool is drawn a little towards one half, so that a
few lucky values make no certainty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.confidence import Step
from extractor.evaluation.scoring import Claim, Field

#: Lower bounds of the classes that the table shows.
CLASSES = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9)
#: Values that a pool must hold, so that its share means something.
_FEWEST = 12
#: Imaginary values, half of them right, that every pool is mixed with.
_DOUBT = 2.0


@dataclass(frozen=True, slots=True)
class Class:
    """The values of one field that were said with about the same confidence.

    Attributes:
        low: Least confidence of the class.
        number: How many values.
        said: Their mean confidence.
        right: The share of them that is right.
    """

    low: float
    number: int
    said: float
    right: float


def classes(claims: Iterable[Claim]) -> dict[Field, list[Class]]:
    """The calibration table: for each field its classes that hold any value, least sure first.

    Example:
        >>> table = classes([Claim("cause_span", 0.95, True), Claim("cause_span", 0.92, False)])
        >>> [(found.low, found.number, found.right) for found in table["cause_span"]]
        [(0.9, 2, 0.5)]
    """
    result: dict[Field, list[Class]] = {}
    for field, told in _by_field(claims).items():
        for low, high in zip(CLASSES, [*CLASSES[1:], 1.1], strict=True):
            inside = [claim for claim in told if low <= claim.confidence < high]
            if inside:
                said = sum(claim.confidence for claim in inside) / len(inside)
                right = sum(claim.right for claim in inside) / len(inside)
                result.setdefault(field, []).append(Class(low, len(inside), said, right))
    return result


def fit(claims: Iterable[Claim]) -> dict[str, tuple[Step, ...]]:
    """For each field the confidence that values said with at least so much deserve.

    Args:
        claims: Values with the confidence the rules gave them, before any mending.

    Returns:
        Steps in rising order; equal neighbours are joined.
    """
    return {field: _steps(told) for field, told in sorted(_by_field(claims).items())}


def write(path: Path, table: Mapping[str, Sequence[Step]], command: str) -> None:
    """Store the steps of every field as data.

    Args:
        path: models/confidence.yaml.
        table: What ``fit`` gives.
        command: What measured it.
    """
    head = f"# Written by `{command}`: what confidences deserve.\n"
    lines = [
        f"{field}: [{', '.join(f'{{said: {step.said}, right: {step.right}}}' for step in steps)}]\n"
        for field, steps in table.items()
    ]
    path.write_text(head + "".join(lines), encoding="utf-8")


def _by_field(claims: Iterable[Claim]) -> Mapping[Field, list[Claim]]:
    found: dict[Field, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.field].append(claim)
    return found


def _steps(claims: Sequence[Claim]) -> tuple[Step, ...]:
    pools: list[tuple[float, float, float]] = []  # least confidence, right, number
    for said in sorted({claim.confidence for claim in claims}):
        same = [claim.right for claim in claims if claim.confidence == said]
        pools.append((said, float(sum(same)), float(len(same))))
        while len(pools) > 1 and (_share(pools[-2]) >= _share(pools[-1]) or pools[-2][2] < _FEWEST):
            (low, right, number), (_, more, others) = pools[-2:]
            pools[-2:] = [(low, right + more, number + others)]
    if len(pools) > 1 and pools[-1][2] < _FEWEST:
        (low, right, number), (_, more, others) = pools[-2:]
        pools[-2:] = [(low, right + more, number + others)]
    return tuple(Step(said=round(low, 3), right=round(_share((low, right, number)), 2)) for low, right, number in pools)


def _share(pool: tuple[float, float, float]) -> float:
    return (pool[1] + _DOUBT / 2) / (pool[2] + _DOUBT)
