"""What the model of passages decides: asides, and further incidents; with weights made here."""

import pytest

from extractor.incidents import passages
from extractor.learning.clusters import Clusters
from extractor.learning.linear import BAR, Linear
from extractor.learning.store import NOTHING, Learned
from extractor.pipeline import Document, Extractor
from extractor.records import Report

MAIN = "Northwind's website went down on Monday at 9:00 because a router failed. It was restored at 10:30."
ASIDE = "The zorbil of 2019 had lasted two hours after a switch burnt out."
FURTHER = "On Tuesday at 14:00 the mail servers of Northwind crashed after a faulty update and came back at 15:00."


def learned(**weights: float) -> Learned:
    """Weights on single words: ``aside_zorbil=9.0``."""
    table = {f"{head}{BAR}bias": -4.0 for head in (passages.ASIDE, passages.FURTHER)}
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


@pytest.mark.parametrize(("weight", "expected"), [(9.0, 2), (-9.0, 1)])
def test_a_sentence_goes_on_to_a_further_incident_where_the_model_says_so(weight: float, expected: int) -> None:
    report = read(f"{MAIN} {FURTHER}", learned(further_tuesday=weight))
    assert roles(report) == ["primary"] * expected
    if expected == 2:
        second = report.incidents[1]
        assert second.started_at is not None and second.started_at.value == "2024-05-07T14:00"


@pytest.mark.parametrize(("weight", "expected"), [(9.0, 2), (-9.0, 1)])
def test_a_numbered_list_is_one_of_incidents_only_where_the_model_says_so(weight: float, expected: int) -> None:
    text = (
        "1. On 3 May at 9:00 the website of Northwind went down. It was back at 10:00.\n\n"
        "2. On 4 May at 11:00 the mail servers of Northwind crashed. They were back at 12:00.\n"
    )
    assert roles(read(text, NOTHING)) == ["primary", "primary"]
    assert roles(read(text, learned(further_mail=weight))) == ["primary"] * expected


def test_what_was_learnt_of_passages_is_in_the_provenance() -> None:
    assert read(MAIN, learned()).provenance.knowledge.endswith(" made")
