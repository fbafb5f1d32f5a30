"""The tables and views of the SQL target; a contract, so a change of them raises ``SQL_SCHEMA_VERSION``.

Keys are deterministic: a document's id, ``<document>#<number>`` for an incident, and positions below it, so the same
document always writes the same rows. ``earliest`` and ``latest`` are the text's wall clock with the zone beside it; the
columns ending in ``_utc`` are filled where the zone is known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

SQL_SCHEMA_VERSION = 1
LONGEST_KEY = 200

metadata = MetaData()

_JSON = JSON().with_variant(postgresql.JSONB(), "postgresql")
_SQLITE_TIME: Any = sqlite.DATETIME(truncate_microseconds=True)  # type: ignore[no-untyped-call]
_WALL = DateTime().with_variant(_SQLITE_TIME, "sqlite")
_UTC = DateTime(timezone=True).with_variant(_SQLITE_TIME, "sqlite")


def key(document_id: str) -> str:
    """A document's id as a key: itself, or shortened with a hash when it is longer than an index takes.

    Example:
        >>> key("a.txt"), len(key("a" * 5000))
        ('a.txt', 193)
    """
    if len(document_id) <= LONGEST_KEY:
        return document_id
    return f"{document_id[:160]}~{hashlib.sha256(document_id.encode()).hexdigest()[:32]}"


def _text(name: str, **options: Any) -> Column[Any]:
    return Column(name, Text, **options)


def _needed(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False)


def _moment(prefix: str) -> Iterator[Column[Any]]:
    """The flat columns of a Moment."""
    yield _text(f"{prefix}_value")
    yield Column(f"{prefix}_earliest", _WALL)
    yield Column(f"{prefix}_latest", _WALL)
    yield _text(f"{prefix}_precision")
    yield _text(f"{prefix}_timezone")
    yield Column(f"{prefix}_earliest_utc", _UTC)
    yield Column(f"{prefix}_latest_utc", _UTC)
    yield Column(f"{prefix}_approximate", Boolean)
    yield _text(f"{prefix}_basis")
    yield Column(f"{prefix}_confidence", Float)


def _document(**options: Any) -> Column[Any]:
    target = ForeignKey("documents.id", ondelete="CASCADE")
    return Column("document_id", Text, target, nullable=False, **options)


def _incident(**options: Any) -> Column[Any]:
    target = ForeignKey("incidents.id", ondelete="CASCADE")
    return Column("incident_id", Text, target, nullable=False, **options)


def _position() -> Column[Any]:
    return Column("position", Integer, primary_key=True, autoincrement=False)


def _judged() -> Iterator[Column[Any]]:
    yield Column("confidence", Float, nullable=False)
    yield _text("rule")


meta = Table("meta", metadata, _text("key", primary_key=True), _needed("value"))

runs = Table(
    "runs",
    metadata,
    _text("id", primary_key=True),
    _needed("started_at"),
    _text("finished_at"),
    _needed("state"),
    Column("inputs", _JSON, nullable=False),
    Column("options", _JSON, nullable=False),
    *(Column(name, Integer) for name in ("documents", "incidents", "failures", "skipped")),
)

journal = Table(
    "journal",
    metadata,
    _text("document_id", primary_key=True),
    _needed("state"),
    _needed("revision"),
    _needed("version"),
    _text("language"),
    _needed("sha256"),
    _text("code"),
    Column("incidents", Integer, nullable=False),
    _needed("run_id"),
    _needed("done_at"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("document_id", Text, ForeignKey("journal.document_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _needed("sha256"),
)

failures = Table(
    "failures",
    metadata,
    _text("id", primary_key=True),
    _needed("place"),
    _text("document_id", index=True),
    _needed("state"),
    Column("code", Text, nullable=False, index=True),
    _needed("message"),
    Column("run_id", Text, ForeignKey("runs.id"), nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Text, ForeignKey("journal.document_id", ondelete="CASCADE"), primary_key=True),
    _text("uri"),
    _text("title"),
    Column("published", Text, index=True),
    _text("published_basis"),
    Column("language", Text, nullable=False, index=True),
    Column("language_confidence", Float, nullable=False),
    _needed("language_basis"),
    Column("sha256", Text, nullable=False, index=True),
    Column("length", Integer, nullable=False),
    Column("relevance", Float, nullable=False),
    _needed("schema_version"),
    _needed("extractor"),
    _needed("pipeline"),
    _needed("knowledge"),
    Column("report", _JSON, nullable=False),
    _needed("text"),
    _needed("run_id"),
)

incidents = Table(
    "incidents",
    metadata,
    _text("id", primary_key=True),
    _document(index=True),
    Column("number", Integer, nullable=False),
    _needed("role"),
    Column("kind", Text, nullable=False, index=True),
    _needed("status"),
    _text("summary"),
    *(column for name in ("started", "detected", "mitigated", "resolved") for column in _moment(name)),
    _text("duration_value"),
    *(Column(f"duration_{name}", BigInteger) for name in ("seconds", "min", "max")),
    Column("duration_approximate", Boolean),
    _text("duration_basis"),
    Column("duration_confidence", Float),
    *_judged(),
    Index("ix_incidents_started_earliest", "started_earliest"),
    Index("ix_incidents_resolved_earliest", "resolved_earliest"),
)

parties = Table(
    "parties", metadata, _incident(primary_key=True), _position(), _needed("type"), Column("name", Text, index=True,
    nullable=False), _text("role"), *_judged(),
)  # fmt: skip

components = Table(
    "components", metadata, _incident(primary_key=True), _position(), _needed("name"), Column("category", Text,
    index=True, nullable=False), _needed("status"), *_judged(),
)  # fmt: skip

causes = Table(
    "causes", metadata, _incident(primary_key=True), _position(), _needed("text"), Column("category", Text, index=True,
    nullable=False), _text("detail"), _needed("role"), _needed("certainty"), *_judged(),
)  # fmt: skip

impacts = Table(
    "impacts", metadata, _incident(primary_key=True), _position(), _needed("text"), Column("kind", Text, index=True,
    nullable=False), Column("affected", Boolean, nullable=False), _needed("certainty"), Column("quantity_value", Float),
    _text("quantity_unit"), Column("quantity_approximate", Boolean), *_judged(),
)  # fmt: skip

actions = Table(
    "actions", metadata, _incident(primary_key=True), _position(), _needed("text"), Column("kind", Text, index=True,
    nullable=False), *_judged(),
)  # fmt: skip

timeline = Table(
    "timeline", metadata, _incident(primary_key=True), _position(), _needed("kind"), _needed("text"),
    *_moment("moment"), *_judged(), Index("ix_timeline_moment_earliest", "moment_earliest"),
)  # fmt: skip

times = Table(
    "times",
    metadata,
    _document(primary_key=True),
    _position(),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    _needed("text"),
    _needed("type"),
    _needed("value"),
    Column("earliest", _WALL, index=True),
    Column("latest", _WALL),
    _text("precision"),
    _text("timezone"),
    Column("earliest_utc", _UTC),
    Column("latest_utc", _UTC),
    Column("approximate", Boolean, nullable=False),
    _needed("basis"),
    _text("rule"),
)

warnings = Table(
    "warnings",
    metadata,
    _document(primary_key=True),
    _position(),
    Column("code", Text, nullable=False, index=True),
    _needed("message"),
    _text("incident_id", index=True),
)

evidence = Table(
    "evidence",
    metadata,
    _document(primary_key=True),
    _position(),
    _text("incident_id", index=True),
    _needed("owner"),
    Column("owner_position", Integer),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    _needed("text"),
    _text("speaker"),
)

#: In the order in which rows are written.
CONTENT = (
    documents, incidents, parties, components, causes, impacts, actions, timeline, times, warnings, evidence,
)  # fmt: skip

_INCIDENT_OF = "JOIN incidents i ON i.id = x.incident_id JOIN documents d ON d.id = i.document_id"

VIEWS = {
    "broken_components": f"""
SELECT i.document_id, x.incident_id, i.role AS incident_role, i.started_earliest, x.name, x.category, x.status,
       x.confidence, d.published, d.language
FROM components x {_INCIDENT_OF}
WHERE x.status IN ('failed', 'degraded')""",
    "root_causes": f"""
SELECT i.document_id, x.incident_id, i.role AS incident_role, i.started_earliest, x.category, x.detail, x.text,
       x.certainty, x.confidence, i.duration_seconds, d.published, d.language
FROM causes x {_INCIDENT_OF}
WHERE x.role = 'root' AND x.certainty <> 'denied'""",
    "times_utc": """
SELECT id AS incident_id, document_id,
       started_earliest_utc, started_latest_utc, resolved_earliest_utc, resolved_latest_utc, started_timezone,
       resolved_timezone
FROM incidents
WHERE started_earliest_utc IS NOT NULL OR started_latest_utc IS NOT NULL
   OR resolved_earliest_utc IS NOT NULL OR resolved_latest_utc IS NOT NULL""",
}


def ddl(dialect: Dialect) -> Iterator[str]:
    """Every statement that makes the tables, indexes and views, in order."""
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect)).strip()
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=dialect)).strip()
    for name, query in VIEWS.items():
        yield f"CREATE VIEW {name} AS{query}"


def script(dialect_name: str) -> str:
    """The whole schema as one SQL script.

    Args:
        dialect_name: sqlite or postgresql.
    """
    dialect: Dialect = postgresql.dialect() if dialect_name == "postgresql" else sqlite.dialect()  # type: ignore[no-untyped-call]
    return ";\n\n".join(ddl(dialect)) + ";"
