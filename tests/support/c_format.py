"""Generated C must be what clang-format would leave."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
# From the extra `dev`, so it lies beside the Python that runs the tests.
CLANG_FORMAT = Path(sys.executable).with_name("clang-format")


def assert_formatted(files: Sequence[Path]) -> None:
    """Fails with clang-format's own words, or where there is nothing to look at."""
    assert files
    style = f"--style=file:{ROOT / '.clang-format'}"
    command = [str(CLANG_FORMAT), style, "--dry-run", "--Werror", *map(str, files)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
