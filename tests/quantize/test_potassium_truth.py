"""Potassium on the Python side against numbers worked out here: from the .tflite's own scales and the card.

Nothing of splkit's conversion is used for what is expected: the scales are read with the `tflite` package,
the net is run by TensorFlow Lite Micro, and mEq/L are multiplied and added by hand.
"""

from typing import NamedTuple

import numpy as np
import pytest
import tflite
from numpy.typing import NDArray
from support.hand_made import counts_of, regular
from support.single_answer import single_answer_model
from tflite_micro import runtime

from splkit.ecg.frontend import FrontEndConfig, run_front_end
from splkit.quantize.carried import card_for
from splkit.quantize.deviation import estimate_int8
from splkit.quantize.interval import conformal_interval
from splkit.quantize.reference import reference_model
from splkit.quantize.units import spl_scale


class Scale(NamedTuple):
    """real = scale * (int8 - zero point)."""

    scale: float
    zero_point: int


def scales(content: bytes) -> tuple[Scale, Scale]:
    """Those of the input and the output."""
    graph = tflite.Model.GetRootAs(content, 0).Subgraphs(0)
    ends = (graph.Tensors(graph.Inputs(0)).Quantization(), graph.Tensors(graph.Outputs(0)).Quantization())
    source, sink = (Scale(float(end.Scale(0)), int(end.ZeroPoint(0))) for end in ends)
    return source, sink


def outputs_of(content: bytes, inputs: NDArray[np.int8]) -> NDArray[np.int64]:
    """The net's int8 output for each int8 input."""
    interpreter = runtime.Interpreter.from_bytes(content)
    outputs = []
    for row in inputs:
        interpreter.reset()
        interpreter.set_input(row.reshape(1, 270, 1), 0)
        interpreter.invoke()
        outputs.append(int(interpreter.get_output(0).ravel()[0]))
    return np.array(outputs)


@pytest.fixture(scope="module")
def averaged() -> NDArray[np.int16]:
    """Means of ECGs made by hand, at two heart rates, int16[k, 270], Q12."""
    config = FrontEndConfig.for_rate(500, 1.0)
    return np.concatenate([run_front_end(counts_of(regular(36, rr)), config).averaged for rr in (0.7, 1.0)])


def test_an_int8_estimate_is_the_offset_and_the_output_in_meq_l(averaged: NDArray[np.int16]) -> None:
    """Cycles are moved to whole steps of the input first, so that nobody's rounding matters."""
    content, offset_meq_l = single_answer_model().read_bytes(), 4.9
    source, sink = scales(content)
    steps = np.clip(np.rint(averaged / 4096 / source.scale) + source.zero_point, -128, 127)
    on_steps = np.rint(4096 * source.scale * (steps - source.zero_point)).astype(np.int16)
    outputs = outputs_of(content, steps.astype(np.int8))
    count = len(averaged)
    expected = offset_meq_l + sink.scale * (outputs - sink.zero_point)
    np.testing.assert_allclose(estimate_int8(content, on_steps, offset_meq_l)[:, 0], expected, atol=1e-9)
    assert count >= 6 and len(set(outputs.tolist())) >= 3 and 3.0 < expected.min() < expected.max() < 9.0


@pytest.mark.parametrize(
    ("scale", "zero_point", "offset_meq_l", "output", "spl_ueq_l"),
    [
        (0.02, -21, 4.9, 9, 5500),
        (0.02, -21, 4.9, -71, 3900),
        (0.025, 0, 5.0, -128, 1800),
        (0.5, 127, 20.0, -128, -107_500),
        (0.001, -128, -0.1, 127, 155),
    ],
)
def test_micro_equivalents_worked_out_by_hand(
    scale: float, zero_point: int, offset_meq_l: float, output: int, spl_ueq_l: int
) -> None:
    """4.9 + 0.02 * (9 + 21) = 5.5 mEq/L, which is 5500 micro-equivalents a litre."""
    assert spl_scale(scale, zero_point, offset_meq_l).value(output) == pytest.approx(spl_ueq_l, abs=1)


def test_the_bundled_models_outputs_in_micro_equivalents() -> None:
    """All 256 of them, to a micro-equivalent: fixed point loses no more."""
    sink, offset_meq_l = scales(reference_model().read_bytes())[1], card_for(reference_model()).offset
    fixed = spl_scale(sink.scale, sink.zero_point, offset_meq_l)
    outputs = np.arange(-128, 128)
    expected = 1000 * (offset_meq_l + sink.scale * (outputs - sink.zero_point))
    assert (
        max(abs(fixed.value(int(output)) - spl) for output, spl in zip(outputs, expected, strict=True)) <= 1
    )


def test_the_card_says_what_the_tflite_says() -> None:
    card, (source, sink) = card_for(reference_model()), scales(reference_model().read_bytes())
    assert (card.input.scale, card.input.zero_point) == source
    assert (card.output.scale, card.output.zero_point) == sink
    # The mean of the training cycles: neither a fraction of a step nor another unit.
    assert 4.0 < card.offset < 6.0


def test_an_interval_lies_where_the_truth_does() -> None:
    """Potassium 0.2 to 2.2 mEq/L above the estimate, evenly: the middle nine tenths of that."""
    estimate_meq_l = np.linspace(3.5, 6.0, 199)
    potassium_meq_l = estimate_meq_l + 0.2 + np.random.default_rng(0).permutation(np.linspace(0, 2, 199))
    interval = conformal_interval(potassium_meq_l, estimate_meq_l, potassium_meq_l[:40], estimate_meq_l[:40])
    assert interval is not None and interval.coverage == 0.9
    assert (interval.low_meq_l, interval.high_meq_l) == pytest.approx((0.29, 2.11), abs=0.011)
    assert interval.test_coverage == pytest.approx(0.9, abs=0.1)
