"""What a report says of an exported folder, gathered: its papers, its parity, its profile, a recording."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import FrontEndTrace
from splkit.firmware.manifest import MODEL, Manifest, edited_sources, held_manifest
from splkit.firmware.parity.inference import Check
from splkit.firmware.parity.twin import Twin
from splkit.firmware.parity.verify import CountStream, steps, verify
from splkit.firmware.profiling.profile import STEPS, Profile, profile
from splkit.progress import Advance, ignore_progress
from splkit.quantize.card import ModelCard

INPUTS, CYCLES = 64, 32
"""Inferences that are compared; `splkit verify` compares more."""


@dataclass(frozen=True)
class Facts:
    """All of it.

    Attributes:
        manifest: of the export.
        card: of its model; None where the export has none.
        edited: sources that are no longer those of the export.
        checks: parity with the host's twins.
        profile: flash, RAM, stack, instructions, energy.
        recording: in words, what was played.
        trace: of the front end on it.
        seconds: how long it is.
    """

    manifest: Manifest
    card: ModelCard | None
    edited: tuple[str, ...]
    checks: tuple[Check, ...]
    profile: Profile
    recording: str
    trace: FrontEndTrace
    seconds: float


def gather(
    folder: Path,
    counts: NDArray[np.int16],
    recording: str,
    battery_mah: float,
    advance: Advance = ignore_progress,
) -> Facts:
    """Verify and profile an exported, built folder on a recording.

    Args:
        folder: the export.
        counts: int16[n], the recording at the firmware's rate.
        recording: what it is, in words.
        battery_mah: charge of the battery whose life is estimated.
        advance: counts up to `fact_steps`.

    Raises:
        UsageError, ToolError: not an exported folder, or a tool is missing.
    """
    manifest = held_manifest(folder)
    card = ModelCard.load(folder / MODEL[1]) if MODEL[1] in manifest.files else None
    stream = CountStream(recording.partition(":")[0], counts)
    checks = verify(folder, [stream], inputs=INPUTS, cycles=CYCLES, advance=advance)
    return Facts(
        manifest=manifest,
        card=card,
        edited=edited_sources(folder, manifest),
        checks=tuple(checks),
        profile=profile(folder, counts, advance, battery_mah),
        recording=recording,
        trace=Twin(folder).front_end(counts),
        seconds=len(counts) / manifest.fs_hz,
    )


def fact_steps(samples: int) -> int:
    """What `gather` advances by at most."""
    return steps(1, INPUTS, CYCLES, 0) + STEPS + samples
