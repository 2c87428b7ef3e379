"""mypy on the package as a user gets it: the built wheel, since the source folders are not a package tree."""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from splkit_wheel import build_wheel

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Builds the wheel, unpacks it and checks it; mypy's exit status."""
    with tempfile.TemporaryDirectory() as scratch:
        package = Path(scratch) / "package"
        zipfile.ZipFile(build_wheel(ROOT, Path(scratch))).extractall(package)
        mypy = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "-p", "splkit"]
        environment = os.environ | {"MYPYPATH": str(package)}
        return subprocess.run(mypy, cwd=scratch, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
