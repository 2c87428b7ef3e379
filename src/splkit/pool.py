"""Work spread over processes, of this machine or of a Dask cluster; one that dies takes nothing but its own
piece of work with it."""

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
"""Then a process is replaced by a new one, so that what a library keeps of large pictures does not grow."""
Workers = int | str
"""Who does the work: so many processes of this machine, or the address of a Dask scheduler."""
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
    """Each piece with what `work` makes of it, in the order in which they are ready.

    A piece is done once more where its process died, alone; on a cluster, by another of its workers.

    Args:
        work: a function of a module, which raises nothing.
        pieces: what it is called with, one by one.
        workers: processes at once, or a Dask scheduler; with 1, or one piece, all is done in this process.
        died: the result for a piece on which its process died, as when memory ran out.
        pieces_a_process: so many, and a new process takes its place; a new one loads its packages anew.

    Raises:
        ToolError: the cluster does not answer, runs another splkit, or has lost all of its workers.
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
        # Nobody can tell on which of its pieces a pool broke: each is tried alone.
        while suspects:
            piece = suspects.popleft()
            with _pool(1, pieces_a_process) as pool:
                alone: deque[T] = deque()
                results = list(_drain(pool, work, deque([piece]), alone, 1))
            yield from results if results else [(piece, died(piece))]


def _drain(
    pool: ProcessPoolExecutor, work: Callable[[T], R], waiting: deque[T], suspects: deque[T], workers: int
) -> Iterator[tuple[T, R]]:
    """Results until all is done or the pool breaks; what was under way then is added to `suspects`."""
    running: dict[Future[R], T] = {}
    while waiting or running:
        try:
            while waiting and len(running) <= workers:  # one more than there are processes, so none idles
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
    """Processes that are started within compute on one core each."""
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
    """Ends the processes, busy or not; their results are of no use any more."""
    for process in list((pool._processes or {}).values()):
        process.terminate()
    pool.shutdown(wait=True, cancel_futures=True)
