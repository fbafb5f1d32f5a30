"""Plain text: one file (or standard input) is one document."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from extractor.errors import InputBinary, InputUnreadable
from extractor.limits import MAX_FILE_BYTES
from extractor.pipeline import Document

STANDARD_INPUT = "-"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_MAGIC = (b"%PDF", b"PK\x03\x04", b"\x7fELF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b")
_SAMPLE = 65_536


def read(path: str) -> Iterator[Document]:
    """Read one text file as one document.

    Args:
        path: A file's path, or ``-`` for standard input.

    Raises:
        InputUnreadable: No such file, a folder, not permitted, or larger than ``limits.MAX_FILE_BYTES``.
        InputBinary: No text.
    """
    if path == STANDARD_INPUT:
        if sys.stdin is None:
            raise InputUnreadable("standard input is closed")
        yield Document(text=decode(sys.stdin.buffer.read(MAX_FILE_BYTES + 1), "standard input"))
        return
    file = Path(path)
    try:
        if not path or not file.exists():
            raise InputUnreadable(f"{path or 'the empty name'} does not exist")
        if file.is_dir():
            raise InputUnreadable(f"{path} is a folder; give one file")
        with file.open("rb") as stream:
            raw = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise InputUnreadable(f"{path} cannot be read: {error.strerror}") from error
    yield Document(text=decode(raw, path), uri=path)


def decode(raw: bytes, name: str) -> str:
    """Decode the bytes of a text: byte order mark, then UTF-8, then Windows-1252.

    Raises:
        InputUnreadable: Longer than ``limits.MAX_FILE_BYTES``.
        InputBinary: The bytes are no text.

    Example:
        >>> decode("déjà".encode("cp1252"), "a.txt")
        'déjà'
    """
    if len(raw) > MAX_FILE_BYTES:
        raise InputUnreadable(f"{name} is larger than {MAX_FILE_BYTES // 1_000_000} MB")
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    if raw.startswith(_MAGIC) or _looks_binary(raw[:_SAMPLE]):
        raise InputBinary(f"{name} is no text file")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _looks_binary(sample: bytes) -> bool:
    """Many control bytes: text has next to none, though a stray NUL is no reason to refuse it."""
    control = sum(byte < 32 and byte not in b"\t\n\r\f\v\x1b\b" for byte in sample)
    return control > max(8, len(sample) // 50)
