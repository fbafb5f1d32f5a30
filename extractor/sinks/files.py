"""Files as targets: a shard is a part file, renamed whole; the parts become the file at the end, renamed whole.

Beside ``out.jsonl`` lie ``out.jsonl.journal`` (what is done, with which version, and what failed) and, until a run is
complete, ``out.jsonl.parts/``. Every step can be done twice, so the next run ends one that was killed anywhere.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from extractor.errors import SchemaNewer, SinkFull, SinkUnusable
from extractor.sinks.base import Failure, Format, Known, Outcome, Run, Status, listed

JOURNAL_VERSION = 1
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)

Entry = dict[str, Any]


class FileSink:
    """One file of all reports.

    Args:
        path: The file.
        format: What it is written in.
    """

    def __init__(self, path: Path, format: Format) -> None:
        self.path = path
        self.format = format
        self.journal = path.with_name(path.name + ".journal")
        self.parts = path.with_name(path.name + ".parts")
        self._entries: dict[str, Entry] | None = None
        self._lock: IO[str] | None = None

    def prepare(self) -> None:
        """Take the file for this run, and clear away what a killed one left half written.

        Raises:
            SinkUnusable: Another run writes it, or it was not written by this program.
        """
        with _told(self.path):
            if self.path.exists() and not self.journal.exists() and not self.parts.exists():
                raise SinkUnusable(f"{self.path} is there and was not written by `incidents batch`; give another name")
            self.parts.mkdir(exist_ok=True)
            self._lock = (self.parts / "lock").open("w")
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise SinkUnusable(f"another run is writing {self.path}; wait for it, or use a database") from error
            for left in [*self.parts.glob("*.new"), *self.path.parent.glob(f"{_escaped(self.path.name)}*.new")]:
                left.unlink()
            _header(self.journal)

    def check(self) -> None:
        """Check that the file is ours.

        Raises:
            SinkUnusable: It was not written by this program.
            SchemaNewer: Its journal is of another version.
        """
        if not self.journal.exists() and not self.parts.exists():
            raise SinkUnusable(f"{self.path}: nothing was written to it by `incidents batch`")
        _header(self.journal)

    def begin(self, run: Run) -> None:
        """Write down that a run begins."""
        with _told(self.path):
            _replace(self.parts / f"run-{run.id}.json", [json.dumps(asdict(run))])

    def known(self, document_ids: Sequence[str]) -> Mapping[str, Known]:
        """What the journal and the parts say of these documents; read once."""
        with _told(self.path):
            if self._entries is None:
                self._entries = self._done()
        names = ("revision", "version", "language", "state", "code", "message")
        told = {name: self._entries.get(_key(name, None)) for name in document_ids}
        return {name: Known(*(entry[field] for field in names)) for name, entry in told.items() if entry}

    def commit(self, run_id: str, outcomes: Sequence[Outcome]) -> None:
        """Write a shard as one part, which is there as a whole or not at all."""
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        lines = []
        for outcome in outcomes:
            lines.append(json.dumps(_entry(outcome, run_id, now)))
            lines.append(outcome.report.model_dump_json() if outcome.report else "")
        first = min((outcome.ordinal for outcome in outcomes), default=0)
        name = hashlib.sha256(f"{run_id}\n{lines}".encode()).hexdigest()[:16]
        with _told(self.path):
            _replace(self.parts / f"{first:012}-{name}.part", lines)

    def finish(self, run: Run) -> None:
        """Write down how the run ended; when it is complete, make the parts the file."""
        with _told(self.path):
            _replace(self.parts / f"run-{run.id}.json", [json.dumps(asdict(run))])
            if run.state == "complete":
                self._merge(run)

    def status(self) -> Status:
        """What is done and what is not."""
        with _told(self.path):
            entries = self._done()
            runs = self._runs()
        done = [entry for entry in entries.values() if entry["state"] == "ok"]
        return Status(
            documents=len(done),
            incidents=sum(entry["incidents"] for entry in done),
            failures=listed(_failure(entry) for entry in entries.values() if entry["state"] != "ok"),
            runs=runs,
        )

    def delete(self, document_id: str) -> bool:
        """Remove a document's rows and its line of the journal; parts that wait are merged first."""
        with _told(self.path):
            found = _key(document_id, None) in self._done()
            if found:
                self._merge(None, document_id)
        return found

    def close(self) -> None:
        """Let go of the file."""
        if self._lock is not None:
            if not any(self.parts.glob("*.part")) and not any(self.parts.glob("run-*.json")):
                shutil.rmtree(self.parts, ignore_errors=True)
            self._lock.close()
            self._lock = None

    def _done(self) -> dict[str, Entry]:
        """The last entry of every document and failure: of the journal, then of the parts."""
        entries = {_key(entry["document_id"], entry): entry for entry in self._journalled("entry")}
        for _, _, entry in sorted(self._waiting(), key=lambda told: str(told[2]["done_at"])):
            _take(entries, entry)
        return entries

    def _waiting(self) -> Iterator[tuple[Path, int, Entry]]:
        """Part, offset of the report, entry."""
        for part in sorted(self.parts.glob("*.part")):
            with part.open("rb") as file:
                while line := file.readline():
                    yield part, file.tell(), json.loads(line)
                    file.readline()

    def _journalled(self, kind: str) -> Iterator[dict[str, Any]]:
        if self.journal.exists():
            with self.journal.open(encoding="utf-8") as file:
                next(file, None)
                for line in file:
                    told = json.loads(line)
                    if kind in told:
                        yield told[kind]

    def _runs(self) -> tuple[Run, ...]:
        found = {told["id"]: told for told in self._journalled("run")}
        for path in self.parts.glob("run-*.json"):
            told = json.loads(path.read_text(encoding="utf-8"))
            found[told["id"]] = told
        return tuple(
            Run(**{**told, "inputs": tuple(told["inputs"])})
            for told in sorted(found.values(), key=lambda told: str(told["started_at"]))
        )

    def _merge(self, run: Run | None, deleted: str | None = None) -> None:
        """Write file and journal anew from what they hold and the parts; doing it twice gives the same."""
        entries, runs = self._done(), self._runs()
        if run is not None:
            entries = {key: entry for key, entry in entries.items() if not _stale(entry, run, runs)}
        if deleted is not None:
            del entries[_key(deleted, None)]
        last = {_key(entry["document_id"], entry): entry["done_at"] for entry in entries.values()}
        places, replaced = [], set() if deleted is None else {deleted}
        for part, offset, entry in self._waiting():
            replaced.add(entry["document_id"])
            if entry["written"] and last.get(_key(entry["document_id"], entry)) == entry["done_at"]:
                places.append((entry["ordinal"], part, offset))
        places.sort(key=lambda place: place[0])
        if places or replaced or not self.path.exists():
            new = self.path.with_name(f"{self.path.name}.new")
            old = self.path if self.path.exists() else None
            self.format.write(new, old, frozenset(replaced - {None}), _reports(places))
            _flush(new)
            os.replace(new, self.path)
        lines = [*({"entry": entry} for entry in entries.values()), *({"run": asdict(told)} for told in runs)]
        _replace(self.journal, [_FIRST, *map(json.dumps, lines)])
        for path in [*self.parts.glob("*.part"), *self.parts.glob("run-*.json")]:
            path.unlink()


def _reports(places: Sequence[tuple[int, Path, int]]) -> Iterator[str]:
    """The reports at these places of parts, with one part open at a time while they stand in order."""
    opened: tuple[Path, IO[bytes]] | None = None
    try:
        for _, part, offset in places:
            if opened is None or opened[0] != part:
                if opened is not None:
                    opened[1].close()
                opened = (part, part.open("rb"))
            opened[1].seek(offset)
            yield opened[1].readline().decode().rstrip("\n")
    finally:
        if opened is not None:
            opened[1].close()


_FIRST = json.dumps({"incidents_journal": JOURNAL_VERSION})


def _header(journal: Path) -> None:
    if journal.exists():
        with journal.open(encoding="utf-8") as file:
            found = file.readline().strip()
        if found != _FIRST:
            raise SchemaNewer(f"{journal} is of another version ({found[:60]}); use the program that wrote it")


def _entry(outcome: Outcome, run_id: str, now: str) -> Entry:
    names = ("ordinal", "place", "state", "document_id", "revision", "version", "language", "sha256", "code", "message")
    return {
        **{name: getattr(outcome, name) for name in names},
        "incidents": len(outcome.report.incidents) if outcome.report else 0,
        "written": outcome.report is not None,
        "run_id": run_id,
        "done_at": now,
        "revisions": [],
    }


def _key(document_id: str | None, entry: Entry | None) -> str:
    """What an entry is about: a document, or a place that holds none."""
    if document_id is not None or entry is None:
        return f"document:{document_id}"
    return f"place:{entry['place']}:{entry['code']}"


def _take(entries: dict[str, Entry], entry: Entry) -> None:
    """Let an entry take the place of an older one, whose text's hash is kept."""
    key = _key(entry["document_id"], entry)
    old = entries.get(key)
    if old is not None:
        changed = [old["sha256"]] if old["sha256"] not in ("", entry["sha256"]) else []
        entry = {**entry, "revisions": [*old["revisions"], *changed]}
    entries[key] = entry


def _stale(entry: Entry, run: Run, runs: Sequence[Run]) -> bool:
    """A refusal of a place that a complete run over the same inputs did not meet again."""
    if entry["document_id"] is not None or entry["run_id"] == run.id:
        return False
    folder = run.options.get("folder")
    return any(
        other.id == entry["run_id"] and other.inputs == tuple(run.inputs) and other.options.get("folder") == folder
        for other in runs
    )


def _failure(entry: Entry) -> Failure:
    return Failure(
        entry["place"], entry["document_id"], entry["state"], entry["code"] or "error", entry["message"] or ""
    )


def _replace(path: Path, lines: Sequence[str]) -> None:
    """Write a file as a whole or not at all."""
    new = path.with_name(path.name + ".new")
    try:
        with new.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(line + "\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _escaped(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in one line what the file system says."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise SinkFull(f"no space is left for {path}; make room and run the same command again") from error
        raise SinkUnusable(f"{path} cannot be written: {error.strerror or error}") from error
