"""Spreads work over processes of this machine, or of a Dask cluster.

If a process dies, only its own piece of work is lost.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from splkit.interrupts import deaf_children, tidied

T = TypeVar("T")
R = TypeVar("R")

PIECES_A_PROCESS = 50
"""A process is replaced after this many pieces, because libraries keep memory of large pictures."""
Workers = int | str
"""Who does the work: a number of processes on this machine, or the address of a Dask scheduler."""
ONE_THREAD = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"),
    *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
)


def in_parallel(
    work: Callable[[T], R],
    pieces: Sequence[T],
    workers: Workers,
    died: Callable[[T], R],
    pieces_a_process: int = PIECES_A_PROCESS,
) -> Iterator[tuple[T, R]]:
    """Each piece with the result of `work`, in the order in which they are done.

    If a process dies, its piece is tried once more, alone in a new process. On a cluster, another worker
    tries it.

    Args:
        work: a function of a module. It must not raise.
        pieces: the arguments of `work`, one by one.
        workers: number of processes, or the address of a Dask scheduler. With 1, or with a single piece, the
            work is done in this process.
        died: gives the result for a piece that its process died on, for example because memory ran out.
        pieces_a_process: after this many pieces a process is replaced. The new one loads its packages again.

    Raises:
        ToolError: the cluster does not answer, runs another version of splkit, or has lost all its workers.
    """
    if isinstance(workers, str):
        from splkit.cluster import on_cluster

        yield from on_cluster(work, pieces, workers, died)
        return
    if workers == 1 or len(pieces) < 2:
        for piece in pieces:
            yield piece, work(piece)
        return
    waiting, suspects = deque(pieces), deque[T]()
    while waiting:
        with _pool(min(workers, len(waiting)), pieces_a_process) as pool:
            yield from _drain(pool, work, waiting, suspects, workers)
        # It is not known which piece broke the pool, so each one that was running is tried alone.
        while suspects:
            piece = suspects.popleft()
            with _pool(1, pieces_a_process) as pool:
                alone: deque[T] = deque()
                results = list(_drain(pool, work, deque([piece]), alone, 1))
            yield from results if results else [(piece, died(piece))]


def _drain(
    pool: ProcessPoolExecutor, work: Callable[[T], R], waiting: deque[T], suspects: deque[T], workers: int
) -> Iterator[tuple[T, R]]:
    """Results until all is done or the pool breaks. Pieces that were running then are added to `suspects`."""
    running: dict[Future[R], T] = {}
    while waiting or running:
        try:
            while waiting and len(running) <= workers:  # one more than processes, so that none waits
                with deaf_children():
                    running[pool.submit(work, waiting[0])] = waiting[0]
                waiting.popleft()
        except BrokenProcessPool:
            if not running:
                return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        broken = False
        for future in done:
            piece = running.pop(future)
            try:
                yield piece, future.result()
            except BrokenProcessPool:
                suspects.append(piece)
                broken = True
        if broken:
            suspects.extend(running.values())
            return


@contextmanager
def _pool(workers: int, pieces_a_process: int) -> Iterator[ProcessPoolExecutor]:
    context = get_context("spawn")
    with (
        one_thread(),
        tidied(
            lambda: ProcessPoolExecutor(workers, context, max_tasks_per_child=pieces_a_process), _end
        ) as pool,
    ):
        yield pool


@contextmanager
def one_thread() -> Iterator[None]:
    """Processes that are started in the block use one core each."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _end(pool: ProcessPoolExecutor) -> None:
    """Ends the processes, even if they are busy. Their results are no longer needed."""
    for process in list((pool._processes or {}).values()):
        process.terminate()
    pool.shutdown(wait=True, cancel_futures=True)
