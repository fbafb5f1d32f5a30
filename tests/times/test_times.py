"""Values, bounds, bases, anchors and warnings, case by case."""

from pathlib import Path

import pytest

from extractor.errors import InvalidDate, KnowledgeInvalid, LanguageUnsupported
from extractor.times import ResolvedTime, load_knowledge, read, tag
from extractor.times.knowledge import knowledge_of


def one(text: str, language: str = "en", published: str | None = "2011-05-02") -> ResolvedTime:
    return read(text, knowledge_of(language), published).mentions[-1]


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("on 26 April at 10:15", "2011-04-26T10:15:00", "2011-04-26T10:16:00"),
        ("at 8 p.m. on 26 April", "2011-04-26T00:00:00", "2011-04-27T00:00:00"),
        ("on 26 April, 8 p.m.", "2011-04-26T20:00:00", "2011-04-26T21:00:00"),
        ("26 April, around 10:15", "2011-04-26T09:45:00", "2011-04-26T10:45:00"),
        ("26 April, shortly before 10:15", None, "2011-04-26T10:15:00"),
        ("26 April, shortly after 10:15", "2011-04-26T10:15:00", None),
        ("Monday morning", "2011-05-02T06:00:00", "2011-05-02T12:00:00"),
        ("the evening of 26 April", "2011-04-26T18:00:00", "2011-04-27T00:00:00"),
        ("the night of 26 April", "2011-04-26T21:00:00", "2011-04-27T06:00:00"),
        ("last week", "2011-04-25T00:00:00", "2011-05-02T00:00:00"),
        ("in March 2010", "2010-03-01T00:00:00", "2010-04-01T00:00:00"),
    ],
)
def test_bounds(text: str, earliest: str | None, latest: str | None) -> None:
    found = one(text)
    assert (found.earliest, found.latest) == (earliest, latest)


@pytest.mark.parametrize(
    ("text", "value", "seconds", "approximate"),
    [
        ("for 10 hours", "PT10H", (36000, 36000, 36000), False),
        ("for nearly 10 hours", "PT10H", (36000, 32400, 36000), True),
        ("for about 10 hours", "PT10H", (36000, 32400, 39600), True),
        ("for more than two hours", "PT2H", (7200, 7200, None), True),
        ("for less than two hours", "PT2H", (7200, 0, 7200), True),
        ("for several days", "PXD", (None, 172800, None), True),
        ("an hour and a half", "PT1H30M", (5400, 5400, 5400), False),
        ("24 to 48 hours", "PT24H/PT48H", (None, 86400, 172800), False),
    ],
)
def test_durations(
    text: str, value: str, seconds: tuple[int | None, int | None, int | None], approximate: bool
) -> None:
    found = one(text)
    assert (found.type, found.value, found.seconds, found.approximate) == ("duration", value, seconds, approximate)


def test_bound_side() -> None:
    assert one("shortly before 10:15").bound == "before"
    assert one("shortly after 10:15").bound == "after"
    assert one("around 10:15").bound is None


def test_without_publication_the_year_stays_open() -> None:
    reading = read("On 25 April it broke; the next day it was back.", knowledge_of("en"), None)
    assert [time.value for time in reading.mentions] == ["XXXX-04-25", "XXXX-04-26"]
    assert [time.earliest for time in reading.mentions] == [None, None]
    assert {warning.code for warning in reading.warnings} == {"year_unknown"}


def test_a_year_told_elsewhere_is_taken_over() -> None:
    reading = read("It broke on 25 April 2011. On 27 April it was back.", knowledge_of("en"), None)
    assert [time.value for time in reading.mentions] == ["2011-04-25", "2011-04-27"]
    assert reading.mentions[1].basis == "context"


@pytest.mark.parametrize("text", ["on 31 June 2011", "on 29 February 2011", "on 2 May at 24:30", "2011-02-30"])
def test_impossible_dates_are_warnings(text: str) -> None:
    reading = read(text, knowledge_of("en"), "2011-05-02")
    assert [warning.code for warning in reading.warnings] == ["impossible_date"]


def test_24_hours_is_the_next_midnight() -> None:
    assert one("on 26 April, 24:00").value == "2011-04-27T00:00"


def test_local_time_is_not_shifted() -> None:
    found = one("on 28 February 2017, 09:37 PST", published="2017-03-02")
    assert (found.value, found.timezone) == ("2017-02-28T09:37", "-08:00")


def test_a_zone_governs_the_text() -> None:
    found = one("All times in UTC. On 28 February 2017 it broke at 09:37.", published="2017-03-02")
    assert found.timezone == "UTC"


def test_anchor_of_a_bare_clock() -> None:
    text = "« A huit heures le 26 avril, ce travail a fourni des instructions » ; à 10h15, une panne."
    found = one(text, "fr")
    assert [text[start:end] for start, end in found.anchors] == ["huit heures le 26 avril"]
    assert found.basis == "context"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It failed on Thursday at 5:40, as a disk had filled overnight. At 9:25 it was emptied.", "2025-06-19T09:25"),
        ("It failed on Thursday at 10:00. During the night, at 3:00, it came back.", "2025-06-20T03:00"),
        ("It failed on Thursday night. It came back at 6:30.", "2025-06-20T06:30"),
    ],
)
def test_a_clock_after_a_night_is_the_next_day_s_unless_that_night_has_passed(text: str, expected: str) -> None:
    assert tag(text, "en", "2025-06-20")[-1].value == expected


def test_vague_references_are_marked() -> None:
    assert one("It is currently down.").vague


def test_numbers_that_are_no_times() -> None:
    text = "Call 112 or 15, pay 12.30 euros, update to 2.1.7 on 10.0.0.15:8443, flight 1830, 40 percent of 17.500."
    assert tag(text, "en", "2011-05-02") == []


def test_unknown_language() -> None:
    with pytest.raises(LanguageUnsupported):
        tag("x", "../en")


def test_invalid_publication_date() -> None:
    with pytest.raises(InvalidDate):
        tag("x", "en", "yesterday")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("words:\n  month: {january: 13}\n", 2),
        ("words:\n  mnth: {january: 1}\n", 2),
        ("words:\n  part:\n    noon: MIDI\n", 3),
        ("groups:\n- name: x\n  makes: time\n  patterns:\n  - '<d=1..31'\n  - '<nonsense>'\n", 6),
        ("groups:\n- name: x\n  makes: time\n  patterns:\n  - 'a -> hour=3'\n", 5),
        ("groups:\n- name: x\n  makes: time\n  patterns:\n  - '( a'\n", 5),
    ],
)
def test_damaged_knowledge_names_file_and_line(tmp_path: Path, data: str, line: int) -> None:
    path = tmp_path / "xx" / "times.yaml"
    path.parent.mkdir()
    path.write_text(data, encoding="utf-8")
    with pytest.raises(KnowledgeInvalid, match=rf"times\.yaml:{line}:"):
        load_knowledge(path.parent)
