"""Parquet: one row a document, with the columns that a line of JSONL has; by pyarrow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from extractor.errors import InputUnreadable, SourceError
from extractor.limits import MAX_CHARACTERS, PARQUET_BATCH_ROWS
from extractor.sources.base import Items, Refusal, refused
from extractor.sources.decoding import decode
from extractor.sources.jsonl import Fields, of_fields

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

_TEXT = "text"


def read(path: str) -> Items:
    """Read a Parquet file, a few rows at a time.

    Args:
        path: The file.

    Raises:
        InputUnreadable: No such file, or not permitted.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with open(path, "rb") as raw, pq.ParquetFile(raw) as file:
            schema = file.schema_arrow
        if _TEXT not in schema.names or not _holds_text(schema.field(_TEXT).type):
            yield Refusal("invalid_record", path, "there is no column named text that holds text")
            return
        # A text that repeats stays one text in memory, however often a dictionary names it.
        options = {"read_dictionary": [_TEXT], "page_checksum_verification": True}
        with open(path, "rb") as raw, pq.ParquetFile(raw, **options) as file:
            yield from _rows(file, path)
    except (pa.ArrowException, ValueError, KeyError) as error:
        yield Refusal("file_damaged", path, f"no Parquet file: {_line(error)}")
    except OSError as error:
        if error.errno is None:  # pyarrow's own, on damaged pages
            yield Refusal("file_damaged", path, f"no Parquet file: {_line(error)}")
        else:
            raise InputUnreadable(f"{path} cannot be read: {error.strerror}") from error


def _rows(file: pq.ParquetFile, path: str) -> Items:
    import pyarrow as pa

    columns = [name for name in Fields.model_fields if name in file.schema_arrow.names]
    number = 0
    try:
        for batch in file.iter_batches(batch_size=PARQUET_BATCH_ROWS, columns=columns):
            for at in range(batch.num_rows):
                number += 1
                place = f"{path}:{number}"
                try:
                    row = dict(_cells(batch, at))
                except SourceError as error:
                    yield refused(error, place)
                else:
                    yield of_fields(row, place)
    except (pa.ArrowException, OSError, ValueError) as error:
        message = f"damaged from here on ({_line(error)}); what stands before is read"
        yield Refusal("file_damaged", f"{path}:{number + 1}", message)


def _holds_text(type: pa.DataType) -> bool:
    """Whether a column's type is text, or bytes as older writers store it."""
    import pyarrow.types as of  # type: ignore[import-untyped]

    if of.is_dictionary(type):
        type = type.value_type
    return bool(of.is_string(type) or of.is_large_string(type) or of.is_binary(type) or of.is_large_binary(type))


def _cells(batch: pa.RecordBatch, at: int) -> Iterator[tuple[str, Any]]:
    """The cells of a row; dates as ISO 8601, and no text that is too long is ever copied."""
    import pyarrow as pa

    for name in batch.schema.names:
        cell = batch.column(name)[at]
        if isinstance(cell, pa.DictionaryScalar):
            cell = cell.value
        if name == _TEXT and _size(cell) > 4 * MAX_CHARACTERS:
            raise SourceError("too_long", f"the text has more than {MAX_CHARACTERS:,} characters")
        try:
            value = cell.as_py()
        except (ValueError, OverflowError) as error:
            raise SourceError("invalid_record", f"{name}: {_line(error)}") from error
        if isinstance(value, date | datetime):
            value = value.isoformat()
        yield name, decode(value).text if isinstance(value, bytes) else value


def _size(cell: pa.Scalar) -> int:
    """Bytes of a text's cell; 0 when it is none."""
    size: int = cell.as_buffer().size if cell.is_valid and hasattr(cell, "as_buffer") else 0
    return size


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
