"""What the front end reports: beats, verdicts, cycles and their means."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Verdict(IntEnum):
    """Why a beat's cycle was taken or left out; the values are those of `spl_verdict_t` in C."""

    ACCEPTED = 0
    FIRST = 1
    """No beat before it, so no RR interval."""
    RR = 2
    """RR interval outside 300 ms to 2 s."""
    ECTOPIC = 3
    """Premature."""
    NOISE = 4
    """Too small, or the noise between beats comes near the beats themselves."""
    CLIP = 5
    """Samples on the rails."""
    LEAD_OFF = 6
    """A flat stretch."""
    LATE = 7
    """Found by search-back after its samples had left the ring buffer."""
    WIDE = 8
    """No QRS complex: as wide as a T wave, or rivalled by one. A sine wave's beats are."""
    UNLIKE = 9
    """Shaped unlike the running template: noise, or a beat that is paced, conducted otherwise or fused."""
    CUT = 10
    """Cut short: by a premature beat before its T wave is over, or by the recording's end."""

    @property
    def word(self) -> str:
        """The word in the application's output."""
        return _WORDS[self]


_WORDS = ("ok", "first", "rr", "ectopic", "noise", "clip", "lead", "late", "wide", "unlike", "cut")


@dataclass(frozen=True)
class FrontEndTrace:
    """All that the front end found in n beats, m of them accepted, k means complete.

    Attributes:
        r_sample: int64[n], R peak, index into the counts.
        rr_samples: int32[n], distance to the previous R peak; 0 for the first, 65535 at most.
        verdict: uint8[n], a `Verdict`.
        amplitude: int16[n], R above the isoelectric level in counts, negative where the complex points down;
            0 where its samples were out of reach.
        cycles: int16[m, 270], accepted cycles, Q12: 4096 = R amplitude, R at index 90. Where the network
            reads another window, its points follow in the same row (`splkit.ecg.frontend.window`).
        averaged: int16[k, 270], Q12 means of accepted cycles, or the rows as they are.
        averaged_beat: int64[k], the beat at which each mean was reported.
        averaged_count: int64[k], of how many accepted cycles it is.
        averaged_grown: bool[k], whether it holds the cycles of the mean before, and replaces it.
    """

    r_sample: NDArray[np.int64]
    rr_samples: NDArray[np.int32]
    verdict: NDArray[np.uint8]
    amplitude: NDArray[np.int16]
    cycles: NDArray[np.int16]
    averaged: NDArray[np.int16]
    averaged_beat: NDArray[np.int64]
    averaged_count: NDArray[np.int64]
    averaged_grown: NDArray[np.bool_]

    @property
    def counted(self) -> dict[Verdict, int]:
        """How many beats were given each verdict, as `spl_frontend_count` in C."""
        counts = np.bincount(self.verdict, minlength=len(Verdict))
        return {verdict: int(counts[verdict]) for verdict in Verdict}
