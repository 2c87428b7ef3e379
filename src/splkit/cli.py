"""The `splkit` command.

It collects the verbs, and reports each expected failure as one line and an exit status.
"""

import sys
from importlib import import_module
from io import StringIO
from typing import NoReturn

import click

from splkit import __version__
from splkit.commands import VERBS
from splkit.commands.options import examples
from splkit.console import err, styled
from splkit.errors import SplkitError, UsageError, reason
from splkit.interrupts import Interrupted, clear_away, raise_if_asked

EXIT_INTERRUPTED = 130

EXAMPLES = examples(
    "splkit doctor",
    "splkit export --board nrf52 --out firmware",
    "splkit verify firmware",
    "splkit simulate firmware --ecg toy",
)


class _InOrderOfUse(click.Group):
    def list_commands(self, _context: click.Context) -> list[str]:
        return list(VERBS)


@click.group(
    cls=_InOrderOfUse,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="splkit")
def cli() -> None:
    """From an ECG to a serum potassium level (SPL, mEq/L) on a microcontroller.

    For research; not a medical device. The bundled model was trained on simulated potassium.

    Exit status: 0 done, 1 a parity check failed, 2 something to put right (one line says what),
    130 or 143 stopped by Ctrl-C or SIGTERM.
    """


for _verb in VERBS:
    cli.add_command(import_module(f"splkit.commands.{_verb}").command)


def main() -> None:
    """The entry point of the console script."""
    try:
        _run()
    except SplkitError as error:
        _fail(error)
    except click.ClickException as error:
        shown = StringIO()
        error.show(shown)
        err.print_document(shown.getvalue().rstrip("\n"))
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt, Interrupted) as stop:
        clear_away()
        err.print("splkit: interrupted")
        sys.exit(getattr(stop, "exit_code", EXIT_INTERRUPTED))
    except BrokenPipeError:
        # The reader of the output closed the pipe. This keeps Python from printing an error when it exits.
        sys.stdout = None
        sys.exit(0)
    except OSError as error:
        _fail(
            UsageError(
                "files can be read and written where they are asked for",
                found=f"{reason(error)}{f': {error.filename}' if error.filename else ''}",
                next_step="look at the path, its permissions and the free space there",
            )
        )


def _run() -> None:
    try:
        cli.main(standalone_mode=False)
    except Exception:
        raise_if_asked()
        raise


def _fail(error: SplkitError) -> NoReturn:
    err.print(styled("splkit:", "bold red"), str(error), soft_wrap=True)
    sys.exit(error.exit_code)
