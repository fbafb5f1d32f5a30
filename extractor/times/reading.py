"""What the tagger hands on: resolved expressions and warnings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extractor.records import MomentBasis, Precision, TimeMention, TimeType

Span = tuple[int, int]
Seconds = tuple[int | None, int | None, int | None]
Bound = Literal["before", "after"]
WarningCode = Literal["impossible_date", "year_unknown"]


@dataclass(frozen=True, slots=True)
class ResolvedTime:
    """A temporal expression and what it means; the fields of ``TimeMention`` and what the next stages need.

    Attributes:
        start: First code point of the expression.
        end: One past the last.
        text: The expression.
        type: date, time, duration, set or interval.
        value: TIMEX3 value.
        earliest: Lower bound, included.
        latest: Upper bound, excluded.
        precision: How fine a date or time is.
        timezone: IANA name or offset, when the text gives one.
        approximate: The text hedges the value.
        basis: Where day and year come from.
        rule: The group of patterns that found it.
        anchors: Spans of the expressions that gave its day or year.
        seconds: For durations: value, least and most seconds.
        vague: A mere reference to present, past or future.
        bound: Only this side of the value is told.
    """

    start: int
    end: int
    text: str
    type: TimeType
    value: str
    earliest: str | None = None
    latest: str | None = None
    precision: Precision | None = None
    timezone: str | None = None
    approximate: bool = False
    basis: MomentBasis = "explicit"
    rule: str = ""
    anchors: tuple[Span, ...] = ()
    seconds: Seconds = (None, None, None)
    vague: bool = False
    bound: Bound | None = None

    def mention(self, explain: bool = False) -> TimeMention:
        """The record of the report."""
        return TimeMention(
            start=self.start,
            end=self.end,
            text=self.text,
            type=self.type,
            value=self.value,
            earliest=self.earliest,
            latest=self.latest,
            precision=self.precision,
            timezone=self.timezone,
            approximate=self.approximate,
            basis=self.basis,
            rule=self.rule if explain else None,
        )


@dataclass(frozen=True, slots=True)
class TimeWarning:
    """Something to check: a stable code, a sentence, and the span it is about."""

    code: WarningCode
    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class TimeReading:
    """Everything temporal that a text says, in order."""

    mentions: tuple[ResolvedTime, ...]
    warnings: tuple[TimeWarning, ...]
