"""The same shards on a dask cluster: several machines, or processes of this one.

What must be shared: the target must be one that every worker reaches under the same name (PostgreSQL; a file or SQLite
only on one machine or a shared folder), and every worker has this program installed in the same version. The
documents travel with the tasks, so the inputs need not be shared.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from extractor import workers
from extractor.errors import ClusterUnusable, ExtraMissing

Task = TypeVar("Task")
Result = TypeVar("Result")

LOCAL = "local"
#: Shards that are under way for each thread of the cluster.
_AHEAD = 2
_LOOK_AROUND = 0.02
_CONNECT = 20


def run(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    address: str,
    processes: int,
    *,
    singly: Callable[[Task], Iterable[Task]],
    lost: Callable[[Task], Result],
    stop: Callable[[], bool] = workers.never,
) -> Iterator[tuple[int, tuple[Result, ...]]]:
    """Do tasks on a cluster; see ``extractor.workers.run`` for the rest.

    dask itself repeats tasks whose worker died; one that keeps killing workers is done again piece by piece, and a
    piece that kills them is given to ``lost``.

    Args:
        function: Picklable; safe to do twice.
        tasks: Taken from the iterator a few ahead of the work.
        address: Of a scheduler, or ``local``.
        processes: Of a local cluster.
        singly: A task's pieces.
        lost: The result of a piece that kills its worker.
        stop: Asked all the time.

    Raises:
        ClusterUnusable: No scheduler answers.
        ExtraMissing: dask is not installed.
    """
    distributed = _distributed()
    with _client(distributed, address, processes) as client:
        try:
            yield from _work(distributed, client, function, enumerate(tasks), singly, lost, stop)
        except (OSError, distributed.CancelledError) as error:
            raise ClusterUnusable(f"the scheduler at {address} was lost: {error}; run the same again") from error


def _work(
    distributed: Any,
    client: Any,
    function: Callable[[Task], Result],
    numbered: Iterator[tuple[int, Task]],
    singly: Callable[[Task], Iterable[Task]],
    lost: Callable[[Task], Result],
    stop: Callable[[], bool],
) -> Iterator[tuple[int, tuple[Result, ...]]]:
    pending: dict[Any, tuple[int, Task]] = {}
    more = True
    while True:
        window = _AHEAD * max(1, sum(client.nthreads().values()))
        while more and not stop() and len(pending) < window:
            task = next(numbered, None)
            if task is None:
                more = False
            else:
                pending[client.submit(function, task[1], pure=False)] = task
        if not pending:
            return
        if stop():
            _leave(client, pending)
        for future in _ended(pending):
            number, task_ = pending.pop(future)
            try:
                yield number, (future.result(),)
            except distributed.KilledWorker:
                yield number, tuple(_alone(distributed, client, function, piece, lost) for piece in singly(task_))
            future.release()


def _alone(
    distributed: Any, client: Any, function: Callable[[Task], Result], piece: Task, lost: Callable[[Task], Result]
) -> Result:
    try:
        result: Result = client.submit(function, piece, pure=False).result()
    except distributed.KilledWorker:
        return lost(piece)
    return result


def _ended(pending: dict[Any, Any]) -> list[Any]:
    """What is done; waits a moment when nothing is."""
    done = [future for future in pending if future.done()]
    if pending and not done:
        time.sleep(_LOOK_AROUND)
    return done


def _leave(client: Any, pending: dict[Any, Any]) -> None:
    """Take back what no worker has begun."""
    running = {key for keys in client.processing().values() for key in keys}
    for future in [future for future in pending if future.key not in running and future.status == "pending"]:
        future.cancel()
        del pending[future]


@contextmanager
def _client(distributed: Any, address: str, processes: int) -> Iterator[Any]:
    if address != LOCAL:
        try:
            with distributed.Client(address, timeout=_CONNECT, set_as_default=False) as client:
                yield client
        except (OSError, ValueError) as error:
            raise ClusterUnusable(f"no dask scheduler answers at {address}: {error}") from error
        return
    with (
        workers.one_thread_each(),
        distributed.LocalCluster(
            n_workers=max(1, processes),
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=0,
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _distributed() -> Any:
    try:
        import distributed
    except ModuleNotFoundError as error:
        raise ExtraMissing("a cluster needs dask: pip install 'incident-extractor[cluster]'") from error
    return distributed
