"""manifest.json: what an exported folder holds and what it was made of."""

import re
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import ValidationError

from splkit.ecg.frontend import WINDOWS, AveragedCycles, FrontEndConfig, InputName
from splkit.errors import UsageError
from splkit.folders import digest, entries, strangers
from splkit.quantize.contract import Contract, Part
from splkit.quantize.distance import Distance
from splkit.quantize.spread import Spread, least_cycles

MANIFEST = "manifest.json"
Runtime = Literal["splkit", "tflm"]
SelfTest = Literal["weights", "weights and inference"]
Broadcast = Literal["encrypted", "clear"]
"""In clear everyone within range reads what a device advertises, from an address that stays."""

INFERENCE_IMAGES = ("inference.elf", "inference.map")
"""Of an inference by itself: linked, never flashed."""
IMAGES = ("firmware.elf", "firmware.hex", "firmware.bin", "firmware.map")
SIGNED = ("firmware.signed.hex", "firmware.signed.bin")
BOARD = "board.json"
LICENCE, NOTICE, BILL = "LICENSE", "NOTICE", "sbom.cdx.json"
MODEL = ("model/model.tflite", "model/card.json")
_OF_MAKE = re.compile(r"build/([\w./-]+\.[od]|footprint\.elf)")
"""What `make` leaves beside the images, and may be made again."""
_COMPILED = ("Makefile", "app/", "include/", "lib/")


class FolderManifest(Part):
    """The facts of a folder with an inference in it; no dates, so that two of one request are the same bytes.

    Attributes:
        splkit: version that made it.
        board: name of the board.
        model: file name of the model.
        model_sha256: of the .tflite without its card (`splkit.quantize.carried.network_sha256`).
        runtime: what computes the inference: our kernels, or TensorFlow Lite Micro.
        rounding: how products are rounded: "double" as in TensorFlow Lite Micro by default.
        macs: nominal multiply-accumulates of one inference.
        arena_bytes: activations at the fullest layer, or TensorFlow Lite Micro's arena.
        ram_limit_bytes: what --ram allowed the inference for arena, input and output; None without it.
        self_test: what spl_self_test compares: an inference only where the oracle was installed.
        compiler: first line of the compiler's version.
        edited: sources that were no longer those of the export when `splkit build` built the firmware.
        files: SHA-256 of every other file, by its path: of sources as made, of images as built.
    """

    verb: ClassVar[str] = "compile"
    program: ClassVar[str] = "library"
    images: ClassVar[tuple[str, ...]] = INFERENCE_IMAGES

    splkit: str
    board: str
    model: str
    model_sha256: str
    runtime: Runtime
    rounding: str
    macs: int
    arena_bytes: int
    ram_limit_bytes: int | None = None
    self_test: SelfTest
    compiler: str
    edited: tuple[str, ...] = ()
    files: dict[str, str]

    @property
    def elf(self) -> str:
        """The image that the core engine runs."""
        return self.images[0]


class TensorFacts(Part):
    """An input or an output: real = scale * (q - zero_point)."""

    name: str
    shape: tuple[int, ...]
    scale: float
    zero_point: int


class CompiledManifest(FolderManifest):
    """The facts of an inference by itself, as `splkit compile` makes it.

    Attributes:
        inputs: in the order of the caller's buffer.
        outputs: likewise.
    """

    inputs: tuple[TensorFacts, ...]
    outputs: tuple[TensorFacts, ...]


class Manifest(FolderManifest, Contract):
    """The facts of an export: an inference behind a front end, and its model's contract.

    Attributes:
        fs_hz: sampling rate of the front end, Hz.
        uv_per_count: microvolts a count of the input samples.
        averaged_cycles: accepted cycles in a mean, each of which is an inference.
        input: what the network reads about an accepted beat.
        trained_on: what the model was trained on.
        weakness: why the model is of no use, where it was exported all the same.
        interval_ueq_l: the model's interval about its estimate, micro-equivalents a litre; None without one.
        spread: of a model that answers quantiles, as on its card.
        distance: beyond which there is no answer, as on the card; None where it is not checked.
        spl_t_bytes: sizeof(spl_t) on the board: RAM that a stream takes.
        broadcast: how a board with a radio advertises; exports that do not say so did it in clear.
        image_version: of the signed image; None where the export was not signed.
    """

    verb: ClassVar[str] = "export"
    program: ClassVar[str] = "firmware"
    images: ClassVar[tuple[str, ...]] = IMAGES

    fs_hz: int
    uv_per_count: float
    averaged_cycles: AveragedCycles
    input: InputName = "cycle"
    trained_on: str
    weakness: str | None = None
    interval_ueq_l: tuple[int, int] | None = None
    spread: Spread | None = None
    distance: Distance | None = None
    spl_t_bytes: int
    broadcast: Broadcast = "clear"
    image_version: str | None = None

    @property
    def front_end(self) -> FrontEndConfig:
        """The constants that it was generated with."""
        least = least_cycles(self.spread, self.averaged_cycles)
        window = WINDOWS[self.input]
        return FrontEndConfig.for_rate(self.fs_hz, self.uv_per_count, self.averaged_cycles, window, least)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an exported folder. Raises `UsageError` where there is none, or a broken one."""
    manifest = read_folder(folder)
    if not isinstance(manifest, Manifest):
        raise UsageError(
            "a folder that `splkit export` made has a front end",
            found=f"the inference alone, as `splkit compile` makes it, in {folder}",
            next_step="export its model; verify, profile and simulate --inputs take such a folder",
        )
    return manifest


def read_folder(folder: Path) -> FolderManifest:
    """The manifest of a folder that export or compile made, each of its own class.

    Raises:
        UsageError: there is none, or a broken one.
    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
        kind = CompiledManifest if b'"inputs"' in content else Manifest
        return kind.model_validate_json(content)
    except (OSError, ValidationError) as error:
        found = "no " + str(path) if isinstance(error, OSError) else f"{error.error_count()} faults in {path}"
        raise UsageError(
            "a folder that `splkit export` or `splkit compile` made has a manifest",
            found=found,
            next_step="export it: splkit export --board nrf52 --out DIR",
        ) from error


def made_by_splkit(folder: Path) -> dict[str, str]:
    """SHA-256 of what splkit and `make` left in a folder, by path: what --force replaces.

    Raises:
        UsageError: splkit did not make it.
    """
    of_make = {name: digest(folder / name) for name in entries(folder) if _is_of_make(folder, name)}
    return read_folder(folder).files | of_make


def held_manifest(folder: Path) -> Manifest:
    """The manifest of an exported folder whose images and model are those that it names.

    Raises:
        UsageError: no exported folder, or one of these files is missing or another.
    """
    manifest = read_manifest(folder)
    _require_held(folder, manifest)
    return manifest


def held_folder(folder: Path) -> FolderManifest:
    """The same of a folder that export or compile made."""
    manifest = read_folder(folder)
    _require_held(folder, manifest)
    return manifest


def _require_held(folder: Path, manifest: FolderManifest) -> None:
    signed = SIGNED if isinstance(manifest, Manifest) and manifest.image_version else ()
    card = [name for name in MODEL[1:] if name in manifest.files]
    images = [name for name in manifest.images if not name.endswith(".map")]
    for name in (*images, *signed, BOARD, MODEL[0], *card):
        require_named(folder, manifest, name)


def require_named(folder: Path, manifest: FolderManifest, name: str) -> None:
    """Raises `UsageError` where a file of an export is missing, or not the one that the manifest names."""
    path = folder / name
    stated = manifest.files.get(name)
    if path.is_file() and digest(path) == stated:
        return
    advice = {
        (*MODEL, BOARD): f"{manifest.verb} the folder again",
        INFERENCE_IMAGES: f"{manifest.verb} the folder again",
        SIGNED: f"sign what was built: splkit build {folder} --sign KEY.pem",
        IMAGES: f"after a change of the sources run splkit build {folder}",
    }
    raise UsageError(
        f"{name} is the one that {MANIFEST} names",
        found=f"none in {folder}" if not path.is_file() else f"another in {folder}",
        next_step=next(text for names, text in advice.items() if name in names),
    )


def edited_sources(folder: Path, manifest: FolderManifest) -> tuple[str, ...]:
    """What is compiled and is not as it was exported: changed, missing or new, by path; sorted."""
    changed = {name for name in strangers(folder, manifest.files) if name.startswith(_COMPILED)}
    missing = {name for name in manifest.files if not (folder / name).is_file()}
    return tuple(sorted(changed | {name for name in missing if name.startswith(_COMPILED)}))


def _is_of_make(folder: Path, name: str) -> bool:
    return (name == MANIFEST or _OF_MAKE.fullmatch(name) is not None) and not (folder / name).is_symlink()
