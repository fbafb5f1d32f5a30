"""The first example: a French article on two outages of one service in two days, and its twins written for the corpus.

The article itself is no part of the project; where it is absent its test is reported as not run.
"""

import json
from pathlib import Path

import pytest

from extractor import extract
from extractor.records import Incident, Report

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
SEED = SHARED / "seed-article.fr.txt"
IDEAL = SHARED / "seed-article.report.json"
PUBLISHED = "2011-05-02"
TWINS = [ROOT / "corpus" / "en" / "en-cloud-foundry-2011.txt", ROOT / "corpus" / "fr" / "fr-cloud-foundry-2011.txt"]


def components(incident: Incident) -> set[tuple[str, str]]:
    return {(component.category, component.status) for component in incident.components}


def causes(incident: Incident) -> set[str]:
    return {cause.category for cause in incident.causes if cause.certainty == "stated"}


def check_incidents(report: Report) -> None:
    """The facts that the seed article and its twins share."""
    assert [incident.role for incident in report.incidents] == ["primary", "primary", "background"]
    first, second, aside = report.incidents
    for primary in (first, second):
        assert "VMware" in [organization.name for organization in primary.organizations]
        assert "Cloud Foundry" in [service.name for service in primary.services]
    assert first.started_at and first.started_at.value == "2011-04-25"
    assert first.resolved_at and first.resolved_at.value == "2011-04-25"
    assert first.resolved_at.precision == "part_of_day"
    assert first.duration and first.duration.value == "PT10H"
    assert first.duration.approximate
    assert causes(first) == {"power"}
    assert ("storage", "failed") in components(first)
    assert ("application", "unaffected") in components(first)
    assert second.started_at and second.started_at.value == "2011-04-26T10:15"
    assert second.resolved_at and second.resolved_at.value == "2011-04-26T11:30"
    assert second.duration and (second.duration.value, second.duration.basis) == ("PT1H15M", "derived")
    assert "human" in causes(second)
    wanted = {("load_balancer", "failed"), ("router", "failed"), ("firewall", "failed"), ("dns", "degraded")}
    assert wanted <= components(second)
    assert ("network", "failed") in components(second)
    assert "Amazon" in [organization.name for organization in aside.organizations]
    assert "Elastic Compute Cloud" in [service.name for service in aside.services]
    assert causes(aside) & {"human", "upgrade"}
    assert aside.started_at is None or aside.started_at.value is None


@pytest.mark.skipif(not SEED.exists(), reason="NOT RUN: the seed article (../shared) is not on this machine")
class TestSeedArticle:
    """The published article, read where it lies."""

    def report(self, published: str | None = PUBLISHED) -> Report:
        return extract(SEED.read_text(encoding="utf-8"), published)

    def test_three_incidents(self) -> None:
        report = self.report()
        check_incidents(report)
        first, second, aside = report.incidents
        assert [cause.text for cause in first.causes] == ["panne de courant dans une armoire de stockage"]
        assert any("développeurs" in impact.text and impact.affected for impact in first.impacts)
        assert any("mauvaise manipulation" in c.text for c in second.causes if c.category == "human")
        assert any("connectivité externe" in impact.text for impact in second.impacts)
        assert any("mise à jour du système" in cause.text for cause in aside.causes)

    def test_thirteen_times_and_nothing_else(self) -> None:
        ideal = [(t["start"], t["end"], t["text"], t["value"]) for t in json.loads(IDEAL.read_text())["times"]]
        found = [(t.start, t.end, t.text, t.value) for t in self.report().times if not t.value.endswith("_REF")]
        assert found == ideal
        assert len(found) == 13

    def test_without_publication_date_the_year_stays_open(self) -> None:
        report = self.report(None)
        first = report.incidents[0]
        assert first.started_at and first.started_at.value == "XXXX-04-25"
        assert "year_unknown" in {warning.code for warning in report.warnings}


@pytest.mark.parametrize("path", TWINS, ids=lambda path: path.stem)
def test_twin(path: Path) -> None:
    report = extract(path.read_text(encoding="utf-8"), PUBLISHED)
    check_incidents(report)
    gold = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    found = [(t.text, t.value) for t in report.times if not t.value.endswith("_REF")]
    assert found == [(t["text"], t["value"]) for t in gold["times"] if not t["value"].endswith("_REF")]
