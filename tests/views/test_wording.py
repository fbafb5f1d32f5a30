import pytest

from extractor.records import Duration, Moment, Quantity, Seconds, TimeMention
from extractor.views.wording import (
    duration_short,
    duration_words,
    instant,
    language_name,
    moment_short,
    moment_words,
    one_line,
    published_words,
    quantity_words,
    time_words,
    value_words,
    visible,
)


def moment(value: str | None, **fields: object) -> Moment:
    return Moment.model_validate({"value": value, "basis": "explicit", **fields})


@pytest.mark.parametrize(
    ("shown", "given"),
    [
        ("2011-04-25", moment("2011-04-25", precision="day")),
        ("XXXX-04-25", moment("XXXX-04-25", precision="day")),
        ("2011", moment("2011", precision="year")),
        ("week 17, 2011", moment("2011-W17", precision="week")),
        ("2011-04-26 10:15", moment("2011-04-26T10:15", precision="minute")),
        ("~2011-04-26 10:15 UTC+02:00", moment("2011-04-26T10:15", approximate=True, timezone="+02:00")),
        ("2011-04-26 10:15 Asia/Tokyo", moment("2011-04-26T10:15", timezone="Asia/Tokyo")),
        ("before 2011-04-25", moment(None, latest="2011-04-25T00:00:00")),
        ("after 2011-04-25 16:50", moment(None, earliest="2011-04-25T16:50:00")),
        ("between 2011-04-25 and 2011-04-26 08:30", moment(None, earliest="2011-04-25", latest="2011-04-26T08:30:00")),
        ("open", moment(None)),
    ],
)
def test_a_moment_is_as_exact_as_the_text(shown: str, given: Moment) -> None:
    assert moment_words(given) == shown


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("2011-04-25T06:00:00", "2011-04-25T12:00:00", "2011-04-25 morning"),
        ("2011-04-25T12:00:00", "2011-04-25T18:00:00", "2011-04-25 afternoon"),
        ("2011-04-25T18:00:00", "2011-04-26T00:00:00", "2011-04-25 evening"),
        ("2011-04-25T21:00:00", "2011-04-26T06:00:00", "2011-04-25 night"),
        ("2011-04-25T11:00:00", "2011-04-25T13:30:00", "2011-04-25 11:00 to 13:30"),
        (None, "2011-04-25T13:30:00", "2011-04-25"),
    ],
)
def test_the_part_of_a_day_is_named_by_its_hours(first: str | None, last: str, shown: str) -> None:
    assert moment_words(moment("2011-04-25", precision="part_of_day", earliest=first, latest=last)) == shown


def test_the_end_leaves_out_the_day_and_zone_of_the_start_and_keeps_others() -> None:
    start = moment("2011-04-26T10:15", precision="minute", timezone="+02:00")
    assert moment_short(moment("2011-04-26T11:30", timezone="+02:00", approximate=True), start) == "~11:30"
    assert moment_short(moment("2011-04-26T09:30", timezone="+01:00"), start) == "09:30 UTC+01:00"
    assert moment_short(moment("2011-04-27T11:30", timezone="+02:00"), start) == "2011-04-27 11:30 UTC+02:00"
    assert moment_short(moment("2011-04-26"), start) == "2011-04-26"
    assert moment_short(moment(None, latest="2011-04-27T00:00:00"), start) == "before 2011-04-27"


@pytest.mark.parametrize(
    ("value", "bounds", "approximate", "basis", "long", "short"),
    [
        ("PT10H", (36_000, 32_400, 36_000), True, "stated", "9 to 10 h (stated)", "~10 h"),
        ("PT1H15M", (4_500, 4_500, 4_500), False, "derived", "1 h 15 min (computed)", "1 h 15 min*"),
        ("P2D", (172_800, 172_800, 172_800), False, "stated", "2 days (stated)", "2 days"),
        ("PT48H", (172_800, 172_800, 172_800), False, "stated", "48 h (stated)", "48 h"),
        ("P10D", (864_000, 777_600, 950_400), True, "stated", "9 to 11 days (stated)", "~10 days"),
        (None, (None, 172_800, None), True, "stated", "at least 2 days (stated)", "≥ 2 days"),
        ("PT3H", (None, 0, 10_800), False, "stated", "at most 3 h (stated)", "3 h"),
        ("PT50M", (3_000, 2_700, 3_300), True, "stated", "45 to 55 min (stated)", "~50 min"),
        ("PT1H", (3_600, 3_240, 3_960), True, "stated", "54 min to 1 h 6 min (stated)", "~1 h"),
        ("P1W", (None, None, None), True, "stated", "~1 week (stated)", "~1 week"),
    ],
)
def test_a_duration_says_its_bounds_and_its_basis(
    value: str | None, bounds: tuple[int | None, ...], approximate: bool, basis: str, long: str, short: str
) -> None:
    seconds = Seconds(value=bounds[0], min=bounds[1], max=bounds[2])
    duration = Duration.model_validate({"value": value, "seconds": seconds, "approximate": approximate, "basis": basis})
    assert (duration_words(duration), duration_short(duration)) == (long, short)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2011-04-25/2011-04-26", "2011-04-25 to 2011-04-26"),
        ("2017-02-28TNI", "2017-02-28 night"),
        ("XXXX-04-25T10:15", "XXXX-04-25 10:15"),
        ("PXD", "several days"),
        ("P1DT12H", "1 day 12 h"),
        ("PRESENT_REF", "now"),
        ("2011-WI", "winter 2011"),
        ("P", "P"),
        ("anything else", "anything else"),
    ],
)
def test_a_timex_value_is_said_in_words(value: str, shown: str) -> None:
    assert value_words(value) == shown


def test_several_is_hedge_enough() -> None:
    vague = TimeMention(start=0, end=4, text="days", type="duration", value="PXD", approximate=True)
    assert time_words(vague) == "several days"


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        (Quantity(value=1_500_000, unit="EUR", approximate=True), "about 1,500,000 EUR"),
        (Quantity(value=12.5, unit="percent"), "12.5 %"),
        (Quantity(value=3, unit="flights"), "3 flights"),
    ],
)
def test_a_quantity_has_its_unit(quantity: Quantity, shown: str) -> None:
    assert quantity_words(quantity) == shown


def test_a_bound_off_the_calendar_is_no_instant() -> None:
    assert instant("2011-02-30T00:00:00") is None
    assert instant("XXXX-02-03T00:00:00") is None
    assert instant(None) is None


def test_an_unknown_language_keeps_its_code() -> None:
    assert language_name("fr") == "French"
    assert language_name("xx") == "xx"
    assert language_name("\x1b[1m") == "␛[1m"


def test_one_open_date_is_singular() -> None:
    assert published_words(None, None, 1) == "no publication date: 1 date stays open for want of it"
    assert published_words(None, None, 0) == "no publication date"


@pytest.mark.parametrize(
    "code", [0, 7, 8, 0x1B, 0x7F, 0x85, 0x9B, 0x61C, 0x200F, 0x2028, 0x202E, 0x2069, 0xD800, 0xFEFF]
)
def test_no_acting_character_is_left(code: int) -> None:
    assert chr(code) not in visible(f"a{chr(code)}b")


def test_letters_of_every_script_and_joiners_stay() -> None:
    text = "été ελ かな עברית نمی‌شود 👩‍💻 a\u00a0b"
    assert visible(text) == text
    assert one_line(f" {text}\r\n\tx ") == f"{text} x"
