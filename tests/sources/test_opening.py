"""RELIABILITY 8: gzip that is damaged, cut off or a bomb; what stands before the damage is used."""

import gzip
import os
import resource
import time
from pathlib import Path

import pytest

from extractor import limits
from tests.sources.helpers import codes, documents, every, lines, refusals, written

RECORDS = [{"id": str(number), "text": f"Text {number} " + os.urandom(400).hex()} for number in range(500)]
RAW = lines(*RECORDS)


def test_plain_and_gzip_and_members_and_padding_are_the_same(tmp_path: Path) -> None:
    half = RAW.index(b"\n", len(RAW) // 2) + 1
    inputs = {
        "plain.jsonl": RAW,
        "packed.jsonl.gz": gzip.compress(RAW),
        "members.jsonl.gz": gzip.compress(RAW[:half]) + gzip.compress(RAW[half:]),
        "split.jsonl.gz": gzip.compress(RAW[: half + 7]) + gzip.compress(b"") + gzip.compress(RAW[half + 7 :]),
        "padded.jsonl.gz": gzip.compress(RAW) + b"\0" * 70_000,
        "misnamed.jsonl": gzip.compress(RAW),
    }
    for name, content in inputs.items():
        items = every(written(tmp_path / name, content))
        assert codes(items) == ["ok"] * 500, name
        assert [item.text for item in items] == [record["text"] for record in RECORDS]


@pytest.mark.parametrize("kept", [0.999, 0.5, 0.1])
def test_truncated_gzip(tmp_path: Path, kept: float) -> None:
    packed = gzip.compress(RAW)
    items = every(written(tmp_path / "cut.jsonl.gz", packed[: int(len(packed) * kept)]))
    good = documents(items)
    assert len(good) >= 500 * kept - 5
    assert [item.id for item in good] == [str(number) for number in range(len(good))]
    assert codes(items)[-1] == "file_truncated"
    assert items[-1].place.endswith(f"cut.jsonl.gz:{len(good) + 1}")
    assert "what stands before is read" in items[-1].message


def test_cut_inside_the_gzip_header(tmp_path: Path) -> None:
    assert codes(every(written(tmp_path / "cut.jsonl.gz", gzip.compress(RAW)[:5]))) == ["file_truncated"]


def test_damaged_gzip(tmp_path: Path) -> None:
    members = [gzip.compress(lines(record)) for record in RECORDS[:20]]
    members[10] = members[10][:30] + bytes(30) + members[10][60:]
    items = every(written(tmp_path / "bad.jsonl.gz", b"".join(members)), written(tmp_path / "next.jsonl", RAW[:0]))
    assert refusals(items)[-1].code == "file_damaged"
    assert len(documents(items)) <= 10


def test_trailing_garbage_is_said(tmp_path: Path) -> None:
    assert codes(every(written(tmp_path / "a.jsonl.gz", gzip.compress(RAW) + b"garbage" * 10)))[-1] == "file_damaged"


def test_a_gzip_bomb_ends_early_in_little_memory(tmp_path: Path) -> None:
    bomb = gzip.compress(lines({"id": "first", "text": "It was down."}) + b'{"text": "' + b"0" * 300_000_000, 1)
    file = written(tmp_path / "bomb.jsonl.gz", bomb)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    items = every(file)
    assert codes(items) == ["ok", "unpacks_too_large"]
    assert time.process_time() - started < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 250_000  # kB
    assert codes(every(written(tmp_path / "bomb.txt.gz", bomb))) == ["too_long"]
    assert codes(every(written(tmp_path / "bomb.html.gz", bomb))) == ["too_long"]


def test_text_that_packs_well_is_no_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.sources.opening.UNPACKED_FREE_BYTES", 1_000_000)
    text = " ".join(f"The service {number} was down from {number % 12}:00 on." for number in range(300))
    raw = lines(*({"id": number, "text": text + str(number)} for number in range(300)))
    assert codes(every(written(tmp_path / "a.jsonl.gz", gzip.compress(raw)))) == ["ok"] * 300


def test_a_line_over_the_limit_is_skipped(tmp_path: Path) -> None:
    long = b'{"id": "long", "text": "' + b"a" * (limits.MAX_LINE_BYTES + 10) + b'"}'
    file = written(tmp_path / "long.jsonl", lines({"text": "first"}, long, {"text": "last"}))
    items = every(file)
    assert codes(items) == ["ok", "too_long", "ok"]
    assert [item.place.rpartition(":")[2] for item in items] == ["1", "2", "3"]


def test_ten_megabytes_on_one_line(tmp_path: Path) -> None:
    file = written(tmp_path / "one.txt", b"down " * 2_000_000)
    assert codes(every(file)) == ["too_long"]
    assert codes(every(written(tmp_path / "huge.txt", b"a" * (limits.MAX_FILE_BYTES + 1)))) == ["too_long"]
