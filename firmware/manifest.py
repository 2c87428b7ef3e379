"""manifest.json: what an exported folder holds and what it was made of."""

import re
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from splkit.ecg.frontend import WINDOWS, AveragedCycles, FrontEndConfig, InputName
from splkit.errors import UsageError
from splkit.folders import digest, entries, strangers
from splkit.quantize.contract import Contract
from splkit.quantize.distance import Distance
from splkit.quantize.spread import Spread

MANIFEST = "manifest.json"
Runtime = Literal["splkit", "tflm"]
SelfTest = Literal["weights", "weights and inference"]

IMAGES = ("firmware.elf", "firmware.hex", "firmware.bin", "firmware.map")
SIGNED = ("firmware.signed.hex", "firmware.signed.bin")
BOARD = "board.json"
MODEL = ("model/model.tflite", "model/card.json")
_OF_MAKE = re.compile(r"build/([\w./-]+\.[od]|footprint\.elf)")
"""What `make` leaves beside the images, and may be made again."""
_COMPILED = ("Makefile", "app/", "include/", "lib/")


class Manifest(Contract):
    """The facts of an export and its model's contract; no dates, so that two exports are the same bytes.

    Attributes:
        splkit: version that made it.
        board: name of the board.
        fs_hz: sampling rate of the front end, Hz.
        uv_per_count: microvolts a count of the input samples.
        averaged_cycles: accepted cycles in a mean, each of which is an inference.
        input: what the network reads about an accepted beat.
        model: file name of the model.
        model_sha256: of the .tflite without its card (`splkit.quantize.carried.network_sha256`).
        trained_on: what the model was trained on.
        weakness: why the model is of no use, where it was exported all the same.
        interval_ueq_l: the model's interval about its estimate, micro-equivalents a litre; None without one.
        spread: of a model that answers quantiles, as on its card.
        distance: beyond which there is no answer, as on the card; None where it is not checked.
        runtime: what computes the inference: our kernels, or TensorFlow Lite Micro.
        rounding: how products are rounded: "double" as in TensorFlow Lite Micro by default.
        macs: nominal multiply-accumulates of one inference.
        arena_bytes: activations at the fullest layer, or TensorFlow Lite Micro's arena.
        ram_limit_bytes: what --ram allowed the inference for arena, input and output; None without it.
        spl_t_bytes: sizeof(spl_t) on the board: RAM that a stream takes.
        self_test: what spl_self_test compares: an inference only where the oracle was installed at export.
        image_version: of the signed image; None where the export was not signed.
        compiler: first line of the compiler's version.
        edited: sources that were no longer those of the export when `splkit build` built the firmware.
        files: SHA-256 of every other file, by its path: of sources as exported, of images as built.
    """

    splkit: str
    board: str
    fs_hz: int
    uv_per_count: float
    averaged_cycles: AveragedCycles
    input: InputName = "cycle"
    model: str
    model_sha256: str
    trained_on: str
    weakness: str | None = None
    interval_ueq_l: tuple[int, int] | None = None
    spread: Spread | None = None
    distance: Distance | None = None
    runtime: Runtime
    rounding: str
    macs: int
    arena_bytes: int
    ram_limit_bytes: int | None = None
    spl_t_bytes: int
    self_test: SelfTest
    image_version: str | None = None
    compiler: str
    edited: tuple[str, ...] = ()
    files: dict[str, str]

    @property
    def front_end(self) -> FrontEndConfig:
        """The constants that it was generated with."""
        return FrontEndConfig.for_rate(
            self.fs_hz, self.uv_per_count, self.averaged_cycles, WINDOWS[self.input]
        )


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an exported folder. Raises `UsageError` where there is none, or a broken one."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        found = "no " + str(path) if isinstance(error, OSError) else f"{error.error_count()} faults in {path}"
        raise UsageError(
            "a folder that `splkit export` made has a manifest",
            found=found,
            next_step="export it: splkit export --board nrf52 --out DIR",
        ) from error


def made_by_export(folder: Path) -> dict[str, str]:
    """SHA-256 of what an export, `splkit build` and `make` left in a folder, by path: what --force replaces.

    Raises:
        UsageError: no export made it.
    """
    of_make = {name: digest(folder / name) for name in entries(folder) if _is_of_make(folder, name)}
    return read_manifest(folder).files | of_make


def held_manifest(folder: Path) -> Manifest:
    """The manifest of an exported folder whose images and model are those that it names.

    Raises:
        UsageError: no exported folder, or one of these files is missing or another.
    """
    manifest = read_manifest(folder)
    signed = SIGNED if manifest.image_version else ()
    card = [name for name in MODEL[1:] if name in manifest.files]
    for name in (*IMAGES[:3], *signed, BOARD, MODEL[0], *card):
        require_named(folder, manifest, name)
    return manifest


def require_named(folder: Path, manifest: Manifest, name: str) -> None:
    """Raises `UsageError` where a file of an export is missing, or not the one that the manifest names."""
    path = folder / name
    stated = manifest.files.get(name)
    if path.is_file() and digest(path) == stated:
        return
    advice = {
        (*MODEL, BOARD): "export the folder again",
        SIGNED: f"sign what was built: splkit build {folder} --sign KEY.pem",
        IMAGES: f"after a change of the sources run splkit build {folder}",
    }
    raise UsageError(
        f"{name} is the one that {MANIFEST} names",
        found=f"none in {folder}" if not path.is_file() else f"another in {folder}",
        next_step=next(text for names, text in advice.items() if name in names),
    )


def edited_sources(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """What is compiled and is not as it was exported: changed, missing or new, by path; sorted."""
    changed = {name for name in strangers(folder, manifest.files) if name.startswith(_COMPILED)}
    missing = {name for name in manifest.files if not (folder / name).is_file()}
    return tuple(sorted(changed | {name for name in missing if name.startswith(_COMPILED)}))


def _is_of_make(folder: Path, name: str) -> bool:
    return (name == MANIFEST or _OF_MAKE.fullmatch(name) is not None) and not (folder / name).is_symlink()
