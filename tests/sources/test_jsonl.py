"""RELIABILITY 9: a bad line is refused with file and line, and the run goes on."""

import gzip
import json
import os
import tracemalloc
from pathlib import Path

import pytest

from extractor.pipeline import Document, Extractor
from extractor.sources import read
from tests.sources.helpers import ARTICLE, codes, documents, every, lines, stdin, written


def test_all_fields(tmp_path: Path) -> None:
    record = {
        "id": "a-1", "text": ARTICLE, "language": "en", "published": "2011-05-02T08:30+02:00", "title": "Down",
        "uri": "https://example.org/a", "source": {"left": ["alone"]},
    }  # fmt: skip
    (item,) = every(written(tmp_path / "a.jsonl", lines(record)))
    assert isinstance(item, Document)
    assert (item.id, item.text, item.language, item.title, item.uri) == (
        "a-1", ARTICLE, "en", "Down", "https://example.org/a",
    )  # fmt: skip
    assert (item.published, item.published_basis) == ("2011-05-02T08:30", "given")
    assert item.place == f"{tmp_path}/a.jsonl:1"


BAD = [
    (b'{"text": "half', "invalid_json"),
    (b"not json at all", "invalid_json"),
    (b'{"text": "a"} {"text": "b"}', "invalid_json"),
    (b"[" * 100_000 + b"]" * 100_000, "invalid_json"),
    (b'{"text": "a", "x": ' + b'{"y":' * 50_000 + b"1" + b"}" * 50_001, "invalid_json"),
    (b'{"text": ' + b"9" * 10_000 + b"}", "invalid_json"),
    (b'["text"]', "invalid_record"),
    (b"null", "invalid_record"),
    (b"17", "invalid_record"),
    (b"{}", "invalid_record"),
    (b'{"text": null}', "invalid_record"),
    (b'{"text": 5}', "invalid_record"),
    (b'{"text": ["a"]}', "invalid_record"),
    (b'{"text": "a", "id": true}', "invalid_record"),
    (b'{"text": "a", "id": 1.5}', "invalid_record"),
    (b'{"text": "a", "id": {"x": 1}}', "invalid_record"),
    (b'{"text": "a", "language": 3}', "invalid_record"),
    (b'{"text": "a", "published": 20110502}', "invalid_record"),
    (b'{"text": "a", "published": "2 May"}', "invalid_date"),
    (b'{"text": "a", "published": "2011-02-30"}', "invalid_date"),
    (b"\x00\x01\x02\x03" * 30, "input_binary"),
    (b"%PDF-1.4", "input_binary"),
    (json.dumps({"text": "a", "id": "x" * 5_000}).encode(), "id_too_long"),
]


@pytest.mark.parametrize(("line", "code"), BAD, ids=[str(number) for number in range(len(BAD))])
def test_a_bad_line_between_good_ones(line: bytes, code: str) -> None:
    items = every("-", stdin=stdin(lines({"text": "first"}, line, {"text": "last"})))
    assert codes(items) == ["ok", code, "ok"]
    assert [item.place for item in items] == [f"standard input:{number}" for number in (1, 2, 3)]
    assert "\n" not in items[1].message
    assert len(items[1].message) < 200


def test_a_refusal_names_the_id_and_the_field() -> None:
    (item,) = every("-", stdin=stdin(lines({"id": "a", "text": 1})))
    assert (item.id, item.message) == ("a", "text: Input should be a valid string")


def test_one_id_twice_in_a_run(tmp_path: Path) -> None:
    first = written(tmp_path / "a.jsonl", lines({"id": "1", "text": "a"}, {"id": 1, "text": "b"}))
    second = written(
        tmp_path / "b.jsonl", lines({"id": "1", "text": "c"}, {"id": "2", "text": "a"}, {"uri": "1", "text": "d"})
    )
    items = every(first, second)
    assert codes(items) == ["ok", "id_twice", "id_twice", "ok", "id_twice"]
    assert items[2].place.endswith("b.jsonl:1")
    assert items[2].id == "1"


def test_one_text_under_two_addresses_is_two_documents_without_any_one() -> None:
    raw = lines({"uri": "a", "text": "x"}, {"uri": "b", "text": "x"}, {"text": "x"}, {"text": "x"})
    assert codes(every("-", stdin=stdin(raw))) == ["ok", "ok", "ok", "id_twice"]


def test_blank_lines_and_line_ends_and_no_end() -> None:
    items = every("-", stdin=stdin(b'\n{"text": "a"}\r\n   \n\xef\xbb\xbf\n{"text": "b"}'))
    assert [(item.text, item.place.rpartition(":")[2]) for item in documents(items)] == [("a", "2"), ("b", "5")]


def test_empty_text_and_empty_fields_are_fine() -> None:
    (item,) = every("-", stdin=stdin(lines({"text": "", "id": "", "published": "", "language": "", "title": None})))
    assert (item.text, item.id, item.published, item.language, item.title) == ("", None, None, None, None)


def test_surrogates_and_controls_are_mapped_in_names_and_kept_in_the_text_for_the_pipeline() -> None:
    line = b'{"id": "a\\u0000b", "title": "x\\ud800", "uri": "u\\u0001", "text": "It was \\udfff\\u0000 down for an hour."}'
    (item,) = every("-", stdin=stdin(line))
    assert (item.id, item.title, item.uri) == ("a\ufffdb", "x\ufffd", "u\ufffd")
    report = Extractor(include_text=True)(item)
    assert report.document.text == "It was \ufffd\ufffd down for an hour."
    report.model_dump_json().encode()


@pytest.mark.parametrize("id", ["../../etc/passwd", "/etc/passwd", "a" * 1_000, "=cmd()", "<script>", "\u2028", "💥"])
def test_strange_ids_travel_as_they_are(id: str) -> None:
    """RELIABILITY 21: an id is never a path here; one too long for an index is refused, not cut."""
    (item,) = every("-", stdin=stdin(lines({"id": id, "text": "a"})))
    assert item.id == id


def test_a_long_address_gets_a_short_id_that_is_always_the_same() -> None:
    uri = "https://example.org/?q=" + "x" * 5_000
    first, second = (every("-", stdin=stdin(lines({"uri": uri, "text": "a"})))[0] for _ in range(2))
    assert first.id == second.id
    assert first.id.startswith("uri-")
    assert first.uri == uri


def test_hostile_text_stays_as_it_is() -> None:
    """RELIABILITY 19: escaping is the views' work; a source neither drops nor changes a word."""
    text = "</script><img src=x onerror=alert(1)> javascript:alert(1) \u2028\u202e =HYPERLINK(1)"
    (item,) = every("-", stdin=stdin(lines({"text": text})))
    assert item.text == text


def test_gzip_on_standard_input() -> None:
    assert codes(every("-", stdin=stdin(gzip.compress(lines({"text": "a"}, {"text": "b"}))))) == ["ok", "ok"]


def test_memory_stays_flat(tmp_path: Path) -> None:
    """RELIABILITY 18, the source's part: records are read one by one; only 16 bytes an id stay."""
    file = tmp_path / "many.jsonl.gz"
    with gzip.open(file, "wb", 1) as packed:
        for number in range(10_000):
            packed.write(lines({"id": f"{number}", "text": os.urandom(1_000).hex()}))
    tracemalloc.start()
    try:
        items = read([str(file)])
        for _ in range(1_000):
            next(items)
        tracemalloc.reset_peak()
        warm = tracemalloc.get_traced_memory()[0]
        assert sum(1 for _ in items) == 9_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (peak - warm) / 9_000 < 300
