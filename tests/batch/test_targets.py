"""RELIABILITY 3, 9, 16, 20, 21: what ends up in a target, and what the same again does."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.batch import Options, run
from extractor.records import Report
from extractor.sinks import open_sink
from extractor.sources.base import Refusal, SourceDocument
from tests.batch.helpers import content

BROKEN = "The website of Acme was down on Monday from 9:00 to 10:30 because of a faulty router."
REPAIRED = "The website of Acme was down on Tuesday from 8:00 to 8:20 because of a power failure."
QUIET = "The choir of the town sang nine songs for the pupils of the school on Monday."


def document(text: str = BROKEN, id: str = "a", **more: str) -> SourceDocument:
    return SourceDocument(text=text, id=id, published="2024-05-08", language="en", place=f"{id[:20]}.txt", **more)


@pytest.fixture(params=["out.jsonl", "out.csv", "out.parquet"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / str(request.param)


def ids(path: Path) -> list[str]:
    """The documents that a file has rows of, in order."""
    if path.suffix == ".jsonl":
        return [Report.model_validate_json(line).document.id for line in path.read_text().splitlines()]
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as lines:
            return list(dict.fromkeys(row["document_id"] for row in csv.DictReader(lines)))
    import pyarrow.parquet as pq

    return [row["id"] for row in pq.read_table(path).column("document").to_pylist()]


def test_the_same_again_does_nothing(target: str) -> None:
    given = [document(), document(id="b"), Refusal("invalid_json", "x.jsonl:3", "no JSON")]
    first = run(iter(given), target)
    assert (first.documents, first.skipped, first.failed["invalid_json"]) == (2, 0, 1)
    before = content(target)
    again = run(iter(given), target)
    assert (again.documents, again.skipped, again.failed["invalid_json"]) == (0, 2, 1)
    assert content(target) == before
    # One text under two addresses: two documents with one hash.
    assert len({json.loads(row)[8] for row in before["documents"]}) == 1
    assert len(before["documents"]) == 2


def test_an_edited_article_replaces_its_records(target: str) -> None:
    run(iter([document(), document(id="b")]), target)
    before = content(target)
    total = run(iter([document(REPAIRED), document(id="b")]), target)
    assert (total.documents, total.skipped) == (1, 1)
    after = content(target)
    assert len(after["documents"]) == 2
    assert len(after["revisions"]) == 1
    old = next(json.loads(row) for row in before["documents"] if json.loads(row)[0] == "a")
    assert old[8] in after["revisions"][0]
    assert not any("faulty router" in row for row in after["causes"] if '"a#1"' in row)
    fresh = open_sink(target)
    assert fresh.delete("a")
    assert not fresh.delete("a")
    fresh.close()
    left = content(target)
    assert len(left["documents"]) == len(left["journal"]) == 1
    assert not any(sign in row for sign in ('"a"', '"a#') for table in left.values() for row in table)


def test_a_newer_program_reads_again(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run(iter([document()]), target)
    monkeypatch.setattr("extractor.batch.versions._names", lambda: "other names")
    assert run(iter([document()]), target, Options(keep=True)).documents == 0
    assert run(iter([document()]), target).documents == 1
    assert run(iter([document()]), target).documents == 0


def test_what_was_refused_and_repaired(target: str) -> None:
    bad = SourceDocument(text=BROKEN, id="a", published="yesterday", place="a.txt")
    assert run(iter([bad, Refusal("invalid_json", "x:3", "no JSON")]), target, inputs=["x"]).exit_code == 1
    assert len(content(target)["failures"]) == 2
    assert run(iter([document()]), target, inputs=["x"]).exit_code == 0
    assert content(target)["failures"] == []


def test_only_incidents_and_relevance(target: str) -> None:
    run(iter([document(), document(QUIET, "quiet")]), target, Options(only_incidents=True))
    assert len(content(target)["documents"]) == 1
    run(iter([document(), document(QUIET, "quiet")]), target, Options(min_relevance=0.3))
    found = content(target)
    assert len(found["documents"]) == 2
    assert not any('"quiet"' in row for row in found["times"])
    assert any('"a"' in row for row in found["times"])


def test_hostile_text_is_stored_as_it_is(target: str) -> None:
    hostile = f"=HYPERLINK('x') '); DROP TABLE documents; -- \x00 \ud800 \ufffe {BROKEN}"
    names = ["../../x", "/etc/passwd", "y" * 5000, "=1+1", "a\x00\udcff", "'; DROP TABLE incidents; --"]
    given = [document(hostile, name, title="@SUM(1)\x00") for name in names]
    assert run(iter(given), target).documents == len(names)
    found = content(target)
    assert len(found["documents"]) == len(names)
    assert all("DROP TABLE documents" in row for row in found["documents"])
    assert run(iter(given), target).skipped == len(names)


def test_files(file: Path) -> None:
    given = [document(), document(REPAIRED, "b"), document(id="c")]
    assert run(iter(given), str(file), shard_characters=1).documents == 3
    assert ids(file) == ["a", "b", "c"]
    first = file.read_bytes()
    assert run(iter(given), str(file)).skipped == 3
    assert file.read_bytes() == first
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name, f"{file.name}.journal"]
    run(iter([document(REPAIRED), *given[1:]]), str(file))
    assert sorted(ids(file)) == ["a", "b", "c"]
    sink = open_sink(str(file))
    sink.prepare()
    assert sink.delete("b")
    assert not sink.delete("nothing")
    sink.close()
    assert sorted(ids(file)) == ["a", "c"]
    status = open_sink(str(file)).status()
    assert status.documents == 2


def test_a_stopped_run_shows_no_file(file: Path) -> None:
    given = [document(id=name) for name in "abcd"]

    def stopping() -> Iterator[SourceDocument]:
        yield from given[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(stopping(), str(file), shard_characters=1)
    assert not file.exists()
    total = run(iter(given), str(file), shard_characters=1)
    assert (total.documents, total.skipped) == (2, 2)
    assert ids(file) == ["a", "b", "c", "d"]


def test_hostile_ids_write_nothing_elsewhere(file: Path) -> None:
    names = ["../../x", "/etc/passwd", "y" * 5000, "=1+1", "a\x00\udcff"]
    run(iter(document(id=name) for name in names), str(file))
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name, f"{file.name}.journal"]
    written = ids(file)
    assert len(written) == len(names)
    if file.suffix == ".csv":
        assert "'=1+1" in written


def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("precious\n")
    with pytest.raises(Exception, match="was not written by"):
        run(iter([document()]), str(file))
    assert file.read_text() == "precious\n"


def test_other_tables_and_newer_ones_are_refused(tmp_path: Path) -> None:
    theirs = sqlite3.connect(tmp_path / "theirs.db")
    theirs.execute("CREATE TABLE documents (id)")
    theirs.commit()
    with pytest.raises(Exception, match="tables of other programs named documents"):
        run(iter([document()]), f"sqlite:///{tmp_path}/theirs.db")
    run(iter([document()]), f"sqlite:///{tmp_path}/newer.db")
    newer = sqlite3.connect(tmp_path / "newer.db")
    newer.execute("UPDATE meta SET value = '99'")
    newer.commit()
    with pytest.raises(Exception, match="tables are of version 99"):
        run(iter([document()]), f"sqlite:///{tmp_path}/newer.db")
