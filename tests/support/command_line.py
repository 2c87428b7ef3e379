"""Runs the `splkit` command as a user does: in a process of its own."""

import json
import os
import subprocess
import sys
from typing import Any


def splkit(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One call, whatever its exit status."""
    command = [sys.executable, "-m", "splkit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, check=False)


def splkit_json(*arguments: str) -> Any:
    """The result of a call that must succeed, given --json."""
    result = splkit(*arguments, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)
