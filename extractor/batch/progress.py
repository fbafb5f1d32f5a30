"""How a run goes: a bar on a terminal, a plain line now and then otherwise, a summary at the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from extractor.batch.running import Total
from extractor.sinks import Failure, Status

#: Seconds between two plain lines.
PLAIN_EVERY = 10.0
_SHOWN_RUNS = 5


class Seen(Protocol):
    """Takes the running total after each shard."""

    def __call__(self, total: Total) -> None:
        """Show it."""


@contextmanager
def shown(console: Console, expected: int | None = None) -> Iterator[Seen]:
    """Show how a run goes.

    Args:
        console: Where to.
        expected: Documents to come, when that is known.
    """
    if not console.is_terminal:
        yield _Plain(console, expected)
        return
    bar = Progress(
        SpinnerColumn(),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    task = bar.add_task("", total=expected, told="starting")
    started = time.monotonic()
    with bar:
        yield lambda total: bar.update(
            task, completed=_done(total), told=line(total, time.monotonic() - started, expected)
        )


def line(total: Total, seconds: float, expected: int | None = None) -> str:
    """The state of a run in one line.

    Example:
        >>> line(Total(documents=1200, incidents=80, skipped=300), 60.0, 2000)
        '1,500 of 2,000 documents (300 done before), 80 incidents, 20.0/s, 0 failed'
    """
    of = f" of {expected:,}" if expected else ""
    before = f" ({total.skipped:,} done before)" if total.skipped else ""
    rate = total.documents / seconds if seconds > 0 else 0.0
    return (
        f"{_done(total):,}{of} documents{before}, {total.incidents:,} incidents, {rate:.1f}/s, "
        f"{total.failed.total():,} failed"
    )


class _Plain:
    """A line every few seconds."""

    def __init__(self, console: Console, expected: int | None) -> None:
        self.console = console
        self.expected = expected
        self.started = self.last = time.monotonic()

    def __call__(self, total: Total) -> None:
        now = time.monotonic()
        if now - self.last >= PLAIN_EVERY:
            self.last = now
            told = line(total, now - self.started, self.expected)
            left = _left(total, now - self.started, self.expected)
            self.console.print(Text(f"incidents: {told}{left}"), soft_wrap=True)


def summary(console: Console, total: Total, seconds: float, target: str) -> None:
    """Tell what a run came to, and what did not work."""
    for failure in total.failures:
        console.print(Text(f"incidents: {_told(failure)}"), soft_wrap=True)
    more = total.failed.total() - len(total.failures)
    if more > 0:
        console.print(Text(f"incidents: and {more:,} more: incidents status {target}"), soft_wrap=True)
    console.print(Text(f"incidents: {line(total, seconds)} in {_clock(seconds)}"), soft_wrap=True)
    if total.failed:
        codes = ", ".join(f"{code} {count:,}" for code, count in sorted(total.failed.items()))
        console.print(Text(f"incidents: not done: {codes}"), soft_wrap=True)
    if total.stopped is not None:
        resume = "what was printed stays printed" if target == "-" else "run the same command again to go on"
        console.print(Text(f"incidents: stopped before the end; {resume}"), soft_wrap=True)


def status(console: Console, told: Status) -> None:
    """Show what a target holds."""
    console.print(
        Text(f"{told.documents:,} documents done, {told.incidents:,} incidents, {len(told.failures):,} not done")
    )
    if told.failures:
        table = Table(box=None, header_style="bold", pad_edge=False)
        for column in ("place", "state", "code", "why"):
            table.add_column(column, overflow="fold")
        for failure in told.failures:
            table.add_row(Text(failure.place), failure.state, failure.code, Text(failure.message))
        console.print(table)
    for run in told.runs[-_SHOWN_RUNS:]:
        counts = ", ".join(f"{value:,} {name}" for name, value in run.counts.items())
        state = "running, or killed" if run.state == "running" else run.state
        inputs = " ".join(run.inputs)
        console.print(Text(f"run {run.started_at[:19]} {state}: {counts} from {inputs}"), soft_wrap=True)


def _told(failure: Failure) -> str:
    name = f" ({failure.document_id})" if failure.document_id not in (None, failure.place) else ""
    return f"{failure.place}{name}: {failure.code}: {failure.message}"


def _done(total: Total) -> int:
    return total.documents + total.skipped + total.failed.total()


def _left(total: Total, seconds: float, expected: int | None) -> str:
    if not expected or not _done(total):
        return ""
    return f", {_clock(max(0.0, seconds / _done(total) * (expected - _done(total))))} left"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
