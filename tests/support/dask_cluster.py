"""A Dask cluster of two processes on this machine."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

from splkit.children import child

Process = subprocess.Popen[bytes]
PATIENCE_S = 60


@contextmanager
def local_cluster(folder: Path) -> Iterator[tuple[str, list[Process]]]:
    """The address of a scheduler, and its two workers, each a process with one thread."""
    file = folder / "scheduler.json"
    dask, quiet = (sys.executable, "-m", "dask"), ("--no-dashboard", "--host", "127.0.0.1")
    scheduler = (*dask, "scheduler", *quiet, "--port", "0", "--scheduler-file", str(file))
    worker = (*dask, "worker", *quiet, "--nthreads", "1", "--no-nanny", "--scheduler-file", str(file))
    with ExitStack() as stack, (folder / "cluster.log").open("wb") as log:
        made = [
            stack.enter_context(child(each, stdout=log, stderr=log, cwd=folder))
            for each in (scheduler, worker, worker)
        ]
        yield _address(file), made[1:]
        for process in reversed(made):
            process.kill()


def _address(file: Path) -> str:
    end = monotonic() + PATIENCE_S
    while monotonic() < end:
        if file.exists() and file.read_text():
            return str(json.loads(file.read_text())["address"])
        sleep(0.05)
    raise AssertionError((file.parent / "cluster.log").read_text())
