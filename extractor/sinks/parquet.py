"""Parquet: one row a document, the report nested, with a schema that never changes with the data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from itertools import islice
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from extractor.sinks.arrow import report_schema

_ROWS = 500


class Parquet:
    """Reports for analysis."""

    def write(self, path: Path, old: Path | None, replaced: Set[str], reports: Iterator[str]) -> None:
        """Write a file anew, see ``Format``."""
        schema = report_schema()
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            if old is not None:
                gone = pa.array(sorted(replaced), pa.string())
                with pq.ParquetFile(old) as file:
                    for batch in file.iter_batches(_ROWS):
                        ids = pc.struct_field(batch.column("document"), "id")
                        kept = batch.filter(pc.invert(pc.is_in(ids, value_set=gone)))
                        if kept.num_rows:
                            writer.write_batch(kept)
            while rows := [_row(text) for text in islice(reports, _ROWS)]:
                writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=schema))


def _row(text: str) -> dict[str, object]:
    """A report as Arrow takes it; what JSON leaves out is null."""
    told: dict[str, object] = json.loads(text)
    return told
