"""RELIABILITY 18: memory does not grow with the documents, not even when every word is new."""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.sources.base import SourceDocument
from tests.batch.helpers import environment

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def unique(number: int) -> Iterator[SourceDocument]:
    """Documents in which no word stands twice, each with an incident."""
    chance = random.Random(18)
    for at in range(number):
        words = " ".join("".join(chance.choices(_LETTERS, k=9)) for _ in range(40))
        text = f"The website of {words[:8].title()} went down on Monday because of a faulty router. {words}."
        yield SourceDocument(text=text, id=f"unique-{at}", published="2024-05-08", language="en", place=f"unique:{at}")


def growth(number: int, warm: int, target: str) -> float:
    """Bytes a document that a run grows by after the first ``warm`` documents."""
    import resource

    from extractor.batch import run
    from extractor.batch.running import Total

    marks: list[tuple[int, int]] = []

    def seen(total: Total) -> None:
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
        marks.append((total.documents, resident))

    run(unique(number), target, seen=seen, shard_characters=10_000)
    before = max(resident for done, resident in marks if done <= warm)
    after = max(resident for done, resident in marks if done > warm)
    return (after - before) / (number - warm)


@pytest.mark.parametrize(
    ("number", "warm", "most", "cache"),
    [(900, 500, 4096.0, 2_000), pytest.param(20_000, 4_000, 1024.0, 50_000, marks=pytest.mark.bench)],
)
def test_memory_is_flat(number: int, warm: int, most: float, cache: int, tmp_path: Path) -> None:
    # Matchers and models remember up to so many words before they forget them: a run is warm when that has happened.
    caches = f"from extractor import limits; limits.MATCHER_CACHE = limits.FEATURE_CACHE = {cache}"
    call = f"growth({number}, {warm}, 'sqlite:///{tmp_path}/a.db')"
    code = f"{caches}; from tests.batch.test_memory import growth; print({call})"
    told = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, check=False)
    assert told.returncode == 0, told.stderr.decode()
    print(f"\nmemory: {float(told.stdout):,.0f} bytes a document after {warm:,} of {number:,} documents")
    assert float(told.stdout) < most
