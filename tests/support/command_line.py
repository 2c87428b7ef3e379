"""Runs the `splkit` command as a user does: in a process of its own."""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

SERVER = Path(__file__).with_name("warm_splkit.py")


def splkit(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One call, whatever its exit status.

    Its process is forked from one that has loaded splkit; with a changed `environment`, which modules may
    look at when they are loaded, it is started anew.
    """
    command = [sys.executable, "-m", "splkit", *arguments]
    if environment:
        return subprocess.run(
            command, capture_output=True, text=True, env=os.environ | environment, check=False
        )
    with tempfile.NamedTemporaryFile("r") as stdout, tempfile.NamedTemporaryFile("r") as stderr:
        call = {
            "arguments": arguments,
            "folder": str(Path.cwd()),
            "environment": dict(os.environ),
            "stdout": stdout.name,
            "stderr": stderr.name,
        }
        asked, answered = _server()
        print(json.dumps(call), file=asked, flush=True)
        return subprocess.CompletedProcess(command, int(answered.readline()), stdout.read(), stderr.read())


def splkit_json(*arguments: str) -> Any:
    """The result of a call that must succeed, given --json."""
    result = splkit(*arguments, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@cache
def _server() -> tuple[Any, Any]:
    """The stdin and stdout of the process that forks, one a test process."""
    server = subprocess.Popen(
        [sys.executable, SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(server.terminate)
    return server.stdin, server.stdout
