"""Models that have learned nothing: worse than the mean answer, or the same answer to every ECG."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import CYCLE, FrontEndConfig, Window, quantize_cycles, run_front_end, to_counts
from splkit.ecg.simulator.leads import LEADS, REFERENCE_LEAD
from splkit.ecg.simulator.record import simulate_record
from splkit.errors import ModelError
from splkit.quantize.card import ModelCard
from splkit.quantize.oracle import TflmOracle
from splkit.train.classifier import not_told
from splkit.train.metrics import MIN_SPREAD_MEQ_L, no_better_than_mean

PROBE_MEQ_L: Final = (3.0, 3.8, 4.6, 5.4, 6.2, 7.0, 7.8)
"""Potassium of the simulated ECGs whose answers are compared."""

MIN_VALUES: Final = 3
"""Of int8, among a model's answers to them: with fewer it says one thing to all."""

_PROBE_S, _PROBE_CYCLES, _SEED, _FS_HZ, _UV_PER_COUNT = 16.0, 3, 500, 300, 5.0


def constant(outputs: NDArray[np.int8], card: ModelCard) -> str | None:
    """In words, that a model's int8 answers to unlike ECGs are all alike; None where they are not."""
    if len(outputs) == 0:
        return None
    values = np.unique(outputs)
    low, high = (card.answer(int(code)) for code in (values[0], values[-1]))
    if len(values) >= MIN_VALUES and (card.task != "potassium" or high - low >= MIN_SPREAD_MEQ_L):
        return None
    told = f"distinct int8 answers to {len(outputs)} ECGs: {len(values)}"
    return f"{told}, from {low:.2f} to {high:.2f} {card.unit}"


def weakness(card: ModelCard, model: bytes) -> str | None:
    """In words, why a model is of no use; None where nothing is found.

    The figures on the card are read, and the int8 model answers to simulated ECGs from 3 to 7.8 mEq/L.

    Raises:
        ToolError: the oracle is not installed.
        ModelError: the oracle cannot run the model.
    """
    metrics = card.metrics
    learned = no_better_than_mean(metrics.int8, metrics.mean_answer) if metrics else None
    if learned is None and card.discrimination:
        learned = not_told(card.discrimination.int8)
    if learned:
        return learned
    lead = card.lead if card.lead in LEADS else REFERENCE_LEAD
    inputs = quantize_cycles(probe_cycles(lead, card.cycle.window), card.input.scale, card.input.zero_point)
    return constant(TflmOracle(model).run(inputs)[:, card.spread.median if card.spread else 0], card)


@cache
def probe_cycles(lead: str, window: Window = CYCLE) -> NDArray[np.int16]:
    """Accepted one-cycle ECGs of several simulated patients at unlike potassium, int16[n, 270], Q12.

    They are rows with windows where the model reads these.
    """
    config = FrontEndConfig.for_rate(_FS_HZ, _UV_PER_COUNT, 1, window)
    found = []
    for index, potassium_meq_l in enumerate(PROBE_MEQ_L):
        record = simulate_record(
            potassium_meq_l, fs_hz=_FS_HZ, duration_s=_PROBE_S, seed=_SEED + index, lead=lead
        )
        found.append(run_front_end(to_counts(record.recording, config), config).cycles[:_PROBE_CYCLES])
    return np.concatenate(found)


def require_strong(found: str | None, name: str) -> None:
    """Raises `ModelError` for a weakness that was found."""
    if found:
        raise ModelError(
            "a model that is exported is better than one answer to every ECG",
            found=f"{found}, of {name}",
            next_step="train it longer or on more patients, or add --accept-weak to export it all the same",
        )
