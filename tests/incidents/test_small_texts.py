"""Short texts, one point each: what a careful reader would say of them."""

import pytest

from extractor import extract
from extractor.records import Incident, Report

PUBLISHED = "2024-05-08"  # a Wednesday


def read(text: str, language: str = "en", published: str | None = PUBLISHED) -> Report:
    return extract(text, published, language=language)


def only(report: Report) -> Incident:
    assert len(report.incidents) == 1, [e.text for i in report.incidents for e in i.evidence]
    return report.incidents[0]


def started(incident: Incident) -> str | None:
    return incident.started_at.value if incident.started_at else None


def resolved(incident: Incident) -> str | None:
    return incident.resolved_at.value if incident.resolved_at else None


@pytest.mark.parametrize(
    ("text", "language", "start", "end", "duration"),
    [
        ("The website was down on Monday from 9:00 to 10:30.", "en", "2024-05-06T09:00", "2024-05-06T10:30", "PT1H30M"),
        ("Le site est resté inaccessible lundi de 9h à 10h30.", "fr", "2024-05-06T09:00", "2024-05-06T10:30", "PT1H30M"),
        ("The outage began at 7:15 yesterday and service was restored at 8:00.", "en", "2024-05-07T07:15", "2024-05-07T08:00", "PT45M"),
        ("La panne a commencé hier à 7h15 et le service a été rétabli à 8h.", "fr", "2024-05-07T07:15", "2024-05-07T08:00", "PT45M"),
        ("The payment network crashed on 3 May. The outage lasted almost six hours.", "en", "2024-05-03", None, "PT6H"),
        ("La plateforme est tombée en panne le 3 mai. La panne a duré près de six heures.", "fr", "2024-05-03", None, "PT6H"),
    ],
)  # fmt: skip
def test_start_end_duration(text: str, language: str, start: str, end: str | None, duration: str) -> None:
    incident = only(read(text, language))
    assert (started(incident), resolved(incident)) == (start, end)
    assert incident.duration
    assert incident.duration.value == duration


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("de", "Am Montag gab es in Bremen einen Stromausfall. Daten gingen nicht verloren.", "data_loss"),
        ("nl", "Maandag was er in Utrecht een stroomstoring. De servers vielen niet uit.", "unavailable"),
    ],
)
def test_a_verb_around_a_denial(language: str, text: str, kind: str) -> None:
    incident = only(read(text, language))
    assert [impact.affected for impact in incident.impacts if impact.kind == kind] == [False]


def test_a_title_that_begins_a_sentence_is_no_part_of_the_name() -> None:
    incident = only(read("Operator Kestrel Transit said trains stopped on Monday after a signal failure."))
    assert [organization.name for organization in incident.organizations] == ["Kestrel Transit"]


def test_a_forecast_is_no_end() -> None:
    incident = only(read("The platform went down on Monday. Service is expected to return on Friday."))
    assert started(incident) == "2024-05-06"
    assert incident.resolved_at is None


@pytest.mark.parametrize(
    ("text", "language", "category", "words"),
    [
        ("The site went down on Monday because of a configuration error.", "en", "config", "configuration error"),
        ("A software bug caused the outage on Monday.", "en", "bug", "software bug"),
        ("The servers failed on Monday after a power failure.", "en", "power", "power failure"),
        ("Le site est tombé lundi à cause d'une erreur de configuration.", "fr", "config", "erreur de configuration"),
        ("La panne de lundi a été provoquée par une surcharge.", "fr", "load", "surcharge"),
        ("Une pelleteuse a sectionné la fibre lundi, le réseau est coupé.", "fr", "human", "pelleteuse"),
    ],
)
def test_causes(text: str, language: str, category: str, words: str) -> None:
    causes = [cause for incident in read(text, language).incidents for cause in incident.causes]
    assert category in {cause.category for cause in causes}
    assert any(words in cause.text.lower() for cause in causes), causes


def test_a_suspected_cause_stays_suspected_and_a_denied_one_is_none() -> None:
    suspected = only(read("The cable broke on Monday. The break was probably caused by an anchor."))
    assert {c.certainty for c in suspected.causes if "anchor" in c.text} == {"suspected"}
    denied = only(read("The bank's website went down on Monday. The bank ruled out a cyberattack."))
    assert not [c for c in denied.causes if c.certainty != "denied"]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Load balancers, routers and firewalls stopped working on Monday.", "en", {("load_balancer", "failed"), ("router", "failed"), ("firewall", "failed")}),
        ("The website was down on Monday but the database was not affected.", "en", {("website", "failed"), ("database", "unaffected")}),
        ("Les routeurs et les pare-feu ont été inopérants lundi.", "fr", {("router", "failed"), ("firewall", "failed")}),
        ("Le site web était inaccessible lundi, mais la messagerie n'a pas été affectée.", "fr", {("website", "failed"), ("email", "unaffected")}),
    ],
)  # fmt: skip
def test_components(text: str, language: str, expected: set[tuple[str, str]]) -> None:
    found = {(c.category, c.status) for i in read(text, language).incidents for c in i.components}
    assert expected <= found


def test_no_data_was_lost_is_data() -> None:
    incident = only(read("The storage array failed on Monday. No data was lost."))
    assert [(i.kind, i.affected) for i in incident.impacts if i.kind == "data_loss"] == [("data_loss", False)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("In the event of an outage, customers should call the helpdesk.", "en"),
        ("Scheduled maintenance: the portal will be unavailable on Sunday from 2:00 to 4:00.", "en"),
        ("En cas de panne, appelez le support.", "fr"),
        ("Une maintenance programmée aura lieu dimanche de 2h à 4h : le portail sera indisponible.", "fr"),
        ("An hour of downtime costs companies 5,000 dollars on average, a survey says.", "en"),
    ],
)
def test_plans_suppositions_and_statistics_are_no_incident(text: str, language: str) -> None:
    report = read(text, language)
    assert report.incidents == ()
    assert report.relevance < 0.5


def test_two_incidents_come_apart_by_day_and_keep_their_own_causes() -> None:
    report = read(
        "Northway's network went down on Monday because of a power failure. The outage lasted two hours. "
        "On Tuesday a second outage followed: a technician had pulled the wrong cable. It lasted ten minutes."
    )
    first, second = report.incidents
    assert (started(first), started(second)) == ("2024-05-06", "2024-05-07")
    assert {c.category for c in first.causes} == {"power"}
    assert "human" in {c.category for c in second.causes}
    assert first.duration and first.duration.value == "PT2H"
    assert second.duration and second.duration.value == "PT10M"


def test_an_earlier_case_is_background_and_its_year_does_not_leak() -> None:
    report = read(
        "The booking system of Aeris failed on Monday. The airline cancelled 40 flights. "
        "In March 2019 an outage at the same airline lasted three days."
    )
    assert [i.role for i in report.incidents] == ["primary", "background"]
    primary, background = report.incidents
    assert started(primary) == "2024-05-06"
    assert primary.duration is None
    assert started(background) == "2019-03"


def test_a_clock_that_contradicts_the_headline_is_a_warning() -> None:
    report = read("Ten-hour outage at Northway\n\nThe network was down on Monday from 8:00 to 9:30.")
    assert only(report).duration.value == "PT1H30M"  # type: ignore[union-attr]
    assert "duration_contradicts" in {w.code for w in report.warnings}


def test_quantities() -> None:
    incident = only(read("The outage on Monday left 17,500 customers without internet."))
    assert [(i.quantity.value, i.quantity.unit) for i in incident.impacts if i.quantity] == [(17500.0, "people")]


def test_a_quotation_has_its_speaker() -> None:
    report = read(
        "The website went down on Monday. “A technician pulled the wrong cable,” said Ann Poe, a spokeswoman."
    )
    speakers = {e.speaker for i in report.incidents for c in i.causes for e in c.evidence}
    assert "Ann Poe" in speakers


def test_without_any_date_nothing_is_invented() -> None:
    report = read("The website went down at 9:15.", published=None)
    incident = only(report)
    assert (
        incident.started_at is None or incident.started_at.value is None or incident.started_at.value.startswith("XXXX")
    )


@pytest.mark.parametrize("number", ["¹", "²³", "9¹", "٣", "③", "1,", "1.2.3.4.5", "9am"])
def test_odd_numbers_are_no_error(number: str) -> None:
    read(f"The outage on Monday left {number} customers without internet.")


@pytest.mark.parametrize(
    "text",
    [
        "The network went down on Monday at 9:00. Repairs could last until 18:00.",
        "The network went down on Monday at 9:00. The operator expects it to be restored by 18:00.",
    ],
)
def test_a_hedged_end_is_no_end(text: str) -> None:
    assert only(read(text)).resolved_at is None


def test_dates_and_clocks_are_no_quantities() -> None:
    incident = only(read("On 3 March 2024 at 9:15 sites went down and users were locked out."))
    assert [impact.quantity for impact in incident.impacts if impact.quantity] == []


def test_odd_signs_before_a_text_cost_little() -> None:
    assert read('" ' * 20_000 + "The website was down on Monday.").document.length > 40_000


def test_a_dateline_is_no_place_and_its_agency_no_party() -> None:
    report = read("PARIS (AFP), 7 May - The website of Northway went down on Monday because of a power failure.")
    incident = only(report)
    assert incident.locations == ()
    assert [organization.name for organization in incident.organizations] == ["Northway"]
