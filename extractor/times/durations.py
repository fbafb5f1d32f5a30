"""Lengths of time: from amounts and units to ISO 8601 and to seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from extractor.times.reading import Seconds

#: Unit to its ISO 8601 designator, whether that stands after the T, and its seconds.
_UNITS: dict[str, tuple[str, bool, int]] = {
    "century": ("CE", False, 36_500 * 86_400),
    "decade": ("DE", False, 3_650 * 86_400),
    "year": ("Y", False, 365 * 86_400),
    "half": ("M", False, 182 * 86_400),
    "season": ("M", False, 91 * 86_400),
    "quarter": ("Q", False, 91 * 86_400),
    "month": ("M", False, 30 * 86_400),
    "week": ("W", False, 7 * 86_400),
    "weekend": ("WE", False, 2 * 86_400),
    "day": ("D", False, 86_400),
    "hour": ("H", True, 3_600),
    "minute": ("M", True, 60),
    "second": ("S", True, 1),
}
#: Units that are told in years.
_YEARS = {"century": 100, "decade": 10}
#: How a fraction of a unit is told in the next smaller one.
_SMALLER = {
    "century": ("year", 100), "decade": ("year", 10), "year": ("month", 12), "half": ("month", 6),
    "quarter": ("month", 3), "season": ("month", 3), "month": ("day", 30), "week": ("day", 7), "day": ("hour", 24),
    "hour": ("minute", 60), "minute": ("second", 60),
}  # fmt: skip
_RANKS = [*_UNITS, "millisecond"]
#: How many units apart two parts of one length may be.
_LARGEST_STEP = 4
#: Units finer than a day.
CLOCK_UNITS = frozenset({"hour", "minute", "second"})
_VAGUE_LEAST = 2


@dataclass(frozen=True, slots=True)
class Amount:
    """So many of a unit; ``count`` is None when the text leaves it open."""

    count: float | None
    unit: str


def amounts_of(slots: Mapping[str, Any]) -> list[Amount]:
    """The amounts of an expression: its parts ``a``, ``b``, ``c`` and a fraction ``plus`` of the first."""
    amounts: list[Amount] = []
    for name in ("a", "b", "c"):
        if name in slots:
            part = dict(slots[name])
            count = None if "vague" in part else part.get("number", 1) + part.get("plus", 0)
            if part["unit"] == "millisecond":
                amounts.append(Amount(None if count is None else count / 1000, "second"))
            else:
                amounts.append(Amount(count, part["unit"]))
    if "plus" in slots and amounts and amounts[0].count is not None:
        amounts[0] = Amount(amounts[0].count + slots["plus"], amounts[0].unit)
    return [whole for amount in amounts for whole in _whole(amount)]


def fit_together(slots: Mapping[str, Any]) -> bool:
    """Whether the parts of a length grow smaller in small steps ("12 months 41 minutes" are two lengths)."""
    ranks = [_RANKS.index(dict(slots[name])["unit"]) for name in ("a", "b", "c") if name in slots]
    return all(0 < low - high <= _LARGEST_STEP for high, low in pairwise(ranks))


def _whole(amount: Amount) -> Iterable[Amount]:
    """An amount without fractions where the unit can be split."""
    count = amount.count
    if count is None or (count * 4) % 4 not in (1, 2, 3) or amount.unit not in _SMALLER:
        return [amount]
    smaller, factor = _SMALLER[amount.unit]
    rest = Amount(float(int((count - int(count)) * factor + 1e-6)), smaller)
    return [Amount(float(int(count)), amount.unit), rest] if count >= 1 else [rest]


def iso(amounts: Iterable[Amount]) -> str:
    """The ISO 8601 form.

    Example:
        >>> iso([Amount(1, "hour"), Amount(30, "minute")]), iso([Amount(None, "day")])
        ('PT1H30M', 'PXD')
    """
    days, clock = "", ""
    for amount in amounts:
        designator, after_t, _ = _UNITS[amount.unit]
        factor = {"half": 6, "season": 3}.get(amount.unit, 1)
        if amount.unit in _YEARS and amount.count is not None:
            designator, factor = "Y", _YEARS[amount.unit]
        count = "X" if amount.count is None else f"{amount.count * factor:.3f}".rstrip("0").rstrip(".")
        if after_t:
            clock += count + designator
        else:
            days += count + designator
    return f"P{days}" + (f"T{clock}" if clock else "")


def bounds(amounts: Iterable[Amount], approx: str | None) -> Seconds:
    """Value, least and most seconds.

    Example:
        >>> bounds([Amount(10, "hour")], "almost"), bounds([Amount(None, "day")], None)
        ((36000, 32400, 36000), (None, 172800, None))
    """
    listed = list(amounts)
    if any(amount.count is None for amount in listed):
        return None, sum(round((amount.count or _VAGUE_LEAST) * _UNITS[amount.unit][2]) for amount in listed), None
    value = round(sum((amount.count or 0) * _UNITS[amount.unit][2] for amount in listed))
    low, high = round(value * 0.9), round(value * 1.1)
    ranges: dict[str | None, tuple[int | None, int | None]] = {
        "almost": (low, value), "about": (low, high), "over": (value, None), "at_least": (value, None),
        "under": (0, value), "at_most": (0, value),
    }  # fmt: skip
    least, most = ranges.get(approx, (value, value))
    return value, least, most
