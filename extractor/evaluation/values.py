"""ISO 8601 moments, TIMEX3 values and durations: do they parse, what do they span, when are two the same."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_CLOCK_TIME = r"([01]\d|2[0-4]):[0-5]\d(:[0-5]\d|:60)?"
_CLOCK = rf"(T{_CLOCK_TIME}|T(MO|MI|AF|EV|NI))?"
_DATE = rf"(\d{{4}}|XXXX)(-(0[1-9]|1[0-2]|XX)(-(0[1-9]|[12]\d|3[01]|XX){_CLOCK})?)?"
_LENGTH = (
    r"P(?:\d+(\.\d+)?|X)(Y|M|W|D|WE|DT|DE|CE|Q)|PT(?:\d+(\.\d+)?|X)[HMS]"
    r"|P(?=\d|T\d)(\d+[YMWD])*(T(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?"
)
_WEEK = rf"(\d{{4}}|XXXX)-W(\d\d|XX)(-WE|-\d{_CLOCK})?"
_SEASON = r"(\d{4}|XXXX)-(Q\d|H\d|SP|SU|FA|WI)"
_TIMEX = re.compile(
    rf"({_DATE}|{_WEEK}|{_SEASON}|\d\d\d?|{_LENGTH}|T({_CLOCK_TIME}|MO|MI|AF|EV|NI)"
    rf"|{_DATE}/{_DATE}|({_WEEK})/({_WEEK})|({_LENGTH})/({_LENGTH})|(PAST|PRESENT|FUTURE)_REF)"
)
_MOMENT = re.compile(r"(?P<year>\d{4}|XXXX)(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T(?P<clock>\d\d:\d\d(:\d\d)?))?)?)?")
_MOMENT_WEEK = re.compile(r"(?P<year>\d{4})-W(?P<week>\d\d)")
_SECONDS = re.compile(
    r"P(?:(?P<weeks>[\d.]+)W)?(?:(?P<days>[\d.]+)D)?"
    r"(?:T(?:(?P<hours>[\d.]+)H)?(?:(?P<minutes>[\d.]+)M)?(?:(?P<seconds>[\d.]+)S)?)?"
)
_DURATION = re.compile(r"P(?=\d|T)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?")
_ANY_LEAP_YEAR = "2000"
_DAY_LENGTH = len("2011-04-25")
_HOUR = timedelta(hours=1)
_TENTH = 0.1


def is_timex(value: str) -> bool:
    """Whether a value is written as TIMEX3 (as DESIGN section 3 uses it).

    A text may tell of a day that does not exist (29 February 2013); its value is written all the same.

    Example:
        >>> [is_timex(value) for value in ("2011-04-25TAF", "2011-04-25/2011-04-26", "PXD", "2011-W17-WE", "25 April")]
        [True, True, True, True, False]
        >>> is_timex("2013-02-29"), is_timex("2013-02-32")
        (True, False)
    """
    return bool(_TIMEX.fullmatch(value))


def is_moment(value: str) -> bool:
    """Whether a value is an ISO 8601 date, date-time, month, week or year that exists (the year may be XXXX).

    Example:
        >>> [is_moment(value) for value in ("2011-04-25", "XXXX-04-25", "2011-W17", "2011-13", "2011-04-25T25:00")]
        [True, True, True, False, False]
    """
    return moment_bounds(value) is not None


def moment_bounds(value: str) -> tuple[datetime, datetime] | None:
    """The half-open span of time that a moment's value stands for; None when it does not parse.

    Example:
        >>> [str(bound) for bound in moment_bounds("2011-W17")]
        ['2011-04-25 00:00:00', '2011-05-02 00:00:00']
    """
    week = _MOMENT_WEEK.fullmatch(value)
    try:
        if week:
            start = datetime.fromisocalendar(int(week["year"]), int(week["week"]), 1)
            return start, start + timedelta(days=7)
        found = _MOMENT.fullmatch(value)
        return _calendar_bounds(found) if found else None
    except (ValueError, OverflowError):
        return None


def _calendar_bounds(found: re.Match[str]) -> tuple[datetime, datetime]:
    year = int(found["year"].replace("XXXX", _ANY_LEAP_YEAR))
    if found["month"] is None:
        return datetime(year, 1, 1), datetime(year + 1, 1, 1)
    month = int(found["month"])
    if found["day"] is None:
        return datetime(year, month, 1), datetime(year + month // 12, month % 12 + 1, 1)
    start = datetime(year, month, int(found["day"]))
    if found["clock"] is None:
        return start, start + timedelta(days=1)
    start = datetime.fromisoformat(f"{start.date()}T{found['clock']}")
    return start, start + (timedelta(seconds=1) if found["clock"].count(":") > 1 else timedelta(minutes=1))


def truncates_to(value: str, gold: str) -> bool:
    """Whether a value says the same as gold at gold's precision; a coarser one does not.

    Example:
        >>> truncates_to("2011-04-26T10:15", "2011-04-26"), truncates_to("2011-04", "2011-04-26")
        (True, False)
        >>> truncates_to("2011-04-26", "2011-W17")
        True
    """
    if value == gold:
        return True
    if value.startswith(gold) and value[len(gold)] in "-T:":
        return True
    if not _MOMENT_WEEK.fullmatch(gold) or len(value) < _DAY_LENGTH:
        return False
    week, inner = moment_bounds(gold), moment_bounds(value)
    return week is not None and inner is not None and week[0] <= inner[0] and inner[1] <= week[1]


def same_moment(value: str, gold: str, *, approximate: bool = False) -> bool:
    """Whether a predicted moment is right: equal at gold's precision, within an hour where gold is approximate.

    Args:
        value: The predicted value.
        gold: The annotated value.
        approximate: Gold says that the text hedges it; only a clock can be an hour off.

    Example:
        >>> same_moment("2011-04-26T10:40", "2011-04-26T10:00", approximate=True)
        True
        >>> same_moment("2011-04-26T10:40", "2011-04-26T10:00")
        False
    """
    if truncates_to(value, gold):
        return True
    if not (approximate and has_clock(value) and has_clock(gold)):
        return False
    if value.startswith("XXXX") != gold.startswith("XXXX"):
        return False
    told, wanted = moment_bounds(value), moment_bounds(gold)
    return told is not None and wanted is not None and abs(told[0] - wanted[0]) <= _HOUR


def has_clock(value: str) -> bool:
    """Whether a moment's value is known to the clock."""
    return "T" in value


def same_date(value: str, other: str) -> bool:
    """Whether two moments, both known to the day, fall on one date.

    Example:
        >>> same_date("2011-04-26T10:15", "2011-04-26"), same_date("2011-04", "2011-04")
        (True, False)
    """
    return len(value) >= _DAY_LENGTH and value[:_DAY_LENGTH] == other[:_DAY_LENGTH]


def duration_seconds(value: str) -> float | None:
    """The length of an ISO 8601 duration in seconds; None for vague ones and for those of months and years.

    Example:
        >>> duration_seconds("PT1H15M"), duration_seconds("P2D"), duration_seconds("PXD")
        (4500.0, 172800.0, None)
    """
    found = _SECONDS.fullmatch(value)
    if found is None or not any(found.groupdict().values()):
        return None
    return timedelta(**{unit: float(number) for unit, number in found.groupdict().items() if number}).total_seconds()


def is_duration(value: str) -> bool:
    """Whether a value is an ISO 8601 duration of a known length.

    Example:
        >>> [is_duration(value) for value in ("PT1H15M", "P3M", "P2W", "PXD", "P", "PT")]
        [True, True, True, False, False, False]
    """
    return bool(_DURATION.fullmatch(value))


def same_duration(value: str, gold: str, *, approximate: bool = False) -> bool:
    """Whether a predicted duration is right: equal in length, within a tenth where gold is approximate.

    Example:
        >>> same_duration("PT60M", "PT1H"), same_duration("PT9H", "PT10H")
        (True, False)
        >>> same_duration("PT9H", "PT10H", approximate=True)
        True
    """
    if value == gold:
        return True
    told, wanted = duration_seconds(value), duration_seconds(gold)
    if told is None or wanted is None:
        return False
    return abs(told - wanted) <= (_TENTH * wanted if approximate else 0) + 1e-6
