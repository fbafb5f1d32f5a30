"""Which predicted incident is which gold one: the best one-to-one assignment.

The assignment is solved exactly by the Hungarian method with potentials. It is forty lines, needs no library, and the
sets are small (an article tells of eight incidents at most), so that scipy would be a heavy dependency for nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

from extractor.evaluation.comparing import same_name, token_f1
from extractor.evaluation.gold import GoldComponent, GoldIncident
from extractor.evaluation.values import same_date, same_moment
from extractor.records import Component, Incident, Moment

Left = TypeVar("Left")
Right = TypeVar("Right")
Pairs = list[tuple[int, int]]

MOMENT_POINTS = 2.0
DATE_POINTS = 0.5
NAME_POINTS = 1.0
COMPONENT_POINTS = 0.25
ROLE_POINTS = 0.5
#: A pair must be worth more than this to be one incident.
STAY_APART = 0.5


def assign(weights: Sequence[Sequence[float]]) -> Pairs:
    """The one-to-one assignment of rows to columns with the greatest sum; pairs worth nothing are left out.

    Args:
        weights: One row an item on the left, one column an item on the right; nothing below 0.

    Returns:
        Pairs of row and column, by row.

    Example:
        >>> assign([[3.0, 2.0], [2.0, 0.0]])
        [(0, 1), (1, 0)]
    """
    if not weights or not weights[0]:
        return []
    if len(weights) > len(weights[0]):
        return sorted((row, column) for column, row in assign(list(zip(*weights, strict=True))))
    rows = _hungarian([[-weight for weight in row] for row in weights])
    return [(row, column) for row, column in enumerate(rows) if weights[row][column] > 0]


def _hungarian(costs: list[list[float]]) -> list[int]:
    """The column of each row in the assignment of least cost; there are no more rows than columns."""
    height, width = len(costs), len(costs[0])
    row_potential, column_potential = [0.0] * (height + 1), [0.0] * (width + 1)
    owner = [0] * (width + 1)
    for row in range(1, height + 1):
        owner[0] = row
        column = 0
        least, before, seen = [math.inf] * (width + 1), [0] * (width + 1), [False] * (width + 1)
        while True:
            seen[column] = True
            holder = owner[column]
            step, following = math.inf, 0
            for other in range(1, width + 1):
                if seen[other]:
                    continue
                reduced = costs[holder - 1][other - 1] - row_potential[holder] - column_potential[other]
                if reduced < least[other]:
                    least[other], before[other] = reduced, column
                if least[other] < step:
                    step, following = least[other], other
            for other in range(width + 1):
                if seen[other]:
                    row_potential[owner[other]] += step
                    column_potential[other] -= step
                else:
                    least[other] -= step
            column = following
            if owner[column] == 0:
                break
        while column:
            owner[column] = owner[before[column]]
            column = before[column]
    found = [0] * height
    for column in range(1, width + 1):
        if owner[column]:
            found[owner[column] - 1] = column - 1
    return found


def matrix(
    left: Sequence[Left], right: Sequence[Right], weigh: Callable[[Left, Right], float]
) -> list[list[float]]:  # fmt: skip
    """The weight of every pair."""
    return [[weigh(one, other) for other in right] for one in left]


def align(gold: Sequence[GoldIncident], predicted: Sequence[Incident]) -> Pairs:
    """Align gold and predicted incidents by what they share; pairs worth 0.5 or less stay apart.

    Args:
        gold: The incidents of the annotation.
        predicted: The incidents of the report.

    Returns:
        Pairs of positions, gold first, by gold.
    """
    weights = matrix(gold, predicted, likeness)
    worth = [[weight if weight > STAY_APART else 0.0 for weight in row] for row in weights]
    return assign(worth)


def likeness(gold: GoldIncident, predicted: Incident) -> float:
    """What a gold and a predicted incident share, in the points of ANNOTATION.md."""
    points = ROLE_POINTS * (gold.role == predicted.role)
    points += _moment(gold.started_at, predicted.started_at, "started_at" in gold.approximate)
    points += _moment(gold.resolved_at, predicted.resolved_at, "resolved_at" in gold.approximate)
    points += NAME_POINTS * _any_name(gold.organizations, [party.name for party in predicted.organizations])
    points += NAME_POINTS * _any_name(gold.services, [service.name for service in predicted.services])
    causes = [cause.text for cause in predicted.causes if cause.certainty != "denied"]
    points += max((token_f1(mine.text, theirs) for mine in gold.causes for theirs in causes), default=0.0)
    return points + COMPONENT_POINTS * len(match_components(gold.components, predicted.components))


def _moment(gold: str | None, predicted: Moment | None, approximate: bool) -> float:
    if gold is None or predicted is None or predicted.value is None:
        return 0.0
    if same_moment(predicted.value, gold, approximate=approximate):
        return MOMENT_POINTS
    return DATE_POINTS * same_date(predicted.value, gold)


def _any_name(gold: Sequence[str], predicted: Sequence[str]) -> bool:
    return any(same_name(one, other) for one in gold for other in predicted)


def match_components(gold: Sequence[GoldComponent], predicted: Sequence[Component]) -> Pairs:
    """Match components by name; among equal matches the likest name, then category and status decide."""
    return assign(matrix(gold, predicted, _component))


def _component(gold: GoldComponent, predicted: Component) -> float:
    if not same_name(gold.name, predicted.name):
        return 0.0
    same = (gold.category == predicted.category) + (gold.status == predicted.status)
    return 1.0 + 0.02 * token_f1(gold.name, predicted.name) + 0.005 * same
