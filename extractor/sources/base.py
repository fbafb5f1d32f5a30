"""What every source gives: a document, or why there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from extractor import publication
from extractor.cleaning import clean
from extractor.errors import ExtractorError
from extractor.limits import MAX_ID_BYTES
from extractor.pipeline import Document
from extractor.records import PublishedBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument(Document):
    """A document that knows where it was read.

    Attributes:
        place: Where it stands: ``news.jsonl:17`` (line), ``a.parquet:4`` (row), ``a.warc.gz:120`` (record), ``a.txt``.
        encoding: What its bytes were decoded with; None where the format leaves no choice (Parquet).
        encoding_basis: What told the encoding: declared, bom, utf-8 (it is valid UTF-8), fallback.
    """

    place: str
    encoding: str | None = None
    encoding_basis: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record, or the rest of a file, that is no document; the run goes on behind it.

    Attributes:
        code: Stable lower-case identifier; all are listed in ``extractor.sources``.
        place: Where it stands, as in ``SourceDocument.place``.
        message: What is wrong and what to do next, in one line.
        id: The record's id, where it could be read.
    """

    code: str
    place: str
    message: str
    id: str | None = None


Item: TypeAlias = SourceDocument | Refusal
Items: TypeAlias = Iterator[SourceDocument | Refusal]


def refused(error: ExtractorError, place: str, id: str | None = None) -> Refusal:
    """The refusal that an error amounts to."""
    return Refusal(error.code, place, error.message, storable(id))


def document(
    text: str,
    place: str,
    *,
    id: str | None = None,
    uri: str | None = None,
    title: str | None = None,
    published: str | None = None,
    published_basis: PublishedBasis = "given",
    language: str | None = None,
    encoding: str | None = None,
    encoding_basis: str | None = None,
) -> Item:
    r"""A document whose id, address and title every sink accepts; a refusal when they cannot be made so.

    Example:
        >>> document("It was down.", "a.jsonl:1", id="7\x00").id
        '7�'
        >>> document("It was down.", "a.jsonl:2", published="2 May").code
        'invalid_date'
    """
    id, uri, title = storable(id), storable(uri), storable(title)
    if id and len(id.encode()) > MAX_ID_BYTES:
        return Refusal("id_too_long", place, f"the id has more than {MAX_ID_BYTES:,} bytes: {id[:40]}...")
    if not id and uri and len(uri.encode()) > MAX_ID_BYTES:
        id = f"uri-{hashlib.sha256(uri.encode()).hexdigest()[:32]}"
    try:
        checked = publication.check(published) if published else None
    except ExtractorError as error:
        return refused(error, place, id)
    return SourceDocument(
        text=text,
        id=id,
        uri=uri,
        title=title,
        published=checked,
        published_basis=published_basis,
        language=storable(language),
        place=place,
        encoding=encoding,
        encoding_basis=encoding_basis,
    )


def storable(name: str | None) -> str | None:
    """A short text without the characters that break a sink; None for an empty one."""
    return clean(name).text if name else None
