"""What learning adds to the rules, and what it must leave alone."""

import pytest

from extractor.learning import store
from extractor.learning.clusters import Clusters
from extractor.learning.linear import Linear
from extractor.learning.sequence import Field, SequenceModels
from extractor.learning.store import Learned
from extractor.mentions.spans import LAYERS
from extractor.pipeline import Document, Extractor
from extractor.records import Incident

TEXT = "The website went down on Monday at 9:00. The phones rang all morning long. The website was back at 10:30."
#: Weights by hand: the latest time is an end and the first one a start.
MOMENTS = Linear(
    {
        "started|o:coarserTrue": 4.0,
        "started|o:early0:True": 2.0,
        "resolved|none": 2.0,
        "resolved|o:lastTrue:True": 5.0,
    }
)
BY_HAND = Learned(moments=MOMENTS, version="made")


def taught(**layers: dict[str, str]) -> Learned:
    """What a few words teach: for a kind of mention, which words begin a span of which label or go on with it.

    Of other words a model is not sure enough that they are nothing to doubt a rule.
    """
    fields = {}
    for layer in LAYERS:
        known = layers.get(layer, {})
        states = {(f"0w=en{word}", label): 9.0 for word, label in known.items()}
        states |= {("bias", "O"): 2.0, ("bias", "B-other"): 0.0}
        fields[layer] = Field(states, {})
    classes = {
        "impact=financial|w:en:phones": 2.0,
        "component=telephony|w:en:quorbel": 2.0,
        "cause=human|w:en:gremlin": 2.0,
    }
    spans = SequenceModels(fields)
    return Learned(spans=spans, classes=Linear(classes), clusters=Clusters({}), version="made")


def read(text: str, learned: Learned, explain: bool = True) -> Incident:
    extractor = Extractor(explain=explain)
    extractor.learned = learned
    (incident,) = extractor(Document(text, published="2024-05-08", language="en")).incidents
    return incident


def test_a_span_that_no_rule_knows_is_told_with_its_rule() -> None:
    assert not [i for i in read(TEXT, store.NOTHING).impacts if "rang" in i.text]
    learned = taught(impact={"phones": "B-affected", "rang": "I-affected"})
    (impact,) = [i for i in read(TEXT, learned).impacts if "rang" in i.text]
    assert (impact.text, impact.kind, impact.affected) == ("phones rang", "financial", True)
    assert impact.rule == "learned:impact"


def test_a_component_without_a_class_word_has_its_status_and_class_from_the_models() -> None:
    learned = taught(component={"quorbel": "B-degraded"})
    text = TEXT.replace("The phones rang", "The quorbel coughed")
    (part,) = [c for c in read(text, learned).components if c.name == "quorbel"]
    assert (part.category, part.status, part.rule) == ("telephony", "degraded", "learned:component")


def test_what_the_rules_found_stays_unless_the_model_is_sure_that_it_is_nothing() -> None:
    rules = read(TEXT, store.NOTHING)
    assert [part.name for part in rules.components] == ["website"]
    assert read(TEXT, taught()).components == rules.components
    sure = taught(component={"website": "O"})
    assert read(TEXT, sure).components == rules.components, "of a line or two the rules know more"
    assert not read(f"{TEXT} {'Nobody in the town spoke of anything else that day. ' * 8}", sure).components


def test_a_cause_without_a_word_of_the_lexicon_is_classed_by_the_model() -> None:
    learned = taught(cause={"gremlin": "B-cause"})
    text = "The website went down on Monday at 9:00. A gremlin, people say. The website was back at 10:30."
    assert [(c.text, c.category, c.certainty, c.rule) for c in read(text, learned).causes if "gremlin" in c.text] == [
        ("gremlin", "human", "stated", "learned:cause")
    ]


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
