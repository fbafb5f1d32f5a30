"""Plain text: one file (or standard input) is one document."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator

from extractor.errors import InputBinary, InputUnreadable, SourceError, TextTooLong
from extractor.limits import MAX_FILE_BYTES
from extractor.sources.base import Item, SourceDocument, document
from extractor.sources.decoding import Decoded
from extractor.sources.decoding import decode as decode_bytes
from extractor.sources.opening import Opened, Stream, opened

STANDARD_INPUT = "-"


def read(path: str, encoding: str | None = None) -> Iterator[SourceDocument]:
    """Read one text file as one document.

    Args:
        path: A file's path, or ``-`` for standard input.
        encoding: What the file is declared to be; found out when left out.

    Raises:
        InputUnreadable: No such file, a folder, or not permitted.
        InputBinary: No text.
        TextTooLong: Larger than ``limits.MAX_FILE_BYTES``.
        SourceError: Damaged or truncated gzip data.
    """
    if path == STANDARD_INPUT:
        if sys.stdin is None:
            raise InputUnreadable("standard input is closed")
        with io.BytesIO(sys.stdin.buffer.read(MAX_FILE_BYTES + 1)) as raw:
            yield _document(Opened(Stream(raw)), "standard input", None, encoding)
        return
    with opened(path) as stream:
        yield _document(stream, path, path, encoding)


def document_of(stream: Opened, path: str, encoding: str | None = None) -> Item:
    """The document of an open text file.

    Raises:
        ExtractorError: As ``read``.
    """
    return _document(stream, path, path, encoding)


def _document(stream: Opened, place: str, uri: str | None, encoding: str | None) -> SourceDocument:
    try:
        raw = stream.within(MAX_FILE_BYTES)
    except SourceError as error:
        if error.code == "too_long":
            raise TextTooLong(f"{place} is larger than {MAX_FILE_BYTES // 1_000_000} MB") from error
        raise
    decoded = _decoded(raw, place, encoding)
    made = document(decoded.text, place, uri=uri, encoding=decoded.encoding, encoding_basis=decoded.basis)
    assert isinstance(made, SourceDocument)  # a file's path is never too long, and it has no date
    return made


def decode(raw: bytes, name: str) -> str:
    """Decode the bytes of a text: byte order mark, then UTF-8, then Windows-1252.

    Raises:
        InputBinary: The bytes are no text.

    Example:
        >>> decode("déjà".encode("cp1252"), "a.txt")
        'déjà'
    """
    return _decoded(raw, name, None).text


def _decoded(raw: bytes, name: str, encoding: str | None) -> Decoded:
    try:
        return decode_bytes(raw, encoding)
    except SourceError as error:
        raise InputBinary(f"{name} is no text file") from error
