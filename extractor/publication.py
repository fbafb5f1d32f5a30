"""When a document was published: given, or told by its dateline. Never the machine's date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from extractor.errors import InvalidDate
from extractor.records import PublishedBasis
from extractor.times import ResolvedTime

#: How far into a text a dateline may stand, in characters.
DATELINE_REACH = 200


def check(published: str) -> str:
    """A publication date as ISO 8601, as fine as it was given and without an offset's guesswork.

    Raises:
        InvalidDate: Not ISO 8601.

    Example:
        >>> check("2011-05-02"), check("2021-03-10T08:15")
        ('2011-05-02', '2021-03-10T08:15')
    """
    try:
        moment = datetime.fromisoformat(published.strip())
    except ValueError as error:
        raise InvalidDate(
            f"{published!r} is no ISO 8601 date or date-time, such as 2011-05-02 or 2011-05-02T08:30"
        ) from error
    if len(published.strip()) <= 10:
        return moment.date().isoformat()
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")


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
