"""From a trained run to int8: what was converted, and that the oracle computes it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import tflite
from numpy.typing import NDArray

from splkit.codegen.tflite_file.reader import read_graph
from splkit.ecg.frontend import quantize_cycles
from splkit.errors import ModelError, ToolError, UsageError
from splkit.quantize.carried import CARD, card_for
from splkit.quantize.convert import convert_model
from splkit.quantize.facts import check_int8, ends, operators
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model
from splkit.quantize.run import Outputs, harms, quantize_run, quantize_steps
from splkit.train.backend import keras, tensorflow
from splkit.train.config import FineTune, TrainConfig
from splkit.train.cycle_set import CycleSet
from splkit.train.dataset import build
from splkit.train.folder import Run
from splkit.train.layer_order import LayerOrder
from splkit.train.zoo import dscrnn_4k, randomize


@dataclass(frozen=True)
class Converted:
    order: LayerOrder
    model: Any
    content: bytes


@pytest.fixture(scope="module")
def cycles(tiny: TrainConfig) -> CycleSet:
    return build(tiny)


@pytest.fixture(scope="module", params=get_args(LayerOrder))
def converted(request: pytest.FixtureRequest, cycles: CycleSet) -> Converted:
    model = randomize(dscrnn_4k(request.param, seed=4), 4)
    return Converted(request.param, model, convert_model(model, cycles.inputs))


def run_oracle(model: bytes, cycles: CycleSet) -> NDArray[np.float64]:
    """The model's real outputs for cycles."""
    source, sink = ends(model)
    outputs = TflmOracle(model).run(quantize_cycles(cycles.averaged, source.scale, source.zero_point))
    return sink.scale * (outputs[:, 0].astype(np.float64) - sink.zero_point)


def with_float_tensor(model: bytes, index: int) -> bytes:
    """The same model, one tensor of which says that it is float32."""
    changed = bytearray(model)
    table = tflite.Model.GetRootAs(changed, 0).Subgraphs(0).Tensors(index)._tab
    changed[table.Pos + table.Offset(6)] = tflite.TensorType.FLOAT32
    return bytes(changed)


def test_a_run_becomes_a_model_and_a_card_of_what_the_oracle_computes(
    run_dir: Path, fine_tune: FineTune, tmp_path: Path
) -> None:
    outputs, steps = Outputs.beside(tmp_path / "model.tflite"), list[int]()
    card = quantize_run(run_dir, outputs, steps.append, fine_tune=fine_tune)
    assert sum(steps) == quantize_steps(run_dir, "qat", fine_tune)
    assert card == card_for(outputs.model)
    assert card.trained_on.startswith("simulated potassium") and card.metrics.data == "simulated"
    assert (card.parameters, card.cycle.r_index, card.cycle.fs_hz) == (4068, 90, 300)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["model.json", "model.png", "model.tflite"]
    assert outputs.picture.read_bytes().startswith(b"\x89PNG")
    test = Run.load(run_dir).cycles("test")
    spl_meq_l = card.offset + run_oracle(outputs.model.read_bytes(), test)
    mae_meq_l = float(np.mean(np.abs(spl_meq_l - test.potassium_meq_l)))
    assert card.metrics.int8.mae_meq_l == pytest.approx(mae_meq_l, abs=1e-4)
    assert card.method == "qat" and [one.method for one in card.conversions] == ["ptq", "qat"]
    assert card.conversions[-1].int8 == card.metrics.int8


def test_fine_tuning_is_left_out_where_it_harms() -> None:
    """100 patients with two cycles each, and by how much the error of each grew."""
    patient = np.repeat(np.arange(100), 2)
    # Patients differ by 0.01 up and down: a standard error of 0.001. Two cycles of one differ by far more.
    apart = np.where(patient % 2, 0.01, -0.01) + np.tile([0.5, -0.5], 100)
    assert [harms(apart + grown, patient) for grown in (-0.02, 0.0, 0.0049, 0.0051)] == [
        False,
        False,
        False,
        True,
    ]
    assert [harms(10 * apart + grown, patient) for grown in (0.0199, 0.0203)] == [False, True]
    assert not harms(np.array([0.2, 0.2]), np.array([7, 7]))


def test_the_same_run_gives_the_same_bytes(run_dir: Path, tmp_path: Path) -> None:
    made = [Outputs.beside(tmp_path / name / "model.tflite") for name in ("one", "two")]
    for outputs in made:
        quantize_run(run_dir, outputs, method="ptq")
    for ours, theirs in zip(*made, strict=True):
        assert ours.read_bytes() == theirs.read_bytes()
    written = tflite.Model.GetRootAs(made[0].model.read_bytes(), 0)
    assert [written.Metadata(i).Name() for i in range(written.MetadataLength())] == [CARD.encode()]


def test_files_in_use_and_other_names(run_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "taken.json").write_text("mine")
    with pytest.raises(UsageError, match=r"taken\.json in use"):
        quantize_run(run_dir, Outputs.beside(tmp_path / "taken.tflite"))
    with pytest.raises(UsageError, match=r"a \.tflite file"):
        quantize_run(run_dir, Outputs.beside(tmp_path / "model.bin"))
    with pytest.raises(ModelError, match="finished run"):
        quantize_run(tmp_path, Outputs.beside(tmp_path / "model.tflite"))
    assert [item.name for item in tmp_path.iterdir()] == ["taken.json"]


def test_operators_of_both_orders(converted: Converted) -> None:
    names = operators(converted.content)
    assert [name for name in names if name in ("MUL", "ADD")] == (
        [] if converted.order == "conv-bn-relu" else ["MUL", "ADD"] * 3
    )
    assert (names[0], names[-1], names.count("RESHAPE")) == ("RESHAPE", "FULLY_CONNECTED", 2)
    assert names.count("UNIDIRECTIONAL_SEQUENCE_LSTM") == 1
    inputs = list(read_graph(converted.content).input.shape)
    assert inputs == [1, 270, 1]


def test_int8_is_near_float(converted: Converted, cycles: CycleSet) -> None:
    """Random weights quantize worse than trained ones: a tenth of the range is where a wrong scale shows."""
    expected = converted.model.predict(cycles.inputs, verbose=0)[:, 0]
    assert np.ptp(expected) > 0.3  # weights of other seeds answer the same to all
    error = np.abs(run_oracle(converted.content, cycles) - expected)
    assert error.mean() < 0.1 * np.ptp(expected)


def test_constants_can_be_read_in_place(converted: Converted) -> None:
    root = tflite.Model.GetRootAs(converted.content, 0)
    sizes = [root.Buffers(index).DataLength() for index in range(root.BuffersLength())]
    whole = np.frombuffer(converted.content, np.uint8)
    starts = [
        root.Buffers(index).DataAsNumpy().ctypes.data - whole.ctypes.data
        for index, size in enumerate(sizes)
        if size
    ]
    assert len(starts) > 20 and all(start % 16 == 0 for start in starts)
    assert sizes[0] == 0 and sizes.count(0) == 1


def test_the_oracle_agrees_with_tensorflow_lite(cycles: CycleSet) -> None:
    """Within 1, on the bundled model: TensorFlow Lite's reference LSTM rounds in another way."""
    lite, content = tensorflow().lite, reference_model().read_bytes()
    resolver = lite.experimental.OpResolverType.BUILTIN_REF
    interpreter = lite.Interpreter(model_content=content, experimental_op_resolver_type=resolver)
    interpreter.allocate_tensors()
    source, sink = ends(content)
    inputs = quantize_cycles(cycles.averaged, source.scale, source.zero_point)
    theirs = []
    for row in inputs:
        interpreter.reset_all_variables()
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], row.reshape(1, 270, 1))
        interpreter.invoke()
        theirs.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0].astype(int))
    assert sink.scale > 0 and len(np.unique(theirs)) > 10
    assert np.abs(TflmOracle(content).run(inputs) - np.array(theirs)).max() <= 1


def test_what_is_not_int8_is_refused(converted: Converted) -> None:
    check_int8(converted.content)
    with pytest.raises(ModelError, match=r"has no float tensor; found dscrnn_4k_[\w-]+/depthwise1"):
        check_int8(with_float_tensor(converted.content, 7))
    with pytest.raises(ModelError, match=r"no float tensor|is int8 and of batch 1"):
        check_int8(with_float_tensor(converted.content, 0))


@pytest.mark.parametrize(
    ("representative", "found"),
    [
        (np.zeros((1, 270), np.float32), r"found an array of shape \(1, 270\)"),
        (np.full((3, 270), np.nan, np.float32), "found 810 values"),
        (np.zeros((3, 270), np.float32), "nothing but zeros"),
    ],
)
def test_unusable_representative_cycles(representative: NDArray[np.float32], found: str) -> None:
    with pytest.raises(ModelError, match=found):
        convert_model(dscrnn_4k(), representative)


def test_weights_that_compute_nothing_are_refused(cycles: CycleSet) -> None:
    model = dscrnn_4k(seed=3)
    layer = model.get_layer("depthwise2")
    for value, found in (
        (0.0, "nothing but zeros in depthwise2/"),
        (np.nan, "64 that are not finite|1024 that"),
    ):
        layer.set_weights([np.full_like(layer.get_weights()[0], value), layer.get_weights()[1]])
        with pytest.raises(ModelError, match=found):
            convert_model(model, cycles.inputs)


def test_an_operator_that_no_board_has_is_refused(cycles: CycleSet) -> None:
    layers = keras().layers
    ecg = layers.Input((270, 1), name="ecg")
    spl = layers.Dense(1, name="spl")(layers.ELU(name="elu")(layers.Flatten(name="flat")(ecg)))
    with pytest.raises(ModelError, match=r"expected operators only; found .*ELU"):
        convert_model(keras().Model(ecg, spl, name="strange"), cycles.inputs)


def test_another_tensorflow_is_named(cycles: CycleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensorflow(), "__version__", "2.99.0")
    with pytest.raises(
        ToolError, match=r"TensorFlow 2\.21\.0 keeps private; found TensorFlow 2\.99\.0; pip install"
    ):
        convert_model(dscrnn_4k(), cycles.inputs)
