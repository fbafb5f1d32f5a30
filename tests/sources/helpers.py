"""Inputs that the tests build, and short ways to read them."""

import io
import json
from pathlib import Path

from extractor.sources import Refusal, SourceDocument, read

ARTICLE = "The website was down on Monday from 9:00 to 10:30 because a cable was cut."
PARAGRAPHS = "".join(f"<p>Paragraph {number}: {ARTICLE}</p>" for number in range(8))


def every(*inputs: object, **options: object) -> list[SourceDocument | Refusal]:
    return list(read([str(given) for given in inputs], **options))


def documents(items: list[SourceDocument | Refusal]) -> list[SourceDocument]:
    return [item for item in items if isinstance(item, SourceDocument)]


def refusals(items: list[SourceDocument | Refusal]) -> list[Refusal]:
    return [item for item in items if isinstance(item, Refusal)]


def codes(items: list[SourceDocument | Refusal]) -> list[str]:
    """Each item's code; ``ok`` for a document."""
    return [item.code if isinstance(item, Refusal) else "ok" for item in items]


def lines(*records: object) -> bytes:
    return b"".join(
        (record if isinstance(record, bytes) else json.dumps(record).encode()) + b"\n" for record in records
    )


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def stdin(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)


def page(body: str = PARAGRAPHS, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>Outage at Acme</title>{head}</head><body><nav>Home</nav><article><h1>Outage at Acme</h1>{body}</article></body></html>"


def warc_record(
    uri: str,
    body: bytes,
    *,
    lie: int = 0,
    kind: str = "response",
    content_type: str = "text/html",
    status: int = 200,
    http: str = "",
    warc: str = "",
) -> bytes:
    if kind == "response":
        body = f"HTTP/1.1 {status} OK\r\nContent-Type: {content_type}\r\n{http}\r\n".encode() + body
        content_type = "application/http; msgtype=response"
    header = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Record-ID: <urn:uuid:{abs(hash(uri))}>\r\n"
        f"WARC-Date: 2021-03-10T00:00:00Z\r\nContent-Type: {content_type}\r\n{warc}Content-Length: {len(body) + lie}\r\n\r\n"
    )
    return header.encode() + body + b"\r\n\r\n"
