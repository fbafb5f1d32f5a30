"""Small gold articles, and the report that an extractor without a fault would make of them."""

import json
from pathlib import Path
from typing import Any

from extractor.evaluation.gold import Article, GoldArticle, GoldIncident, place
from extractor.records import (
    Action,
    Cause,
    Component,
    DetectedLanguage,
    DocumentInfo,
    Duration,
    Evidence,
    Impact,
    Incident,
    Moment,
    Organization,
    Provenance,
    Report,
    Seconds,
    Service,
    TimeMention,
)

TEXT = (
    "Acme Web Services lost power in its Dublin hall on Monday at 10:15. The website of Acme was down until 11:30 on "
    "1 May 2023. A faulty battery was to blame. No data was lost. Engineers replaced the battery."
)


def gold_incident(**changes: Any) -> dict[str, Any]:
    """One incident of TEXT, as in a gold file."""
    return {
        "role": "primary",
        "kind": "outage",
        "status": "resolved",
        "organizations": ["Acme Web Services", "Acme"],
        "services": [],
        "started_at": "2023-05-01T10:15",
        "detected_at": None,
        "mitigated_at": None,
        "resolved_at": "2023-05-01T11:30",
        "duration": "PT1H15M",
        "duration_basis": "derived",
        "approximate": [],
        "components": [{"name": "website", "category": "website", "status": "failed"}],
        "causes": [{"text": "faulty battery", "category": "power", "detail": "ups", "role": "root"}],
        "impacts": [
            {"text": "The website of Acme was down", "kind": "unavailable"},
            {"text": "No data was lost", "kind": "data_loss", "affected": False},
        ],
        "actions": [{"text": "Engineers replaced the battery", "kind": "fix"}],
        "locations": ["Dublin"],
        **changes,
    }


def bare_incident(**changes: Any) -> dict[str, Any]:
    """An incident of which nothing is known but what is given."""
    empty = dict.fromkeys(("started_at", "resolved_at", "duration", "duration_basis"))
    lists: dict[str, Any] = {
        name: [] for name in ("organizations", "services", "components", "causes", "impacts", "actions", "locations")
    }
    return gold_incident(**{**empty, **lists, **changes})


TIMES = [
    {"text": "Monday", "value": "2023-05-01"},
    {"text": "10:15", "value": "2023-05-01T10:15"},
    {"text": "11:30", "value": "2023-05-01T11:30"},
    {"text": "1 May 2023", "value": "2023-05-01"},
]


def gold_data(**changes: Any) -> dict[str, Any]:
    """A whole gold file."""
    return {
        "id": "en-acme",
        "lang": "en",
        "published": "2023-05-02",
        "event": "acme-2023",
        "facts_from": None,
        "note": "",
        "fictional": True,
        "register": "agency",
        "cases": [1],
        "relevant": True,
        "incidents": [gold_incident()],
        "times": TIMES,
        **changes,
    }


def article(text: str = TEXT, *, split: str = "dev", **changes: Any) -> Article:
    """An article with its gold."""
    return Article(GoldArticle.model_validate(gold_data(**changes)), text, split)  # type: ignore[arg-type]


def store(corpus: Path, text: str = TEXT, **changes: Any) -> Path:
    """Write an article into a corpus; the path of its gold."""
    data = gold_data(**changes)
    folder = corpus / data["lang"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{data['id']}.txt").write_text(text, encoding="utf-8")
    path = folder / f"{data['id']}.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def evidence(text: str, span: str) -> tuple[Evidence, ...]:
    start = max(0, text.find(span))
    return (Evidence(start=start, end=start + len(span), text=span),)


def moment(value: str | None) -> Moment | None:
    return Moment(value=value, basis="explicit") if value else None


def duration(value: str | None) -> Duration | None:
    return Duration(value=value, seconds=Seconds(), basis="stated") if value else None


def incident_of(gold: GoldIncident, text: str) -> Incident:
    """The record that says exactly what the gold says."""

    def named(kind: Any, names: Any, **more: Any) -> tuple[Any, ...]:
        return tuple(kind(name=name, evidence=evidence(text, name), **more) for name in names)

    return Incident(
        id="1",
        role=gold.role,
        kind=gold.kind,
        status=gold.status,
        organizations=named(Organization, gold.organizations, role="operator"),
        services=named(Service, gold.services),
        started_at=moment(gold.started_at),
        detected_at=moment(gold.detected_at),
        resolved_at=moment(gold.resolved_at),
        duration=duration(gold.duration),
        components=tuple(
            Component(name=c.name, category=c.category, status=c.status, evidence=evidence(text, c.name))
            for c in gold.components
        ),
        causes=tuple(
            Cause(text=c.text, category=c.category, certainty=c.certainty, evidence=evidence(text, c.text))
            for c in gold.causes
        ),
        impacts=tuple(
            Impact(text=i.text, kind=i.kind, affected=i.affected, evidence=evidence(text, i.text)) for i in gold.impacts
        ),
        actions=tuple(Action(text=a.text, kind=a.kind, evidence=evidence(text, a.text)) for a in gold.actions),
    )


def mention(start: int, text: str, value: str) -> TimeMention:
    return TimeMention(start=start, end=start + len(text), text=text, type="date", value=value)


def report_of(given: Article, **changes: Any) -> Report:
    """The report that says exactly what the gold says, with changes."""
    gold, text = given.gold, given.text
    spots = place(text, [time.text for time in gold.times])
    data: dict[str, Any] = {
        "document": DocumentInfo(
            id=gold.id,
            language=DetectedLanguage(code=gold.lang, confidence=1.0, basis="given"),
            sha256="",
            length=len(text),
        ),
        "relevance": 1.0 if gold.relevant else 0.0,
        "incidents": tuple(incident_of(incident, text) for incident in gold.incidents),
        "times": tuple(
            mention(spot[0], time.text, time.value) for time, spot in zip(gold.times, spots, strict=True) if spot
        ),
        "provenance": Provenance(extractor="", pipeline="", knowledge=""),
    }
    return Report(**{**data, **changes})
