"""The process `splkit`, and `python -m splkit`: ready for signals before anything else is loaded."""

import sys
from io import TextIOWrapper

from splkit import interrupts


def main() -> None:
    """The console script."""
    interrupts.catch()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # letters that the terminal's encoding lacks
    try:
        try:
            from splkit.cli import main as run

            run()
        finally:
            interrupts.end()
    except interrupts.Interrupted as stop:  # while modules were loaded, or at the very end
        interrupts.end()
        interrupts.clear_away()
        sys.stderr.write("splkit: interrupted\n")
        sys.exit(stop.exit_code)


if __name__ == "__main__":
    main()
