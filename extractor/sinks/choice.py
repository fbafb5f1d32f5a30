"""Which sink serves a target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from extractor.errors import ExtraMissing, SinkUnusable
from extractor.limits import SINK_PATIENCE
from extractor.sinks.base import Format, Sink
from extractor.sinks.sql.connecting import is_sql

STANDARD_OUTPUT = "-"


def _jsonl() -> Format:
    from extractor.sinks.jsonl import Jsonl

    return Jsonl()


def _csv() -> Format:
    from extractor.sinks.csv import Csv

    return Csv()


def _parquet() -> Format:
    with _pyarrow():
        from extractor.sinks.parquet import Parquet

    return Parquet()


#: File formats by suffix; each is loaded when it is asked for.
FORMATS: Mapping[str, Callable[[], Format]] = {".jsonl": _jsonl, ".csv": _csv, ".parquet": _parquet}


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
    if "://" not in target and suffix in FORMATS:
        from extractor.sinks.files import FileSink

        return FileSink(Path(target), FORMATS[suffix]())
    if "://" not in target and suffix in (".db", ".sqlite", ".sqlite3"):
        return open_sink(f"sqlite:///{target}", patience)
    raise SinkUnusable(
        f"{target}: write to sqlite:///file.db, postgresql://..., file.jsonl, file.csv, file.parquet or -"
    )


def arrow_schema() -> str:
    """The schema of the Parquet target, as text.

    Raises:
        ExtraMissing: pyarrow is not installed.
    """
    with _pyarrow():
        from extractor.sinks.arrow import report_schema

    return str(report_schema().to_string())


@contextmanager
def _pyarrow() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise ExtraMissing("Parquet needs pyarrow: pip install 'incident-extractor[parquet]'") from error
