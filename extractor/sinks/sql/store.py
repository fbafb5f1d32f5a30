"""The SQL target: a shard's rows and its lines of the journal in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Dialect, Table, delete, func, inspect, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from extractor.errors import SchemaNewer, SinkUnusable
from extractor.limits import SINK_PATIENCE
from extractor.sinks.base import Failure, Known, Outcome, Run, Status, listed
from extractor.sinks.sql import schema
from extractor.sinks.sql.connecting import connect, patiently
from extractor.sinks.sql.rows import Row, Rows, rows_of

_CREATING = 7_304_011
_KNOWN = ("revision", "version", "language", "state", "code")
_COUNTS = ("documents", "incidents", "failures", "skipped")


class SqlSink:
    """SQLite or PostgreSQL; usable without the batch program.

    Args:
        target: sqlite:///incidents.db, postgresql://user:password@host/name.
        patience: Seconds to wait for a database that is away.

    Raises:
        SinkUnusable: No address of a supported database.
        ExtraMissing: psycopg is not installed.
    """

    def __init__(self, target: str, patience: float = SINK_PATIENCE) -> None:
        self._engine = connect(target)
        self._patience = patience

    def prepare(self) -> None:
        """Create the tables, or check that they are ours and of this version.

        Raises:
            SinkUnusable: It cannot be opened, or has other tables of these names.
            SchemaNewer: Written by a version of the program whose tables are others.
            SinkFull: No space is left.
        """
        if self._engine.dialect.name == "sqlite":
            patiently(self._write_ahead, self._engine, 5.0)
        patiently(self._create, self._engine, 5.0)

    def _write_ahead(self) -> None:
        with self._engine.connect().execution_options(outside=True) as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")

    def _create(self) -> None:
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_CREATING)))
            there = set(inspect(connection).get_table_names())
            if "meta" not in there:
                taken = sorted(there & schema.metadata.tables.keys())
                if taken:
                    raise SinkUnusable(f"the database has tables of other programs named {', '.join(taken)}")
                for statement in schema.ddl(self._engine.dialect):
                    connection.execute(text(statement))
                connection.execute(
                    schema.meta.insert(), [{"key": "schema_version", "value": str(schema.SQL_SCHEMA_VERSION)}]
                )
                return
            _check_version(connection)

    def check(self) -> None:
        """Check that the tables are there, ours and of this version.

        Raises:
            SinkUnusable: It cannot be opened, or nothing of ours is in it.
            SchemaNewer: Written by a version of the program whose tables are others.
        """

        def read() -> None:
            with self._engine.connect().execution_options(reading=True) as connection:
                if not inspect(connection).has_table("meta"):
                    raise SinkUnusable(f"{connection.engine.url.database}: nothing was written to it yet")
                _check_version(connection)

        patiently(read, self._engine, 0.0)

    def begin(self, run: Run) -> None:
        """Write down that a run begins."""
        row = {
            "id": run.id,
            "started_at": run.started_at,
            "state": run.state,
            "inputs": json.dumps(run.inputs),
            "options": json.dumps(dict(run.options)),
        }
        self._write(lambda connection: connection.execute(schema.runs.insert(), [row]))

    def known(self, document_ids: Sequence[str]) -> Mapping[str, Known]:
        """What the journal says of these documents, by id."""
        by_key = {schema.key(document_id): document_id for document_id in document_ids}
        journal, failures = schema.journal, schema.failures
        columns = [journal.c.document_id, *(journal.c[name] for name in _KNOWN), failures.c.message]
        both = journal.outerjoin(failures, failures.c.document_id == journal.c.document_id)
        query = select(*columns).select_from(both).where(journal.c.document_id.in_(by_key))

        def read() -> dict[str, Known]:
            with self._engine.connect().execution_options(reading=True) as connection:
                return {by_key[row[0]]: Known(*row[1:]) for row in connection.execute(query)}

        return patiently(read, self._engine, self._patience) if by_key else {}

    def commit(self, run_id: str, outcomes: Sequence[Outcome]) -> None:
        """Write what became of a shard: rows, failures and journal in one transaction.

        The rows of a document are replaced as one set; the hash of the text it had before is kept in ``revisions``.

        Raises:
            SinkUnavailable: The database was away for longer than the sink's patience.
            SinkFull: No space is left.
        """
        # In order of keys, so that two writers of the same documents wait for each other and never lock each other.
        by_key = {schema.key(outcome.document_id): outcome for outcome in outcomes if outcome.document_id is not None}
        documents = dict(sorted(by_key.items()))
        failed = [outcome for outcome in outcomes if outcome.state != "ok"]
        rows: Rows = {}
        for outcome in documents.values():
            if outcome.report is not None and outcome.text is not None:
                for table, lines in rows_of(outcome.report, outcome.text, run_id).items():
                    rows.setdefault(table, []).extend(lines)
        now = _now()
        journal = [_journal_row(document, outcome, run_id, now) for document, outcome in documents.items()]
        failures = sorted((_failure_row(outcome, run_id) for outcome in failed), key=lambda row: str(row["id"]))

        def write(connection: Connection) -> None:
            if journal:
                _keep_revisions(connection, journal)
            if documents:
                connection.execute(delete(schema.documents).where(schema.documents.c.id.in_(documents)))
                connection.execute(delete(schema.failures).where(schema.failures.c.document_id.in_(documents)))
            for table in schema.CONTENT:
                if rows.get(table.name):
                    connection.execute(table.insert(), rows[table.name])
            _upsert(connection, schema.failures, failures)

        self._write(write)

    def finish(self, run: Run) -> None:
        """Write down how a run ended; after a complete one, forget refusals that its inputs no longer give."""
        values: Row = {"state": run.state, "finished_at": run.finished_at}
        values.update({name: run.counts.get(name, 0) for name in _COUNTS})
        runs, failures = schema.runs, schema.failures

        def write(connection: Connection) -> None:
            connection.execute(update(runs).where(runs.c.id == run.id).values(**values))
            if run.state == "complete":
                told = connection.execute(select(runs.c.id, runs.c.inputs, runs.c.options)).all()
                same = [row.id for row in told if _alike(row, run)]
                connection.execute(
                    delete(failures).where(
                        failures.c.document_id.is_(None), failures.c.run_id != run.id, failures.c.run_id.in_(same)
                    )
                )

        self._write(write)

    def status(self) -> Status:
        """What is done, what is not and why, and every run."""
        runs, failures, journal = schema.runs, schema.failures, schema.journal

        def read() -> Status:
            with self._engine.connect().execution_options(reading=True) as connection:
                done = journal.c.state == "ok"
                documents, incidents = connection.execute(
                    select(func.count(), func.coalesce(func.sum(journal.c.incidents), 0)).where(done)
                ).one()
                columns = (getattr(failures.c, name) for name in ("place", "document_id", "state", "code", "message"))
                return Status(
                    documents=documents,
                    incidents=incidents,
                    failures=listed(Failure(*row) for row in connection.execute(select(*columns))),
                    runs=tuple(
                        _run(row._mapping) for row in connection.execute(select(runs).order_by(runs.c.started_at))
                    ),
                )

        return patiently(read, self._engine, self._patience)

    def delete(self, document_id: str) -> bool:
        """Remove a document and all that came from it; False when there is none."""
        document = schema.key(document_id)
        found = False

        def write(connection: Connection) -> None:
            nonlocal found
            connection.execute(delete(schema.failures).where(schema.failures.c.document_id == document))
            gone = connection.execute(delete(schema.journal).where(schema.journal.c.document_id == document))
            found = gone.rowcount > 0

        self._write(write)
        return found

    def close(self) -> None:
        """Close every connection; an SQLite file is left alone without its write-ahead log."""
        self._engine.dispose()

    def _write(self, action: Any) -> None:
        def once() -> None:
            with self._engine.begin() as connection:
                action(connection)

        patiently(once, self._engine, self._patience)


def _check_version(connection: Connection) -> None:
    found = connection.scalar(select(schema.meta.c.value).where(schema.meta.c.key == "schema_version"))
    if found != str(schema.SQL_SCHEMA_VERSION):
        raise SchemaNewer(
            f"its tables are of version {found}, this program writes {schema.SQL_SCHEMA_VERSION}; "
            "use the program that wrote it, or a new database"
        )


def _keep_revisions(connection: Connection, journal: list[Row]) -> None:
    """Write the lines of the journal; a text that another one replaces leaves its hash."""
    table, revisions = schema.journal, schema.revisions
    _upsert(connection, table, [{**row, "sha256": ""} for row in journal], only_new=True)
    keys = [row["document_id"] for row in journal]
    before = {
        row.document_id: row.sha256
        for row in connection.execute(
            select(table.c.document_id, table.c.sha256)
            .where(table.c.document_id.in_(keys))
            .order_by(table.c.document_id)
            .with_for_update()
        )
    }
    old = {row["document_id"]: before[row["document_id"]] for row in journal if before[row["document_id"]]}
    replaced = [row["document_id"] for row in journal if old.get(row["document_id"], row["sha256"]) != row["sha256"]]
    if replaced:
        counted = select(revisions.c.document_id, func.max(revisions.c.number)).group_by(revisions.c.document_id)
        told = connection.execute(counted.where(revisions.c.document_id.in_(replaced)))
        last: dict[str, int] = {row[0]: row[1] for row in told}
        kept = [{"document_id": name, "number": last.get(name, 0) + 1, "sha256": old[name]} for name in replaced]
        connection.execute(revisions.insert(), kept)
    _upsert(connection, table, journal)


def _upsert(connection: Connection, table: Table, rows: Sequence[Row], *, only_new: bool = False) -> None:
    if not rows:
        return
    dialect: Dialect = connection.dialect
    statement: Any = (postgresql if dialect.name == "postgresql" else sqlite).insert(table)
    keys = [column.name for column in table.primary_key]
    if only_new:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    else:
        others = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=others)
    connection.execute(statement, list(rows))


def _journal_row(document: str, outcome: Outcome, run_id: str, now: str) -> Row:
    return {
        "document_id": document,
        "state": outcome.state,
        "revision": outcome.revision,
        "version": outcome.version,
        "language": outcome.language,
        "sha256": outcome.sha256,
        "code": outcome.code,
        "incidents": len(outcome.report.incidents) if outcome.report else 0,
        "run_id": run_id,
        "done_at": now,
    }


def _failure_row(outcome: Outcome, run_id: str) -> Row:
    document = None if outcome.document_id is None else schema.key(outcome.document_id)
    named = f"place:{outcome.place}:{outcome.code}" if document is None else f"document:{document}"
    return {
        "id": hashlib.sha256(named.encode()).hexdigest()[:32],
        "place": outcome.place,
        "document_id": document,
        "state": outcome.state,
        "code": outcome.code or "error",
        "message": outcome.message or "",
        "run_id": run_id,
    }


def _run(row: Mapping[Any, Any]) -> Run:
    return Run(
        id=row["id"],
        started_at=row["started_at"],
        inputs=tuple(row["inputs"]),
        options=row["options"],
        state=row["state"],
        finished_at=row["finished_at"],
        counts={name: row[name] or 0 for name in _COUNTS},
    )


def _alike(row: Any, run: Run) -> bool:
    """Whether a run of the table read the same inputs."""
    same: bool = row.inputs == [*run.inputs] and row.options.get("folder") == run.options.get("folder")
    return same


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
