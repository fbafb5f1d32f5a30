import pytest

from extractor import extract
from extractor.cleaning import clean


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x9b", "\ud800", "\udfff", "\ufdd0", "\ufffe", "\U0001ffff"])
def test_signs_that_break_readers_become_one_replacement(sign: str) -> None:
    assert clean(f"a{sign}b").text == "a\ufffdb"


@pytest.mark.parametrize("text", ["a\tb\r\nc", "naïve — “quoted” €", "\u202eabc\u202c", "👩‍🚀 emoji", "مرحبا"])
def test_other_text_stays(text: str) -> None:
    assert clean(text).text == text


def test_offsets_lead_back_through_decomposed_text() -> None:
    text = "Le re\u0301seau e\u0301tait en panne lundi a\u0300 10h15."
    report = extract(text, "2024-05-08", language="fr")
    assert {t.text for t in report.times} == {"lundi", "10h15"}
    assert all(text[t.start : t.end] == t.text for t in report.times)
