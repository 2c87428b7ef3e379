"""The entry point of `splkit` and `python -m splkit`. It handles signals before it loads anything else."""

import sys
from io import TextIOWrapper

from splkit import interrupts


def main() -> None:
    """The console script."""
    interrupts.catch()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # for characters that the terminal's encoding lacks
    try:
        try:
            from splkit.cli import main as run

            run()
        finally:
            interrupts.end()
    except interrupts.Interrupted as stop:  # a signal while modules are loaded, or at the very end
        interrupts.end()
        interrupts.clear_away()
        sys.stderr.write("splkit: interrupted\n")
        sys.exit(stop.exit_code)


if __name__ == "__main__":
    main()
