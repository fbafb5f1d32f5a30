"""Which day or period the words of an expression mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

from extractor.times import calendar
from extractor.times.calendar import Impossible, Period
from extractor.times.context import Context, Located
from extractor.times.surroundings import Ahead

Slots = Mapping[str, Any]

#: Slots that give a day or a period.
_DAY_SLOTS = ("unit", "y", "m", "d", "wd", "holiday", "season", "quarter", "half", "week")
#: How many units away the last, this and the next one are.
_STEPS = {"last": -1, "this": 0, "next": 1}
_UNKNOWN = {"year": "XXXX", "month": "XXXX-XX", "week": "XXXX-WXX", "weekend": "XXXX-WXX-WE"}
#: The year that stands for one that nothing tells; a leap year.
_ANY_YEAR = 2000
_TWO_DIGITS_PIVOT = 69
#: How near a date must be for a word like "until" to mean the coming one.
_SOON = timedelta(days=150)
#: Until this day of the week "this weekend" is the one that has passed.
_STILL_BEHIND = 3
#: How far behind the day of the story its weekdays may lie; the rest of the seven days lies ahead of it.
_LOOKING_BACK = timedelta(days=2)


def has_day(slots: Slots) -> bool:
    """Whether an expression tells a day or period by itself."""
    return any(name in slots for name in _DAY_SLOTS)


def counts_from_text(slots: Slots) -> bool:
    """Whether an expression counts from a day that the text tells, not from the publication."""
    return slots.get("ref") in ("context", "event")


def locate(slots: Slots, context: Context, ahead: Ahead, reported: bool) -> Located | None:
    """Find the day or period.

    Args:
        slots: What the patterns read.
        context: What is known so far.
        ahead: Whether the surroundings look ahead.
        reported: The expression only says when somebody spoke.

    Returns:
        None when the expression tells no day.

    Raises:
        Impossible: There is no such day.
    """
    if not has_day(slots):
        return None
    steps = slots.get("n", _STEPS.get(slots.get("toward", "")))
    if "unit" in slots and steps is not None:
        located = _relative(slots, steps, context, ahead)
    else:
        located = _absolute(slots, context, ahead, reported)
    if "grain" in slots:
        located = replace(located, period=calendar.period_of(slots["grain"], located.period.start))
    if "eve" in slots:
        day = located.period.start - timedelta(days=slots["eve"])
        located = replace(located, period=calendar.day_period(day))
    return located


def _relative(slots: Slots, steps: int, context: Context, ahead: Ahead) -> Located:
    """So many units from publication or from what was told, and what is narrower inside it."""
    from_text = counts_from_text(slots)
    event = context.event_day() if slots.get("ref") == "event" else None
    anchor = event or context.told(from_text, slots["unit"])
    unit = cast(calendar.Grain, slots["unit"])
    if anchor is None:
        unsaid = _UNKNOWN.get(unit, "XXXX-XX-XX")
        return Located(calendar.period_of(unit, date(_ANY_YEAR, 1, 1)), False, "publication", unsaid=unsaid)
    start = anchor.period.start
    if from_text and steps > 0 and unit == "day":
        start = anchor.period.end - timedelta(days=1)
    period = calendar.period_of(unit, calendar.shift(start, steps, unit))
    behind = unit == "weekend" and steps == 0 and not from_text and period.start > start and ahead != "surely"
    if behind and ("toward" not in slots or start.isoweekday() <= _STILL_BEHIND):
        period = calendar.period_of(unit, calendar.shift(start, -1, unit))
    in_text = from_text and anchor.anchors
    return Located(_inside(period, slots), anchor.year_known, "context" if in_text else "publication", anchor.anchors)


def _inside(period: Period, slots: Slots) -> Period:
    """The narrower thing that the words name inside a period."""
    year = period.start.year
    if "m" in slots:
        period = calendar.month_period(year, slots["m"])
    elif "season" in slots:
        return calendar.season_period(year, slots["season"])
    elif "quarter" in slots:
        return calendar.part_of_year(year, slots["quarter"], "quarter")
    elif "half" in slots:
        return calendar.part_of_year(year, slots["half"], "half")
    elif "week" in slots:
        return calendar.week_period(year, slots["week"])
    elif "holiday" in slots:
        return calendar.day_period(calendar.holiday(slots["holiday"], year))
    if "nth_of" in slots:
        return calendar.nth_within(period, slots["nth_of"], slots["nth"])
    if "d" in slots:
        return calendar.exact_day(period.start.year, period.start.month, slots["d"])
    if "wd" in slots and period.grain in ("week", "month", "year"):
        if period.grain == "week":
            return calendar.day_period(period.start + timedelta(days=slots["wd"] - 1))
        return calendar.day_period(calendar.nth_weekday(period, slots["wd"], slots.get("nth", 1)))
    if slots.get("unit") == "weekend" and period.grain == "week":
        return calendar.weekend_of(period.start)
    return period


def _absolute(slots: Slots, context: Context, ahead: Ahead, reported: bool) -> Located:
    if "y" in slots:
        year = slots["y"]
        if year < 100:
            year += 2000 if year < _TWO_DIGITS_PIVOT else 1900
        if slots.get("unit") in ("decade", "century"):
            return Located(calendar.period_of(slots["unit"], date(year, 1, 1)))
        return Located(_inside(calendar.year_period(year), slots))
    if "m" in slots or any(name in slots for name in ("holiday", "season", "quarter", "half", "week")):
        return _in_some_year(slots, context, ahead)
    if "d" in slots:
        return _day_of_month(slots, context, ahead)
    if "wd" in slots:
        return _weekday(slots, context, ahead, reported)
    raise Impossible("the expression tells no date")


def _in_some_year(slots: Slots, context: Context, ahead: Ahead) -> Located:
    """A month, day of a month, holiday, season or the like without its year."""

    def in_year(year: int) -> Period | None:
        try:
            return _inside(calendar.year_period(year), slots)
        except ValueError:
            return None

    published = context.publication.day if context.publication else None
    story = context.story_day()
    if published is None:
        year = story.period.start.year if story and story.year_known else context.only_year
        period = in_year(year or _ANY_YEAR)
        if period is None:
            raise Impossible("no such day in that year")
        anchors = story.anchors if story and story.year_known else ()
        return Located(period, year is not None, "context" if year is not None else "explicit", anchors)
    years = range(max(1, published.year - 8), min(9998, published.year + 8) + 1)
    chosen = _nearest([period for period in map(in_year, years) if period], published, slots, ahead)
    if chosen is None:
        raise Impossible("no such day in any year")
    return Located(chosen, basis="publication")


def _nearest(periods: list[Period], published: date, slots: Slots, ahead: Ahead) -> Period | None:
    """The latest that has begun; the next one when the words look ahead."""
    toward = slots.get("toward")
    if "eve" in slots or ("wd" in slots and "d" in slots):
        agreeing = [period for period in periods if period.start.isoweekday() == slots.get("wd")]
        return min(agreeing or periods, key=lambda period: abs(period.start - published), default=None)
    past = [period for period in periods if period.start <= published]
    if toward == "this":
        same = [period for period in periods if period.start.year == published.year]
        return same[0] if same else None
    if toward == "last":
        return max((period for period in past if period.end <= published), key=_start, default=None)
    if toward == "next":
        return min((period for period in periods if period.start > published), key=_start, default=None)
    coming = min((period for period in periods if period.end > published), key=_start, default=None)
    latest = max(past, key=_start, default=None)
    soon = coming is not None and coming.start - published < (_SOON / 2 if coming.grain == "month" else _SOON)
    return coming if ahead == "surely" or (ahead == "maybe" and soon) else latest


def _start(period: Period) -> date:
    return period.start


def _day_of_month(slots: Slots, context: Context, ahead: Ahead) -> Located:
    """A day by its number alone: in the month that was told, else the latest one."""
    story, far = context.story_day(), context.far_day()
    if far is not None:
        return Located(_agreeing(far.period.start, slots), True, "context", far.anchors)
    base = context.publication.day if context.publication else None
    if base is None:
        if story is None:
            calendar.exact_day(_ANY_YEAR, 1, slots["d"])
            month = calendar.month_period(_ANY_YEAR, 1)
            return Located(month, False, "explicit", unsaid=f"XXXX-XX-{slots['d']:02d}")
        period = calendar.exact_day(story.period.start.year, story.period.start.month, slots["d"])
        return Located(period, story.year_known, "context", story.anchors)
    if "wd" in slots:
        return Located(_agreeing(base, slots), basis="publication")
    return Located(_scan(base, 62, ahead == "surely", lambda day: day.day == slots["d"]), basis="publication")


def _agreeing(base: date, slots: Slots) -> Period:
    """The nearest day with that number, and on that weekday if one is told."""
    for distance in range(100):
        for day in (base - timedelta(days=distance), base + timedelta(days=distance)):
            if day.day == slots["d"] and slots.get("wd") in (None, day.isoweekday()):
                return calendar.day_period(day)
    raise Impossible("no such day")


def _weekday(slots: Slots, context: Context, ahead: Ahead, reported: bool) -> Located:
    toward, wanted = slots.get("toward"), int(slots["wd"])
    story, anchor = context.story_day(), context.weekday_anchor()
    published = context.publication.day if context.publication else None

    def matches(day: date) -> bool:
        return day.isoweekday() == wanted

    if story is not None and slots.get("ref") == "context":
        steps = slots.get("n", 0)
        period = _scan(story.period.start + timedelta(days=steps), 7, steps >= 0, matches)
        return Located(period, story.year_known, "context", story.anchors)
    if anchor is not None and toward is None and not reported:
        return Located(_scan(anchor.period.start - _LOOKING_BACK, 7, True, matches), True, "context", anchor.anchors)
    if published is None:
        return Located(calendar.day_period(date(_ANY_YEAR, 1, 1)), False, "explicit", unsaid=f"XXXX-WXX-{wanted}")
    if toward == "this":
        monday = published - timedelta(days=published.weekday())
        return Located(calendar.day_period(monday + timedelta(days=wanted - 1)), basis="publication")
    if toward == "next" or (ahead == "surely" and toward is None):
        return Located(_scan(published + timedelta(days=1), 7, True, matches), basis="publication")
    if toward == "last":
        published -= timedelta(days=1)
    return Located(_scan(published, 7, False, matches), basis="publication")


def _scan(start: date, days: int, forward: bool, matches: Callable[[date], bool]) -> Period:
    """The first day from a day on, in one direction, that matches."""
    step = timedelta(days=1 if forward else -1)
    day = start
    for _ in range(days):
        if matches(day):
            return calendar.day_period(day)
        day += step
    raise Impossible("no such day")
