"""Characters a second of ``times.tag`` beside ``dateparser.search_dates`` on the same articles, in one run."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from extractor.times import tag

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
LANGUAGES = ("fr", "en", "de", "es", "it", "pt", "nl")
ARTICLES = 3
AT_LEAST = 3.0
ROUNDS = 3


def articles() -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        for path in sorted((CORPUS / language).glob("*.txt"))[:ARTICLES]:
            yield language, path.read_text(encoding="utf-8")


def characters_a_second(read: Callable[[str, str], object], texts: list[tuple[str, str]]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for language, text in texts:
            read(language, text)
        best = min(best, time.perf_counter() - start)
    return sum(len(text) for _, text in texts) / best


@pytest.mark.bench
def test_faster_than_search_dates(capsys: pytest.CaptureFixture[str]) -> None:
    search = pytest.importorskip("dateparser.search")
    texts = list(articles())
    for language in LANGUAGES:
        tag("", language)
        search.search_dates("1 2011", languages=[language])
    ours = characters_a_second(lambda language, text: tag(text, language, "2021-03-01"), texts)
    theirs = characters_a_second(lambda language, text: search.search_dates(text, languages=[language]), texts)
    with capsys.disabled():
        print(f"\ntimes.tag {ours:,.0f} characters a second, search_dates {theirs:,.0f}: {ours / theirs:.1f} times")
    assert ours >= AT_LEAST * theirs
