"""Writes the C library of one model and one front end: `include/` and `lib/` of an exported folder."""

import re
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from splkit import __version__
from splkit.codegen.compile import CompiledModel
from splkit.codegen.frontend_sources import front_end_sources
from splkit.codegen.meaning import Meaning
from splkit.codegen.render import environment, filled
from splkit.codegen.tflm import TflmModel
from splkit.ecg.frontend import CYCLE, FrontEndConfig, InputQuantization, Window
from splkit.errors import ModelError
from splkit.quantize.card import ModelCard
from splkit.quantize.posterior import Priors
from splkit.quantize.units import interval_milli, spl_scale

PUBLIC_HEADERS = ("spl_alert.h", "spl_curve.h", "spl_personal.h")
"""Of `interface/`: what spl.h includes."""


def write_library(
    model: CompiledModel,
    card: ModelCard,
    config: FrontEndConfig,
    out_dir: Path,
    golden_outputs: Sequence[int] | None = None,
    tflm: TflmModel | None = None,
) -> None:
    """Writes the whole library under `out_dir`; the same arguments give the same bytes.

    Args:
        model: what spl_infer computes.
        card: what it was trained on, and its offset.
        config: the front end.
        out_dir: where `include/` and `lib/` go.
        golden_outputs: the oracle's for `self_test.golden_input`, which the self-test then compares.
        tflm: the same model, where TensorFlow Lite Micro runs it instead of our kernels.

    Raises:
        ModelError: a model that does not read what the front end cuts, or does not give one SPL or
            the quantiles of its card.
    """
    answers = len(card.spread.permille) if card.spread else 1
    ends = len(model.inputs) + len(model.outputs)
    if (model.input_size, model.output_size, ends) != (config.window.size, answers, 2):
        gives = f"{answers} quantiles of SPL, as its card says" if card.spread else "one SPL"
        reads = "one cycle" if config.window.is_cycle else "a window"
        raise ModelError(
            f"a model reads {reads} of {config.window.size} points and gives {gives}",
            found=f"{model.graph.input} -> {model.graph.output}",
            next_step="train one with `splkit train`",
        )
    write_model(model, out_dir, golden_outputs, tflm, standalone=False)
    graph_input, output = model.graph.input, model.graph.output
    meaning = Meaning(
        contract=card,
        interval=interval_milli(card.interval),
        coverage_percent=card.coverage_percent,
        scale=spl_scale(output.scale, output.zero_point, card.offset),
        uv_per_count=config.uv_per_count,
        trained_on=card.trained_on,
        priors=Priors.of(card.personal) if card.personal else None,
        model_tag=int(model.sha256[:8], 16),
        spread=card.spread,
        distance=card.distance,
        averaged_cycles=config.averaged_cycles,
        least_cycles=config.least_cycles,
    )
    write_interface(meaning, _banner(model), out_dir, config.window)
    quantization = InputQuantization.for_input(graph_input.scale, graph_input.zero_point)
    for name, text in front_end_sources(config, quantization, _banner(model)).items():
        _write(out_dir / ("include" if name.endswith(".h") else "lib") / name, text)


def write_interface(meaning: Meaning, banner: str, out_dir: Path, window: Window = CYCLE) -> None:
    """Writes what stands between front end and network: spl.h, the contract, events, distance, alerts."""
    for name in ("include/spl.h", "include/spl_contract.h", "lib/spl.c", "lib/spl_distance_config.h"):
        _render(name, banner, out_dir, meaning=meaning, window=window)
    for source in (files("splkit.codegen") / "interface").iterdir():
        if source.name.endswith((".c", ".h")):
            place = "include" if source.name in PUBLIC_HEADERS else "lib"
            _write(out_dir / place / source.name, source.read_text("utf-8"))


def write_model(
    model: CompiledModel,
    out_dir: Path,
    golden_outputs: Sequence[int] | None = None,
    tflm: TflmModel | None = None,
    *,
    standalone: bool = True,
) -> None:
    """Writes the inference: spl_model.h, and spl_model.c with its kernels, or spl_model.cc.

    Where it stands alone, its header has shapes, scales and zero points, and its self-test is lent an input
    and an output; behind a front end it reads cycles, and those are small enough for the stack.

    Args:
        model: what spl_infer computes.
        out_dir: where `include/` and `lib/` go.
        golden_outputs, tflm: as `write_library` has them.
        standalone: there is no front end before it.
    """
    names = ("include/spl_model.h", "lib/spl_model.c" if tflm is None else "lib/spl_model.cc")
    for name in names:
        facts = {
            "model": model,
            "golden_outputs": golden_outputs,
            "golden_rows": list(filled([f"{value}," for value in golden_outputs or ()])),
            "tflm": tflm,
            "checked": tflm or model,
            "standalone": standalone,
        }
        _render(name, _banner(model), out_dir, **facts)
    if tflm is not None:
        return
    for source in kernel_sources(model.kernels):
        text = (files("splkit.codegen") / "kernels" / source).read_text("utf-8")
        _write(out_dir / "lib" / "kernels" / source, text)


def kernel_sources(kernels: list[str]) -> list[str]:
    """The files of these kernels and all that they include, sorted."""
    folder: Traversable = files("splkit.codegen") / "kernels"
    found: set[str] = set()
    pending = list(kernels)
    while pending:
        stem = pending.pop()
        for name in (f"{stem}.h", f"{stem}.c"):
            if name in found or not (folder / name).is_file():
                continue
            found.add(name)
            pending += re.findall(r'#include "(\w+)\.h"', (folder / name).read_text())
    return sorted(found)


def _banner(model: CompiledModel) -> str:
    source = f"splkit {__version__} from model {model.sha256[:12]}"
    return f"Generated by {source}, TFLM double rounding. Do not edit."


def _render(name: str, banner: str, out_dir: Path, **context: object) -> None:
    template = environment().get_template(f"{Path(name).name}.j2")
    facts = {"version": __version__, "release": re.findall(r"\d+", __version__)[:3]}
    _write(out_dir / name, template.render(banner=banner, **facts, **context))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")
