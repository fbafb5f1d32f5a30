"""From bytes to text: declared encoding, then byte order mark, then UTF-8, then Windows-1252, and which it was."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Literal

from extractor.errors import SourceError

Basis = Literal["declared", "bom", "utf-8", "fallback"]

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_MAGIC = (b"%PDF", b"PK\x03\x04", b"\x7fELF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"PAR1", b"BZh")
_SAMPLE = 65_536
#: Codecs of Python that are no encodings of articles; some take quadratic time.
_NO_ENCODINGS = {"utf_7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
#: What these declare is Windows-1252 in practice (https://encoding.spec.whatwg.org/#names-and-labels).
_CALLED_LATIN = {"ascii", "iso8859-1"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding its bytes were in, and what told it."""

    text: str
    encoding: str
    basis: Basis


def decode(raw: bytes, declared: str | None = None) -> Decoded:
    """Decode the bytes of a text.

    A declaration that is unknown, or that the bytes contradict, does not count.

    Args:
        raw: The bytes.
        declared: What a header or a person says that the encoding is.

    Raises:
        SourceError: ``input_binary``: the bytes are no text.

    Example:
        >>> decode("déjà".encode("cp1252"))
        Decoded(text='déjà', encoding='cp1252', basis='fallback')
        >>> decode("déjà".encode("utf-16")).encoding
        'utf-16'
    """
    mark = next((encoding for sign, encoding in _BOMS if raw.startswith(sign)), None)
    told = known(declared)
    if mark is None and not (told and told.startswith(("utf-16", "utf-32"))) and looks_binary(raw):
        raise SourceError("input_binary", "these bytes are no text")
    candidates: tuple[tuple[str | None, Basis], ...] = ((told, "declared"), (mark, "bom"), ("utf-8", "utf-8"))
    for encoding, basis in candidates:
        if encoding is None:
            continue
        try:
            return Decoded(raw.decode(encoding), encoding, basis)
        except UnicodeError:
            continue
    if mark is not None:
        return Decoded(raw.decode(mark, errors="replace"), mark, "bom")
    return Decoded(raw.decode("cp1252", errors="replace"), "cp1252", "fallback")


def known(label: str | None) -> str | None:
    """The codec that a declared label means; None when it means none.

    Example:
        >>> known("ISO-8859-1"), known(" UTF8 "), known("zip"), known("no-such")
        ('cp1252', 'utf-8', None, None)
    """
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
        "a".encode(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    if name.replace("-", "_") in _NO_ENCODINGS:
        return None
    return "cp1252" if name in _CALLED_LATIN else name


def looks_binary(raw: bytes) -> bool:
    """Whether bytes are no text: a known signature, or many control bytes (a stray NUL is no reason to refuse)."""
    if raw.startswith(_MAGIC):
        return True
    sample = raw[:_SAMPLE]
    control = len(sample) - len(sample.translate(None, _CONTROL))
    return control > max(8, len(sample) // 50)


_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\v\x1b\b")
