"""A month of news on two cores: ``make bench``; figures of the README."""

import gc
import os
import time
from pathlib import Path

import pytest

from extractor import Document, Extractor
from extractor.cleaning import clean
from extractor.languages import get, supported
from extractor.limits import COLLECT
from extractor.relevance import score
from tests.batch.articles import articles, write
from tests.batch.conftest import Postgres, postgres  # noqa: F401  (a fixture)
from tests.batch.helpers import content, incidents

NUMBER = int(os.environ.get("BENCH_ARTICLES", "20000"))
SPEEDUP = 1.7
CHEAPER = 30.0
ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("corpus") / "news.jsonl", NUMBER)


def timed(*arguments: str | Path) -> float:
    started = time.perf_counter()
    result = incidents(*arguments, timeout=None)
    assert result.returncode == 0, result.stderr.decode()
    return time.perf_counter() - started


def test_into_sqlite_and_postgresql(corpus: Path, tmp_path: Path, postgres: Postgres) -> None:  # noqa: F811
    sqlite, database = f"sqlite:///{tmp_path}/a.db", postgres.database()
    one = timed("batch", corpus, "--to", f"sqlite:///{tmp_path}/one.db", "--processes", "1")
    two = timed("batch", corpus, "--to", sqlite, "--processes", "2")
    remote = timed("batch", corpus, "--to", database, "--processes", "2")
    print(
        f"\n{NUMBER:,} articles: one process {one:.0f} s, two {two:.0f} s ({one / two:.2f} times), PostgreSQL {remote:.0f} s"
    )
    assert content(sqlite) == content(database)
    assert one / two >= SPEEDUP


def test_what_is_not_relevant_is_cheap() -> None:
    """The gate alone, and all that an irrelevant document costs with its language and its report, beside the whole line."""
    gc.set_threshold(*COLLECT)  # as in processes of our own
    extractor, given = Extractor(min_relevance=0.3), list(articles(400))
    for article in given[:60] + [one for one in given if one["id"].startswith("incident")]:
        extractor(Document(**article))  # every language's models are loaded before the clock runs
    taken: dict[str, list[float]] = {"gate": [], "irrelevant": [], "whole": []}
    for article in given:
        begun = time.thread_time()
        report = extractor(Document(**article))
        whole = time.thread_time() - begun
        language = get(report.document.language.code)
        text = clean(article["text"]).analysed
        begun = time.thread_time()
        score(text, language, extractor.learned)
        if report.incidents:
            taken["whole"].append(whole)
        elif article["id"].startswith("news"):
            taken["irrelevant"].append(whole)
            taken["gate"].append(time.thread_time() - begun)
    gate, irrelevant, whole = (1000 * sum(listed) / len(listed) for listed in taken.values())
    print(
        f"\nan incident {whole:.1f} ms, no incident {irrelevant:.2f} ms ({whole / irrelevant:.0f} times), "
        f"the gate alone {gate:.2f} ms ({whole / gate:.0f} times)"
    )
    assert whole / gate >= CHEAPER


def test_no_incident_of_the_corpus_is_lost() -> None:
    from extractor.evaluation.gold import load

    gate = Extractor(min_relevance=0.3)
    lost = []
    for code in supported():
        for article in load(ROOT / "corpus").get(code, ()):
            if article.split == "dev" and any(incident.role == "primary" for incident in article.gold.incidents):
                report = gate(Document(text=article.text, published=article.gold.published, language=code))
                lost += [article.gold.id] if report.relevance < 0.3 else []
    assert lost == []


def test_kill_at_ten_random_moments(tmp_path: Path) -> None:
    """The long form of tests/batch/test_killed.py."""
    import random
    import subprocess

    from tests.batch.helpers import start

    corpus = write(tmp_path / "news.jsonl", 400)
    whole, killed = f"sqlite:///{tmp_path}/whole.db", f"sqlite:///{tmp_path}/killed.db"
    timed("batch", corpus, "--to", whole, "--processes", "2")
    chance = random.Random(10)
    command = ("batch", corpus, "--to", killed, "--processes", "2", "--shard-characters", "5000")
    for _ in range(10):
        process = start(*command)
        try:
            process.wait(chance.uniform(1.0, 9.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    timed(*command)
    assert content(killed) == content(whole)
