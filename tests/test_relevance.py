"""Is it an incident report? Ordinary news that taught nothing, digests, and what a glance may decide."""

from pathlib import Path

import pytest

from extractor import Document, Extractor, languages, relevance
from extractor.evaluation.gold import Article, load, ordinary
from extractor.learning.store import NOTHING, shipped
from tests.batch.articles import SENTENCES, articles

CORPUS = Path(__file__).parents[1] / "corpus"
#: Share of ordinary news that may be taken for incident reports.
MOST_TAKEN = 0.06


def unseen() -> list[Article]:
    return [one for listed in ordinary(CORPUS).values() for one in listed if one.split == "test"]


def test_ordinary_news_has_no_incidents() -> None:
    read = Extractor()
    taken = [one.gold.id for one in unseen() if read(Document(one.text, language=one.gold.lang)).incidents]
    assert len(unseen()) > 80
    assert len(taken) <= MOST_TAKEN * len(unseen()), taken


def test_the_glance_sees_most_of_ordinary_news_and_no_report() -> None:
    def glanced(article: Article) -> bool:
        return relevance.glance(article.text, languages.get(article.gold.lang), shipped()) is not None

    plain = [glanced(one) for one in unseen()]
    assert sum(plain) > 0.6 * len(plain)
    reports = [
        one
        for code, listed in load(CORPUS).items()
        if code in ordinary(CORPUS)
        for one in listed
        if one.split == "dev" and one.gold.relevant
    ]
    assert [one.gold.id for one in reports if glanced(one)] == []


@pytest.mark.parametrize("code", sorted(SENTENCES.keys() & {*languages.supported()}))
def test_made_up_news_and_digests(code: str) -> None:
    """Sentences that neither rules nor models were made on: half of an incident article is ordinary news."""
    gate = Extractor(min_relevance=0.3)
    told = {
        article["id"]: bool(gate(Document(article["text"], published=article["published"], language=code)).incidents)
        for article in articles(100, languages=(code,))
    }
    assert not any(found for name, found in told.items() if name.startswith("news"))
    assert sum(found for name, found in told.items() if name.startswith("incident")) >= 7


def test_a_line_is_never_judged_at_a_glance() -> None:
    english = languages.get("en")
    line = "The bakery of Ada Stone sells 300 loaves of bread a week."
    assert relevance.glance(line, english, shipped()) is None
    assert relevance.glance(10 * f"{line} ", english, shipped()) is not None
    assert relevance.glance(10 * f"{line} ", english, NOTHING) is None


def test_rules_of_a_user_are_always_asked(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "events.yaml").write_text(
        '- {id: quench, kind: outage, terms: ["magnet quench"], examples: ["A [magnet quench] stopped it."]}\n',
        encoding="utf-8",
    )
    text = 10 * "The bakery of Ada Stone sells 300 loaves of bread a week. "
    assert relevance.glance(text, languages.get("en"), shipped()) is not None
    assert relevance.glance(text, languages.get("en", tmp_path), shipped()) is None
