"""From what a person types (files, folders, globs, ``-``) to documents."""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from glob import has_magic, iglob
from pathlib import Path
from typing import BinaryIO

from extractor.cleaning import clean
from extractor.errors import ExtractorError, InputUnreadable
from extractor.limits import MAX_CHARACTERS
from extractor.sources import html, jsonl, parquet, text, warc
from extractor.sources.base import Items, Refusal, SourceDocument, refused
from extractor.sources.opening import Opened, Stream, opened
from extractor.sources.text import STANDARD_INPUT

_LOG = logging.getLogger(__name__)
_FORMATS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".warc": "warc",
    ".wet": "warc",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".parquet": "parquet",
    ".txt": "text",
    ".text": "text",
    ".md": "text",
}
_SNIFFED = ((b"WARC/", "warc"), (b"PAR1", "parquet"), (b"<!doctype html", "html"), (b"<html", "html"))
_EXTRAS = {"fastwarc": "warc", "pyarrow": "parquet"}
_STDIN_NAME = "standard input"


def read(
    inputs: Sequence[str], *, encoding: str | None = None, stdin: BinaryIO | None = None
) -> Iterator[SourceDocument | Refusal]:
    """Read every document of the inputs, in order; lazily, one record at a time.

    The format is told by the file's name, else by its first bytes; gzip by its bytes. Of a folder, files with a name
    of a known format are read, in order of their names, folders within it too; the others are counted in the log.
    A document whose id (given, else address, else text) was read before is refused.

    Args:
        inputs: Files, folders, globs (``**`` is any depth), or ``-`` for JSONL on standard input.
        encoding: What text and JSONL are declared to be; found out when left out.
        stdin: Read instead of standard input.
    """
    seen: set[bytes] = set()
    for given in inputs:
        for item in _items(given, encoding, stdin):
            yield item if isinstance(item, Refusal) else _once(item, seen)


def check(inputs: Sequence[str]) -> None:
    """Fail before a run begins when an input does not exist at all.

    Raises:
        InputUnreadable: A path that does not exist, or a glob that matches nothing.
    """
    for given in inputs:
        if given != STANDARD_INPUT:
            next(_paths(given))


def _once(item: SourceDocument, seen: set[bytes]) -> SourceDocument | Refusal:
    """The document, unless it is too long or its id was seen."""
    if len(item.text) > MAX_CHARACTERS:
        message = f"{len(item.text):,} characters; the limit is {MAX_CHARACTERS:,}"
        return Refusal("too_long", item.place, message, item.id or item.uri)
    id = item.id or item.uri
    # Sixteen bytes an id: a month of news fits, and no two ids meet.
    key = hashlib.blake2b((id or "\0" + clean(item.text).text).encode(), digest_size=16).digest()
    if key in seen:
        which = f"the id {id[:200]!r}" if id else "this text, which has neither id nor uri,"
        return Refusal("id_twice", item.place, f"{which} was read before in this run; the first one counts", id)
    seen.add(key)
    return item


def _items(given: str, encoding: str | None, stdin: BinaryIO | None) -> Items:
    if given == STANDARD_INPUT:
        with _standard_input(stdin) as stream:
            yield from jsonl.read_stream(stream, _STDIN_NAME, encoding)
        return
    try:
        for path in _paths(given):
            yield from _file(path, encoding)
    except ExtractorError as error:
        yield refused(error, given)


def _standard_input(stdin: BinaryIO | None) -> Opened:
    """Standard input, which stays open when the reader closes."""
    raw: BinaryIO = stdin if stdin is not None else sys.stdin.buffer
    return Opened(Stream(raw))


def _paths(given: str) -> Iterator[str]:
    """The files that an input means.

    Raises:
        InputUnreadable: There are none.
    """
    if os.path.lexists(given) or not has_magic(given):
        if not os.path.exists(given):
            raise InputUnreadable(f"{given} does not exist")
        found: Iterator[str] = _in_folder(given) if os.path.isdir(given) else iter((given,))
    else:
        found = (path for name in sorted(iglob(given, recursive=True)) for path in _matched(name))
    first = next(found, None)
    if first is None:
        formats = " ".join(_FORMATS)
        raise InputUnreadable(f"{given}: no file to read ({formats}, gzip or not)")
    yield first
    yield from found


def _matched(name: str) -> Iterator[str]:
    return _in_folder(name) if os.path.isdir(name) else iter((name,))


def _in_folder(folder: str) -> Iterator[str]:
    others: Counter[str] = Counter()
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(base, name)
            if _suffix(name) in _FORMATS and not name.startswith(".") and os.path.isfile(path):
                yield path
            elif not name.startswith("."):
                others[_suffix(name) or "no suffix"] += 1
    if others:
        counted = ", ".join(f"{number} {suffix}" for suffix, number in sorted(others.items()))
        _LOG.warning("%s: left out files of other formats: %s", folder, counted)


def _suffix(path: str) -> str:
    name = Path(path.lower())
    return Path(name.stem).suffix if name.suffix == ".gz" else name.suffix


def _file(path: str, encoding: str | None) -> Items:
    """The items of one file; whatever is wrong with it, the next file is read."""
    try:
        with opened(path) as stream:
            yield from _reader(_FORMATS.get(_suffix(path)) or _sniff(stream))(stream, path, encoding)
    except ImportError as error:
        extra = _EXTRAS.get((error.name or "").partition(".")[0], "html")
        yield Refusal("extra_missing", path, f"{error.name} is missing: pip install 'incident-extractor[{extra}]'")
    except OSError as error:
        yield Refusal("input_unreadable", path, f"cannot be read: {error.strerror or error}")
    except ExtractorError as error:
        yield refused(error, path)
    except Exception as error:
        # A fault of ours or of a library; it costs this file, not the run.
        _LOG.debug("%s", path, exc_info=True)
        yield Refusal("file_damaged", path, f"cannot be read any further ({type(error).__name__})")


def _sniff(stream: Opened) -> str:
    head = stream.peek(64)[:64].lstrip().lower()
    return next((name for sign, name in _SNIFFED if head.startswith(sign.lower())), "text")


def _reader(format: str) -> Callable[[Opened, str, str | None], Items]:
    readers: dict[str, Callable[[Opened, str, str | None], Items]] = {
        "jsonl": jsonl.read_stream,
        "warc": _warc,
        "html": _html,
        "parquet": _parquet,
        "text": _text,
    }
    return readers[format]


def _warc(stream: Opened, path: str, _: str | None) -> Items:
    return warc.read_stream(stream, path)


def _html(stream: Opened, path: str, _: str | None) -> Items:
    yield html.document_of(stream, path)


def _parquet(stream: Opened, path: str, _: str | None) -> Items:
    return parquet.read(path)


def _text(stream: Opened, path: str, encoding: str | None) -> Items:
    yield text.document_of(stream, path, encoding)
