"""A process that has loaded splkit, and forks for each call: a call then starts in milliseconds, not seconds.

It reads a call a line from stdin, JSON, and answers with its exit status. TensorFlow is not among what is
loaded: it starts threads, which a fork loses.
"""

import json
import os
import sys
import traceback
from importlib import import_module
from typing import NoReturn

LOADED = (
    "scipy.signal",
    "splkit.cli",
    "splkit.ecg.recordings.model_lead",
    "splkit.firmware.export",
    "splkit.firmware.flashing.flash",
    "splkit.firmware.parity.verify",
    "splkit.firmware.profiling.profile",
    "splkit.firmware.simulators.engines",
    "splkit.quantize.stated",
)


def main() -> None:
    """Serves calls until stdin ends."""
    for module in LOADED:
        import_module(module)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _call(**json.loads(line))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(status, flush=True)


def _call(
    arguments: list[str], folder: str, environment: dict[str, str], stdout: str, stderr: str
) -> NoReturn:
    """The child: what a process of its own would do, its outputs in files."""
    for path, number in ((os.devnull, 0), (stdout, 1), (stderr, 2)):
        os.dup2(os.open(path, os.O_RDWR), number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["splkit", *arguments]
    status: object = 0
    try:
        from splkit.__main__ import main as splkit

        splkit()
    except SystemExit as stop:
        status = stop.code or 0
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    main()
