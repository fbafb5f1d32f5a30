"""RELIABILITY 11, 12, 13: stopped at any moment by anything, and started again."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.batch.articles import write
from tests.batch.conftest import Postgres
from tests.batch.helpers import content, incidents, start

ARTICLES = 16
SHARD = ("--shard-characters", "1500")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write(tmp_path_factory.mktemp("corpus") / "news.jsonl", ARTICLES, languages=("en",), length=500)
    with path.open("a") as file:
        file.write("{broken\n")
    return path


@pytest.fixture(scope="module")
def undisturbed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What a run gives that nobody disturbs."""
    target = f"sqlite:///{tmp_path_factory.mktemp('whole')}/incidents.db"
    result = incidents("batch", corpus, "--to", target, "--processes", "0", *SHARD)
    assert result.returncode == 1, result.stderr
    found = content(target)
    assert len(found["documents"]) == ARTICLES
    assert len(found["failures"]) == 1
    assert found["incidents"]
    return found


def no_traces(target: str) -> None:
    """Nothing but the database lies in an SQLite target's folder."""
    if target.startswith("sqlite"):
        path = Path(target.removeprefix("sqlite:///"))
        assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("at", ["within:2", "after:3"])
def test_kill_at_a_commit(at: str, target: str, corpus: Path, undisturbed: dict[str, list[str]]) -> None:
    command = ("batch", corpus, "--to", target, "--processes", "0", *SHARD)
    killed = incidents(*command, fault=f"kill:{at}")
    assert killed.returncode == -signal.SIGKILL
    ended = incidents(*command)
    assert ended.returncode == 1, ended.stderr
    assert content(target) == undisturbed
    no_traces(target)


@pytest.mark.bench
def test_kill_at_random_of_both(target: str, corpus: Path, undisturbed: dict[str, list[str]]) -> None:
    kill_at_random(target, corpus, undisturbed, 10)


def test_kill_at_random(corpus: Path, tmp_path: Path, undisturbed: dict[str, list[str]]) -> None:
    kill_at_random(f"sqlite:///{tmp_path}/incidents.db", corpus, undisturbed, 2)


def kill_at_random(target: str, corpus: Path, undisturbed: dict[str, list[str]], times: int) -> None:
    chance = random.Random(11)
    kills = 0
    while True:
        process = start("batch", corpus, "--to", target, "--processes", "2", *SHARD, start_new_session=True)
        try:
            process.wait(chance.uniform(1.5, 4.5) if kills < times else 120)
            break
        except subprocess.TimeoutExpired:
            assert kills < times
            kills += 1
            process.kill()
            process.wait()
    assert process.returncode == 1
    assert content(target) == undisturbed
    no_traces(target)


def test_workers_end_with_the_program(corpus: Path, tmp_path: Path) -> None:
    process = start("batch", corpus, "--to", f"sqlite:///{tmp_path}/a.db", *SHARD, start_new_session=True)
    workers = _workers(process.pid)
    assert workers
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while any(_alive(pid) for pid in workers):
        assert time.monotonic() < deadline, "workers outlive the program"
        time.sleep(0.1)


def test_kill_a_worker(postgres: Postgres, corpus: Path, undisturbed: dict[str, list[str]]) -> None:
    target = postgres.database()
    process = start("batch", corpus, "--to", target, "--processes", "2", *SHARD)
    os.kill(_workers(process.pid)[0], signal.SIGKILL)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 1, told
    assert content(target) == undisturbed


def test_poison(corpus: Path, tmp_path: Path) -> None:
    lines = corpus.read_text().splitlines()
    poisoned = tmp_path / "news.jsonl"
    poisoned.write_text("\n".join([*lines[:5], '{"id": "deadly", "text": "The XYZZY server went down."}', *lines[5:]]))
    target = f"sqlite:///{tmp_path}/a.db"
    result = incidents("batch", poisoned, "--to", target, "--processes", "2", *SHARD, fault="poison:XYZZY")
    assert result.returncode == 1
    told = result.stderr.decode()
    assert "news.jsonl:6 (deadly): worker_crash" in told, told
    assert "Traceback" not in told
    found = content(target)
    assert len(found["documents"]) == ARTICLES
    assert sum("worker_crash" in row for row in found["failures"]) == 1
    # Harmless the next time: retry does it.
    again = incidents("retry", target, "--processes", "0", cwd=tmp_path)
    assert again.returncode == 1, again.stderr
    found = content(target)
    assert len(found["documents"]) == ARTICLES + 1
    assert sum("worker_crash" in row for row in found["failures"]) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop(number: int, corpus: Path, tmp_path: Path, undisturbed: dict[str, list[str]]) -> None:
    target = f"sqlite:///{tmp_path}/a.db"
    command = ("batch", corpus, "--to", target, "--processes", "2", *SHARD)
    process = start(*command, start_new_session=True)
    workers = _workers(process.pid)
    # Ctrl-C on a terminal reaches every process of the group.
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 128 + number, told
    assert b"run the same command again" in told
    assert b"Traceback" not in told, told.decode()
    assert not any(_alive(pid) for pid in workers)
    assert b"interrupted" in incidents("status", target).stdout
    assert incidents(*command).returncode == 1
    assert content(target) == undisturbed


def _workers(leader: int) -> list[int]:
    """The worker processes of a program, once they are at work."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        told = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
        spawned = [int(pid) for pid in told if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        if len(spawned) >= 2:
            time.sleep(1.0)
            return spawned
        time.sleep(0.05)
    raise AssertionError("no workers")


def _alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
