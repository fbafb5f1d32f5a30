"""What is known while a text is read: the publication date, the day the story is at, the heading of a log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from extractor.errors import InvalidDate
from extractor.records import MomentBasis
from extractor.times import calendar
from extractor.times.calendar import Period
from extractor.times.reading import Span

#: A day so long before publication is another week's.
_FAR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """The publication date, with its time of day when that is known."""

    day: date
    moment: datetime | None

    @classmethod
    def parse(cls, published: str | None) -> PublicationDate | None:
        """Read an ISO date or date-time; an offset is left aside, for the clock is the publisher's.

        Raises:
            InvalidDate: It is neither.
        """
        if not published:
            return None
        try:
            moment = datetime.fromisoformat(published).replace(tzinfo=None)
        except ValueError as error:
            raise InvalidDate(f"{published!r} is no ISO date (2011-05-02) or date-time (2011-05-02T08:15)") from error
        return cls(moment.date(), moment if len(published) > 10 else None)


@dataclass(frozen=True, slots=True)
class Located:
    """A day or period that an expression means.

    Attributes:
        period: The period; when the year is not known, in a year that stands for it.
        year_known: The year is told.
        basis: Where day and year come from.
        anchors: The expressions that gave it.
        part: The part of that day that the expression told.
        at_head: It is the heading of a dated log.
        beside: The expression stands beside the one it belongs to.
        unsaid: The value to print when not even a placeholder year makes sense.
    """

    period: Period
    year_known: bool = True
    basis: MomentBasis = "explicit"
    anchors: tuple[Span, ...] = ()
    part: str | None = None
    at_head: bool = False
    beside: bool = False
    unsaid: str | None = None


class Context:
    """The state between one expression and the next."""

    def __init__(self, publication: PublicationDate | None, only_year: int | None) -> None:
        """Start a text.

        Args:
            publication: Its publication date.
            only_year: The only year that the text tells, if it tells one.
        """
        self.publication = publication
        self.only_year = only_year
        self.moment: datetime | None = None
        self.heading: Located | None = None
        self._line: Located | None = None
        self._latest: Located | None = None
        self._day: Located | None = None
        self._aside: Located | None = None
        self._reported: Located | None = None
        self._period: Located | None = None
        self._spoken: Located | None = None
        self._first: Located | None = None

    @property
    def publication_moment(self) -> datetime | None:
        """When the text was published, if its clock is known."""
        return self.publication.moment if self.publication else None

    @property
    def anchors(self) -> tuple[Span, ...]:
        """The expressions that gave the day the story is at."""
        return self._day.anchors if self._day else ()

    @property
    def year_known(self) -> bool:
        """Whether the day the story is at has a year."""
        return self._day is None or self._day.year_known

    def tell(
        self,
        located: Located,
        anchors: tuple[Span, ...],
        moment: datetime | None,
        reported: bool,
        part: str | None = None,
        heading: bool = False,
        aside: bool = False,
    ) -> None:
        """Take note of what an expression means.

        Args:
            located: Its day or period.
            anchors: The expression itself, and what it hangs on.
            moment: Its time of day.
            reported: It only says when somebody spoke.
            part: The part of the day that it tells.
            heading: It heads a section of a log.
            aside: It looks back from the story and does not move it.
        """
        if moment is not None and self._day is not None and self._day.period == located.period:
            part = part or self._day.part
        remembered = replace(located, anchors=anchors, part=part, at_head=False, beside=False)
        if located.unsaid:
            return
        self._spoken = remembered if reported and located.period.grain == "day" else None
        self._aside = remembered if aside and self._day is not None else None
        if self._aside is not None:
            return
        if reported:
            self._reported = remembered
            return
        self._period = remembered
        if located.period.grain != "day":
            return
        if moment is not None and located.basis == "context" and self._day and self._day.period == located.period:
            remembered = replace(remembered, anchors=self._day.anchors)
        past = self.publication is None or located.period.start <= self.publication.day
        if past and (self._latest is None or self._latest.period.start <= located.period.start):
            self._latest = remembered
        if moment is None and self._day is not None and self._day.period == located.period:
            moment = self.moment
        self._day, self.moment = remembered, moment
        if moment is not None and self._line is None:
            self._line = remembered
        if past and self._first is None:
            self._first = remembered
        if heading or located.at_head:
            self.heading = remembered

    def line_day(self) -> Located | None:
        """The day of a time that starts a line of a log or table: its heading's, else that of the first time told."""
        known = self.heading or self._line
        if known is None:
            return None
        return replace(known, basis="context", at_head=True, part="NI" if known.part == "NI" else None)

    def day_told(self, looks_ahead: bool = False) -> Located | None:
        """The day that a bare time of day is on: the story's, else that of a report, else the publication's.

        A day to come is only mentioned: unless the words look ahead, the story goes on at the latest day before it.
        """
        known = self._day or self._reported
        coming = self.publication is not None and known is not None and known.period.start > self.publication.day
        if coming and not looks_ahead and self._latest is not None:
            known = self._latest
        if known is not None:
            return replace(known, basis="context")
        if self.publication is None:
            return None
        return Located(calendar.day_period(self.publication.day), basis="publication")

    def event_day(self) -> Located | None:
        """The day of what the text is about: the first day that its story tells."""
        return self._first or self._reported

    def told(self, in_text: bool, unit: str) -> Located | None:
        """What an expression like "three days later" (in the text) or "three days ago" counts from."""
        if in_text and self._aside is not None:
            return self._aside
        if in_text and self._spoken is not None:
            return self._spoken
        if in_text and self._day is not None and unit == "day":
            return self._day
        if in_text and self._period is not None:
            return self._period
        if in_text and self._reported is not None:
            return self._reported
        if self.publication is None:
            return None
        return Located(calendar.day_period(self.publication.day), basis="publication")

    def day_told_in_text(self) -> bool:
        """Whether the text has told a day so far."""
        return self._day is not None or self._reported is not None

    def story_day(self) -> Located | None:
        """The day the story is at."""
        return self._day

    def weekday_anchor(self) -> Located | None:
        """What weekdays count from, when that is a day of the story and not the publication.

        It is the day that the story is at or, when that only looked back, the latest one told.
        """
        anchor, latest = self._day, self._latest
        if anchor is not None and latest is not None and latest.period.start - anchor.period.start >= _FAR:
            anchor = latest
        return anchor if anchor is not None and self._is_far(anchor) else None

    def far_day(self) -> Located | None:
        """The day the story is at, when it lies a week or more before publication, or ahead of it."""
        return self._day if self._day is not None and self._is_far(self._day) else None

    def _is_far(self, located: Located) -> bool:
        if not located.year_known:
            return False
        return self.publication is None or not timedelta() <= self.publication.day - located.period.start < _FAR
