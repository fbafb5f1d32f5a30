"""What the model of passages decides, with weights made here."""

import pytest

from extractor.incidents import passages
from extractor.learning.clusters import Clusters
from extractor.learning.linear import BAR, Linear
from extractor.learning.store import Learned
from extractor.pipeline import Document, Extractor
from extractor.records import Report

MAIN = "Northwind's website went down on Monday at 9:00 because a router failed. It was restored at 10:30."
ASIDE = "The zorbil of 2019 had lasted two hours after a switch burnt out."


def learned(**weights: float) -> Learned:
    """Weights on single words: ``aside_zorbil=9.0``."""
    table = {f"{passages.ASIDE}{BAR}bias": -4.0}
    for name, weight in weights.items():
        head, word = name.split("_")
        table[f"{head}{BAR}{passages.WORD}en:{word}"] = weight
    return Learned(passages=Linear(table), clusters=Clusters({}), version="made")


def read(text: str, known: Learned) -> Report:
    extractor = Extractor(explain=True)
    extractor.learned = known
    return extractor(Document(text, published="2024-05-08", language="en"))


def roles(report: Report) -> list[str]:
    return [incident.role for incident in report.incidents]


def test_a_clause_that_looks_back_is_told_apart() -> None:
    report = read(f"{MAIN} {ASIDE}", learned(aside_zorbil=9.0))
    assert roles(report) == ["primary", "background"]
    first, second = report.incidents
    assert not any("switch" in cause.text for cause in first.causes)
    assert second.started_at is not None and second.started_at.value == "2019"


def test_no_aside_before_anything_is_told() -> None:
    assert roles(read(f"{ASIDE} {MAIN}", learned(aside_zorbil=9.0)))[:1] == ["primary"]


@pytest.mark.parametrize("weight", [9.0, -9.0])
def test_an_aside_that_a_rule_knows_is_one_whatever_the_model_says(weight: float) -> None:
    report = read(
        f"{MAIN} It recalls an outage of 2019 that was caused by a burnt switch.", learned(aside_recalls=weight)
    )
    assert roles(report) == ["primary", "background"]


def test_what_was_learnt_of_passages_is_in_the_provenance() -> None:
    assert read(MAIN, learned()).provenance.knowledge.endswith(" made")
