"""What must hold for every text: true offsets, equal bytes, no exception."""

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor import extract
from extractor.cleaning import clean
from extractor.errors import ExtractorError
from extractor.pipeline import Document, Extractor

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "corpus" / "fr" / "fr-cloud-foundry-2011.txt"

# Sentences of incidents between runs of anything: the spans must stay true whatever stands around them.
SENTENCES = st.sampled_from(
    [
        "The website was down from 9:00 to 10:30 on 3 May 2024 after a power failure.",
        "Le site est resté inaccessible mardi à cause d'une erreur de configuration.",
        "“We pulled the wrong cable at 14:05,” said Ann Poe of Northway.",
        "Aucune donnée n'a été perdue ; 17.500 clients ont été privés d'Internet.",
        "panne\u0301 e\u0301lectrique le 25 avril \u202eà 10h15",
    ]
)
ANYTHING = st.text(st.characters(codec=None, categories=None), max_size=60)
TEXTS = st.lists(st.one_of(SENTENCES, ANYTHING), max_size=6).map(" ".join)


def spans(value: object) -> list[dict[str, object]]:
    """Everything in a report that has start, end and text."""
    if isinstance(value, dict):
        own = [value] if {"start", "end", "text"} <= value.keys() else []
        return own + [span for item in value.values() for span in spans(item)]
    if isinstance(value, list | tuple):
        return [span for item in value for span in spans(item)]
    return []


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, language=st.sampled_from(["en", "fr"]), published=st.sampled_from([None, "2024-05-08"]))
def test_every_span_is_verbatim(text: str, language: str, published: str | None) -> None:
    report = Extractor(include_text=True)(Document(text=text, language=language, published=published))
    shown = report.document.text
    assert shown is not None
    assert len(shown) == report.document.length
    for span in spans(report.model_dump()):
        assert shown[span["start"] : span["end"]] == span["text"]
    report.model_dump_json().encode("utf-8")


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters(codec=None, categories=None), max_size=200))
def test_cleaning_is_one_to_one_and_final(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.text) == len(text.removeprefix("\ufeff"))
    assert clean(cleaned.text).text == cleaned.text.removeprefix("\ufeff")
    assert cleaned.analysed == unicodedata.normalize("NFC", cleaned.text)
    cleaned.text.encode("utf-8")
    assert "\x00" not in cleaned.text


def test_composed_and_decomposed_text_give_the_same_incidents() -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    composed = extract(unicodedata.normalize("NFC", text), "2011-05-02")
    decomposed = extract(unicodedata.normalize("NFD", text), "2011-05-02")
    assert len(composed.incidents) == len(decomposed.incidents) > 0

    def facts(report: object) -> list[object]:
        return [
            (
                i.role,
                i.started_at and i.started_at.value,
                i.duration and i.duration.value,
                [c.category for c in i.causes],
            )
            for i in report.incidents  # type: ignore[attr-defined]
        ]

    assert facts(composed) == facts(decomposed)
    assert [t.value for t in composed.times] == [t.value for t in decomposed.times]


def run(**environment: str) -> bytes:
    command = [sys.executable, "-m", "extractor", "extract", str(ARTICLE)]
    return subprocess.run(command, capture_output=True, check=True, env={**os.environ, **environment}).stdout


def test_equal_bytes_under_other_hash_seeds_zones_and_locales() -> None:
    first = run(PYTHONHASHSEED="0", TZ="UTC", LANG="C")
    assert run(PYTHONHASHSEED="4711", TZ="Pacific/Kiritimati", LANG="fr_FR.UTF-8") == first
    assert run(PYTHONHASHSEED="random", TZ="America/St_Johns", LANG="C.UTF-8") == first


@pytest.mark.parametrize("today", ["1999-12-31 23:59:59", "2011-05-02", "2048-02-29 12:00:00"])
@pytest.mark.parametrize("published", [None, "2011-05-02"])
def test_equal_bytes_on_other_dates(today: str, published: str | None) -> None:
    text = ARTICLE.read_text(encoding="utf-8") + " Hier, le 12 mars, mardi, le service est tombé il y a trois ans."
    expected = extract(text, published).model_dump_json()
    with freeze_time(today):
        assert extract(text, published).model_dump_json() == expected


@pytest.mark.parametrize(
    "text",
    ["1" * 50_000, " " * 50_000, "a " * 50_000, "3 May 2024 " * 5_000, "(" * 20_000, "panne " * 20_000, "«" * 20_000],
    ids=["digits", "blanks", "a", "dates", "parentheses", "events", "quotes"],
)
def test_attack_texts_end_in_bounded_time(text: str) -> None:
    """Twice the text takes less than three times as long: nothing backtracks."""
    import time
    from timeit import timeit

    def seconds(given_text: str) -> float:
        # The time of this thread, without the garbage collector: that goes through all that other tests left behind.
        return timeit(lambda: extract(given_text, language="fr"), timer=time.thread_time, number=1)

    seconds(text[: len(text) // 8])
    # Taken in turns, so that what else the machine does meets both alike.
    taken = [(seconds(text[: len(text) // 2]), seconds(text)) for _ in range(4)]
    half, whole = (min(one) for one in zip(*taken, strict=True))
    assert whole < 3 * max(half, 0.1)


def test_too_long_is_refused() -> None:
    with pytest.raises(ExtractorError) as refused:
        extract("Panne. " * 200_000, language="fr")
    assert refused.value.code == "too_long"
