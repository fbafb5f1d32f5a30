"""CSV: one row an incident, flat columns; no cell is a formula to a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Set
from pathlib import Path

from extractor.records import Incident, Report

_MOMENTS = ("started", "detected", "mitigated", "resolved")
_MOMENT = ("value", "earliest", "latest", "precision", "timezone", "approximate", "basis", "confidence")
COLUMNS = (
    "document_id", "uri", "title", "published", "published_basis", "language", "sha256", "relevance",
    "incident_id", "role", "kind", "status", "confidence", "summary",
    "operators", "affected", "suppliers", "services", "locations",
    *(f"{moment}_{name}" for moment in _MOMENTS for name in _MOMENT),
    "duration_value", "duration_seconds", "duration_min", "duration_max", "duration_approximate", "duration_basis",
    "components", "component_categories", "causes", "cause_categories", "impacts", "impact_kinds", "actions",
)  # fmt: skip
_BETWEEN = "; "
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Csv:
    """Rows for a spreadsheet."""

    def write(self, path: Path, old: Path | None, replaced: Set[str], reports: Iterator[str]) -> None:
        """Write a file anew, see ``Format``."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            if old is not None:
                gone = {cell(name) for name in replaced}
                with old.open(encoding="utf-8", newline="") as lines:
                    rows = csv.reader(lines)
                    next(rows, None)
                    writer.writerows(row for row in rows if row[0] not in gone)
            for text in reports:
                report = Report.model_validate_json(text)
                writer.writerows(row(report, incident) for incident in report.incidents)


def cell(value: object) -> str:
    """A value as a cell; text that a spreadsheet would run as a formula is quoted with an apostrophe.

    Example:
        >>> cell("=1+1"), cell(-3), cell(None), cell(True)
        ("'=1+1", '-3', '', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, str) and text.lstrip(" ").startswith(_FORMULA):
        return f"'{text}"
    return text


def row(report: Report, incident: Incident) -> list[str]:
    """The cells of one incident, in order of ``COLUMNS``."""
    info = report.document
    values: dict[str, object] = {
        "document_id": info.id,
        "uri": info.uri,
        "title": info.title,
        "published": info.published,
        "published_basis": info.published_basis,
        "language": info.language.code,
        "sha256": info.sha256,
        "relevance": report.relevance,
        "incident_id": incident.id,
        "role": incident.role,
        "kind": incident.kind,
        "status": incident.status,
        "confidence": incident.confidence,
        "summary": incident.summary.text if incident.summary else None,
        "services": _joined(service.name for service in incident.services),
        "locations": _joined(location.name for location in incident.locations),
        "components": _joined(component.name for component in incident.components),
        "component_categories": _joined(component.category for component in incident.components),
        "causes": _joined(cause.text for cause in incident.causes),
        "cause_categories": _joined(cause.category for cause in incident.causes),
        "impacts": _joined(impact.text for impact in incident.impacts),
        "impact_kinds": _joined(impact.kind for impact in incident.impacts),
        "actions": _joined(action.text for action in incident.actions),
    }
    for column, role in (("operators", "operator"), ("affected", "affected"), ("suppliers", "supplier")):
        values[column] = _joined(party.name for party in incident.organizations if party.role == role)
    for moment in _MOMENTS:
        told = getattr(incident, f"{moment}_at")
        values |= {f"{moment}_{name}": getattr(told, name) for name in _MOMENT} if told else {}
    if incident.duration:
        duration = incident.duration
        values |= {f"duration_{name}": getattr(duration, name) for name in ("value", "approximate", "basis")}
        values["duration_seconds"] = duration.seconds.value
        values |= {"duration_min": duration.seconds.min, "duration_max": duration.seconds.max}
    return [cell(values.get(column)) for column in COLUMNS]


def _joined(names: Iterator[str]) -> str:
    return _BETWEEN.join(names)
