"""SQL: SQLite and PostgreSQL through SQLAlchemy Core."""

from extractor.sinks.sql.store import SqlSink

__all__ = ["SqlSink"]
