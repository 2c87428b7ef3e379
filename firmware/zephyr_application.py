"""The application of an exported folder on Zephyr: `zephyr-app/`, beside the library, which is its module."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from splkit import __version__
from splkit.boards import Board, Sampler
from splkit.codegen.render import environment
from splkit.errors import UsageError

FOLDER = "zephyr-app"
BOARDS = "boards"
BINDINGS = "bindings"
KCONFIG = "Kconfig"
OF_BARE_METAL = ("footprint.c", "memory.c")
"""What of `app/` has no place there: it measures, or stands in for the C library."""

RENDERED = ("app_config.h", "verdict_words.c")
"""What `write_application` has rendered, for the same application."""

CHOSEN = ("gatt.c", "sampler_recording.c")
"""Sources of which the configuration says whether they are compiled, beside the sampler."""

SAMPLERS: dict[Sampler, tuple[str, ...]] = {
    "adc": ("sampler_adc.c",),
    "max30003": ("sampler_max30003.c", "max30003.c", "max30003.h", "max30003_registers.h"),
}
"""What samples the ECG, where it is no recording."""

FAMILIES = ("nrf52", "nrf53")
"""Whose converter the overlays set up: of another a count would be other microvolts."""


def require_sampler(board: Board) -> None:
    """Raises `UsageError` for a board whose samples are not those of an overlay."""
    if board.family not in FAMILIES:
        raise UsageError(
            "--zephyr-app samples by the converter of an nRF52 or nRF53, or by a MAX30003 beside one",
            found=f"the board {board.name}: {board.family}, {board.ecg.sampler}",
            next_step="export for nrf52, nrf5340 or nrf52-max30003",
        )


def write_zephyr_app(folder: Path, sampler: Sampler, fs_hz: int) -> None:
    """Writes `zephyr-app/` into an exported folder in which `write_application` has written.

    Args:
        folder: the export.
        sampler: of its board.
        fs_hz: its sampling rate.
    """
    target = folder / FOLDER
    sources, boards = target / "src", target / BOARDS
    boards.mkdir(parents=True)
    sources.mkdir()
    package = files("splkit.firmware")
    application = [each for each in _c_files(package / "app") if each.name not in OF_BARE_METAL]
    of_sampler = [
        each
        for each in (*_c_files(package / "zephyr_app"), *_c_files(package / "drivers" / "max30003"))
        if each.name in SAMPLERS[sampler]
    ]
    others = {name for names in SAMPLERS.values() for name in names}
    layer = [each for each in _c_files(package / "zephyr_app") if each.name not in others]
    for source in (*application, *layer, *of_sampler):
        (sources / source.name).write_bytes(source.read_bytes())
    for name in RENDERED:
        (sources / name).write_bytes((folder / "app" / name).read_bytes())
    for each in (package / "zephyr_app").iterdir():
        if each.name.endswith(".conf") or each.name == KCONFIG:
            (target / each.name).write_bytes(each.read_bytes())
    for part in (BOARDS, f"{BOARDS}_{sampler}"):
        for each in (package / "zephyr_app" / part).iterdir():
            (boards / each.name).write_bytes(each.read_bytes())
    bindings = target / "dts" / BINDINGS
    bindings.mkdir(parents=True)
    for each in (package / "zephyr_app" / BINDINGS).iterdir():
        (bindings / each.name).write_bytes(each.read_bytes())
    text = (
        environment("splkit.firmware")
        .get_template("zephyr_app_CMakeLists.txt.j2")
        .render(
            version=__version__,
            fs_hz=fs_hz,
            application=sorted([*_names(application), "verdict_words.c"]),
            layer=[name for name in _names(layer) if name not in CHOSEN],
            sampler=_names(of_sampler),
        )
    )
    (target / "CMakeLists.txt").write_text(text, "utf-8")


def _c_files(folder: Traversable) -> list[Traversable]:
    found = [each for each in folder.iterdir() if each.name.endswith((".c", ".h"))]
    return sorted(found, key=lambda each: each.name)


def _names(sources: list[Traversable]) -> list[str]:
    return [each.name for each in sources if each.name.endswith(".c")]
