"""Quantization-aware fine-tuning of a finished run, kept in its folder."""

import shutil
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from splkit import __version__
from splkit.ecg.frontend import quantize_cycles
from splkit.errors import ModelError, reason
from splkit.folders import replace_folder
from splkit.made import refuse_unknown
from splkit.progress import Advance, ignore_progress
from splkit.quantize.aware import aware_model, copy_weights, trained_ranges
from splkit.quantize.card import sha256
from splkit.quantize.convert import calibrate, quantized_sites
from splkit.quantize.distance_fit import fit_distance
from splkit.quantize.equalize import equalize
from splkit.quantize.ranges import Range, Ranges, int8_scale, load_ranges, save_ranges
from splkit.quantize.start import starting_ranges
from splkit.train import checkpoint
from splkit.train.config import FineTune
from splkit.train.curve import write_history
from splkit.train.cycle_set import CycleSet
from splkit.train.fit import WEIGHTS, Example, fit
from splkit.train.folder import FINE_TUNED, HISTORY, AnyRun, Run

REPRESENTATIVE_CYCLES: Final = 500
"""Enough for ranges that another draw moves by under a percent."""
RANGE_CYCLES: Final = 20_000
"""Of which the values inside are seen before fine-tuning: all of 240,000 would take minutes."""

_STAMP, _RANGES = "made_from.json", "ranges.json"
_FILES = (_STAMP, _RANGES, WEIGHTS, HISTORY, *checkpoint.FILES)


class Trained(NamedTuple):
    """A plain float model with fine-tuned weights, and the range of each of its values."""

    model: Any
    ranges: Ranges


class _Stamp(BaseModel):
    """What the fine-tuned weights are made from: the same gives the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    splkit_version: str = __version__
    weights_sha256: str
    fine_tune: FineTune


def fine_tuned(run: Run, settings: FineTune, advance: Advance = ignore_progress) -> Trained:
    """Train through int8 from a run's weights, and keep the result in its folder.

    The float model is the teacher: the twin that rounds learns its answers on the training cycles. A result
    that was made from the same weights with the same settings is taken as it is, and one that was cut off is
    gone on with; either gives the same as training anew. `advance` counts patients an epoch.

    Raises:
        ModelError: training failed, or a range is none any more.
        ToolError: TensorFlow is not installed.
    """
    folder = run.folder / FINE_TUNED
    stamp = _Stamp(weights_sha256=sha256((run.folder / WEIGHTS).read_bytes()), fine_tune=settings)
    if _stamp_of(folder) != stamp:
        partial = folder.with_name(FINE_TUNED + ".partial")
        if _stamp_of(partial) != stamp:
            refuse_unknown(partial, _FILES)
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir()
            (partial / _STAMP).write_text(stamp.model_dump_json(indent=2) + "\n", encoding="utf-8")
        _train(run, settings, partial, advance)
        replace_folder(partial, folder, lambda before: refuse_unknown(before, _FILES))
    else:
        advance(run.config.patients * settings.epochs)
    model = run.model()
    _load_weights(model, folder / WEIGHTS)
    return Trained(model, load_ranges(folder / _RANGES))


def answered(run: AnyRun) -> CycleSet:
    """The cycles that a network learned from, less those that a device gives no answer to.

    A few in a thousand are such, some of them many R amplitudes high: ranges that hold them round all others
    more coarsely.
    """
    learned, distance = run.learned(), fit_distance(run.cycles("train"))
    return learned.where(~distance.refuses(learned.averaged)) if distance else learned


def representative(run: AnyRun) -> NDArray[np.float32]:
    """Cycles of `answered` spread evenly, so that every potassium is among them."""
    return _spread_evenly(answered(run), REPRESENTATIVE_CYCLES)


def _spread_evenly(cycles: CycleSet, most: int) -> NDArray[np.float32]:
    inputs = cycles.inputs
    chosen = np.linspace(0, len(inputs) - 1, min(most, len(inputs))).round().astype(int)
    return np.asarray(inputs[chosen], np.float32)


def _train(run: Run, settings: FineTune, folder: Path, advance: Advance) -> None:
    teacher, model, train = run.model(), run.model(), answered(run)
    some = _spread_evenly(train, RANGE_CYCLES)
    equalize(model, some)
    sites = quantized_sites(calibrate(model, _spread_evenly(train, REPRESENTATIVE_CYCLES)), model)
    start = starting_ranges(model, some, {site.value for site in sites})
    twin = aware_model(model, start)
    source = sites[0].value
    learned, held_out = (
        _example(teacher, cycles, start[source]) for cycles in (train, run.cycles("validation"))
    )
    own = settings.model_dump() | {"least_steps": 1, "restarts": ()}  # an epoch is one pass
    config = run.config.model_copy(update=own)
    history = fit(twin, config, learned, held_out, folder, advance, name="fine-tuning")
    save_ranges({source: start[source]} | trained_ranges(twin), folder / _RANGES)
    copy_weights(twin, model)
    model.save_weights(folder / WEIGHTS)
    write_history(history, folder / HISTORY)
    checkpoint.remove(folder)


def _example(teacher: Any, cycles: CycleSet, source: Range) -> Example:
    """Cycles as the board quantizes them, and what the float model says of them."""
    scale, zero_point = int8_scale(source)
    rounded = quantize_cycles(cycles.averaged, scale, zero_point).astype(np.float32) - zero_point
    answers = teacher.predict(cycles.inputs, batch_size=256, verbose=0)
    return Example(rounded * np.float32(scale), answers, np.ones(len(answers), np.float32))


def _stamp_of(folder: Path) -> _Stamp | None:
    try:
        return _Stamp.model_validate_json((folder / _STAMP).read_bytes())
    except (OSError, ValidationError):
        return None


def _load_weights(model: Any, path: Path) -> None:
    try:
        model.load_weights(path)
    except (OSError, ValueError) as error:
        raise ModelError(
            "fine-tuned weights are what splkit quantize left",
            found=f"{path}: {reason(error)}",
            next_step="remove their folder and quantize again",
        ) from error
