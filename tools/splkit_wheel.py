"""Builds the wheel from the files that git tracks, in a folder of its own: an old build/ adds nothing."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def tracked_files(root: Path) -> list[Path]:
    """The files that git tracks and that exist, relative to `root`."""
    listing = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True)
    return [path for line in listing.stdout.splitlines() if (root / (path := Path(line))).is_file()]


def build_wheel(root: Path, out_dir: Path) -> Path:
    """The wheel of the tree at `root`, written into `out_dir`."""
    with tempfile.TemporaryDirectory() as scratch:
        for path in tracked_files(root):
            target = Path(scratch) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / path, target)
        pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out_dir)]
        subprocess.run([*pip, scratch], check=True)
    return next(out_dir.glob("splkit-*.whl"))
