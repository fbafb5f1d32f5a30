"""When a document was published: given, or told by its dateline. Never the machine's date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from extractor.errors import InvalidDate
from extractor.languages import recognised, supported
from extractor.limits import DATEPARSER_CACHE
from extractor.records import PublishedBasis
from extractor.times import ResolvedTime

#: How far into a text a dateline may stand, in characters.
DATELINE_REACH = 200
_LONGEST = 60


def check(published: str | date) -> str:
    """A publication date as ISO 8601, as fine as it was given; an offset is left aside, the clock is the publisher's.

    ISO 8601 is read as it stands; a date that is written out, in any language that is recognised, by dateparser.

    Raises:
        InvalidDate: No full date, or one whose order cannot be known (02/05/2011).

    Example:
        >>> check("2011-05-02"), check("2021-03-10T08:15"), check("2 mai 2011")
        ('2011-05-02', '2021-03-10T08:15', '2011-05-02')
    """
    written = published.isoformat() if isinstance(published, date) else published.strip()
    try:
        moment, clock = datetime.fromisoformat(written), len(written) > 10
    except ValueError:
        read = _written_out(written)
        if read is None:
            raise InvalidDate(f"{published!r} is no date such as 2011-05-02, 2011-05-02T08:30 or 2 May 2011") from None
        moment, clock = read, ":" in written
    if not clock:
        return moment.date().isoformat()
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")


@lru_cache(maxsize=DATEPARSER_CACHE)
def _written_out(text: str) -> datetime | None:
    """Read a date with a month in letters; only absolute dates, so that the machine's own date never matters."""
    if len(text) > _LONGEST or not any(sign.isalpha() for sign in text):
        return None
    import dateparser
    from dateparser.data.languages_info import language_order

    settings: Any = {
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "RELATIVE_BASE": datetime(2000, 1, 1),
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    known = sorted({*supported(), *recognised()} & set(language_order))
    moment: datetime | None = dateparser.parse(text, languages=known, settings=settings)
    return moment


def dateline(text: str, times: Sequence[ResolvedTime]) -> str | None:
    """The date of the text's dateline: a full date at the head of a line that a dash, a bar or the line's end closes.

    Args:
        text: The text.
        times: Its times, read without a publication date.

    Returns:
        ISO 8601 date, or None.
    """
    for time in times:
        if time.start > DATELINE_REACH:
            return None
        full = time.value[:4].isdigit() and time.precision in ("day", "minute", "second")
        if time.basis != "explicit" or not full:
            continue
        line_start = text.rfind("\n", 0, time.start) + 1
        line_end = text.find("\n", time.end)
        after = text[time.end : len(text) if line_end < 0 else line_end].lstrip(" ,.)*_0123456789:hH")
        before = text[line_start : time.start].strip()
        head = len(before) <= 40 and not any(sign in before for sign in ".!?;")
        if head and (after == "" or after[0] in "-–—|/("):
            return time.value[:10]
    return None


def basis(published: str | None, told: PublishedBasis) -> PublishedBasis | None:
    """Where a given publication date comes from; None when there is none."""
    return told if published else None
