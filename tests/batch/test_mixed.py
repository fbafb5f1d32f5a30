"""Everything that can be wrong with a corpus, in one corpus; and what users do with the result."""

import gzip
import json
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from extractor.sinks.sql.connecting import connect
from tests.batch.articles import articles, write
from tests.batch.helpers import ROOT, content, incidents

BROKEN = "The website of Acme was down on Monday from 9:00 to 10:30 because of a faulty router."


def record(number: int) -> bytes:
    body = f"<html><head><title>Outage</title></head><body><article><p>{BROKEN} {'It was a long day. ' * 20}</p></article></body></html>"
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/{number}\r\n"
        f"WARC-Date: 2024-05-08T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-00000000000{number}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + answer + b"\r\n\r\n")


def test_everything_wrong_at_once(target: str, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    greek = "Η ιστοσελίδα της εταιρείας έπεσε τη Δευτέρα το πρωί εξαιτίας ενός ελαττωματικού δρομολογητή."
    lines = [json.dumps(article) for article in articles(5, languages=("en",), length=300)]
    lines[2:2] = [
        "{broken",
        json.dumps({"id": "foreign", "text": greek}),
        json.dumps({"id": "deadly", "text": "XYZZY " + BROKEN}),
    ]
    (news / "a.jsonl").write_text("\n".join(lines))
    (news / "b.warc.gz").write_bytes(record(1) + record(2) + record(3)[:200])
    (news / "c.txt").write_text("")
    result = incidents(
        "batch",
        "news",
        "--to",
        target,
        "--processes",
        "2",
        "--shard-characters",
        "1000",
        fault="poison:XYZZY",
        cwd=tmp_path,
    )
    told = result.stderr.decode()
    assert result.returncode == 1, told
    assert "Traceback" not in told
    assert "news/a.jsonl:3: invalid_json" in told
    assert "news/a.jsonl:4 (foreign): language_unsupported" in told
    assert "news/a.jsonl:5 (deadly): worker_crash" in told
    assert re.search(r"news/b\.warc\.gz\S*: (file_truncated|file_damaged)", told), told
    found = content(target)
    assert len(found["documents"]) == 5 + 2 + 1
    assert len(found["failures"]) == 4
    assert incidents("status", target).stdout.count(b"news/") >= 4


def test_the_queries_of_the_manual(target: str, tmp_path: Path) -> None:
    corpus = write(tmp_path / "news.jsonl", 30, languages=("en",), length=300)
    assert incidents("batch", corpus, "--to", target, "--processes", "0").returncode == 0
    queries = re.findall(r"```sql\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    assert len(queries) == 5
    engine = connect(target)
    with engine.connect().execution_options(reading=True) as connection:
        answers = [connection.execute(text(query)).all() for query in queries]
        for view in ("broken_components", "root_causes", "times_utc"):
            connection.execute(text(f"SELECT * FROM {view}")).all()
    engine.dispose()
    assert answers[0] or answers[1]
    assert answers[1]


@pytest.mark.parametrize("arguments", [("--sql",), ("--sql", "--dialect", "postgresql"), ("--arrow",)])
def test_schemas_are_printed(arguments: tuple[str, ...]) -> None:
    told = incidents("schema", *arguments).stdout.decode()
    assert "incidents" in told
    assert "journal" in told or "--arrow" in arguments


def test_nothing_leaves_this_machine(target: str, tmp_path: Path) -> None:
    corpus = write(tmp_path / "news.jsonl", 4, languages=("en",), length=300)
    result = incidents("batch", corpus, "--to", target, "--processes", "0", fault="offline:")
    assert result.returncode == 0, result.stderr.decode()


def test_standard_input_and_standard_output(tmp_path: Path) -> None:
    given = "\n".join(json.dumps(article) for article in articles(4, languages=("en",), length=200))
    result = incidents("batch", "-", stdin=given.encode())
    assert result.returncode == 0
    assert [json.loads(line)["document"]["id"] for line in result.stdout.splitlines()] == [
        "news-0",
        "news-1",
        "news-2",
        "incident-3",
    ]


@pytest.mark.parametrize(
    "arguments", [("nothing.jsonl", "--to", "a.jsonl"), (".", "--to", "a.doc"), (".", "--to", "mysql://x/y")]
)
def test_wrong_usage(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BROKEN)
    result = incidents("batch", *arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt"]
