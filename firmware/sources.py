"""The application, the drivers and the build files of an exported folder: copied and rendered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import ClassVar

from splkit.boards import Board, Family, Sampler, pin_number
from splkit.codegen.render import environment
from splkit.ecg.frontend import Window
from splkit.firmware.manifest import IMAGES, INFERENCE_IMAGES, Broadcast
from splkit.firmware.options import Options
from splkit.firmware.tflm_library import TflmLibrary

MODEL_ID_LETTERS = 12
LEAD_LETTERS = 16
BUILD_FILES = {
    "linker.ld.j2": "app/linker.ld",
    "Makefile.j2": "Makefile",
    "CMakeLists.txt.j2": "CMakeLists.txt",
    "zephyr_module.yml.j2": "zephyr/module.yml",
    "zephyr_Kconfig.j2": "zephyr/Kconfig",
    "zephyr_CMakeLists.txt.j2": "zephyr/CMakeLists.txt",
}
"""Of any folder, by template."""
APPLICATION_FILES = {"app_config.h.j2": "app/app_config.h", "verdict_words.c.j2": "app/verdict_words.c"}
FOOTPRINT = "footprint.c"
"""The smallest program that holds an inference."""

DRIVERS: dict[Family, tuple[str, ...]] = {
    "nrf52": ("mcu", "nrf", "nrf52"),
    "nrf53": ("mcu", "nrf", "nrf53"),
    "stm32l4": ("mcu", "stm32", "stm32l4"),
    "stm32f4": ("mcu", "stm32", "stm32f4"),
    "rp2040": ("mcu", "rp2040"),
    "mps2": ("mps2",),
}
"""The folders of `drivers/` that make up a chip family, beside the core's."""

SAMPLERS: dict[tuple[Family, Sampler], tuple[str, ...]] = {
    ("nrf52", "adc"): ("nrf_saadc", "nrf52_saadc"),
    ("nrf53", "adc"): ("nrf_saadc", "nrf53_saadc"),
    ("nrf52", "max30003"): ("max30003", "nrf_max30003"),
    ("nrf53", "max30003"): ("max30003", "nrf_max30003"),
}
"""And those of what samples the ECG, where a family has more than one."""


@dataclass(frozen=True, kw_only=True)
class BuildContext:
    """What the build files of a folder say.

    Attributes:
        version: splkit's version.
        options: GCC's, for each part of the library.
        tflm: the library that runs the model, where TensorFlow Lite Micro does.
        images: what is linked.
        has_application: whether that is a firmware, with a front end, or an inference by itself.
    """

    version: str
    options: Options = field(default_factory=Options)
    tflm: TflmLibrary | None = None
    images: ClassVar[tuple[str, ...]] = INFERENCE_IMAGES
    has_application: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class ApplicationContext(BuildContext):
    """What the application says of itself, beside its board.

    Attributes:
        model_sha256: of the .tflite file; its first 12 letters stand in the banner.
        training: what the model was trained on, as words ("trained on simulated potassium").
        verdict_words: the words of `spl_verdict_t`, by value.
        lead: that the model was trained on; None where it is unknown.
        broadcast: whether advertisements are encrypted.
    """

    model_sha256: str
    training: str
    verdict_words: Sequence[str]
    lead: str | None = None
    broadcast: Broadcast = "encrypted"
    images: ClassVar[tuple[str, ...]] = IMAGES
    has_application: ClassVar[bool] = True


def write_inference(board: Board, out_dir: Path, context: BuildContext) -> None:
    """Write what builds the library of `out_dir` for a board, and for this machine, by itself."""
    (out_dir / "app").mkdir()
    footprint = files("splkit.firmware") / "app" / FOOTPRINT
    (out_dir / "app" / FOOTPRINT).write_bytes(footprint.read_bytes())
    _render(BUILD_FILES, out_dir, board=board, context=context)
    write_host(out_dir, None)


def write_application(board: Board, fs_hz: int, out_dir: Path, context: ApplicationContext) -> None:
    """Write `app/`, `zephyr/`, `Makefile` and `CMakeLists.txt` into `out_dir`, beside `include/` and `lib/`.

    Args:
        board: the board that the firmware is for.
        fs_hz: sampling rate, of the front end and of the board's timer.
        out_dir: an existing folder.
        context: what the banner and the beat lines need.
    """
    (out_dir / "app").mkdir(exist_ok=True)
    for source in _sources(board):
        (out_dir / "app" / source.name).write_bytes(source.read_bytes())
    _render(
        BUILD_FILES | APPLICATION_FILES,
        out_dir,
        board=board,
        fs_hz=fs_hz,
        context=context,
        pins={use: pin_number(pin) for use, pin in board.pins.items()},
        training=_in_c_string(context.training),
        model_id=context.model_sha256[:MODEL_ID_LETTERS],
        lead=_lead_word(context.lead),
    )


def write_host(out_dir: Path, window: Window | None) -> None:
    """Write `host/` into `out_dir`: a flat interface, for this machine, to a library that reads `window`.

    Without a window it is an inference by itself.
    """
    (out_dir / "host").mkdir()
    text = environment("splkit.firmware").get_template("spl_host.c.j2").render(window=window)
    (out_dir / "host" / "spl_host.c").write_text(text, "utf-8")


def _render(templates: Mapping[str, str], out_dir: Path, **facts: object) -> None:
    found = environment("splkit.firmware")
    for template, target in templates.items():
        (out_dir / target).parent.mkdir(exist_ok=True)
        (out_dir / target).write_text(found.get_template(template).render(**facts), "utf-8")


def _sources(board: Board) -> Iterator[Traversable]:
    """The C files of the application, of the core's start-up and of the board's drivers."""
    package = files("splkit.firmware")
    sampler = SAMPLERS.get((board.family, board.ecg.sampler), ())
    drivers = [package / "drivers" / name for name in ("cortex_m", *DRIVERS[board.family], *sampler)]
    for folder in (package / "app", *drivers):
        yield from (entry for entry in folder.iterdir() if entry.name.endswith((".c", ".h")))


def _lead_word(lead: str | None) -> str:
    """The lead as a field of the banner: one word, and no longer than a line allows."""
    return f" lead={lead.replace(' ', '_')[:LEAD_LETTERS]}" if lead else ""


def _in_c_string(text: str) -> str:
    """Any text as one line of the ASCII that a C string literal takes."""
    ascii_text = " ".join(text.split()).encode("ascii", "replace").decode("ascii")
    return ascii_text.replace("\\", "\\\\").replace('"', '\\"')
