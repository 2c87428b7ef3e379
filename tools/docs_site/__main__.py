"""`make docs`: lays out the pages and builds the site. A warning is an error."""

import subprocess
import sys
from pathlib import Path

from docs_site.stage import ROOT, stage


def main() -> int:
    """The builder's exit status."""
    stage(ROOT / "build" / "site" / "pages")
    builder = Path(sys.executable).with_name("zensical")
    return subprocess.run([builder, "build", "--strict", "--clean"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
