"""Which sink serves a target."""

from __future__ import annotations

from pathlib import Path

from extractor.limits import SINK_PATIENCE
from extractor.sinks.base import Sink, SinkUnusable
from extractor.sinks.sql.connecting import is_sql

STANDARD_OUTPUT = "-"


def open_sink(target: str, patience: float = SINK_PATIENCE) -> Sink:
    """The sink of a target.

    Args:
        target: sqlite:///file.db, postgresql://..., or a file ending in .jsonl, .csv, .parquet.
        patience: Seconds to wait for a database that is away.

    Raises:
        SinkUnusable: Nothing that can be written to.
        ExtraMissing: An optional package is not installed.
    """
    if is_sql(target):
        from extractor.sinks.sql import SqlSink

        return SqlSink(target, patience)
    suffix = Path(target).suffix
    if "://" not in target and suffix in (".db", ".sqlite", ".sqlite3"):
        return open_sink(f"sqlite:///{target}", patience)
    raise SinkUnusable(
        f"{target}: write to sqlite:///file.db, postgresql://..., file.jsonl, file.csv, file.parquet or -"
    )
