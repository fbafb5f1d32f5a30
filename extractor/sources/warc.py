"""WARC: the pages and texts of a web archive, gzip or not, by fastwarc.

Every record's length is checked against what is there: fastwarc itself takes a truncated record for a whole one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractor.errors import ExtractorError, SourceError
from extractor.limits import MAX_FILE_BYTES, MAX_HTML_BYTES, MAX_WARC_DAMAGES
from extractor.sources import html
from extractor.sources.base import Item, Items, Refusal, document, refused
from extractor.sources.decoding import decode
from extractor.sources.opening import Opened, opened

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_HTML = ("text/html", "application/xhtml+xml")
_PLAIN = "text/plain"
_GOOD = range(200, 300)
_CHUNK = 65_536
#: Enough to find the record behind one that lies.
_REMEMBERED = MAX_FILE_BYTES + 16 * _CHUNK
_HEADER = re.compile(rb"\nWARC/[01]\.\d\d?\r?\n(?=[A-Za-z])")
_HEADER_BYTES = 16
#: fastwarc's panics are no ``Exception``; these are the others that are none, and not about the data.
_OURS = (KeyboardInterrupt, SystemExit, GeneratorExit)


def read(path: str) -> Items:
    """Read the successful HTML and plain text answers of an archive, and the texts of a WET file.

    Images, redirects, requests and the like are no documents and are passed over.

    Args:
        path: The file.

    Raises:
        InputUnreadable: No such file, or not permitted.
    """
    with opened(path) as stream:
        yield from read_stream(stream, path)


def read_stream(stream: Opened, name: str) -> Items:
    """Read an open archive.

    A record is given only once the next one begins where it should, so that one that lies about its length is not
    taken for a document; reading then goes on at the next header that can be found.

    Args:
        stream: The bytes.
        name: What the file is called in places.
    """
    number = 0
    rest: bytes | None = b""
    held: _Held | None = None
    for _ in range(MAX_WARC_DAMAGES):
        source = _Forward(stream, rest)
        held = None
        rest = None
        records = _records(source)
        while True:
            try:
                record = next(records, None)
            except SourceError as error:
                rest = source.next_record()
                yield from _at_damage(held, error, f"{name}:{number + 1}")
                break
            if held is not None:
                yield from held.items()
            if record is None:
                break
            number += 1
            source.forget(record.stream_pos)
            held = _Held(record, f"{name}:{number}")
            if held.unsound:
                rest = source.next_record()
                yield held.too_short() if rest is not None else held.cut_off()
                break
        if rest is None:
            break
    else:
        yield Refusal("file_damaged", f"{name}:{number}", f"damaged in {MAX_WARC_DAMAGES} places; the rest is not read")
    if stream.failure is not None and not (held is not None and held.unsound):
        yield refused(stream.failure, f"{name}:{number}")


def _at_damage(held: _Held | None, error: SourceError, place: str) -> Items:
    """What to give where no record begins: the last one if it is proved to be whole, and why the next is missing."""
    if held is None:
        yield refused(error, place)
    elif held.wanted and not held.digest_holds():
        yield Refusal("file_damaged", held.place, "no record begins where this one says that it ends", held.uri)
    else:
        yield from held.items()
        yield refused(error, place)


class _Held:
    """A record, read off the stream as far as it is wanted."""

    def __init__(self, record: WarcRecord, place: str) -> None:
        self.place = place
        self.record = record
        self.uri = record.headers.get("WARC-Target-URI")
        self.length = record.content_length
        self.wanted = int(record.record_type) in _types()
        looked_at = self.wanted or self.length > MAX_FILE_BYTES
        self.block = record.reader.read(min(self.length, MAX_FILE_BYTES)) if looked_at else b""
        whole_header = "WARC-Type" in record.headers and "Content-Length" in record.headers
        swallows_others = self.length > MAX_FILE_BYTES and _HEADER.search(self.block) is not None
        self.unsound = not whole_header or swallows_others or len(self.block) + record.reader.consume() < self.length

    def too_short(self) -> Refusal:
        """Another record begins before this one ends."""
        return Refusal("file_damaged", self.place, "the record is damaged, or shorter than it says", self.uri)

    def cut_off(self) -> Refusal:
        """The file ends in this record."""
        return Refusal("file_truncated", self.place, "the file ends in this record", self.uri)

    def digest_holds(self) -> bool:
        """Whether the record carries a digest of its block that is right."""
        if "WARC-Block-Digest" not in self.record.headers or not self.block:
            return False
        from fastwarc.warc import WarcRecord

        copy = WarcRecord()
        copy.headers["WARC-Block-Digest"] = self.record.headers["WARC-Block-Digest"]
        copy.set_bytes_content(self.block)
        return copy.verify_block_digest()

    def items(self) -> Items:
        """The document of the record, or why there is none; nothing for a record of another kind."""
        if not self.wanted:
            return
        elif self.length > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // 1_000_000
            yield Refusal("too_long", self.place, f"the record says that it has more than {limit} MB", self.uri)
        elif not self.uri:
            yield Refusal("invalid_warc", self.place, "no WARC-Target-URI")
        else:
            try:
                yield from _document(self.record, self.block, self.uri.strip("<>"), self.place)
            except ExtractorError as error:
                yield refused(error, self.place, self.uri)


class _Forward:
    """A stream for fastwarc that only goes forward, and that remembers the record that is being read.

    Args:
        stream: The archive.
        pushed: Bytes that come before it.
    """

    def __init__(self, stream: Opened, pushed: bytes | None) -> None:
        self.at = 0
        self._stream = stream
        self._pushed = pushed or b""
        self._recent = bytearray()

    def read(self, size: int = _CHUNK) -> bytes:
        """The next bytes."""
        data, self._pushed = self._pushed[:size], self._pushed[size:]
        data = data or self._stream.read(size)
        self.at += len(data)
        self._recent += data
        if len(self._recent) > _REMEMBERED:
            del self._recent[:-_REMEMBERED]
        return data

    def tell(self) -> int:
        """Bytes read so far."""
        return self.at

    def forget(self, position: int) -> None:
        """Forget what stands before a position."""
        del self._recent[: max(0, len(self._recent) - (self.at - position))]

    def next_record(self) -> bytes | None:
        """The bytes from the next record on, as far as they were read; None when there is no further record."""
        seen = bytes(self._recent) + self._pushed
        while (found := _HEADER.search(seen)) is None:
            more = self._stream.read(_CHUNK)
            if not more:
                return None
            seen = seen[-_HEADER_BYTES:] + more
        return seen[found.start() + 1 :]

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Not possible."""
        raise io.UnsupportedOperation("seek")

    def close(self) -> None:
        """The stream belongs to who opened it."""


def _types() -> set[int]:
    from fastwarc.warc import WarcRecordType

    return {int(kind) for kind in (WarcRecordType.response, WarcRecordType.resource, WarcRecordType.conversion)}


def _records(source: _Forward) -> Iterator[WarcRecord]:
    """The records, one after the other; what the library cannot read is a coded error."""
    from fastwarc.warc import ArchiveIterator

    try:
        yield from ArchiveIterator(source, parse_http=False, stream_detect=False)
    except _OURS:
        raise
    except BaseException as error:
        message = f"no WARC record begins here ({error})"
        raise SourceError("file_damaged", message) from error


def _document(record: WarcRecord, block: bytes, uri: str, place: str) -> Iterator[Item]:
    content_type = (record.headers.get("Content-Type") or "").lower()
    charset: str | None = None
    if content_type.startswith("application/http"):
        answer = _answer(block)
        if answer is None:
            return
        block, content_type, charset = answer
    kind = content_type.partition(";")[0].strip()
    if kind in _HTML:
        yield html.page(block, place, uri=uri, address=uri, declared=charset)
    elif kind == _PLAIN:
        decoded = decode(block, charset)
        yield document(decoded.text, place, uri=uri, encoding=decoded.encoding, encoding_basis=decoded.basis)


def _answer(block: bytes) -> tuple[bytes, str, str | None] | None:
    """Body, content type and declared encoding of an HTTP answer; None when it is no page.

    Raises:
        SourceError: An answer that cannot be decoded, or unpacks to more than ``limits.MAX_HTML_BYTES``.
    """
    from fastwarc.warc import WarcRecord

    answer = WarcRecord()
    answer.set_bytes_content(block)
    answer.is_http = True
    try:
        answer.parse_http(auto_decode="all")
        if answer.http_headers.status_code not in _GOOD:
            return None
        content_type = (answer.http_content_type or "").lower()
        if content_type not in (*_HTML, _PLAIN):
            return None
        body = answer.reader.read(MAX_HTML_BYTES + 1)
    except _OURS:
        raise
    except BaseException as error:
        raise SourceError("invalid_warc", f"the HTTP answer cannot be decoded: {error}") from error
    if len(body) > MAX_HTML_BYTES:
        raise SourceError("too_long", f"the answer has more than {MAX_HTML_BYTES // 1_000_000} MB")
    return body, content_type, answer.http_charset
