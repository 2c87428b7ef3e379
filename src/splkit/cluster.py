"""Spreads work over a Dask cluster. The pieces and the results are the same as on one machine."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError
from typing import Any, TypeVar

from splkit import __version__
from splkit.errors import ToolError, reason
from splkit.interrupts import tidied
from splkit.optional import optional

T = TypeVar("T")
R = TypeVar("R")

CONNECT_S = 10
"""Time in s that a scheduler has to answer."""
SILENCE_S = 5.0
"""After this time in s without a result, splkit checks whether the cluster has any workers."""
PATIENCE = 12
"""How many checks in a row may find no worker. A worker that is restarted is back within a minute."""
AHEAD = 3
"""Pieces that are submitted at once for each thread of the cluster. More results would fill the memory."""


def on_cluster(
    work: Callable[[T], R], pieces: Sequence[T], address: str, died: Callable[[T], R]
) -> Iterator[tuple[T, R]]:
    """Each piece with the result of `work`, as in `splkit.pool.in_parallel`.

    If a worker is lost, Dask gives its pieces to other workers. A piece is tried four times at most. After
    that, `died` gives its result.

    Args:
        work: a function of a module that the workers have. They must run the same version of splkit.
        pieces: the arguments of `work`. Every worker must find the files that they name, at the same path.
        address: address of the scheduler, such as `tcp://10.0.0.1:8786`.
        died: gives the result for a piece that ended every process that took it.

    Raises:
        ToolError: the package or the scheduler is missing, the workers run another version of splkit, or
            there is no worker for a minute.
    """
    distributed = optional("distributed", "work on a cluster is spread by Dask")
    with tidied(lambda: _connect(distributed, address), lambda client: client.close()) as client:
        waiting, running = iter(pieces), dict[Any, T]()
        while True:
            most = AHEAD * max(sum(client.nthreads().values()), 1)
            while len(running) < most and (piece := next(waiting, None)) is not None:
                running[client.submit(work, piece, pure=False)] = piece
            if not running:
                return
            for future in _ready(distributed, client, running, address):
                yield (piece := running.pop(future)), _result(distributed, future, piece, died)


def _connect(distributed: Any, address: str) -> Any:
    try:
        client = distributed.Client(address, timeout=CONNECT_S)
    except (OSError, ValueError) as error:
        raise ToolError(
            "--dask names a Dask scheduler that answers",
            found=f"{reason(error)} ({address})",
            next_step="start `dask scheduler` and its `dask worker`s, and give the address that it prints",
        ) from error
    versions = client.run(_version, on_error="return")
    others = {
        where: said
        for where, said in versions.items()
        if said != __version__ and not isinstance(said, OSError)  # OSError: the worker has just gone
    }
    if others:
        where, said = next(iter(others.items()))
        client.close()
        raise ToolError(
            f"the workers of a cluster run the splkit that asks them, {__version__}",
            found=f"{said} at {where}",
            next_step="install the same version there",
        )
    return client


def _version() -> str:
    return __version__


def _ready(distributed: Any, client: Any, running: dict[Any, T], address: str) -> list[Any]:
    """Waits until at least one of `running` is done, and returns all that are done."""
    for _ in range(PATIENCE):
        while True:
            with contextlib.suppress(TimeoutError, distributed.TimeoutError):
                return list(distributed.wait(list(running), SILENCE_S, FIRST_COMPLETED).done)
            if not client.nthreads():
                break
    raise ToolError(
        "a cluster has workers",
        found=f"none at {address} for {PATIENCE * SILENCE_S:g} s",
        next_step="start `dask worker`s and give the same command again: what is done is kept",
    )


def _result(distributed: Any, future: Any, piece: T, died: Callable[[T], R]) -> R:
    try:
        result: R = future.result()
        return result
    except distributed.scheduler.KilledWorker:
        return died(piece)
    except CancelledError as error:
        raise ToolError(
            "a cluster's scheduler lasts as long as the work",
            found="one that ended",
            next_step="start it and give the same command again: what is done is kept",
        ) from error
