"""What holds for every text: true offsets, no exception, linear time, the same answer on every machine."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from timeit import timeit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.times import models_folder, read, tag
from extractor.times.knowledge import FILE, SHARED, knowledge_of

LANGUAGES = sorted(path.parent.name for path in models_folder().glob(f"*/{FILE}") if path.parent.name != SHARED)
PIECES = st.sampled_from(
    ["10", "h", "15", ":", ".", "26", "avril", "April", "2011", "/", "-", " ", "\n", "\n\n", "|", "le", "a", "Monday",
     "ago", "hier", "24:30", "31", "02", "heures", "Uhr", "de", "las", "P", "T", "UTC", ",", "\u00a0", "e\u0301", "1",
     "\ud800", "\x00", "99999999999", "last", "semaine", "zwei", "Tage", "between", "and", "29", "febrero"]
)  # fmt: skip
ATTACKS: dict[str, Callable[[int], str]] = {
    "digits": lambda n: "1" * n,
    "blanks": lambda n: " " * n,
    "a": lambda n: "a " * n,
    "dates": lambda n: "25 April 2011, " * n,
    "clocks": lambda n: "10:15 " * n,
    "numbers": lambda n: "one " * n,
    "dashes": lambda n: "1-" * n,
    "dots": lambda n: "1." * n,
    "days": lambda n: "the day before the " * n,
    "marks": lambda n: "e\u0301" * n,
}


def check(text: str, language: str, published: str | None) -> None:
    reading = read(text, knowledge_of(language), published)
    end = 0
    for mention in reading.mentions:
        assert text[mention.start : mention.end] == mention.text != ""
        assert mention.start >= end
        end = mention.end
        mention.mention()
    for warning in reading.warnings:
        assert 0 <= warning.start < warning.end <= len(text)


@settings(max_examples=200, deadline=None)
@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_unicode(text: str, language: str) -> None:
    check(text, language, "2011-05-02")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(PIECES, max_size=30),
    st.sampled_from(LANGUAGES),
    st.sampled_from([None, "2011-05-02", "2012-02-29T08:15", "0001-01-01", "9999-12-31"]),
)
def test_pieces_of_expressions(pieces: list[str], language: str, published: str | None) -> None:
    check("".join(pieces), language, published)
    check(" ".join(pieces), language, published)


@settings(max_examples=100, deadline=None)
@given(st.dates(), st.sampled_from(LANGUAGES))
def test_iso_dates_are_read(day: object, language: str) -> None:
    text = f"{day}"
    found = tag(text, language)
    assert [time.value for time in found] == ([text] if 1900 <= int(text[:4]) <= 2099 else [])


def seconds(text: str) -> float:
    """The time of this thread, without the garbage collector: that goes through all that other tests left behind."""
    return timeit(lambda: tag(text, "en", "2011-05-02"), timer=time.thread_time, number=1)


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_time_grows_with_the_length_alone(name: str) -> None:
    attack, size = ATTACKS[name], 1_500
    seconds(attack(size))
    small = max(min(seconds(attack(size)) for _ in range(3)), 0.01)
    assert min(seconds(attack(2 * size)) for _ in range(3)) / small < 3


@pytest.mark.parametrize("text", ["1" * 50_000, "a " * 50_000])
def test_long_attacks_end(text: str) -> None:
    assert seconds(text) < 20


def test_same_bytes_everywhere() -> None:
    text = "Down since Monday 10:15 UTC for nearly 3 hours; last week, on 12 March and two days later."
    code = f"from extractor.times import tag; print([m.model_dump_json() for m in tag({text!r}, 'en', '2021-03-20')])"
    outputs = set()
    for seed, zone, lang in (
        ("0", "UTC", "C"),
        ("7", "Pacific/Auckland", "fr_FR.UTF-8"),
        ("99", "America/New_York", "tr_TR.UTF-8"),
    ):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": lang}
        root = Path(__file__).resolve().parents[2]
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env, cwd=root
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert json.loads(outputs.pop().strip().strip("[]").split("', '")[0].strip("'"))["value"]


def test_no_heavy_import() -> None:
    heavy = ("spacy", "dateparser", "langdetect")
    code = f"import sys, extractor.times as t; t.tag('hier', 'fr'); print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
