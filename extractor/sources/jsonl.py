"""JSONL: one object a line, ``{id, text, language?, published?, title?, uri?}``; other fields are left alone."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import SourceError
from extractor.limits import MAX_LINE_BYTES
from extractor.sources.base import Item, Items, Refusal, document, refused
from extractor.sources.decoding import Basis, Decoded, decode, known
from extractor.sources.opening import Opened, opened

_WIDE = ("utf-16", "utf-32")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Fields(BaseModel):
    """The fields of a document in a record of JSONL or Parquet; empty optional ones count as left out."""

    model_config = ConfigDict(strict=True, extra="ignore")

    text: str
    id: str | int | None = None
    uri: str | None = None
    title: str | None = None
    published: str | None = None
    language: str | None = None


def read(path: str, encoding: str | None = None) -> Items:
    """Read a JSONL file, gzip or not.

    Args:
        path: The file.
        encoding: What it is declared to be; found out line by line when left out.

    Raises:
        InputUnreadable: No such file, or not permitted.
    """
    with opened(path) as stream:
        yield from read_stream(stream, path, encoding)


def read_stream(stream: Opened, name: str, encoding: str | None = None) -> Items:
    """Read open JSONL; a bad line is refused with its number, and reading goes on.

    Args:
        stream: The bytes.
        name: What the file is called in places.
        encoding: What it is declared to be.
    """
    lines = _wide_lines(stream, wide) if (wide := _wide(stream, encoding)) else _lines(stream, encoding)
    number = 0
    for number, line in enumerate(lines, start=1):
        place = f"{name}:{number}"
        if isinstance(line, SourceError):
            yield refused(line, place)
        elif line.text and not line.text.isspace():
            yield _record(line, place)
    if stream.failure is not None:
        yield refused(stream.failure, f"{name}:{number + 1}")


def of_fields(raw: Any, place: str, encoding: str | None = None, encoding_basis: str | None = None) -> Item:
    """The document of a record of JSONL or Parquet, or why it is none.

    Example:
        >>> of_fields({"id": 7, "text": "It was down."}, "a.jsonl:1").id
        '7'
        >>> of_fields({"id": "7", "text": None}, "a.jsonl:1")
        Refusal(code='invalid_record', place='a.jsonl:1', message='text: Input should be a valid string', id='7')
    """
    if not isinstance(raw, dict):
        return Refusal("invalid_record", place, f"an object is needed, not {type(raw).__name__}")
    try:
        fields = Fields.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        message = f"{first['loc'][0]}: {first['msg']}"
        id = raw.get("id")
        return refused(SourceError("invalid_record", message), place, id[:200] if isinstance(id, str) else None)
    return document(
        fields.text,
        place,
        id=None if fields.id is None else str(fields.id),
        uri=fields.uri,
        title=fields.title,
        published=fields.published,
        language=fields.language,
        encoding=encoding,
        encoding_basis=encoding_basis,
    )


def _record(line: Decoded, place: str) -> Item:
    try:
        raw = json.loads(line.text)
    except RecursionError:
        return Refusal("invalid_json", place, "nested too deeply")
    except json.JSONDecodeError as error:
        return Refusal("invalid_json", place, f"{error.msg} at character {error.pos + 1}")
    except ValueError as error:
        return Refusal("invalid_json", place, str(error))
    return of_fields(raw, place, line.encoding, line.basis)


def _lines(stream: Opened, declared: str | None) -> Iterator[Decoded | SourceError]:
    """The lines, each decoded for itself; of a stream that fails, the line it fails in is left out."""
    while raw := stream.readline(MAX_LINE_BYTES + 1):
        too_long = len(raw) > MAX_LINE_BYTES
        if too_long:
            while not raw.endswith(b"\n") and (raw := stream.readline(MAX_LINE_BYTES)):
                pass
        if stream.failure is not None and not raw.endswith(b"\n"):
            return
        yield _too_long() if too_long else _decoded(raw, declared)


def _decoded(raw: bytes, declared: str | None) -> Decoded | SourceError:
    try:
        return decode(raw, declared)
    except SourceError as error:
        return error


def _wide(stream: Opened, declared: str | None) -> str | None:
    """The encoding, when it is one in which a line does not end with the byte 10."""
    if stream.peek(2)[:2] in _UTF16_MARKS:
        return "utf-16"
    told = known(declared)
    return told if told and told.startswith(_WIDE) else None


def _wide_lines(stream: Opened, encoding: str) -> Iterator[Decoded | SourceError]:
    basis: Basis = "bom" if encoding == "utf-16" else "declared"
    lines = io.TextIOWrapper(stream, encoding, errors="replace", newline="\n")
    try:
        while text := lines.readline(MAX_LINE_BYTES // 2 + 1):
            too_long = len(text) > MAX_LINE_BYTES // 2
            if too_long:
                while not text.endswith("\n") and (text := lines.readline(MAX_LINE_BYTES // 2)):
                    pass
            if stream.failure is not None and not text.endswith("\n"):
                break
            yield _too_long() if too_long else Decoded(text, encoding, basis)
    finally:
        lines.detach()


def _too_long() -> SourceError:
    return SourceError("too_long", f"the line has more than {MAX_LINE_BYTES // 1_000_000} MB; it is skipped")
