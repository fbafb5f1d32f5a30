"""Whole articles of the corpus whose incidents must come out right: how many, when, how long, and of what class of cause."""

from pathlib import Path

import pytest

from extractor.evaluation.gold import Article, load
from extractor.evaluation.scoring import Field, score_article
from extractor.pipeline import Document, Extractor

CORPUS = Path(__file__).parent.parent / "corpus"
FIELDS: tuple[Field, ...] = ("incident", "primary_count", "role", "started", "resolved", "duration", "cause_category")
IDS = [
    "fr-lync-exchange-2014",
    "fr-orange-urgences-2023",
    "fr-orange-hlr-2012",
    "fr-ovh-routage-2021",
    "fr-fict-verrou-stocks",
    "fr-neg-cloud-tarifs-2022",
    "en-aws-s3-2017",
    "en-code-spaces-2014",
    "en-dyn-2016",
    "en-fastly-2021",
    "en-wells-fargo-2019",
    "en-neg-cloud-prices-2023",
]


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    return {article.gold.id: article for listed in load(CORPUS).values() for article in listed}


@pytest.mark.parametrize("name", IDS)
def test_core_facts_are_right(articles: dict[str, Article], name: str) -> None:
    article = articles[name]
    document = Document(text=article.text, published=article.gold.published, language=article.gold.lang, id=name)
    report = Extractor()(document)
    score = score_article(article, report)
    wrong = {
        field: counts for field, counts in score.counts.items() if field in FIELDS and counts.false + counts.missed
    }
    assert not wrong, [mistake for mistake in score.mistakes if mistake.field in FIELDS]
    assert (report.relevance >= 0.5) == article.gold.relevant
