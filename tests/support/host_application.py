"""The application built for this machine, with a board of its own (tests/system/host)."""

import subprocess
from importlib.resources import files
from pathlib import Path

from support.stand_in import export_stand_in

from splkit.needs import CC

BOARD = Path(__file__).parents[1] / "system" / "host"
LIBRARY_SOURCES = ("spl_events.c", "spl_alert.c", "spl_personal.c", "spl_curve.c", "spl_microvolts.c")
NOT_PORTABLE = ("main.c", "footprint.c", "memory.c")
APPLICATION = Path(str(files("splkit.firmware") / "app"))
FLAGS = ("-std=c99", "-O2", "-g", "-Wall", "-Wextra", "-Wconversion", "-Werror")
# Of optimized code under sanitizers GCC says that variables may be uninitialized which are not.
SANITIZERS = ("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer")


def compile_store(out: Path) -> Path:
    """The settings store and its flash as a shared library for ctypes; bounds are those of spl.h."""
    folder = export_stand_in("nrf52", out.parent / "library")
    application = [APPLICATION / name for name in ("settings.c", "calendar.c", "crc.c")]
    library = [folder / "lib" / name for name in LIBRARY_SOURCES]
    sources = [*application, BOARD / "host_board.c", *library]
    return _compile(out, ("-shared", "-fPIC"), sources, [folder / "include"])


def compile_player(folder: Path, out: Path) -> Path:
    """The program of play.c on an exported folder's library, under two sanitizers."""
    sources = [
        *(path for path in sorted(APPLICATION.glob("*.c")) if path.name not in NOT_PORTABLE),
        *sorted(folder.glob("lib/**/*.c")),
        folder / "app" / "verdict_words.c",
        BOARD / "host_board.c",
        BOARD / "play.c",
    ]
    exported = [folder / place for place in ("include", "lib", "lib/kernels", "app")]
    return _compile(out, SANITIZERS, sources, exported)


def compile_alarm_events(out: Path) -> Path:
    """The program of alarm_events.c, by the library's header of the stand-in."""
    application = [APPLICATION / name for name in ("alarms.c", "line.c", "crc.c", "settings.c", "calendar.c")]
    folder = export_stand_in("nrf52", out.parent / "library")
    library = [folder / "lib" / name for name in LIBRARY_SOURCES]
    sources = [*application, *library, BOARD / "host_board.c", BOARD / "alarm_events.c"]
    return _compile(out, SANITIZERS, sources, [folder / "include"])


def compile_alarm_search(out: Path) -> Path:
    """The program of alarm_search.c, which has the alarms in it."""
    folder = export_stand_in("nrf52", out.parent / "library")
    return _compile(out, ("-O2",), [BOARD / "alarm_search.c"], [folder / "include"])


def _compile(out: Path, flags: tuple[str, ...], sources: list[Path], places: list[Path]) -> Path:
    include = [f"-I{place}" for place in (BOARD, APPLICATION, *places)]
    subprocess.run([CC.path(), *FLAGS, *flags, *include, "-o", out, *sources], check=True)
    return out
