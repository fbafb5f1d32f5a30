"""What the commands batch, status, retry and delete do."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from extractor import sources
from extractor.batch import progress, running
from extractor.batch.work import Options
from extractor.errors import SinkUnusable
from extractor.limits import SHARD_CHARACTERS, SINK_PATIENCE
from extractor.sinks import Run, Status, open_sink

STANDARD_INPUT = "-"
_ONE_DOCUMENT = (".txt", ".text", ".html", ".htm", ".md")


def batch(
    inputs: Sequence[str],
    target: str,
    options: Options,
    *,
    processes: int | None = None,
    cluster: str | None = None,
    encoding: str | None = None,
    shard_characters: int = SHARD_CHARACTERS,
    patience: float = SINK_PATIENCE,
    console: Console,
) -> int:
    """Read inputs into a target and show how it goes.

    Returns:
        The exit code.

    Raises:
        ExtractorError: An input does not exist, or the target cannot be written to.
    """
    sources.check(inputs)
    target = running.absolute(target)
    started = time.monotonic()
    with progress.shown(console, _expected(inputs)) as seen:
        total = running.run(
            sources.read(inputs, encoding=encoding),
            target,
            options,
            inputs=inputs,
            encoding=encoding,
            shard_characters=shard_characters,
            processes=running.default_processes() if processes is None else processes,
            cluster=cluster,
            patience=patience,
            seen=seen,
        )
    progress.summary(console, total, time.monotonic() - started, target)
    return total.exit_code


def retry(target: str, *, processes: int | None, patience: float = SINK_PATIENCE, console: Console) -> int:
    """Do again what failed, from the inputs of the runs that met it; ends runs that were stopped, too.

    Raises:
        SinkUnusable: Nothing says where the documents came from.
    """
    target = running.absolute(target)
    worst = 0
    for run in _to_repeat(status(target)):
        if STANDARD_INPUT in run.inputs or not run.inputs:
            raise SinkUnusable("they came from standard input or a program: give them again with `incidents batch`")
        asked = dict(run.options)
        folder, encoding = asked.pop("folder"), asked.pop("encoding")
        # Names of files are ids: they are read under the names that were given, from where they were given.
        with contextlib.chdir(folder):
            code = batch(
                run.inputs,
                target,
                Options(**{**asked, "retry": True}),
                processes=processes,
                encoding=encoding,
                patience=patience,
                console=console,
            )
        worst = max(worst, code)
    return worst


def status(target: str) -> Status:
    """What a target holds.

    Raises:
        SinkUnusable: There is no such target.
    """
    target = running.absolute(target)
    _must_exist(target)
    sink = open_sink(target, patience=0)
    try:
        sink.check()
        return sink.status()
    finally:
        sink.close()


def delete(target: str, document_id: str) -> bool:
    """Remove a document and all that came from it."""
    target = running.absolute(target)
    _must_exist(target)
    sink = open_sink(target)
    try:
        sink.prepare()
        return sink.delete(document_id)
    finally:
        sink.close()


def _to_repeat(told: Status) -> Iterator[Run]:
    """The last run over each set of inputs, while something of it is not done."""
    last = {(run.inputs, run.options.get("folder")): run for run in told.runs}
    for run in last.values():
        if told.failures or run.state != "complete":
            yield run


def _must_exist(target: str) -> None:
    path = target.removeprefix("sqlite:///")
    left = [path, f"{path}.parts", f"{path}.journal"]
    if "://" not in path and not any(Path(name).exists() for name in left):
        raise SinkUnusable(f"{path} does not exist")


def _expected(inputs: Sequence[str]) -> int | None:
    """How many documents will come, when every input is a file or a folder of one document a file."""
    files = 0
    for name in inputs:
        path = Path(name)
        if not path.is_dir():
            return None
        for file in path.rglob("*"):
            if file.suffix not in _ONE_DOCUMENT:
                return None
            files += 1
    return files or None
