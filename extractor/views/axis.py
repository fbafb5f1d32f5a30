"""The picture of when: one bar a moment on a common axis, as wide as the text leaves it open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from extractor.records import Incident, Moment
from extractor.views.markup import Html, join, tag
from extractor.views.wording import clock, instant, moment_words

_STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 43_200, 129_600, 525_600, 5_256_000)
)
_MOST_TICKS = 5
_THINNEST = 0.8
_FEWEST_LANES = 2


@dataclass(frozen=True)
class _Lane:
    label: str
    words: str
    start: datetime
    end: datetime
    kind: str


@dataclass(frozen=True)
class _Scale:
    start: datetime
    end: datetime

    def percent(self, point: datetime) -> float:
        return 100 * ((point - self.start) / (self.end - self.start))


def time_axis(incident: Incident) -> Html | None:
    """Draw the moments of an incident, and between its start and its end the time that it lasted.

    Args:
        incident: An incident of the report.

    Returns:
        The picture, or None when fewer than two moments have both bounds on the calendar.

    Example:
        >>> time_axis(Incident(id="a#1", role="primary", kind="outage", status="unknown")) is None
        True
    """
    lanes = _lanes(incident)
    if len(lanes) < _FEWEST_LANES:
        return None
    scale = _scale(lanes)
    outage = _outage_lane(incident, scale)
    rows = [*([outage] if outage else []), *(_lane_row(lane, scale) for lane in lanes), _ticks_row(scale)]
    return tag("figure", tag("ol", *rows), class_="axis", aria_label="Timeline")


def _lanes(incident: Incident) -> list[_Lane]:
    main = {
        "started": incident.started_at,
        "detected": incident.detected_at,
        "mitigated": incident.mitigated_at,
        "resolved": incident.resolved_at,
    }
    told: list[tuple[str, Moment]] = [(kind, moment) for kind, moment in main.items() if moment is not None]
    for entry in incident.timeline:
        if (entry.kind, entry.moment.value) not in {(kind, moment.value) for kind, moment in told}:
            told.append(("timeline" if entry.kind == "other" else entry.kind, entry.moment))
    lanes = [lane for kind, moment in told if (lane := _lane(kind, moment))]
    return sorted(lanes, key=lambda lane: (lane.start, lane.end))


def _lane(kind: str, moment: Moment) -> _Lane | None:
    start, end = instant(moment.earliest), instant(moment.latest)
    if start is None or end is None or end <= start:
        return None
    exact = moment.precision in ("minute", "second") and not moment.approximate
    return _Lane(kind, moment_words(moment), start, end, "sure" if exact else "maybe")


def _scale(lanes: list[_Lane]) -> _Scale:
    return _Scale(min(lane.start for lane in lanes), max(lane.end for lane in lanes))


def _outage_lane(incident: Incident, scale: _Scale) -> Html | None:
    if incident.started_at is None or incident.resolved_at is None:
        return None
    first, last = _lane("", incident.started_at), _lane("", incident.resolved_at)
    if first is None or last is None or last.end <= first.start:
        return None
    bars = [_bar(first.start, last.end, scale, "down-maybe")]
    if first.end < last.start:
        bars.append(_bar(first.end, last.start, scale, "down"))
    return _row("outage", "from start to end", bars, scale)


def _lane_row(lane: _Lane, scale: _Scale) -> Html:
    return _row(lane.label, lane.words, [_bar(lane.start, lane.end, scale, lane.kind)], scale)


def _row(label: str, words: str, bars: list[Html], scale: _Scale) -> Html:
    lines = [tag("line", x1=_at(x), x2=_at(x), y1="0", y2="100%", class_="grid") for x, _ in _ticks(scale)]
    picture = tag("svg", *lines, *bars, aria_hidden="true")
    return tag("li", tag("span", tag("b", label), " ", words), picture)


def _bar(start: datetime, end: datetime, scale: _Scale, kind: str) -> Html:
    left = scale.percent(start)
    width = max(scale.percent(end) - left, _THINNEST)
    return tag("rect", x=_at(min(left, 100 - width)), width=_at(width), y="25%", height="50%", rx="2", class_=kind)


def _at(percent: float) -> str:
    return f"{percent:.2f}%"


def _ticks_row(scale: _Scale) -> Html:
    marks = [tag("text", words, x=_at(x), y="0.8em", text_anchor=_anchor(x)) for x, words in _ticks(scale)]
    return tag("li", tag("span"), tag("svg", join(*marks), class_="ticks", aria_hidden="true"))


def _anchor(percent: float) -> str:
    return "start" if percent < 8 else "end" if percent > 92 else "middle"


def _ticks(scale: _Scale) -> list[tuple[float, str]]:
    span = scale.end - scale.start
    step = next((step for step in _STEPS if span / step <= _MOST_TICKS), _STEPS[-1])
    of_the_day = scale.start - scale.start.replace(hour=0, minute=0, second=0, microsecond=0)
    offset = step * -(-of_the_day // step) - of_the_day
    ticks: list[tuple[float, str]] = []
    while offset <= span and len(ticks) <= _MOST_TICKS:
        point = scale.start + offset
        ticks.append((scale.percent(point), _tick_words(point, step, first=not ticks)))
        offset += step
    return ticks


def _tick_words(point: datetime, step: timedelta, *, first: bool) -> str:
    if first:
        return clock(point.isoformat(timespec="minutes"))
    if step >= timedelta(days=365):
        return f"{point.year:04}"
    midnight = point.hour == point.minute == 0
    return f"{point:%m-%d}" if midnight else f"{point:%H:%M}"
