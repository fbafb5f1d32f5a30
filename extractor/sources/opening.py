"""Files as streams of bytes, unpacked while they are read, with a cap on what they unpack to."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from extractor.errors import InputUnreadable, SourceError
from extractor.limits import MAX_UNPACKED_RATIO, UNPACKED_FREE_BYTES

GZIP = b"\x1f\x8b"
_CHUNK = 65_536


class Stream(io.RawIOBase):
    """Bytes of a file, unpacked when they are gzip.

    It never raises for what the file holds: it ends, and ``failure`` says why it ended early, so that everything
    before the failure can be used.

    Args:
        raw: The file.
    """

    def __init__(self, raw: BinaryIO) -> None:
        super().__init__()
        self.failure: SourceError | None = None
        self._raw = raw
        self._input = self._more()
        self._packed = self._input.startswith(GZIP)
        self._unpack = zlib.decompressobj(31)
        self._begun = False
        self._produced = 0
        self._consumed = len(self._input)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer; 0 at the end, or where the file fails."""
        data = b"" if self.failure else self._next(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _next(self, most: int) -> bytes:
        if not self._packed:
            data = self._input[:most] or self._more(most)
            self._input = self._input[most:]
            return data
        data = b""
        while not data and self.failure is None:
            if not self._input and not self._fill():
                break
            data = self._unpacked(most)
        self._produced += len(data)
        if self._produced > max(UNPACKED_FREE_BYTES, MAX_UNPACKED_RATIO * self._consumed):
            ratio = f"over {MAX_UNPACKED_RATIO} times its size"
            self.failure = SourceError("unpacks_too_large", f"unpacks to {ratio}; what stands before is read")
            return b""
        return data

    def _fill(self) -> bool:
        """Read more packed bytes; False at the end of the file."""
        self._input = self._more()
        self._consumed += len(self._input)
        if not self._input and self._begun:
            self.failure = SourceError("file_truncated", "the gzip data end too early; what stands before is read")
        return bool(self._input)

    def _unpacked(self, most: int) -> bytes:
        if not self._begun:
            # Tapes and block devices pad with zeros between and behind the members.
            self._input = self._input.lstrip(b"\0")
            if not self._input:
                return b""
        try:
            data = self._unpack.decompress(self._input, most)
        except zlib.error as error:
            reason = str(error).rpartition(": ")[2]
            self.failure = SourceError("file_damaged", f"damaged gzip data ({reason}); what stands before is read")
            return b""
        self._begun = True
        self._input = self._unpack.unconsumed_tail
        if self._unpack.eof:
            self._input = self._unpack.unused_data
            self._unpack = zlib.decompressobj(31)
            self._begun = False
        return data

    def _more(self, most: int = _CHUNK) -> bytes:
        try:
            return self._raw.read(most) or b""
        except OSError as error:
            self.failure = SourceError("input_unreadable", f"cannot be read any further: {error.strerror}")
            return b""


class Opened(io.BufferedReader):
    """A buffered ``Stream``."""

    def __init__(self, stream: Stream) -> None:
        super().__init__(stream, _CHUNK)
        self.stream = stream

    @property
    def failure(self) -> SourceError | None:
        """Why the stream ended early; None when it did not."""
        return self.stream.failure

    def within(self, limit: int) -> bytes:
        """The whole content.

        Raises:
            SourceError: ``too_long`` above ``limit`` bytes, or the stream's own failure.
        """
        raw = self.read(limit + 1)
        if len(raw) > limit:
            raise SourceError("too_long", f"more than {limit // 1_000_000} MB; split it")
        if self.failure is not None:
            raise self.failure
        return raw


@contextmanager
def opened(path: str) -> Iterator[Opened]:
    """Open a regular file, unpacked if it is gzip.

    Raises:
        InputUnreadable: No such file, a folder, no regular file, or not permitted.
    """
    file = Path(path)
    try:
        if not path or not file.exists():
            raise InputUnreadable(f"{path or 'the empty name'} does not exist")
        if file.is_dir():
            raise InputUnreadable(f"{path} is a folder; give one file")
        if not file.is_file():
            raise InputUnreadable(f"{path} is no regular file; give - and pipe it in")
        raw = file.open("rb")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputUnreadable(f"{path} cannot be read: {reason}") from error
    with raw, Opened(Stream(raw)) as stream:
        yield stream
