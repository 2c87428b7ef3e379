"""Runs the `splkit` command as a user does: in a process of its own, or, with TensorFlow, in the test's."""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

Call = Callable[..., subprocess.CompletedProcess[str]]

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


def splkit_json(*arguments: str, call: Call = splkit) -> Any:
    """The result of a call that must succeed, given --json."""
    result = call(*arguments, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def splkit_here(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One call in the test's own process: for verbs that need TensorFlow, which takes seconds to load."""
    from splkit.cli import main

    command, stdout, stderr = ["splkit", *arguments], StringIO(), StringIO()
    status: object = 0
    with patch.object(sys, "argv", command), redirect_stdout(stdout), redirect_stderr(stderr):
        try:
            main()
        except SystemExit as stop:
            status = stop.code or 0
    assert isinstance(status, int)
    return subprocess.CompletedProcess(command, status, stdout.getvalue(), stderr.getvalue())


@cache
def _server() -> tuple[Any, Any]:
    """The stdin and stdout of the process that forks, one a test process."""
    server = subprocess.Popen(
        [sys.executable, SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(server.terminate)
    return server.stdin, server.stdout
