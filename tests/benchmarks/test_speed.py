"""Speed as ratios within one run: `make bench` prints the figures."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import spacy

from extractor import languages
from extractor.pipeline import Document, Extractor

pytestmark = pytest.mark.bench

ROOT = Path(__file__).parent.parent.parent
ROUNDS = 3
COLD_START = 2.5
HELP = 0.5


def texts(code: str) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((ROOT / "corpus" / code).glob("*.txt"))]


def fastest(work: Callable[[], object]) -> float:
    """Seconds of the fastest of a few rounds."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def stock(code: str) -> str:
    """The package that serves a language here, with all its pipes."""
    choice = languages.get(code).about.pipeline
    assert choice is not None
    return next(name for name in choice.packages if spacy.util.is_package(name))


@pytest.mark.parametrize("code", ["en", "fr"])
def test_at_least_as_fast_as_the_stock_pipeline(code: str) -> None:
    articles = texts(code)
    words = sum(len(text.split()) for text in articles)
    extractor = Extractor()
    pipeline = spacy.load(stock(code))
    ours = fastest(lambda: [extractor(Document(text=text, language=code)) for text in articles])
    theirs = fastest(lambda: [pipeline(text) for text in articles])
    print(
        f"\n{code}: whole line {words / ours:,.0f} words/s, {stock(code)} {words / theirs:,.0f} words/s, {theirs / ours:.2f} x"
    )
    assert ours <= theirs


def cold(*arguments: str) -> float:
    return fastest(
        lambda: subprocess.run([sys.executable, "-m", "extractor", *arguments], capture_output=True, check=True)
    )


def test_cold_start() -> None:
    article = str(ROOT / "corpus" / "en" / "en-cloud-foundry-2011.txt")
    extract, help_ = cold("extract", article, "--published", "2011-05-02"), cold("--help")
    french = cold("extract", str(ROOT / "corpus" / "fr" / "fr-cloud-foundry-2011.txt"))
    print(f"\ncold start: extract (English) {extract:.2f} s, (French) {french:.2f} s, --help {help_:.2f} s")
    assert extract < COLD_START
    assert help_ < HELP
