import pytest
from freezegun import freeze_time

from extractor.errors import InvalidDate
from extractor.publication import check


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2011-05-02", "2011-05-02"),
        (" 2011-05-02 ", "2011-05-02"),
        ("2011-05-02T08:30", "2011-05-02T08:30"),
        ("2011-05-02T08:30:15+02:00", "2011-05-02T08:30"),
        ("2011-05-02T08:30Z", "2011-05-02T08:30"),
        ("2 May 2011", "2011-05-02"),
        ("May 2, 2011", "2011-05-02"),
        ("lundi 2 mai 2011", "2011-05-02"),
        ("2. Mai 2011", "2011-05-02"),
        ("2 de mayo de 2011", "2011-05-02"),
        ("Mon, 02 May 2011 08:30:00 GMT", "2011-05-02T08:30"),
    ],
)
def test_read(written: str, expected: str) -> None:
    assert check(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "hier",
        "2 May",
        "May 2011",
        "02/05/2011",
        "31 June 2011",
        "2011-02-30",
        "soon",
        "x" * 5_000,
        "10:30",
        "2011",
    ],
)
@pytest.mark.parametrize("today", ["2011-05-02", "2048-02-29"])
def test_refused_whatever_the_date_today(written: str, today: str) -> None:
    with freeze_time(today), pytest.raises(InvalidDate):
        check(written)
