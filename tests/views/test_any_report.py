"""Whatever a report holds, both views show it: odd values, bounds off the calendar, every character."""

import re
from io import StringIO

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from extractor.records import Cause, Duration, Evidence, Incident, Moment, Organization, Report, Seconds, TimeMention
from extractor.views.page import render_page
from extractor.views.table import render_table
from tests.views.reports import document, harbour

ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
VALUES = st.sampled_from(["2011-04-25", "XXXX-04-25", "2011-W17", "PT1H", "2011-04-25TAF", "2011-02-30T25:61", "\x1b"])
BOUNDS = st.none() | st.sampled_from(["2011-04-25T00:00:00", "2011-04-26T00:00:00", "9999-12-31T23:59:59", "no date"])
COUNTS = st.none() | st.integers(0, 10**9)


@st.composite
def reports(draw: st.DrawFn) -> tuple[Report, str]:
    text = draw(st.text(max_size=80))

    def words() -> Evidence:
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, len(text)))
        return Evidence(start=start, end=end, text=text[start:end], speaker=draw(st.none() | st.text(max_size=4)))

    def several() -> tuple[Evidence, ...]:
        return tuple(words() for _ in range(draw(st.integers(0, 3))))

    def moment() -> Moment:
        fields = {"earliest": draw(BOUNDS), "latest": draw(BOUNDS), "evidence": several()}
        basis = draw(st.sampled_from(["publication", "context", "derived"]))
        precision = draw(st.sampled_from([None, "month", "day", "part_of_day", "minute"]))
        value = draw(st.none() | VALUES)
        return Moment.model_validate(fields | {"value": value, "basis": basis, "precision": precision})

    seconds = Seconds(value=draw(COUNTS), min=draw(COUNTS), max=draw(COUNTS))
    incident = Incident(
        id="a#1",
        role="primary",
        kind="outage",
        status="ongoing",
        summary=words(),
        evidence=several(),
        started_at=moment(),
        resolved_at=moment(),
        duration=Duration(value=draw(st.none() | VALUES), seconds=seconds, basis="stated", evidence=several()),
        causes=(Cause(text="", category="bug", evidence=several()),),
        organizations=(Organization(name=draw(st.text(max_size=20)), role="supplier", evidence=several()),),
    )
    times = [
        TimeMention(start=found.start, end=found.end, text=found.text, type="date", value=draw(VALUES))
        for found in several()
    ]
    info = document(text.encode("utf-8", "replace").decode(), length=len(text), id=draw(st.text(max_size=20)))
    known = harbour().provenance
    return Report(document=info, relevance=1, incidents=(incident,), times=tuple(times), provenance=known), text


@settings(max_examples=60, deadline=None)
@given(reports(), st.integers(20, 200))
def test_any_report_is_shown_and_nothing_acts(drawn: tuple[Report, str], width: int) -> None:
    report, text = drawn
    page = render_page(report, text)
    out = StringIO()
    render_table(report, text, Console(file=out, width=width), explain=True)
    for output in (page, out.getvalue()):
        output.encode("utf-8")
        assert not ACTING.search(output)
