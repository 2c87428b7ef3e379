"""`make docs`: lays out the pages and builds the site. A warning is an error."""

import re
import subprocess
import sys
from pathlib import Path

from docs_site.stage import ROOT, stage

COLOUR = re.compile(r"\x1b\[[\d;]*m")


def main() -> int:
    """Prints what the builder says, without its colours and its traceback; its exit status."""
    stage(ROOT / "build" / "site" / "pages")
    command = [Path(sys.executable).with_name("zensical"), "build", "--strict", "--clean"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(COLOUR.sub("", done.stdout + done.stderr).partition("Traceback")[0].rstrip())
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
