"""RELIABILITY 14, 15, 17, 23 and 26: the database goes away, two runs at once, no space, other surroundings."""

import json
import os
import resource
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.batch.articles import write
from tests.batch.conftest import Postgres
from tests.batch.helpers import PROGRAM, content, environment, incidents, start

SHARD = ("--shard-characters", "1500")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("corpus") / "news.jsonl", 40, languages=("en",), length=500)


@pytest.fixture(scope="module")
def undisturbed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    target = f"sqlite:///{tmp_path_factory.mktemp('whole')}/incidents.db"
    assert incidents("batch", corpus, "--to", target, "--processes", "0", *SHARD).returncode == 0
    return content(target)


def committed(target: str, number: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until so many documents are done."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if len(content(target)["documents"]) >= number:
                return
        except Exception:
            time.sleep(0.1)
        time.sleep(0.1)
    raise AssertionError(f"nothing was written: {process.communicate()}")


def test_database_away_for_a_while(postgres: Postgres, corpus: Path, undisturbed: dict[str, list[str]]) -> None:
    target = postgres.database()
    process = start("batch", corpus, "--to", target, "--processes", "1", *SHARD)
    committed(target, 1, process)
    postgres.stop()
    time.sleep(5)
    postgres.start()
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0, told.decode()
    assert content(target) == undisturbed


def test_database_away_for_ever(postgres: Postgres, corpus: Path, undisturbed: dict[str, list[str]]) -> None:
    target = postgres.database()
    command = ("batch", corpus, "--to", target, "--processes", "1", *SHARD)
    process = start(*command, "--patience", "1")
    committed(target, 1, process)
    postgres.stop()
    try:
        _, told = process.communicate(timeout=60)
    finally:
        postgres.start()
    assert process.returncode == 2
    assert b"sink_unavailable" in told, told.decode()
    assert b"Traceback" not in told, told.decode()
    assert incidents(*command).returncode == 0
    assert content(target) == undisturbed


def test_no_database_at_all(corpus: Path) -> None:
    result = incidents("batch", corpus, "--to", "postgresql://nobody@127.0.0.1:1/none", "--patience", "0")
    assert result.returncode == 2
    assert result.stderr.decode().startswith("incidents: sink_unavailable"), result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_two_runs_at_once(target: str, corpus: Path, undisturbed: dict[str, list[str]]) -> None:
    command = ("batch", corpus, "--to", target, "--processes", "1", *SHARD)
    both = [start(*command), start(*command)]
    for process in both:
        _, told = process.communicate(timeout=120)
        assert process.returncode == 0, told.decode()
        assert b"locked" not in told
    assert content(target) == undisturbed


@pytest.mark.parametrize("name", ["sqlite:///a.db", "out.jsonl"])
def test_no_space(name: str, corpus: Path, tmp_path: Path) -> None:
    """A limit on the size of files is what a full disk is: writing ends in the middle."""
    command = [*PROGRAM, "batch", str(corpus), "--to", name, "--processes", "0", *SHARD]
    full = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SIZES[name], SIZES[name])),
        check=False,
    )
    assert full.returncode == 2, full.stderr.decode()
    assert b"disk_full" in full.stderr
    assert b"Traceback" not in full.stderr
    assert not (tmp_path / name).exists()
    assert incidents("batch", corpus, "--to", name, "--processes", "0", *SHARD, cwd=tmp_path).returncode == 0
    told = incidents("status", name, cwd=tmp_path).stdout
    assert told.startswith(b"40 documents done"), told


#: Enough to begin with, and not enough to end.
SIZES = {"sqlite:///a.db": 300_000, "out.jsonl": 20_000}


def test_surroundings_do_not_matter(corpus: Path, tmp_path: Path) -> None:
    lines = corpus.read_text().splitlines()[:20]
    straight, shuffled = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    straight.write_text("\n".join(lines))
    shuffled.write_text("\n".join(reversed(lines)))
    plain = incidents("batch", straight, "--processes", "1", env={"PYTHONHASHSEED": "1", "TZ": "UTC", "LANG": "C"})
    other = incidents(
        "batch",
        straight,
        "--processes",
        "2",
        *SHARD,
        env={"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LANG": "C.UTF-8"},
    )
    assert plain.returncode == other.returncode == 0, plain.stderr
    assert plain.stdout == other.stdout
    assert [json.loads(line)["document"]["id"] for line in plain.stdout.splitlines()] == [
        json.loads(line)["id"] for line in lines
    ]
    turned = incidents("batch", shuffled, "--processes", "0")
    assert sorted(turned.stdout.splitlines()) == sorted(plain.stdout.splitlines())


def test_cluster(postgres: Postgres, corpus: Path, undisturbed: dict[str, list[str]]) -> None:
    """Two dask workers give the same database, and still do when one of them is killed."""
    target = postgres.database()
    process = start("batch", corpus, "--to", target, "--cluster", "local", "--processes", "2", *SHARD)
    killer = threading.Timer(0, _kill_a_worker, [process.pid])
    committed(target, 1, process)
    killer.start()
    _, told = process.communicate(timeout=180)
    assert process.returncode == 0, told.decode()
    assert content(target) == undisturbed


def _kill_a_worker(leader: int) -> None:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            command = (folder / "cmdline").read_bytes()
        except (OSError, IndexError):
            continue
        if parent == leader and b"spawn_main" in command:
            os.kill(int(folder.name), signal.SIGKILL)
            return
