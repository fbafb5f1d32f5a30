"""Worker processes that may die: the work goes on, and what kills them is found."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

from extractor.limits import BLAS_THREADS, COLLECT, SHARD_CHARACTERS, SHARD_DOCUMENTS, WORKER_SHARDS

Task = TypeVar("Task")
Result = TypeVar("Result")

#: How often a task may bring its own process down before it is given up.
TRIES_ALONE = 2
_LOOK_AROUND = 0.2
#: Tasks that wait beside those under way, so that no process is idle.
_AHEAD = 2


def never() -> bool:
    """Nobody asks to stop."""
    return False


def cut(
    items: Iterable[Task], length: Callable[[Task], int], characters: int = SHARD_CHARACTERS
) -> Iterator[list[Task]]:
    """Cut a stream into shards of about so many characters, and at most ``SHARD_DOCUMENTS`` items.

    Example:
        >>> list(cut(["one", "two", "three"], len, characters=5))
        [['one', 'two'], ['three']]
    """
    shard: list[Task] = []
    total = 0
    for item in items:
        shard.append(item)
        total += length(item)
        if total >= characters or len(shard) >= SHARD_DOCUMENTS:
            yield shard
            shard, total = [], 0
    if shard:
        yield shard


def run(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    processes: int,
    *,
    singly: Callable[[Task], Iterable[Task]],
    lost: Callable[[Task], Result],
    stop: Callable[[], bool] = never,
) -> Iterator[tuple[int, tuple[Result, ...]]]:
    """Do tasks in other processes, started afresh (spawn), one BLAS thread each.

    When a process dies, the tasks that were under way are done again piece by piece, each alone in a process; a piece
    that brings its process down ``TRIES_ALONE`` times is given to ``lost``.

    Args:
        function: Picklable; safe to do twice.
        tasks: Taken from the iterator a few ahead of the work.
        processes: How many.
        singly: A task's pieces.
        lost: The result of a piece that kills its process; called here.
        stop: Asked all the time; once true, no further task is taken, and those that were are ended.

    Yields:
        The task's number and its results (one, or one for each piece), as they are done.

    Raises:
        Exception: What ``function`` raises; tasks that have begun are ended first.
    """
    with one_thread_each():
        yield from _Pool(function, max(1, processes), singly, lost, stop).run(tasks)


def in_order(results: Iterable[tuple[int, tuple[Result, ...]]]) -> Iterator[Result]:
    """Results in order of their tasks.

    Example:
        >>> list(in_order([(1, ("b",)), (0, ("a", "a2")), (2, ("c",))]))
        ['a', 'a2', 'b', 'c']
    """
    waiting: dict[int, tuple[Result, ...]] = {}
    following = 0
    for number, told in results:
        waiting[number] = told
        while following in waiting:
            yield from waiting.pop(following)
            following += 1
    for number in sorted(waiting):
        yield from waiting[number]


@contextlib.contextmanager
def one_thread_each() -> Iterator[None]:
    """Let processes that are started meanwhile compute with one thread each."""
    before = {name: os.environ.get(name) for name in BLAS_THREADS}
    os.environ.update(dict.fromkeys(BLAS_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class _Pool(Generic[Task, Result]):
    """The processes of one run."""

    def __init__(
        self,
        function: Callable[[Task], Result],
        processes: int,
        singly: Callable[[Task], Iterable[Task]],
        lost: Callable[[Task], Result],
        stop: Callable[[], bool],
    ) -> None:
        self.function = function
        self.processes = processes
        self.singly = singly
        self.lost = lost
        self.stop = stop
        self.suspects: list[tuple[int, Task]] = []
        self.more = True

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[int, tuple[Result, ...]]]:
        """See ``run``."""
        numbered = enumerate(tasks)
        while self.more and not self.stop():
            yield from self._generation(numbered)
            yield from self._taken_apart()

    def _generation(self, numbered: Iterator[tuple[int, Task]]) -> Iterator[tuple[int, tuple[Result, ...]]]:
        """Work with one set of processes, until one of them dies or all are due to be replaced."""
        pending: dict[Future[Result], tuple[int, Task]] = {}
        with _processes(self.processes) as executor:
            given = 0
            while True:
                while self._wanted(len(pending), given):
                    task = next(numbered, None)
                    if task is None:
                        self.more = False
                    elif not self._submit(executor, task, pending):
                        break
                    given += 1
                if not pending:
                    return
                for future in wait(pending, _LOOK_AROUND, FIRST_COMPLETED).done:
                    number, piece = pending.pop(future)
                    try:
                        result = future.result()
                    except BrokenProcessPool:
                        self.suspects.append((number, piece))
                    else:
                        yield number, (result,)

    def _wanted(self, under_way: int, given: int) -> bool:
        due = given >= WORKER_SHARDS * self.processes
        return self.more and not self.suspects and not due and under_way < self.processes + _AHEAD and not self.stop()

    def _submit(
        self, executor: ProcessPoolExecutor, task: tuple[int, Task], pending: dict[Future[Result], tuple[int, Task]]
    ) -> bool:
        try:
            pending[_submitted(executor, self.function, task[1])] = task
        except BrokenProcessPool:
            self.suspects.append(task)
            return False
        return True

    def _taken_apart(self) -> Iterator[tuple[int, tuple[Result, ...]]]:
        """Do the pieces of the suspects, one at a time, alone in a process, which is kept while it lives."""
        with contextlib.ExitStack() as started:
            executor = started.enter_context(_processes(1)) if self.suspects else None
            while executor is not None and self.suspects and not self.stop():
                number, task = self.suspects.pop(0)
                results = []
                for piece in self.singly(task):
                    if self.stop():
                        break
                    for _ in range(TRIES_ALONE):
                        try:
                            results.append(_submitted(executor, self.function, piece).result())
                            break
                        except BrokenProcessPool:
                            executor = started.enter_context(_processes(1))
                    else:
                        results.append(self.lost(piece))
                yield number, tuple(results)


def _submitted(executor: ProcessPoolExecutor, function: Callable[[Task], Result], task: Task) -> Future[Result]:
    """Submit a task; a process that this starts never sees Ctrl-C, not even while it is starting."""
    mask = getattr(signal, "pthread_sigmask", None)
    before = mask(signal.SIG_BLOCK, {signal.SIGINT}) if mask else None
    try:
        return executor.submit(function, task)
    finally:
        if mask:
            mask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _processes(number: int) -> Iterator[ProcessPoolExecutor]:
    executor = ProcessPoolExecutor(number, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """Leave Ctrl-C to the program that leads, and end when it is gone."""
    gc.set_threshold(*COLLECT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
