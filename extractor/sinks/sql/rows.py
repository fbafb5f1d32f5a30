"""From a report to rows, one list a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from extractor.records import Duration, Evidence, Incident, Judged, Moment, Report, TimeMention
from extractor.sinks.sql.schema import key

Row = dict[str, Any]
Rows = dict[str, list[Row]]

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?")
_MOMENTS = {"started": "started_at", "detected": "detected_at", "mitigated": "mitigated_at", "resolved": "resolved_at"}


def wall(value: str | None) -> datetime | None:
    """A bound as a date-time without a zone; None when it is open or beyond the calendar.

    Example:
        >>> wall("2011-04-25T00:00:00"), wall("XXXX-04-25")
        (datetime.datetime(2011, 4, 25, 0, 0), None)
    """
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return None


def utc(value: datetime | None, zone: str | None) -> datetime | None:
    """A wall clock in UTC; None when no zone is known.

    Example:
        >>> utc(datetime(2024, 7, 1, 12), "Europe/Paris").isoformat(), utc(datetime(2024, 7, 1), None)
        ('2024-07-01T10:00:00+00:00', None)
    """
    known = _zone(zone) if zone else None
    if value is None or known is None:
        return None
    try:
        return value.replace(tzinfo=known).astimezone(UTC)
    except OverflowError:
        return None


@lru_cache(maxsize=1024)
def _zone(name: str) -> tzinfo | None:
    if name in ("Z", "UTC", "GMT"):
        return UTC
    offset = _OFFSET.fullmatch(name)
    if offset:
        length = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(-length if offset[1] == "-" else length) if length < timedelta(hours=24) else None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def rows_of(report: Report, text: str, run_id: str) -> Rows:
    """All rows of one document.

    Args:
        report: Its report.
        text: The text that the report's offsets refer to.
        run_id: The run that writes it.
    """
    document_id = key(report.document.id)
    collected = _Collected(document_id)
    collected.rows["documents"] = [_document(report, document_id, text, run_id)]
    for number, incident in enumerate(report.incidents, start=1):
        collected.incident(incident, f"{document_id}#{number}", number)
    collected.rows["times"] = [_time(time, document_id, at) for at, time in enumerate(report.times)]
    names = {incident.id: f"{document_id}#{number}" for number, incident in enumerate(report.incidents, start=1)}
    for at, warning in enumerate(report.warnings):
        about = names.get(warning.incident or "")
        collected.add(
            "warnings",
            {"document_id": document_id, "position": at, "code": warning.code, "message": warning.message,
             "incident_id": about},
        )  # fmt: skip
        collected.evidence("warning", warning.evidence, about, at)
    return collected.rows


class _Collected:
    """Rows of one document in the making."""

    def __init__(self, document_id: str) -> None:
        self.document_id = document_id
        self.rows: Rows = {}

    def add(self, table: str, row: Row) -> None:
        self.rows.setdefault(table, []).append(row)

    def evidence(self, owner: str, words: Sequence[Evidence], incident_id: str | None, at: int | None = None) -> None:
        for evidence in words:
            self.add(
                "evidence",
                {
                    "document_id": self.document_id,
                    "position": len(self.rows.get("evidence", ())),
                    "incident_id": incident_id,
                    "owner": owner,
                    "owner_position": at,
                    "start": evidence.start,
                    "end": evidence.end,
                    "text": evidence.text,
                    "speaker": evidence.speaker,
                },
            )

    def incident(self, incident: Incident, incident_id: str, number: int) -> None:
        row = {
            "id": incident_id,
            "document_id": self.document_id,
            "number": number,
            "role": incident.role,
            "kind": incident.kind,
            "status": incident.status,
            "summary": incident.summary.text if incident.summary else None,
            **_judged(incident),
            **_duration(incident.duration),
        }
        self.evidence("incident", incident.evidence, incident_id)
        if incident.summary:
            self.evidence("summary", (incident.summary,), incident_id)
        for prefix, name in _MOMENTS.items():
            moment: Moment | None = getattr(incident, name)
            row |= _moment(prefix, moment)
            if moment:
                self.evidence(prefix, moment.evidence, incident_id)
        if incident.duration:
            self.evidence("duration", incident.duration.evidence, incident_id)
        self.add("incidents", row)
        for table, owner, position, item, values in _items(incident):
            self.add(table, {"incident_id": incident_id, "position": position, **values, **_judged(item)})
            self.evidence(owner, item.evidence, incident_id, position)


def _items(incident: Incident) -> Iterator[tuple[str, str, int, Any, Row]]:
    """The list items of an incident: table, owner's name in evidence, position, item, its own columns."""
    parties: list[tuple[str, Any]] = [
        *(("organization", item) for item in incident.organizations),
        *(("service", item) for item in incident.services),
        *(("location", item) for item in incident.locations),
    ]
    for at, (kind, party) in enumerate(parties):
        values = {"type": kind, "name": party.name, "role": getattr(party, "role", None)}
        yield "parties", "party", at, party, values
    for at, component in enumerate(incident.components):
        values = {"name": component.name, "category": component.category, "status": component.status}
        yield "components", "component", at, component, values
    for at, cause in enumerate(incident.causes):
        values = {
            name: getattr(cause, name) for name in ("text", "category", "detail", "role", "certainty")
        }  # fmt: skip
        yield "causes", "cause", at, cause, values
    for at, impact in enumerate(incident.impacts):
        quantity = impact.quantity
        values = {
            "text": impact.text,
            "kind": impact.kind,
            "affected": impact.affected,
            "certainty": impact.certainty,
            "quantity_value": quantity.value if quantity else None,
            "quantity_unit": quantity.unit if quantity else None,
            "quantity_approximate": quantity.approximate if quantity else None,
        }
        yield "impacts", "impact", at, impact, values
    for at, action in enumerate(incident.actions):
        yield "actions", "action", at, action, {"text": action.text, "kind": action.kind}
    for at, entry in enumerate(incident.timeline):
        values = {"kind": entry.kind, "text": entry.text, **_moment("moment", entry.moment)}
        yield "timeline", "timeline", at, entry, values


def _document(report: Report, document_id: str, text: str, run_id: str) -> Row:
    info, made = report.document, report.provenance
    return {
        "id": document_id,
        "uri": info.uri,
        "title": info.title,
        "published": info.published,
        "published_basis": info.published_basis,
        "language": info.language.code,
        "language_confidence": info.language.confidence,
        "language_basis": info.language.basis,
        "sha256": info.sha256,
        "length": info.length,
        "relevance": report.relevance,
        "schema_version": report.schema_version,
        "extractor": made.extractor,
        "pipeline": made.pipeline,
        "knowledge": made.knowledge,
        "report": report.model_dump_json(),
        "text": text,
        "run_id": run_id,
    }


def _judged(item: Judged) -> Row:
    return {"confidence": item.confidence, "rule": item.rule}


def _duration(duration: Duration | None) -> Row:
    seconds = duration.seconds if duration else None
    return {
        "duration_value": duration.value if duration else None,
        "duration_seconds": seconds.value if seconds else None,
        "duration_min": seconds.min if seconds else None,
        "duration_max": seconds.max if seconds else None,
        "duration_approximate": duration.approximate if duration else None,
        "duration_basis": duration.basis if duration else None,
        "duration_confidence": duration.confidence if duration else None,
    }


def _moment(prefix: str, moment: Moment | None) -> Row:
    zone = moment.timezone if moment else None
    earliest, latest = (wall(moment.earliest), wall(moment.latest)) if moment else (None, None)
    return {
        f"{prefix}_value": moment.value if moment else None,
        f"{prefix}_earliest": earliest,
        f"{prefix}_latest": latest,
        f"{prefix}_precision": moment.precision if moment else None,
        f"{prefix}_timezone": zone,
        f"{prefix}_earliest_utc": utc(earliest, zone),
        f"{prefix}_latest_utc": utc(latest, zone),
        f"{prefix}_approximate": moment.approximate if moment else None,
        f"{prefix}_basis": moment.basis if moment else None,
        f"{prefix}_confidence": moment.confidence if moment else None,
    }


def _time(time: TimeMention, document_id: str, at: int) -> Row:
    earliest, latest = wall(time.earliest), wall(time.latest)
    named = ("start", "end", "text", "type", "value", "precision", "timezone", "approximate", "basis", "rule")
    return {
        "document_id": document_id,
        "position": at,
        **{name: getattr(time, name) for name in named},
        "earliest": earliest,
        "latest": latest,
        "earliest_utc": utc(earliest, time.timezone),
        "latest_utc": utc(latest, time.timezone),
    }
