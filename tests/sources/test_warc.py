"""RELIABILITY 8: an archive that is truncated or lies; good records are kept, the file is marked."""

import base64
import gzip
import hashlib
import time
import zlib
from pathlib import Path

import pytest

from extractor import limits
from tests.sources.helpers import ARTICLE, codes, documents, every, page, refusals, warc_record, written


def url(number: int) -> str:
    return f"https://example.org/2021/03/1{number}/story"


RECORDS = [warc_record(url(number), page(f"<p>Story {number}. {ARTICLE}</p>").encode()) for number in range(4)]


def archive(tmp_path: Path, *records: bytes, packed: bool = False) -> Path:
    if packed:
        return written(tmp_path / "a.warc.gz", b"".join(map(gzip.compress, records)))
    return written(tmp_path / "a.warc", b"".join(records))


@pytest.mark.parametrize("packed", [False, True])
def test_pages_with_their_address_and_its_date(tmp_path: Path, packed: bool) -> None:
    items = every(archive(tmp_path, *RECORDS, packed=packed))
    assert codes(items) == ["ok"] * 4
    for number, item in enumerate(items):
        assert f"Story {number}. {ARTICLE}" in item.text
        assert (item.uri, item.title) == (url(number), "Outage at Acme")
        assert (item.published, item.published_basis) == (f"2021-03-1{number}", "url")
        assert item.place.endswith(f":{number + 1}")


def test_the_day_of_the_crawl_is_no_publication_date(tmp_path: Path) -> None:
    (item,) = every(
        archive(
            tmp_path,
            warc_record(
                "https://example.org/a",
                page().encode(),
                http="Date: Wed, 10 Mar 2021 00:00:00 GMT\r\nLast-Modified: Wed, 10 Mar 2021 00:00:00 GMT\r\n",
            ),
        )
    )
    assert item.published is None


def test_what_is_no_article_is_passed_over(tmp_path: Path) -> None:
    others = [
        warc_record("https://example.org/i.png", b"\x89PNG", content_type="image/png"),
        warc_record("https://example.org/moved", page().encode(), status=301),
        warc_record("https://example.org/gone", page().encode(), status=404),
        warc_record(
            "https://example.org/r", b"GET / HTTP/1.1\r\n\r\n", kind="request", content_type="application/http"
        ),
        warc_record("urn:x", b"software: x", kind="warcinfo", content_type="application/warc-fields"),
        warc_record("https://example.org/v", b"", kind="revisit"),
    ]
    items = every(archive(tmp_path, *others, RECORDS[0]))
    assert codes(items) == ["ok"]
    assert items[0].place.endswith(":7")


def test_plain_text_and_wet_and_resources(tmp_path: Path) -> None:
    items = every(archive(
        tmp_path,
        warc_record("https://example.org/1", "Le réseau".encode("cp1252"), content_type="text/plain; charset=ISO-8859-1"),
        warc_record("https://example.org/2", "Le réseau".encode(), kind="conversion", content_type="text/plain"),
        warc_record("https://example.org/3", page().encode(), kind="resource", content_type="text/html"),
    ))  # fmt: skip
    assert [item.text for item in items[:2]] == ["Le réseau"] * 2
    assert (items[0].encoding, items[0].encoding_basis) == ("cp1252", "declared")
    assert ARTICLE in items[2].text


def test_the_servers_declaration_counts_before_the_pages(tmp_path: Path) -> None:
    body = page("<p>Сбой в работе сети продолжался три часа, сообщили в компании.</p>", '<meta charset="utf-8">')
    item, other = every(archive(
        tmp_path,
        warc_record("https://example.org/1", body.encode("koi8-r"), content_type="text/html; charset=KOI8-R"),
        warc_record("https://example.org/2", body.replace("utf-8", "koi8-r").encode("koi8-r")),
    ))  # fmt: skip
    assert "Сбой в работе" in item.text and "Сбой в работе" in other.text
    assert (item.encoding, item.encoding_basis) == (other.encoding, other.encoding_basis) == ("koi8-r", "declared")


@pytest.mark.parametrize("cut", [5, 300, len(RECORDS[3]) - 60])
def test_truncated(tmp_path: Path, cut: int) -> None:
    items = every(archive(tmp_path, b"".join(RECORDS)[:-cut]), written(tmp_path / "next.txt", ARTICLE.encode()))
    assert codes(items) == ["ok", "ok", "ok", "file_truncated", "ok"]
    assert items[3].place.endswith("a.warc:4")
    request = warc_record(
        "https://example.org/r", b"GET / HTTP/1.1\r\n\r\n", kind="request", content_type="application/http"
    )
    assert codes(every(archive(tmp_path, RECORDS[0], request[:-10]))) == ["ok", "file_truncated"]
    last = archive(tmp_path, gzip.compress(b"".join(RECORDS))[:-30])
    assert codes(every(last))[-1] == "file_truncated"
    assert "ok" in codes(every(archive(tmp_path, *map(gzip.compress, RECORDS[:3]), gzip.compress(RECORDS[3])[:-30])))


@pytest.mark.parametrize("lie", [700, -100, -5_000, 10**15])
def test_a_record_that_lies_about_its_length_is_no_document(tmp_path: Path, lie: int) -> None:
    liar = warc_record("https://example.org/liar", page().encode(), lie=lie)
    file = archive(tmp_path, RECORDS[0], RECORDS[1], liar, RECORDS[2], RECORDS[3])
    items = every(file)
    assert codes(items) == ["ok", "ok", "file_damaged", "ok", "ok"]
    assert items[2].place.endswith(":3")
    assert items[2].id == "https://example.org/liar"
    assert every(written(tmp_path / "a.warc", gzip.compress(file.read_bytes()))) == items


def test_a_lie_in_a_record_that_is_no_article(tmp_path: Path) -> None:
    for lie in (300, 10**15):
        liar = warc_record(
            "https://example.org/r", b"GET / HTTP/1.1\r\n\r\n", kind="request", content_type="application/http", lie=lie
        )
        items = every(archive(tmp_path, RECORDS[0], liar, RECORDS[1], RECORDS[2]))
        assert codes(items).count("ok") == 3
        assert codes(items)[1] == "file_damaged"


def test_an_archive_damaged_all_over_is_given_up(tmp_path: Path) -> None:
    started = time.process_time()
    items = every(written(tmp_path / "a.warc", RECORDS[0] + b"\r\nWARC/1.0\r\nnonsense\r\n" * 100_000))
    assert time.process_time() - started < 10
    assert codes(items) == ["ok"] + ["file_damaged"] * (limits.MAX_WARC_DAMAGES + 1)


def test_a_good_record_before_garbage_is_kept_when_its_digest_says_that_it_is_whole(tmp_path: Path) -> None:
    block = RECORDS[0].partition(b"\r\n\r\n")[2].removesuffix(b"\r\n\r\n")
    digest = "sha1:" + base64.b32encode(hashlib.sha1(block).digest()).decode()
    good = warc_record(url(0), page(f"<p>Story 0. {ARTICLE}</p>").encode(), warc=f"WARC-Block-Digest: {digest}\r\n")
    items = every(archive(tmp_path, good, b"garbage\r\n" * 500))
    assert codes(items) == ["ok", "file_damaged"]
    assert codes(every(archive(tmp_path, good, b"garbage\r\n" * 500, RECORDS[1]))) == ["ok", "file_damaged", "ok"]
    assert codes(every(archive(tmp_path, RECORDS[0], b"garbage\r\n" * 500, RECORDS[1]))) == ["file_damaged", "ok"]


@pytest.mark.parametrize("content", [b"hello world\n" * 1_000, b"WARC/1.0\r\n" + b"X: y\r\n" * 100_000, b"\0" * 10_000])
def test_no_archive(tmp_path: Path, content: bytes) -> None:
    assert codes(every(written(tmp_path / "a.warc", content))) == ["file_damaged"]
    assert codes(every(written(tmp_path / "b.warc.gz", gzip.compress(content)))) == ["file_damaged"]


def test_packed_answers_and_bad_ones(tmp_path: Path) -> None:
    body = page().encode()

    def answer(number: int, content: bytes, http: str) -> bytes:
        return warc_record(f"https://example.org/{number}", content, http=http)

    items = every(archive(
        tmp_path,
        answer(1, gzip.compress(body), "Content-Encoding: gzip\r\n"),
        answer(2, zlib.compress(body), "Content-Encoding: deflate\r\n"),
        answer(3, b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body), "Transfer-Encoding: chunked\r\n"),
        answer(4, b"no gzip at all", "Content-Encoding: gzip\r\n"),
        answer(5, b"no chunks at all", "Transfer-Encoding: chunked\r\n"),
        answer(6, body, "Content-Encoding: x-unknown\r\n"),
        answer(7, gzip.compress(b"a" * 200_000_000, 1), "Content-Encoding: gzip\r\n"),
        answer(8, b"%PDF-1.7", ""),
        answer(9, b"", ""),
        RECORDS[0],
    ))  # fmt: skip
    assert codes(items[:3]) == ["ok"] * 3
    assert codes(items)[3:] == [
        "invalid_warc",
        "invalid_warc",
        "invalid_warc",
        "too_long",
        "input_binary",
        "html_no_text",
        "ok",
    ]
    assert [refusal.id for refusal in refusals(items)] == [f"https://example.org/{number}" for number in range(4, 10)]


def test_a_record_over_the_limit_is_passed_over(tmp_path: Path) -> None:
    big = warc_record("https://example.org/big", b"a" * (limits.MAX_FILE_BYTES + 1))
    assert codes(every(archive(tmp_path, big, RECORDS[0]))) == ["too_long", "ok"]


def test_one_address_twice(tmp_path: Path) -> None:
    items = every(archive(tmp_path, RECORDS[0], RECORDS[1], RECORDS[0]))
    assert codes(items) == ["ok", "ok", "id_twice"]
    assert len(documents(items)) == 2
