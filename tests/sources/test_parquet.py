"""Parquet: rows that are wrong, files that are damaged, dictionaries that are bombs."""

import resource
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractor.sources import SourceDocument
from tests.sources.helpers import ARTICLE, codes, every, written


def table(tmp_path: Path, columns: dict[str, object], **options: object) -> Path:
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table(columns), file, **options)
    return file


def test_all_columns(tmp_path: Path) -> None:
    file = table(
        tmp_path,
        {
            "id": [1, 2, 3],
            "text": [ARTICLE, "two", "three"],
            "published": pa.array([datetime(2021, 3, 10, 8, 15), None, datetime(2021, 3, 11)], pa.timestamp("ms")),
            "language": ["en", None, ""],
            "uri": ["https://example.org/1", None, None],
            "title": pa.array(["Down", None, None]).dictionary_encode(),
            "vectors": [[1.0], [2.0], None],
        },
        row_group_size=2,
    )
    first, second, third = every(file)
    assert (first.id, first.text, first.title) == ("1", ARTICLE, "Down")
    assert (first.published, first.published_basis, first.language) == ("2021-03-10T08:15", "given", "en")
    assert (second.id, second.published, second.language, second.encoding) == ("2", None, None, None)
    assert [item.place.rpartition(":")[2] for item in (first, second, third)] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("published", "told"),
    [
        (pa.array([date(2021, 3, 10)]), "2021-03-10"),
        (pa.array(["2021-03-10T08:15"]), "2021-03-10T08:15"),
        (pa.array(["soon"]), None),
        (pa.array([20210310]), None),
        (pa.array([2**62], pa.timestamp("us")), None),
        (pa.array([datetime(2021, 3, 10, 8, 15)], pa.timestamp("us", "Europe/Paris")), "2021-03-10T09:15"),
    ],
)
def test_dates(tmp_path: Path, published: pa.Array, told: str | None) -> None:
    (item,) = every(table(tmp_path, {"text": ["a"], "published": published}))
    if told is None:
        assert item.code in ("invalid_date", "invalid_record")
    else:
        assert isinstance(item, SourceDocument)
        assert item.published == told


def test_bad_rows_are_refused_with_their_number(tmp_path: Path) -> None:
    texts = ["one", None, "a" * 1_000_001, "é" * 3_000_000, "five", "six"]
    items = every(table(tmp_path, {"id": ["1", "2", "3", "4", "5", "1"], "text": texts}))
    assert codes(items) == ["ok", "invalid_record", "too_long", "too_long", "ok", "id_twice"]
    assert items[5].place.endswith("a.parquet:6")


@pytest.mark.parametrize(
    "column", [{"body": ["a"]}, {"text": [1]}, {"text": [["a"]]}, {"text": [True]}, {"text": [{"a": 1}]}]
)
def test_wrong_columns(tmp_path: Path, column: dict[str, object]) -> None:
    assert codes(every(table(tmp_path, column), written(tmp_path / "b.txt", b"next"))) == ["invalid_record", "ok"]


def test_bytes_as_older_writers_store_text(tmp_path: Path) -> None:
    rows = [("Le réseau " * 3).encode(), ("Le réseau " * 4).encode("cp1252"), bytes(range(32)) * 9]
    items = every(table(tmp_path, {"text": rows, "id": [b"1", b"2", b"3"]}))
    assert codes(items) == ["ok", "ok", "input_binary"]
    assert [item.text for item in items[:2]] == ["Le réseau " * 3, "Le réseau " * 4]
    assert items[1].id == "2"


def test_no_rows(tmp_path: Path) -> None:
    assert every(table(tmp_path, {"text": pa.array([], pa.string())})) == []


def test_damaged_files(tmp_path: Path) -> None:
    good = table(
        tmp_path,
        {"text": [f"{number} {ARTICLE}" for number in range(2_000)]},
        compression="zstd",
        row_group_size=500,
        write_page_checksum=True,
    ).read_bytes()
    next_file = written(tmp_path / "next.txt", b"next")
    damaged = good[:1_000] + bytes(200) + good[1_200:]
    for content in (good[:-500], good[:100], b"PAR1", b"", b"hello", b"PAR1" + good[4 : len(good) // 2] + b"PAR1"):
        assert codes(every(written(tmp_path / "bad.parquet", content), next_file)) == ["file_damaged", "ok"]
    items = codes(every(written(tmp_path / "bad.parquet", damaged), next_file))
    assert items[-2:] == ["file_damaged", "ok"]


def test_a_dictionary_bomb_stays_small(tmp_path: Path) -> None:
    rows, text = 5_000, "a" * 3_000_000
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))
    file = table(tmp_path, {"id": [str(n) for n in range(rows)], "text": column}, compression="zstd")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert set(codes(every(file))) == {"too_long"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB
