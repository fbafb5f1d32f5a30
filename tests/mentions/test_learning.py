"""What learning adds to the rules, and what it must leave alone."""

from dataclasses import replace

import pytest

from extractor.learning import store
from extractor.learning.linear import Linear
from extractor.learning.store import Learned
from extractor.pipeline import Document, Extractor
from extractor.records import Incident

TEXT = "The website went down on Monday at 9:00. The phones rang all morning long. The website was back at 10:30."
#: Weights by hand: a clause with "rang" is an impact, the latest time is an end and the first one a start.
BY_HAND = Learned(
    moments=Linear(
        {
            "started|o:coarserTrue": 4.0,
            "started|o:early0:True": 2.0,
            "resolved|none": 2.0,
            "resolved|o:lastTrue:True": 5.0,
        }
    ),
    clauses=Linear({"impact=affected|w:c:en:rang": 9.0, "kind=financial|w:c:en:phones": 2.0}),
    version="made",
)


def read(text: str, learned: Learned, explain: bool = True) -> Incident:
    extractor = Extractor(explain=explain)
    extractor.learned = learned
    (incident,) = extractor(Document(text, published="2024-05-08", language="en")).incidents
    return incident


def test_a_clause_that_no_rule_knows_is_told_with_its_rule() -> None:
    assert not [i for i in read(TEXT, store.NOTHING).impacts if "rang" in i.text]
    (impact,) = [i for i in read(TEXT, BY_HAND).impacts if "rang" in i.text]
    assert (impact.text, impact.kind, impact.affected) == ("The phones rang all morning long", "financial", True)
    assert impact.rule == "learned:impact"


def test_what_the_rules_found_stays() -> None:
    rules = read(TEXT, store.NOTHING)
    both = read(TEXT, replace(BY_HAND, moments=None))
    assert {i.text for i in rules.impacts} <= {i.text for i in both.impacts}
    assert (both.started_at, both.resolved_at) == (rules.started_at, rules.resolved_at)


def test_start_and_end_are_told_with_their_rule_and_in_the_timeline() -> None:
    incident = read(TEXT, BY_HAND)
    assert incident.started_at is not None and incident.resolved_at is not None
    assert (incident.started_at.rule or "").startswith("learned:started")
    assert incident.resolved_at.value == "2024-05-06T10:30"
    assert "resolved" in [entry.kind for entry in incident.timeline]


def test_a_forecast_is_no_end_however_probable() -> None:
    text = "The network went down on Monday at 9:00. Repairs could last until 18:00."
    assert read(text, BY_HAND).resolved_at is None


@pytest.mark.parametrize("text", [TEXT, "Nothing broke."])
def test_without_learning_the_rules_alone_decide(text: str) -> None:
    report = Extractor(explain=True, learning=False)(Document(text, published="2024-05-08", language="en"))
    told = [m.rule or "" for i in report.incidents for m in (i.started_at, i.resolved_at, *i.impacts, *i.actions) if m]
    assert not [rule for rule in told if rule.startswith("learned:")]


def test_what_is_shipped_is_the_same_on_every_run() -> None:
    one, two = (Extractor()(Document(TEXT, published="2024-05-08", language="en")) for _ in range(2))
    assert one == two
    assert one.provenance.knowledge.endswith(store.shipped().version)
