"""From a run folder to an int8 model with its card."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit import __version__
from splkit.console import Advance, ignore_progress
from splkit.ecg.frontend import quantize_cycles
from splkit.errors import UsageError
from splkit.quantize.card import Metrics, ModelCard, Quantization, sha256
from splkit.quantize.convert import convert_model
from splkit.quantize.facts import main_subgraph
from splkit.quantize.interval import split_conformal
from splkit.quantize.oracle import TflmOracle
from splkit.train.dataset import CycleSet
from splkit.train.folder import Run
from splkit.train.metrics import score
from splkit.train.run import estimate

REPRESENTATIVE_CYCLES = 500
"""Enough for ranges that another draw moves by under a percent."""


def quantize_run(
    run_dir: Path, out_path: Path, advance: Advance = ignore_progress, *, overwrite: bool = False
) -> ModelCard:
    """Convert a run's model to int8, score it with the oracle, and write `out_path` and its card beside it.

    `advance` counts validation and test cycles, `count_scored_cycles(run_dir)` of them.

    Raises:
        UsageError: `out_path` is no .tflite, or it is there already.
        ModelError: the folder is no finished run, or its model cannot be converted.
        ToolError: TensorFlow or tflite-micro is not installed.
    """
    _check_free(out_path, overwrite)
    run = Run.load(run_dir)
    model, offset_meq_l = run.model(), run.metrics.spl_offset_meq_l
    content = convert_model(model, _representative(run))
    source, sink = ends(content)
    validation, test = run.cycles("validation"), run.cycles("test")
    as_float = estimate(model, test, offset_meq_l)
    as_int8 = estimate_int8(content, test, offset_meq_l, advance)
    validated = estimate_int8(content, validation, offset_meq_l, advance)
    difference = np.abs(as_int8 - as_float)
    card = ModelCard(
        name=out_path.stem,
        sha256=sha256(content),
        input=source,
        output=sink,
        spl_offset_meq_l=offset_meq_l,
        trained_on=f"simulated potassium ({run.metrics.train_patients} patients)",
        metrics=Metrics(
            data=run.metrics.data,
            float32=score(as_float, test.potassium_meq_l, test.patient),
            int8=score(as_int8, test.potassium_meq_l, test.patient),
            mean_abs_difference_meq_l=round(float(difference.mean()), 4),
            max_abs_difference_meq_l=round(float(difference.max()), 4),
        ),
        interval=split_conformal(validation.potassium_meq_l - validated, test.potassium_meq_l - as_int8),
        order=run.config.order,
        parameters=run.metrics.parameters,
        seed=run.config.seed,
        splkit_version=__version__,
    )
    _write(out_path, content, card)
    return card


def count_scored_cycles(run_dir: Path) -> int:
    """How many validation and test cycles a run has: what `quantize_run` advances by in all."""
    run = Run.load(run_dir)
    return sum(len(run.cycles(split).patient) for split in ("validation", "test"))


def estimate_int8(
    model: bytes, cycles: CycleSet, offset_meq_l: float, advance: Advance = ignore_progress
) -> NDArray[np.float64]:
    """SPL in mEq/L that the oracle gives for cycles, float64[n]."""
    source, sink = ends(model)
    inputs = quantize_cycles(cycles.averaged, source.scale, source.zero_point)
    outputs = TflmOracle(model).run(inputs, advance)[:, 0].astype(np.float64)
    return offset_meq_l + sink.scale * (outputs - sink.zero_point)


def ends(model: bytes) -> tuple[Quantization, Quantization]:
    """Scale and zero point of an int8 model's input and output."""
    subgraph = main_subgraph(model)
    tensors = (subgraph.Tensors(subgraph.Inputs(0)), subgraph.Tensors(subgraph.Outputs(0)))
    first, last = (
        Quantization(scale=float(of.Scale(0)), zero_point=int(of.ZeroPoint(0)))
        for of in (tensor.Quantization() for tensor in tensors)
    )
    return first, last


def _representative(run: Run) -> NDArray[np.float32]:
    """Training cycles spread evenly over the split, so that every potassium is among them."""
    inputs = run.cycles("train").inputs
    chosen = np.linspace(0, len(inputs) - 1, min(REPRESENTATIVE_CYCLES, len(inputs))).round().astype(int)
    return np.asarray(inputs[chosen], np.float32)


def _check_free(out_path: Path, overwrite: bool) -> None:
    if out_path.suffix != ".tflite":
        raise UsageError(
            "an int8 model goes into a .tflite file", found=str(out_path), next_step="choose such a name"
        )
    taken = next((path for path in (out_path, out_path.with_suffix(".json")) if path.exists()), None)
    if taken is not None and not overwrite:
        raise UsageError(
            "an int8 model and its card go into new files",
            found=f"{taken}, which is there",
            next_step="choose another name, or ask to overwrite it",
        )


def _write(out_path: Path, content: bytes, card: ModelCard) -> None:
    """Both files are complete before either has its name."""
    out_path.parent.mkdir(parents=True, exist_ok=True)
    card_path = out_path.with_suffix(".json")
    new_model, new_card = (path.with_name(path.name + ".partial") for path in (out_path, card_path))
    new_model.write_bytes(content)
    card.save(new_card)
    new_card.rename(card_path)
    new_model.rename(out_path)
