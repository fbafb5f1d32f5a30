"""Files, folders, globs and standard input; one bad file never stops the run."""

import builtins
import os
import pickle
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from extractor.errors import InputUnreadable
from extractor.sources import Document, SourceDocument, check, read
from tests.sources.helpers import ARTICLE, codes, every, lines, page, refusals, stdin, warc_record, written


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    (folder / "b" / "deep").mkdir(parents=True)
    (folder / ".git").mkdir()
    written(folder / "z.txt", ARTICLE.encode())
    written(folder / "a.jsonl", lines({"id": "1", "text": ARTICLE}, b"bad", {"id": "2", "text": "two"}))
    written(folder / "b" / "page.html", page().encode())
    written(folder / "b" / "c.WARC", warc_record("https://example.org/1", page().encode()))
    written(folder / "b" / "deep" / "photo.txt", b"\x89PNG\r\n" + bytes(range(256)))
    written(folder / "b" / "notes.json", b"{}")
    written(folder / ".git" / "hidden.txt", b"hidden")
    return folder


def test_a_folder_is_read_in_order_of_names(corpus: Path, caplog: pytest.LogCaptureFixture) -> None:
    items = every(corpus)
    places = [item.place.removeprefix(f"{corpus}/") for item in items]
    assert places == ["a.jsonl:1", "a.jsonl:2", "a.jsonl:3", "z.txt", "b/c.WARC:1", "b/page.html", "b/deep/photo.txt"]
    assert codes(items) == ["ok", "invalid_json", "ok", "ok", "ok", "ok", "input_binary"]
    assert "1 .json" in caplog.text
    assert all(isinstance(item, Document) for item in items if isinstance(item, SourceDocument))
    assert every(corpus) == items


def test_uri_is_as_the_caller_wrote_it(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(corpus)
    assert next(read(["z.txt"])).uri == "z.txt"
    assert next(read(["./z.txt"])).uri == "./z.txt"


def test_globs(corpus: Path) -> None:
    assert [item.place for item in every(corpus / "*.txt")] == [f"{corpus}/z.txt"]
    assert len(every(corpus / "**" / "*.[hW]*")) == 2
    assert codes(every(corpus / "nothing*.txt")) == ["input_unreadable"]
    literal = written(corpus / "odd[1].txt", b"Odd but there.")
    assert [item.text for item in every(literal)] == ["Odd but there."]


def test_one_file_by_two_ways_is_read_once(corpus: Path) -> None:
    assert codes(every(corpus / "z.txt", corpus / "z*")) == ["ok", "id_twice"]


def test_what_is_missing_is_said_before_a_run_and_does_not_stop_it(corpus: Path) -> None:
    items = every(corpus / "gone.txt", corpus / "z.txt", "no/such/*.jsonl", "a\0b")
    assert codes(items) == ["input_unreadable", "ok", "input_unreadable", "input_unreadable"]
    check([str(corpus), str(corpus / "*.txt"), "-"])
    for missing in ("gone.txt", "gone*", "b/deep/empty"):
        (corpus / "b" / "deep" / "empty").mkdir(exist_ok=True)
        with pytest.raises(InputUnreadable):
            check([str(corpus / "z.txt"), str(corpus / missing)])


def test_odd_files_do_not_stop_the_run(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone")
    written(tmp_path / "a.txt", b"")
    written(tmp_path / os.fsdecode(b"caf\xe9.txt"), b"A name that is no UTF-8.")
    items = every(tmp_path, tmp_path / "pipe.txt", tmp_path / "dangling.txt", "/dev/zero")
    assert codes(items) == ["ok", "ok", "input_unreadable", "input_unreadable", "input_unreadable"]
    assert items[1].uri.endswith("caf\ufffd.txt")


def test_not_permitted(tmp_path: Path) -> None:
    file = written(tmp_path / "a.txt", b"secret")
    file.chmod(0)
    tmp_path.chmod(stat.S_IRWXU | stat.S_IRWXO)
    code = f"import os; from extractor.sources import read; import sys; os.geteuid() or os.seteuid(65534); print([i.code for i in read([{str(file)!r}])])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "input_unreadable" in result.stdout, result.stderr


def test_formats_by_content_when_the_name_says_nothing(tmp_path: Path) -> None:
    assert codes(every(written(tmp_path / "page", page().encode()))) == ["ok"]
    assert codes(every(written(tmp_path / "archive", warc_record("https://example.org/1", page().encode())))) == ["ok"]
    assert codes(every(written(tmp_path / "plain.log", ARTICLE.encode()))) == ["ok"]
    assert codes(every(written(tmp_path / "program", b"\x7fELF" + bytes(1000)))) == ["input_binary"]


def test_a_package_that_is_not_installed_is_named(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *arguments: object, **options: object) -> object:
        if name.partition(".")[0] in ("fastwarc", "trafilatura", "lxml", "pyarrow"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", missing)
    written(corpus / "p.parquet", b"PAR1")
    items = every(corpus)
    told = {refusal.place.rpartition("/")[2]: refusal for refusal in refusals(items) if refusal.code == "extra_missing"}
    assert told["page.html"].message.endswith("'incident-extractor[html]'")
    assert told["c.WARC"].message.endswith("'incident-extractor[warc]'")
    assert told["p.parquet"].message.endswith("'incident-extractor[parquet]'")
    assert codes(items).count("ok") == 3


def test_documents_and_refusals_travel_to_workers() -> None:
    items = every("-", stdin=stdin(lines({"id": "1", "text": "a"}, b"bad")))
    assert pickle.loads(pickle.dumps(items)) == items


def test_reading_is_lazy(tmp_path: Path) -> None:
    first = written(tmp_path / "a.txt", b"a")
    second = written(tmp_path / "b.txt", b"b")
    items = read([str(first), str(second)])
    assert next(items).text == "a"
    second.unlink()
    assert codes(list(items)) == ["input_unreadable"]
