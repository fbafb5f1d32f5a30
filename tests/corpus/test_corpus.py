"""The corpus itself: nothing wrong in it, as large and as varied as it has to be, and its datasheet tells the truth."""

import re
import sys
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from extractor.evaluation import datasheet
from extractor.evaluation.aggregate import aggregate
from extractor.evaluation.checking import check
from extractor.evaluation.gold import CASES, Article, Register, experimental, load
from extractor.evaluation.scoring import score_article
from extractor.records import CauseCategory

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
sys.path.insert(0, str(ROOT / "tests" / "evaluation"))
from gold_making import report_of  # noqa: E402

ARTICLES = load(CORPUS)
COUNTED = sorted(code for code, listed in ARTICLES.items() if not experimental(listed))
REPORTS = {"fr": 50, "en": 50}
FEWEST_REPORTS, FEWEST_NEGATIVES = 35, 10
#: As a share of all articles.
MOST_NEGATIVES = 0.26
SHORTEST, LONGEST = 35, 950


def words(article: Article) -> int:
    return len(re.findall(r"\w+", article.text))


def test_the_checker_finds_nothing() -> None:
    assert [f"{fault.file}: {fault.what}" for fault in check(CORPUS)] == []


def test_the_seven_languages_are_there() -> None:
    assert set(COUNTED) == {"de", "en", "es", "fr", "it", "nl", "pt"}


@pytest.mark.parametrize("code", COUNTED)
def test_enough_articles_and_hard_negatives(code: str) -> None:
    relevant = Counter(article.gold.relevant for article in ARTICLES[code])
    assert relevant[True] >= REPORTS.get(code, FEWEST_REPORTS)
    assert relevant[False] >= FEWEST_NEGATIVES
    assert relevant[False] <= MOST_NEGATIVES * relevant.total()


@pytest.mark.parametrize("code", COUNTED)
def test_every_case_and_every_register(code: str) -> None:
    cases = {case for article in ARTICLES[code] for case in article.gold.cases}
    assert cases == set(range(1, CASES + 1))
    assert {article.gold.register_ for article in ARTICLES[code]} == set(get_args(Register))


@pytest.mark.parametrize("code", COUNTED)
def test_causes_are_spread_over_all_categories(code: str) -> None:
    causes = Counter(cause.category for a in ARTICLES[code] for i in a.gold.incidents for cause in i.causes)
    assert set(causes) == set(get_args(CauseCategory))
    assert max(causes.values()) <= causes.total() / 5


@pytest.mark.parametrize("code", COUNTED)
def test_lengths(code: str) -> None:
    lengths = {article.gold.id: words(article) for article in ARTICLES[code]}
    assert {name: length for name, length in lengths.items() if not SHORTEST <= length <= LONGEST} == {}
    assert min(lengths.values()) < 100
    assert max(lengths.values()) >= 500


@pytest.mark.parametrize("code", COUNTED)
def test_the_test_split_is_about_a_third_of_what_the_hash_decides(code: str) -> None:
    splits = Counter(article.split for article in ARTICLES[code] if not article.gold.seed)
    assert splits["test"] >= 10
    assert 0.2 <= splits["test"] / splits.total() <= 0.45


def test_an_event_is_in_one_split_and_seeds_are_dev() -> None:
    every = [article for listed in ARTICLES.values() for article in listed]
    splits: dict[str, set[str]] = {}
    for article in every:
        splits.setdefault(article.gold.event or article.gold.id, set()).add(article.split)
    assert {event: found for event, found in splits.items() if len(found) > 1} == {}
    assert {article.split for article in every if article.gold.seed} == {"dev"}


def test_a_perfect_report_scores_one_in_every_field() -> None:
    scored = {code: [score_article(a, report_of(a)) for a in listed] for code, listed in ARTICLES.items()}
    mistakes = [mistake for listed in scored.values() for score in listed for mistake in score.mistakes]
    assert mistakes == []
    fields = aggregate(scored).mean.fields
    assert {name: (score.f1, score.low) for name, score in fields.items()} == dict.fromkeys(fields, (1.0, 1.0))


def test_the_datasheet_has_todays_counts() -> None:
    _, between, _ = datasheet.split_readme(CORPUS / datasheet.README)
    assert between == datasheet.counts(CORPUS).strip("\n"), "run: incidents evaluate corpus/ --datasheet"
