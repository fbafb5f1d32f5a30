"""Calendar arithmetic on periods of the proleptic Gregorian calendar; knows no language and no clock of the machine."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Grain = Literal["day", "weekend", "week", "month", "quarter", "half", "season", "year", "decade", "century"]

_SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "season": 3, "year": 12, "decade": 120, "century": 1200}
_NTH_WEEKDAY = re.compile(r"(\d\d)-([1-7])#(-?\d)")
#: The day by which the first week or weekend of a period is found.
_FIRST_DAY = {"week": 1, "weekend": 6}
_EASTER = re.compile(r"(easter|orthodox)([+-]\d+)")
_FIXED = re.compile(r"(\d\d)-(\d\d)")


class Impossible(ValueError):
    """A date or clock time that does not exist."""


@dataclass(frozen=True, slots=True)
class Period:
    """A day or a longer stretch of the calendar, half-open."""

    start: date
    end: date
    grain: Grain

    def value(self, year_known: bool = True) -> str:
        """The period in TIMEX3's form.

        Example:
            >>> period_of("week", date(2011, 5, 1)).value()
            '2011-W17'
            >>> period_of("day", date(2011, 5, 1)).value(year_known=False)
            'XXXX-05-01'
        """
        return _FORMS[self.grain](self.start, f"{self.start.year:04d}" if year_known else "XXXX")


def _week_value(day: date, year: str) -> str:
    week = day.isocalendar()
    return f"{week.year:04d}-W{week.week:02d}" if year != "XXXX" else "XXXX-WXX"


_FORMS: dict[Grain, Callable[[date, str], str]] = {
    "day": lambda day, year: f"{year}-{day.month:02d}-{day.day:02d}",
    "weekend": lambda day, year: _week_value(day, year) + "-WE",
    "week": _week_value,
    "month": lambda day, year: f"{year}-{day.month:02d}",
    "quarter": lambda day, year: f"{year}-Q{(day.month + 2) // 3}",
    "half": lambda day, year: f"{year}-H{1 if day.month < 7 else 2}",
    "season": lambda day, year: f"{year}-{next(code for code, month in _SEASONS.items() if month == day.month)}",
    "year": lambda day, year: year,
    "decade": lambda day, year: year[:3],
    "century": lambda day, year: year[:2],
}


def day_period(day: date) -> Period:
    """A day as a period."""
    return Period(day, day + timedelta(days=1), "day")


def month_period(year: int, month: int) -> Period:
    """A month as a period."""
    return _months(year, month, "month")


def year_period(year: int) -> Period:
    """A year as a period."""
    return _months(year, 1, "year")


def season_period(year: int, code: str) -> Period:
    """A season, by whole months; winter belongs to the year of its December."""
    return _months(year, _SEASONS[code], "season")


def part_of_year(year: int, number: int, grain: Literal["quarter", "half"]) -> Period:
    """A quarter or half of a year."""
    length = _MONTHS[grain]
    if not 1 <= number <= 12 // length:
        raise Impossible(f"there is no {grain} {number}")
    return _months(year, (number - 1) * length + 1, grain)


def week_period(year: int, week: int) -> Period:
    """A week by its ISO number.

    Raises:
        Impossible: The year has no such week.
    """
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError as error:
        raise Impossible(str(error)) from error
    return Period(monday, monday + timedelta(days=7), "week")


def exact_day(year: int, month: int, day: int) -> Period:
    """A day of the calendar.

    Raises:
        Impossible: The month has no such day.
    """
    try:
        return day_period(date(year, month, day))
    except ValueError as error:
        raise Impossible(str(error)) from error


def _months(year: int, month: int, grain: Grain) -> Period:
    start = date(year, month, 1)
    return Period(start, _add_months(start, _MONTHS[grain]), grain)


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def period_of(grain: Grain, day: date) -> Period:
    """The period of a kind that a day lies in; for a weekend, the one of its week.

    Example:
        >>> period_of("quarter", date(2011, 5, 1)).value()
        '2011-Q2'
    """
    if grain == "day":
        return day_period(day)
    if grain in ("week", "weekend"):
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=7), "week") if grain == "week" else weekend_of(monday)
    if grain == "season":
        start = _add_months(day.replace(day=1), -(day.month % 3))
        return _months(start.year, start.month, "season")
    if grain in ("decade", "century"):
        size = 10 if grain == "decade" else 100
        return _months(max(1, day.year - day.year % size), 1, grain)
    length = _MONTHS[grain]
    return _months(day.year, (day.month - 1) // length * length + 1, grain)


def weekend_of(monday: date) -> Period:
    """The weekend at the end of the week of a Monday."""
    return Period(monday + timedelta(days=5), monday + timedelta(days=7), "weekend")


def shift(day: date, count: int, unit: str) -> date:
    """A day moved by so many units.

    Example:
        >>> shift(date(2011, 3, 31), -1, "month")
        datetime.date(2011, 2, 28)
    """
    if unit in _MONTHS:
        return _add_months(day, count * _MONTHS[unit])
    return day + timedelta(days=count * (7 if unit in ("week", "weekend") else 1))


def holiday(rule: str, year: int) -> date:
    """The day of a holiday: ``12-25``, ``easter+1``, ``11-4#4`` (the fourth Thursday of November).

    Example:
        >>> holiday("easter-2", 2011), holiday("11-4#4", 2011)
        (datetime.date(2011, 4, 22), datetime.date(2011, 11, 24))
    """
    if found := _EASTER.fullmatch(rule):
        sunday = _easter(year) if found[1] == "easter" else _orthodox_easter(year)
        return sunday + timedelta(days=int(found[2]))
    if found := _NTH_WEEKDAY.fullmatch(rule):
        return nth_weekday(month_period(year, int(found[1])), int(found[2]), int(found[3]))
    found = _FIXED.fullmatch(rule)
    if not found:
        raise ValueError(f"{rule!r} is no rule of a holiday (12-25, easter+1, 11-4#4)")
    return date(year, int(found[1]), int(found[2]))


def nth_weekday(period: Period, weekday: int, nth: int) -> date:
    """The nth Monday (1) to Sunday (7) of a period; -1 is the last.

    Raises:
        Impossible: There are not so many.
    """
    if nth < 0:
        last = period.end - timedelta(days=1)
        day = last - timedelta(days=(last.isoweekday() - weekday) % 7 + 7 * (-nth - 1))
    else:
        day = period.start + timedelta(days=(weekday - period.start.isoweekday()) % 7 + 7 * (nth - 1))
    if not period.start <= day < period.end:
        raise Impossible(f"there is no weekday number {nth}")
    return day


def nth_within(period: Period, grain: Literal["day", "week", "weekend"], nth: int) -> Period:
    """The nth day, whole week or whole weekend of a period; -1 is the last.

    Raises:
        Impossible: There are not so many.

    Example:
        >>> nth_within(period_of("month", date(2014, 10, 1)), "week", 1).value()
        '2014-W41'
    """
    if grain == "day":
        day = period.end + timedelta(days=nth) if nth < 0 else period.start + timedelta(days=nth - 1)
        if not period.start <= day < period.end:
            raise Impossible(f"there is no day number {nth}")
        return day_period(day)
    weekday = 7 if nth < 0 else _FIRST_DAY[grain]
    return period_of(grain, nth_weekday(period, weekday, nth))


def _easter(year: int) -> date:
    """Easter Sunday (Anonymous Gregorian computus)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    total = moon + week - 7 * late + 114
    return date(year, total // 31, total % 31 + 1)


def _orthodox_easter(year: int) -> date:
    """Easter Sunday of the Julian calendar, as a day of the Gregorian one (Meeus)."""
    moon = (19 * (year % 19) + 15) % 30
    week = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    total = moon + week + 114
    behind = year // 100 - year // 400 - 2
    return date(year, total // 31, total % 31 + 1) + timedelta(days=behind)
