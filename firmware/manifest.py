"""manifest.json: what an exported folder holds and what it was made of."""

from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from splkit.ecg.frontend import AveragedCycles, FrontEndConfig
from splkit.errors import UsageError
from splkit.quantize.contract import Contract

MANIFEST = "manifest.json"
Runtime = Literal["splkit", "tflm"]
SelfTest = Literal["weights", "weights and inference"]


class Manifest(Contract):
    """The facts of an export and its model's contract; no dates, so that two exports are the same bytes.

    Attributes:
        splkit: version that made it.
        board: name of the board.
        fs_hz: sampling rate of the front end, Hz.
        uv_per_count: microvolts a count of the input samples.
        averaged_cycles: accepted cycles in a mean, each of which is an inference.
        model: file name of the model.
        model_sha256: of the .tflite without its card (`splkit.quantize.carried.network_sha256`).
        trained_on: what the model was trained on.
        weakness: why the model is of no use, where it was exported all the same.
        interval_ueq_l: the model's interval about its estimate, micro-equivalents a litre; None without one.
        runtime: what computes the inference: our kernels, or TensorFlow Lite Micro.
        rounding: how products are rounded: "double" as in TensorFlow Lite Micro by default.
        macs: nominal multiply-accumulates of one inference.
        arena_bytes: activations at the fullest layer, or TensorFlow Lite Micro's arena.
        self_test: what spl_self_test compares: an inference only where the oracle was installed at export.
        image_version: of the signed image; None where the export was not signed.
        compiler: first line of the compiler's version.
        files: SHA-256 of every other file, by its path.
    """

    splkit: str
    board: str
    fs_hz: int
    uv_per_count: float
    averaged_cycles: AveragedCycles
    model: str
    model_sha256: str
    trained_on: str
    weakness: str | None = None
    interval_ueq_l: tuple[int, int] | None = None
    runtime: Runtime
    rounding: str
    macs: int
    arena_bytes: int
    self_test: SelfTest
    image_version: str | None = None
    compiler: str
    files: dict[str, str]

    @property
    def front_end(self) -> FrontEndConfig:
        """The constants that it was generated with."""
        return FrontEndConfig.for_rate(self.fs_hz, self.uv_per_count, self.averaged_cycles)


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
