"""Cycles made by hand, and the distance of a model that would have learned from them; no simulator."""

from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from support.hand_made import Beat
from support.single_answer import single_answer_model

from splkit.ecg.frontend import CYCLE_FS_HZ, CYCLE_SIZE, R_INDEX
from splkit.quantize.card import ModelCard
from splkit.quantize.carried import card_for
from splkit.quantize.distance import Distance
from splkit.quantize.distance_fit import fit_distance
from splkit.train.cycle_set import CycleSet

TIME_S = (np.arange(CYCLE_SIZE) - R_INDEX) / CYCLE_FS_HZ
PLAIN = Beat(0.0, s_over_r=0.2, t_over_r=0.35, t_sd_ms=35.0)
"""In the middle of what `learned` has."""


def cycle_of(beat: Beat) -> NDArray[np.int16]:
    """A beat as the front end would cut it, int16[270], Q12."""
    return np.asarray(np.rint(beat.uv(TIME_S) / 1000 / beat.r_mv * 4096), np.int16)


def set_of(cycles: NDArray[np.int16], patient: NDArray[np.int64], beats: int = 8) -> CycleSet:
    """Means of `beats` cycles, potassium of 5 mEq/L, a record each."""
    numbers = np.arange(len(cycles))
    return CycleSet(
        cycles, np.full(len(cycles), 5.0), patient, numbers, np.full(len(cycles), beats), len(cycles)
    )


def learned(count: int = 400, seed: int = 3) -> CycleSet:
    """Cycles whose QRS complexes and T waves vary, with noise of half a per cent; two of each patient."""
    rng = np.random.default_rng(seed)
    cycles = [
        cycle_of(
            replace(
                PLAIN,
                sd_ms=rng.uniform(9, 12),
                s_over_r=rng.uniform(0.1, 0.3),
                t_over_r=rng.uniform(0.15, 0.55),
                t_sd_ms=rng.uniform(28, 42),
                t_after_r_s=rng.uniform(0.28, 0.32),
            )
        )
        + np.rint(rng.normal(0, 20, CYCLE_SIZE)).astype(np.int16)
        for _ in range(count)
    ]
    return set_of(np.array(cycles, np.int16), np.arange(count) // 2)


@cache
def hand_made_distance() -> Distance:
    """Of `learned`."""
    found = fit_distance(learned())
    assert found is not None
    return found


def distance_card(distance: Distance | None = None) -> ModelCard:
    """The single-answer model's card with a distance: that of the cycles made by hand unless it is given."""
    return card_for(single_answer_model()).model_copy(update={"distance": distance or hand_made_distance()})
