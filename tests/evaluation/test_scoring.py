"""Every rule of ANNOTATION.md, "Scoring", on small hand-made pairs of gold and report."""

from typing import Any

import pytest
from gold_making import TEXT, article, bare_incident, evidence, gold_incident, incident_of, mention, moment, report_of

from extractor.evaluation.gold import GoldIncident
from extractor.evaluation.scoring import FIELDS, ArticleScore, score_article
from extractor.records import Cause, Component, Duration, Impact, Incident, Organization, Report, Seconds, Warning


def counts(score: ArticleScore, name: str) -> tuple[int, int, int]:
    found = score.counts[name]  # type: ignore[index]
    return found.right, found.false, found.missed


def record(**changes: Any) -> Incident:
    """The perfect record of the incident of TEXT, with changes."""
    perfect = incident_of(GoldIncident.model_validate(gold_incident()), TEXT)
    return perfect.model_copy(update=changes)


def scored(*incidents: Incident, gold: list[dict[str, Any]] | None = None, text: str = TEXT) -> ArticleScore:
    given = article(text, incidents=[gold_incident()] if gold is None else gold)
    return score_article(given, report_of(given, incidents=incidents))


def cause(text: str, category: str = "power", certainty: str = "stated") -> Cause:
    return Cause(text=text, category=category, certainty=certainty, evidence=evidence(TEXT, text))  # type: ignore[arg-type]


def impact(text: str, affected: bool = True) -> Impact:
    return Impact(text=text, kind="unavailable", affected=affected, evidence=evidence(TEXT, text))


def component(name: str, category: str = "website", status: str = "failed") -> Component:
    return Component(name=name, category=category, status=status, evidence=evidence(TEXT, name))  # type: ignore[arg-type]


def organization(name: str, *aliases: str) -> Organization:
    told = tuple(item for alias in (name, *aliases) for item in evidence(TEXT, alias))
    return Organization(name=name, role="operator", evidence=told)


def test_gold_against_itself_has_no_mistake() -> None:
    given = article()
    score = score_article(given, report_of(given))
    assert not score.mistakes
    assert {name: counts(score, name)[1:] for name in FIELDS} == dict.fromkeys(FIELDS, (0, 0))
    assert counts(score, "incident") == (1, 0, 0)
    assert counts(score, "times_value") == (4, 0, 0)
    assert counts(score, "organization") == (1, 0, 0)  # two names of one party
    assert counts(score, "detected") == (0, 0, 0)  # null against null


def test_a_missed_incident_misses_all_its_fields() -> None:
    score = scored()
    assert counts(score, "incident") == counts(score, "role") == (0, 0, 1)
    for name in (
        "started",
        "resolved",
        "duration",
        "organization",
        "component",
        "cause_span",
        "cause_category",
        "action",
    ):
        assert counts(score, name) == (0, 0, 1), name
    assert counts(score, "impact") == (0, 0, 2)
    assert counts(score, "component_category") == (0, 0, 0)  # only among the matched
    assert counts(score, "primary_count") == (0, 1, 1)


def test_an_invented_incident_has_only_false_fields() -> None:
    score = scored(record(), gold=[])
    for name in ("incident", "role", "started", "resolved", "duration", "component", "cause_span", "cause_category"):
        assert counts(score, name) == (0, 1, 0), name
    assert counts(score, "organization") == (0, 2, 0)
    assert counts(score, "impact") == (0, 1, 0)  # the negated one is no error


def test_mistakes_of_a_whole_incident_say_so_and_are_told_once() -> None:
    mistakes = scored().mistakes
    assert {mistake.alone for mistake in mistakes if mistake.field == "started"} == {True}
    assert {mistake.alone for mistake in mistakes if mistake.field == "incident"} == {False}
    assert "role" not in {mistake.field for mistake in mistakes}


@pytest.mark.parametrize(
    ("gold", "told", "approximate", "expected"),
    [
        ("2023-05-01T10:15", "2023-05-01T10:15", False, (1, 0, 0)),
        ("2023-05-01T10:15", "2023-05-01T10:16", False, (0, 1, 1)),
        ("2023-05-01T10:15", "2023-05-01", False, (0, 1, 1)),  # coarser
        ("2023-05-01", "2023-05-01T10:15", False, (1, 0, 0)),  # finer
        ("2023-05", "2023-05-01", False, (1, 0, 0)),
        ("2023-W18", "2023-05-01", False, (1, 0, 0)),
        ("2023-W18", "2023-05-08", False, (0, 1, 1)),
        ("2023-05-01T10:15", "2023-05-01T11:15", True, (1, 0, 0)),
        ("2023-05-01T10:15", "2023-05-01T11:16", True, (0, 1, 1)),
        ("2023-05-01T23:30", "2023-05-02T00:30", True, (1, 0, 0)),
        ("2023-05-01T10:15", "2023-05-01", True, (0, 1, 1)),
        ("XXXX-05-01T10:15", "XXXX-05-01T10:15", False, (1, 0, 0)),
        ("XXXX-05-01", "2023-05-01", False, (0, 1, 1)),
        (None, "2023-05-01", False, (0, 1, 0)),
        ("2023-05-01", None, False, (0, 0, 1)),
        (None, None, False, (0, 0, 0)),
    ],
)
def test_moments(gold: str | None, told: str | None, approximate: bool, expected: tuple[int, int, int]) -> None:
    wanted = gold_incident(started_at=gold, approximate=["started_at"] if approximate and gold else [])
    assert counts(scored(record(started_at=moment(told)), gold=[wanted]), "started") == expected


def test_a_moment_that_is_only_a_bound_counts_as_null() -> None:
    bound = moment("2023")
    assert bound is not None
    still_down = bound.model_copy(update={"value": None, "earliest": "2023-05-01T16:50"})
    assert counts(scored(record(resolved_at=still_down), gold=[gold_incident(resolved_at=None)]), "resolved") == (
        0,
        0,
        0,
    )


@pytest.mark.parametrize(
    ("gold", "told", "approximate", "expected"),
    [
        ("PT10H", "PT10H", False, (1, 0, 0)),
        ("PT1H30M", "PT90M", False, (1, 0, 0)),
        ("PT10H", "PT9H", False, (0, 1, 1)),
        ("PT10H", "PT9H", True, (1, 0, 0)),
        ("PT10H", "PT8H54M", True, (0, 1, 1)),
        ("P3M", "P3M", False, (1, 0, 0)),
        ("PT10H", None, False, (0, 0, 1)),
        (None, "PT10H", False, (0, 1, 0)),
    ],
)
def test_durations(gold: str | None, told: str | None, approximate: bool, expected: tuple[int, int, int]) -> None:
    wanted = gold_incident(
        duration=gold,
        duration_basis="stated" if gold else None,
        approximate=["duration"] if approximate else [],
    )
    length = Duration(value=told, seconds=Seconds(), basis="stated")
    assert counts(scored(record(duration=length), gold=[wanted]), "duration") == expected


@pytest.mark.parametrize(
    ("gold", "told", "expected"),
    [
        (["Acme Web Services"], [organization("Acme")], (1, 0, 0)),
        (["Acme"], [organization("ACME Web Services")], (1, 0, 0)),
        (["Acme"], [organization("Acmetron")], (0, 1, 1)),
        (["Acme Web Services", "AWS"], [organization("AWS")], (1, 0, 0)),  # an alias by its initials
        (["Acme Web Services", "Globex"], [organization("Acme"), organization("Initech")], (1, 1, 1)),
        (["Acme"], [organization("Acme"), organization("Acme Web Services")], (1, 0, 0)),  # twice told, one party
        (["Widget Corporation", "the giant"], [organization("Widget Corporation", "the giant")], (1, 0, 0)),
        ([], [organization("Acme")], (0, 1, 0)),
    ],
)
def test_names(gold: list[str], told: list[Organization], expected: tuple[int, int, int]) -> None:
    wanted = gold_incident(organizations=gold)
    assert counts(scored(record(organizations=tuple(told)), gold=[wanted]), "organization") == expected


def test_a_sentence_as_evidence_is_no_alias() -> None:
    sentence = "Acme Web Services lost power in its Dublin hall"
    told = organization("Globex", sentence)
    assert counts(scored(record(organizations=(told,))), "organization") == (0, 1, 1)


def test_components_by_name_then_category_and_status_among_the_matched() -> None:
    gold = [
        {"name": "website", "category": "website", "status": "failed"},
        {"name": "power supply", "category": "power", "status": "failed"},
    ]
    told = (component("website", status="degraded"), component("supply", category="hardware"), component("router"))
    score = scored(record(components=told), gold=[gold_incident(components=gold)])
    assert counts(score, "component") == (2, 1, 0)
    assert counts(score, "component_category") == (1, 1, 1)
    assert counts(score, "component_status") == (1, 1, 1)


def test_equal_component_names_are_told_apart_by_category_and_status() -> None:
    gold = [
        {"name": "website", "category": "website", "status": "failed"},
        {"name": "website", "category": "application", "status": "unaffected"},
    ]
    told = (component("website", "application", "unaffected"), component("website"))
    score = scored(record(components=told), gold=[gold_incident(components=gold)])
    assert counts(score, "component_category") == counts(score, "component_status") == (2, 0, 0)


def test_a_spared_component_is_no_error_where_gold_is_silent() -> None:
    told = (component("website"), component("router", "router", "unaffected"))
    assert counts(scored(record(components=told)), "component") == (1, 0, 0)


@pytest.mark.parametrize(
    ("gold", "told", "expected"),
    [
        ("faulty battery", "faulty battery", (1, 0, 0)),
        ("faulty battery", "a faulty battery in the hall", (1, 0, 0)),  # F1 0.5
        ("faulty battery", "a faulty battery in the hall of the north", (1, 0, 0)),  # inside, two content tokens
        ("faulty battery", "battery of the hall", (0, 1, 1)),  # F1 1/3
        ("battery", "the old and worn battery", (0, 1, 1)),  # inside, but one content token; F1 1/3
    ],
)
def test_cause_spans(gold: str, told: str, expected: tuple[int, int, int]) -> None:
    wanted = gold_incident(causes=[{"text": gold, "category": "power", "role": "root"}])
    assert counts(scored(record(causes=(cause(told),)), gold=[wanted]), "cause_span") == expected


def test_cause_spans_match_one_to_one() -> None:
    told = (cause("faulty battery"), cause("faulty battery"))
    assert counts(scored(record(causes=told)), "cause_span") == (1, 1, 0)


def test_a_denied_cause_is_no_error_where_gold_is_silent_and_no_cause_where_it_is_not() -> None:
    denied = cause("an attack", "security", "denied")
    score = scored(record(causes=(cause("faulty battery"), denied)))
    assert counts(score, "cause_span") == counts(score, "cause_category") == (1, 0, 0)
    score = scored(record(causes=(cause("faulty battery", certainty="denied"),)))
    assert counts(score, "cause_span") == (0, 1, 1)
    assert counts(score, "cause_category") == (0, 0, 1)


@pytest.mark.parametrize(
    ("gold", "told", "expected"),
    [
        (["power", "human"], ["human"], (1, 0, 0)),
        (["power"], ["human", "power"], (1, 0, 0)),
        (["power"], ["human"], (0, 1, 1)),
        (["power"], [], (0, 0, 1)),
        ([], ["power", "human"], (0, 1, 0)),
        ([], [], (0, 0, 0)),
    ],
)
def test_cause_category_is_right_when_any_is(gold: list[str], told: list[str], expected: tuple[int, int, int]) -> None:
    wanted = gold_incident(causes=[{"text": "faulty battery", "category": name, "role": "root"} for name in gold])
    predicted = record(causes=tuple(cause("faulty battery", name) for name in told))
    assert counts(scored(predicted, gold=[wanted]), "cause_category") == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((impact("website was down"), impact("No data was lost", False)), (2, 0, 0)),
        ((impact("website was down"),), (1, 0, 1)),
        ((impact("The website of Acme was down"), impact("data was lost")), (1, 1, 1)),  # the negation is overheard
        ((impact("The website of Acme was down", False),), (0, 1, 2)),
        ((impact("down for a very long time indeed", True),), (0, 1, 2)),  # F1 under 0.3
        ((impact("nobody was hurt", False),), (0, 0, 2)),  # negated, gold is silent
    ],
)
def test_impacts(told: tuple[Impact, ...], expected: tuple[int, int, int]) -> None:
    assert counts(scored(record(impacts=told)), "impact") == expected


def test_role() -> None:
    score = scored(record(role="background"))
    assert counts(score, "incident") == (1, 0, 0)
    assert counts(score, "role") == (0, 1, 1)
    assert counts(score, "primary_count") == (0, 1, 1)


def test_primary_count_and_relevance_of_a_hard_negative() -> None:
    given = article(relevant=False, incidents=[])
    silent = score_article(given, report_of(given))
    assert counts(silent, "primary_count") == (1, 0, 0)
    assert counts(silent, "relevance") == (0, 0, 0)
    assert counts(score_article(given, report_of(given, relevance=0.5)), "relevance") == (0, 1, 0)
    relevant = article()
    assert counts(score_article(relevant, report_of(relevant, relevance=0.49)), "relevance") == (0, 0, 1)


def times(told: list[tuple[str, str]], gold: list[tuple[str, str]], text: str) -> dict[str, tuple[int, int, int]]:
    given = article(text, incidents=[], times=[{"text": span, "value": value} for span, value in gold])
    mentions = tuple(mention(text.index(span), span, value) for span, value in told)
    report: Report = report_of(given, incidents=(), times=mentions)
    score = score_article(given, report)
    return {name: counts(score, f"times_{name}") for name in ("strict", "overlap", "value")}


@pytest.mark.parametrize(
    ("gold", "told", "strict", "overlap", "value"),
    [
        ([("1 May", "2023-05-01")], [("1 May", "2023-05-01")], (1, 0, 0), (1, 0, 0), (1, 0, 0)),
        ([("1 May", "2023-05-01")], [("on 1 May", "2023-05-01")], (0, 1, 1), (1, 0, 0), (1, 0, 0)),
        ([("1 May", "2023-05-01")], [("1 May", "2022-05-01")], (1, 0, 0), (1, 0, 0), (0, 1, 1)),
        ([("1 May", "2023-05-01")], [("noon", "T12:00")], (0, 1, 1), (0, 1, 1), (0, 1, 1)),
        ([("1 May", "2023-05-01")], [("1", "x"), ("May", "2023-05-01")], (0, 2, 1), (1, 1, 0), (1, 1, 0)),
        ([("now", "PRESENT_REF")], [], (0, 0, 0), (0, 0, 0), (0, 0, 0)),
        ([], [("now", "PRESENT_REF")], (0, 0, 0), (0, 0, 0), (0, 0, 0)),
        ([("now", "PRESENT_REF")], [("now", "PRESENT_REF")], (0, 0, 0), (0, 0, 0), (0, 0, 0)),
        ([("now", "PRESENT_REF")], [("now", "2023-05-02")], (1, 0, 0), (1, 0, 0), (0, 1, 1)),
    ],
)
def test_times(gold: Any, told: Any, strict: Any, overlap: Any, value: Any) -> None:
    assert times(told, gold, "on 1 May at noon and now") == {"strict": strict, "overlap": overlap, "value": value}


def test_incidents_are_aligned_before_they_are_compared() -> None:
    early = bare_incident(started_at="2023-05-01", organizations=["Acme"])
    late = bare_incident(started_at="2023-06-01", organizations=["Acme"], role="background")
    text = "Acme was down."
    predicted = [incident_of(GoldIncident.model_validate(data), text) for data in (late, early)]
    score = scored(*predicted, gold=[early, late], text=text)
    assert counts(score, "incident") == counts(score, "started") == counts(score, "role") == (2, 0, 0)


def test_pairs_that_share_only_a_role_stay_apart() -> None:
    score = scored(
        record(started_at=None, resolved_at=None, duration=None, organizations=(), components=(), causes=()),
        gold=[bare_incident(started_at="2020-01-01")],
    )
    assert counts(score, "incident") == (0, 1, 1)


def test_mistakes_carry_their_sentence() -> None:
    score = scored(record(causes=(), started_at=moment("2023-05-01T11:30")))
    told = {mistake.field: mistake for mistake in score.mistakes}
    assert told["cause_span"].sentence == "A faulty battery was to blame."
    assert (told["started"].gold, told["started"].predicted) == ("2023-05-01T10:15", "2023-05-01T11:30")


def test_a_language_of_which_only_times_are_read_is_scored_on_times_only() -> None:
    given = article(incidents=[gold_incident()])
    warning = Warning(code="language_partial", message="only times")
    score = score_article(given, report_of(given, incidents=(), warnings=(warning,)))
    told = {field for field, counts in score.counts.items() if counts.right + counts.false + counts.missed}
    assert told == {"times_strict", "times_overlap", "times_value"}
    assert not score.mistakes
