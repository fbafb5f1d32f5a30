"""Values as a person says them, and texts made safe to show; used by the table and the page."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from importlib.resources import files

from extractor.records import Duration, Moment, Quantity, TimeMention

#: Controls, bidi controls, line and paragraph separators, annotation and tag characters, surrogates, noncharacters.
_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_PARTS_OF_DAY = {"MO": "morning", "MI": "midday", "AF": "afternoon", "EV": "evening", "NI": "night", "DT": "daytime"}
_PART_BY_HOURS = {(6, 12): "morning", (12, 18): "afternoon", (18, 0): "evening", (21, 6): "night"}
_SEASONS = {"SP": "spring", "SU": "summer", "FA": "autumn", "AU": "autumn", "WI": "winter"}
_REFERENCES = {"PRESENT_REF": "now", "PAST_REF": "in the past", "FUTURE_REF": "in the future"}
_CLOCK_UNITS = (("day", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_HOUR_UNITS = _CLOCK_UNITS[1:]
_DURATION = re.compile(
    r"P(?:(?P<year>[\dX.]+)Y)?(?:(?P<month>[\dX.]+)M)?(?:(?P<weekend>[\dX.]+)WE)?"
    r"(?:(?P<week>[\dX.]+)W)?(?:(?P<day>[\dX.]+)D)?"
    r"(?:T(?:(?P<h>[\dX.]+)H)?(?:(?P<min>[\dX.]+)M)?(?:(?P<s>[\dX.]+)S)?)?"
)
_LONG_UNITS = {"h": "hours", "min": "minutes", "s": "seconds"}
_PART_VALUE = re.compile(r"(?P<date>.+)T(?P<part>[A-Z]{2})")
_WEEK_VALUE = re.compile(r"(?P<year>[\dX]{4})-W(?P<week>\d{2})(?P<end>-WE)?")
_SEASON_VALUE = re.compile(r"(?P<year>[\dX]{4})-(?P<season>[A-Z]{2})")
_QUARTER_VALUE = re.compile(r"(?P<year>[\dX]{4})-Q(?P<quarter>[1-4])")


def visible(text: str) -> str:
    r"""Replace what would act on a screen by something to see: control, line-separating and bidi characters.

    Newlines and tabs stay; a terminal escape becomes the picture of one, a lone surrogate its number.

    Args:
        text: Any text.

    Returns:
        A text that only shows.

    Example:
        >>> visible("a\x1b[31mb\u202ec")
        'a␛[31mb[U+202E]c'
    """
    return _ACTING.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"[U+{code:04X}]"


def one_line(text: str) -> str:
    r"""Make a text visible and run its white space together, for a quote inside a line.

    Example:
        >>> one_line("two\r\n  lines")
        'two lines'
    """
    return visible(re.sub(r"[ \t\r\n]+", " ", text)).strip()


def language_name(code: str) -> str:
    """Give the English name of a language, or its code when there is none.

    Example:
        >>> language_name("pt"), language_name("tlh")
        ('Portuguese', 'tlh')
    """
    return _language_names().get(code.lower(), one_line(code))


@cache
def _language_names() -> dict[str, str]:
    content = files(__package__).joinpath("language_names.json").read_text(encoding="utf-8")
    names: dict[str, str] = json.loads(content)
    return names


def counted(number: int, noun: str) -> str:
    """Count things.

    Example:
        >>> counted(1, "incident"), counted(2554, "character")
        ('1 incident', '2,554 characters')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def published_words(published: str | None, basis: str | None, open_dates: int) -> str:
    """Say when a document appeared, or how many of its dates stay open because nothing tells.

    Example:
        >>> published_words("2011-05-02", "given", 0)
        'published 2011-05-02 (given)'
        >>> published_words(None, None, 3)
        'no publication date: 3 dates stay open for want of it'
    """
    if published is not None:
        return f"published {one_line(published)}{f' ({basis})' if basis else ''}"
    if not open_dates:
        return "no publication date"
    stay = "stays" if open_dates == 1 else "stay"
    return f"no publication date: {counted(open_dates, 'date')} {stay} open for want of it"


def clock(value: str) -> str:
    """Write an ISO date-time as people do: a blank for the T, no seconds or midnight that say nothing.

    Example:
        >>> clock("2011-04-25T16:50:00"), clock("2011-04-25T00:00:00")
        ('2011-04-25 16:50', '2011-04-25')
    """
    date, _, hour = value.partition("T")
    hour = re.sub(r"^(\d\d:\d\d):00(?:\.0+)?$", r"\1", hour)
    return date if hour in ("", "00:00") else f"{date} {hour}"


def moment_words(moment: Moment) -> str:
    """Say a moment with its hedge, its part of the day, its bounds and its zone.

    Args:
        moment: A moment of the record.

    Returns:
        Words for a table cell.

    Example:
        >>> moment_words(Moment(value=None, latest="2011-04-25T00:00:00", basis="explicit"))
        'before 2011-04-25'
        >>> moment_words(Moment(value="2011-04-26T10:15", precision="minute", approximate=True, basis="explicit"))
        '~2011-04-26 10:15'
    """
    said = _told(moment) if moment.value is not None else _bounds(moment)
    return one_line(" ".join(part for part in (said, zone_words(moment.timezone)) if part))


def moment_short(moment: Moment, after: Moment | None) -> str:
    """Say a moment, leaving out the day (and zone) that it shares with the one before it.

    Example:
        >>> first = Moment(value="2011-04-26T10:15", precision="minute", basis="explicit")
        >>> moment_short(Moment(value="2011-04-26T11:30", precision="minute", basis="explicit"), first)
        '11:30'
    """
    words = moment_words(moment)
    if after is None or after.value is None or moment.value is None:
        return words
    day = moment.value[:10]
    same_day = len(day) == 10 and after.value[:10] == day
    prefix = "~" if moment.approximate else ""
    if same_day and words.startswith(f"{prefix}{day} "):
        words = prefix + words[len(prefix) + 11 :]
        zone = zone_words(moment.timezone)
        return words.removesuffix(f" {zone}") if zone and moment.timezone == after.timezone else words
    return words


def zone_words(timezone: str | None) -> str:
    """Name a time zone; an offset is one from UTC.

    Example:
        >>> zone_words("+02:00"), zone_words("Europe/Paris"), zone_words(None)
        ('UTC+02:00', 'Europe/Paris', '')
    """
    if timezone is None:
        return ""
    return f"UTC{timezone}" if timezone[:1] in "+-" else timezone


def _told(moment: Moment) -> str:
    value = moment.value or ""
    said = value_words(value)
    if moment.precision == "part_of_day" and said == value:
        said = f"{value} {_part_of_day(moment)}".strip()
    return f"~{said}" if moment.approximate else said


def _part_of_day(moment: Moment) -> str:
    earliest, latest = instant(moment.earliest), instant(moment.latest)
    if earliest is None or latest is None:
        return ""
    named = _PART_BY_HOURS.get((earliest.hour, latest.hour))
    return named or f"{earliest:%H:%M} to {latest:%H:%M}"


def _bounds(moment: Moment) -> str:
    if moment.earliest and moment.latest:
        return f"between {clock(moment.earliest)} and {clock(moment.latest)}"
    if moment.earliest:
        return f"after {clock(moment.earliest)}"
    return f"before {clock(moment.latest)}" if moment.latest else "open"


def instant(bound: str | None) -> datetime | None:
    """Read a bound of the record as a point of the calendar; nothing when it is open or has no year.

    Example:
        >>> instant("2011-04-25T12:00:00")
        datetime.datetime(2011, 4, 25, 12, 0)
        >>> instant("XXXX-04-25T12:00:00") is None
        True
    """
    if bound is None:
        return None
    try:
        return datetime.fromisoformat(bound).replace(tzinfo=None)
    except ValueError:
        return None


def value_words(value: str) -> str:
    """Say a TIMEX3 value: dates, parts of a day, weeks, seasons, durations, intervals and references.

    Example:
        >>> value_words("2011-04-25TAF"), value_words("PT24H/PT48H"), value_words("PXD")
        ('2011-04-25 afternoon', '24 h to 48 h', 'several days')
        >>> value_words("2011-W17-WE"), value_words("2011-Q2"), value_words("2011-SU")
        ('weekend of week 17, 2011', 'quarter 2 of 2011', 'summer 2011')
    """
    if "/" in value:
        return " to ".join(value_words(part) for part in value.split("/"))
    if value in _REFERENCES:
        return _REFERENCES[value]
    if value.startswith("P"):
        return iso_duration_words(value)
    return _date_words(value)


def _date_words(value: str) -> str:
    if (found := _PART_VALUE.fullmatch(value)) and found["part"] in _PARTS_OF_DAY:
        return f"{found['date']} {_PARTS_OF_DAY[found['part']]}"
    if found := _WEEK_VALUE.fullmatch(value):
        return f"{'weekend of ' if found['end'] else ''}week {int(found['week'])}, {found['year']}"
    if (found := _SEASON_VALUE.fullmatch(value)) and found["season"] in _SEASONS:
        return f"{_SEASONS[found['season']]} {found['year']}"
    if found := _QUARTER_VALUE.fullmatch(value):
        return f"quarter {found['quarter']} of {found['year']}"
    return value.replace("T", " ", 1) if re.match(r"[\dX-]+T\d", value) else value


def iso_duration_words(value: str) -> str:
    """Say an ISO 8601 duration, or a weekend in TIMEX3, with X for a number that is not told; else what is given.

    Example:
        >>> iso_duration_words("PT1H15M"), iso_duration_words("P2D"), iso_duration_words("PTXH")
        ('1 h 15 min', '2 days', 'several hours')
        >>> iso_duration_words("P1WE")
        '1 weekend'
    """
    found = _DURATION.fullmatch(value)
    parts = [(unit, number) for unit, number in found.groupdict().items() if number] if found else []
    return " ".join(_amount(number, unit) for unit, number in parts) or one_line(value)


def _amount(number: str, unit: str) -> str:
    if "X" in number:
        return f"several {_LONG_UNITS.get(unit, unit + 's')}"
    plural = "" if unit in _LONG_UNITS or number == "1" else "s"
    return f"{number} {unit}{plural}"


def duration_words(duration: Duration) -> str:
    """Say how long something lasted, with its bounds, and whether it was told or computed.

    Args:
        duration: A duration of the record.

    Returns:
        Words for a table cell.

    Example:
        >>> from extractor.records import Seconds
        >>> almost = Seconds(value=36000, min=32400, max=36000)
        >>> duration_words(Duration(value="PT10H", seconds=almost, approximate=True, basis="stated"))
        '9 to 10 h (stated)'
    """
    return f"{_length(duration)} ({'stated' if duration.basis == 'stated' else 'computed'})"


def duration_short(duration: Duration) -> str:
    """Say how long something lasted in a few characters; * marks what was computed.

    Example:
        >>> from extractor.records import Seconds
        >>> exact = Seconds(value=4500, min=4500, max=4500)
        >>> duration_short(Duration(value="PT1H15M", seconds=exact, basis="derived"))
        '1 h 15 min*'
    """
    star = "*" if duration.basis == "derived" else ""
    if duration.value is None:
        return f"{_length(duration)}{star}".replace("at least ", "≥ ").replace("at most ", "≤ ")
    return f"{'~' if duration.approximate else ''}{iso_duration_words(duration.value)}{star}"


def _length(duration: Duration) -> str:
    units = _HOUR_UNITS if (duration.value or "").startswith("PT") else _CLOCK_UNITS
    low, high = duration.seconds.min, duration.seconds.max
    if low is not None and high is not None and low != high:
        return _range_words(low, high, units)
    if low is not None and high is None:
        return f"at least {_seconds_words(low, units)}"
    if high is not None and low in (None, 0) and low != high:
        return f"at most {_seconds_words(high, units)}"
    told = iso_duration_words(duration.value) if duration.value else _seconds_words(low or 0, units)
    return f"~{told}" if duration.approximate else told


def _range_words(low: int, high: int, units: tuple[tuple[str, int], ...]) -> str:
    if low == 0:
        return f"at most {_seconds_words(high, units)}"
    first, last = _seconds_words(low, units), _seconds_words(high, units)
    (number, *unit), (_, *last_unit) = first.split(" "), last.split(" ")
    same_unit = [word.rstrip("s") for word in unit] == [word.rstrip("s") for word in last_unit]
    return f"{number} to {last}" if same_unit and len(unit) == 1 else f"{first} to {last}"


def _seconds_words(seconds: int, units: tuple[tuple[str, int], ...]) -> str:
    said: list[str] = []
    for unit, size in units:
        number, seconds = divmod(seconds, size)
        if number:
            said.append(_amount(f"{number:,}", unit))
    return " ".join(said[:2]) or "no time"


def time_words(mention: TimeMention) -> str:
    """Say what a temporal expression of the text means.

    Example:
        >>> time_words(TimeMention(start=0, end=9, text="gegen 14h", type="time", value="2011-04-25T14:00",
        ...     approximate=True, timezone="+02:00"))
        '~2011-04-25 14:00 UTC+02:00'
    """
    said = value_words(mention.value)
    hedged = f"~{said}" if mention.approximate and not said.startswith("several ") else said
    return one_line(" ".join(part for part in (hedged, zone_words(mention.timezone)) if part))


def quantity_words(quantity: Quantity) -> str:
    """Say a number of the impact.

    Example:
        >>> quantity_words(Quantity(value=40000, unit="people", approximate=True))
        'about 40,000 people'
        >>> quantity_words(Quantity(value=12.5, unit="percent"))
        '12.5 %'
    """
    number = f"{quantity.value:,.0f}" if quantity.value.is_integer() else f"{quantity.value:,}"
    unit = "%" if quantity.unit == "percent" else quantity.unit
    return f"{'about ' if quantity.approximate else ''}{number} {unit}"


def is_open_date(mention: TimeMention) -> bool:
    """Whether a temporal expression is a date whose year or day stays open.

    Example:
        >>> is_open_date(TimeMention(start=0, end=8, text="25 avril", type="date", value="XXXX-04-25"))
        True
    """
    return mention.type in ("date", "time", "interval") and "XXXX" in mention.value
