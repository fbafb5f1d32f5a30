"""A run: read, cut, extract on processes or a cluster, commit, and say what happened."""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TextIO

from extractor import languages, workers
from extractor.batch.versions import versions
from extractor.batch.work import Job, Options, Shard, Tally, cut, give_up, process
from extractor.limits import FAILURES_SHOWN, SHARD_CHARACTERS, SINK_PATIENCE
from extractor.sinks import Failure, Run, open_sink
from extractor.sinks.base import RunState
from extractor.sinks.choice import STANDARD_OUTPUT
from extractor.sources.base import Refusal, SourceDocument

Tallies = Iterator[Tally]


@dataclass(slots=True)
class Total:
    """What a run came to so far.

    Attributes:
        documents: Written in this run.
        incidents: In them.
        skipped: Done before.
        characters: Read.
        failed: Failures by code.
        failures: The first of them.
        stopped: The signal that ended the run before its end.
    """

    documents: int = 0
    incidents: int = 0
    skipped: int = 0
    characters: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    stopped: int | None = None

    def add(self, tally: Tally) -> None:
        """Add what a shard came to."""
        self.documents += tally.documents
        self.incidents += tally.incidents
        self.skipped += tally.skipped
        self.characters += tally.characters
        self.failed.update(failure.code for failure in tally.failures)
        self.failures.extend(tally.failures[: max(0, FAILURES_SHOWN - len(self.failures))])

    @property
    def exit_code(self) -> int:
        """0 all done, 1 some documents failed, 128 + the signal when it was stopped."""
        if self.stopped is not None:
            return 128 + self.stopped
        return 1 if self.failed else 0

    def counts(self) -> dict[str, int]:
        """As the runs table has it."""
        return {
            "documents": self.documents,
            "incidents": self.incidents,
            "failures": self.failed.total(),
            "skipped": self.skipped,
        }


def run(
    items: Iterable[SourceDocument | Refusal],
    target: str,
    options: Options = Options(),  # noqa: B008  (frozen)
    *,
    inputs: Sequence[str] = (),
    encoding: str | None = None,
    processes: int = 0,
    cluster: str | None = None,
    shard_characters: int = SHARD_CHARACTERS,
    patience: float = SINK_PATIENCE,
    out: TextIO | None = None,
    seen: Callable[[Total], None] | None = None,
) -> Total:
    """Extract documents into a target; the same call again goes on where it was stopped.

    Args:
        items: What ``extractor.sources.read`` gives, or documents of your own.
        target: sqlite:///file.db, postgresql://..., a file, or ``-`` for JSONL on standard output.
        options: What to write.
        inputs: What the documents were read from, for ``incidents retry``.
        encoding: How, for the same.
        processes: Worker processes; 0 works in this one.
        cluster: Address of a dask scheduler, or ``local``.
        shard_characters: Characters of text in one unit of work and of commit.
        patience: Seconds to wait for a database that is away.
        out: Where ``-`` writes to, instead of standard output.
        seen: Called after each shard.

    Raises:
        ExtractorError: The target cannot be used; what was committed stays.
    """
    asked = {**options.as_dict(), "encoding": encoding, "folder": os.getcwd()}
    begun = Run(uuid.uuid4().hex[:16], _now(), tuple(inputs), asked)
    knowledge = Path(options.knowledge) if options.knowledge else None
    if knowledge is not None:
        languages.check_knowledge(knowledge)
    job = Job(target, begun.id, options, versions(options.deciding, knowledge), patience)
    total = Total()
    with _signals() as signals, _target(job, begun) as end:
        for tally in _tallies(job, cut(items, shard_characters), processes, cluster, signals.is_set):
            for line in tally.lines:
                print(line, file=out or sys.stdout)
            total.add(tally)
            if seen is not None:
                seen(total)
        total.stopped = signals.signal if signals.is_set() else None
        end(total)
    return total


def _tallies(
    job: Job, shards: Iterator[Shard], processes: int, cluster: str | None, stop: Callable[[], bool]
) -> Tallies:
    """The tallies of all shards: in order of the input for standard output, as they are done otherwise."""
    function = functools.partial(process, job)
    lost = functools.partial(give_up, job)
    if cluster is not None:
        from extractor.batch import cluster as dask_cluster

        done = dask_cluster.run(function, shards, cluster, processes, singly=Shard.singly, lost=lost, stop=stop)
    elif processes < 1:
        done = ((number, (function(shard),)) for number, shard in enumerate(_until(stop, shards)))
    else:
        done = workers.run(function, shards, processes, singly=Shard.singly, lost=lost, stop=stop)
    if job.streams:
        return workers.in_order(done)
    return (tally for _, tallies in done for tally in tallies)


def _until(stop: Callable[[], bool], shards: Iterator[Shard]) -> Iterator[Shard]:
    while not stop():
        shard = next(shards, None)
        if shard is None:
            return
        yield shard


@contextmanager
def _target(job: Job, begun: Run) -> Iterator[Callable[[Total], None]]:
    """Open the target, and write down how the run went whatever happens."""
    if job.streams:
        yield lambda _: None
        return
    sink = open_sink(job.target, job.patience)
    try:
        sink.prepare()
        sink.begin(begun)

        def ended(total: Total) -> None:
            state: RunState = "interrupted" if total.stopped is not None else "complete"
            sink.finish(replace(begun, state=state, finished_at=_now(), counts=total.counts()))

        yield ended
    finally:
        sink.close()


class _Asked(threading.Event):
    """Set once somebody asks to stop."""

    signal: int = 0


@contextmanager
def _signals() -> Iterator[_Asked]:
    """Let the first Ctrl-C or SIGTERM ask to stop; the second one acts as usual."""
    asked = _Asked()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.signal = number
        asked.set()
        for other, handler in before.items():
            signal.signal(other, handler)

    for number in before:
        signal.signal(number, ask)
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def default_processes() -> int:
    """As many as this program may use cores."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def absolute(target: str) -> str:
    """A target that means the same in every process: paths of files made absolute."""
    if target == STANDARD_OUTPUT:
        return target
    for prefix in ("sqlite:///", ""):
        if target.startswith(prefix) and (prefix or "://" not in target):
            path = target.removeprefix(prefix)
            return prefix + str(Path(path).absolute())
    return target


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
