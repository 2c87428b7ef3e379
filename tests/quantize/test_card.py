"""The model card, the oracle and the bundled model: what a user's export rests on, without TensorFlow."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from splkit.errors import ModelError, ToolError
from splkit.quantize.card import Accuracy, Metrics, ModelCard, Quantization
from splkit.quantize.carried import card_for, check_card
from splkit.quantize.facts import check_int8, ends, operators
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model, reference_recipe
from splkit.train.config import load_recipe

ACCURACY = Accuracy(mae_meq_l=0.5, bias_meq_l=0.0, auc_5_5=0.8, cycles=10, patients=3)


@pytest.fixture
def card() -> ModelCard:
    return ModelCard(
        name="model",
        sha256="0" * 64,
        input=Quantization(scale=0.01, zero_point=-50),
        output=Quantization(scale=0.02, zero_point=3),
        task="potassium",
        offset=4.9,
        trained_on="simulated potassium (7 patients)",
        metrics=Metrics(
            data="simulated",
            float32=ACCURACY,
            int8=ACCURACY,
            mean_abs_difference_meq_l=0.0,
            max_abs_difference_meq_l=0.0,
        ),
        order="conv-bn-relu",
        parameters=4068,
        seed=1,
        splkit_version="0.1.0",
    )


def test_a_card_comes_back_and_is_written_alike(card: ModelCard, tmp_path: Path) -> None:
    for name in ("one.json", "two.json"):
        card.save(tmp_path / name)
    assert ModelCard.load(tmp_path / "one.json") == card
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"schema_version": 3}, "schema_version: Input should be 2"),
        (
            {"input": {"scale": 0.0, "zero_point": 0}},
            r"input\.scale: Input should be greater than or equal to 0.000000001",
        ),
        ({"output": {"scale": 1.0, "zero_point": 200}}, r"output\.zero_point: "),
        ({"surprise": 1}, "surprise: Extra inputs"),
        ({"sha256": "abc"}, "sha256: "),
    ],
)
def test_a_bad_card_is_named(card: ModelCard, tmp_path: Path, change: dict[str, object], found: str) -> None:
    path = tmp_path / "card.json"
    path.write_text(json.dumps(card.model_dump(mode="json") | change))
    with pytest.raises(ModelError, match=found):
        ModelCard.load(path)


def test_no_json_at_all(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text("{")
    with pytest.raises(ModelError, match="the file: Invalid JSON"):
        ModelCard.load(tmp_path / "card.json")


def test_all_64_digits_of_the_hash_count() -> None:
    """A model whose hash differs only behind the 12 digits that a banner shows is another model."""
    card, model = card_for(reference_model()), reference_model().read_bytes()
    check_card(card, model, "model.tflite")
    for at in (12, 40, 63):
        digit = "0" if card.sha256[at] != "0" else "1"
        near = card.model_copy(update={"sha256": card.sha256[:at] + digit + card.sha256[at + 1 :]})
        with pytest.raises(ModelError, match="SHA-256 of its model"):
            check_card(near, model, "model.tflite")


def test_the_bundled_card_is_of_the_bundled_bytes() -> None:
    card, content = card_for(reference_model()), reference_model().read_bytes()
    assert (card.input, card.output) == ends(content)
    assert card.trained_on.startswith("simulated potassium") and card.metrics.data == "simulated"
    check_int8(content)
    assert operators(content).count("UNIDIRECTIONAL_SEQUENCE_LSTM") == 1


def test_the_bundled_recipe_is_that_of_the_card() -> None:
    recipe, card = load_recipe(reference_recipe()), card_for(reference_model())
    assert (recipe.order, recipe.seed) == (card.order, card.seed)
    trained = int(card.trained_on.split("(")[1].split()[0])
    assert 0.65 * recipe.patients <= trained <= 0.7 * recipe.patients


def test_the_bundled_model_is_as_hard_as_patients() -> None:
    """Far under the published error (0.53 to 0.58 mEq/L, AUC 0.80 to 0.90) the simulator is too easy."""
    metrics = card_for(reference_model()).metrics
    assert 0.45 <= metrics.int8.mae_meq_l <= 0.65
    assert 0.78 <= metrics.int8.auc_5_5 <= 0.92


def test_the_bundled_model_loses_nothing_in_int8() -> None:
    card = card_for(reference_model())
    ptq, qat = card.conversions
    assert (card.method, ptq.method, qat.method) == ("qat", "ptq", "qat") and qat.int8 == card.metrics.int8
    assert qat.int8.mae_meq_l <= card.metrics.float32.mae_meq_l + 0.01
    assert qat.mean_abs_difference_meq_l < ptq.mean_abs_difference_meq_l
    assert qat.int8.mae_meq_l <= ptq.int8.mae_meq_l + 0.005
    assert min(qat.noise_db["spl/output"], ptq.noise_db["spl/output"]) > 20


def test_the_oracle_gives_the_golden_outputs(anchor_dir: Path) -> None:
    golden = np.load(anchor_dir / "dscrnn_4k_golden.npz")
    oracle = TflmOracle((anchor_dir / "dscrnn_4k_int8.tflite").read_bytes())
    np.testing.assert_array_equal(oracle.run(golden["inputs"])[:, 0], golden["outputs_tflm"])
    check_int8((anchor_dir / "dscrnn_4k_int8.tflite").read_bytes())


@pytest.mark.parametrize("broken", [b"", b"not a model", b"\x1c\x00\x00\x00TFL3" + bytes(40)])
def test_what_is_no_model_is_refused(broken: bytes) -> None:
    for reader in (check_int8, TflmOracle):
        with pytest.raises(ModelError, match=r"\.tflite"):
            reader(broken)


def test_a_model_cut_short_is_refused() -> None:
    content = reference_model().read_bytes()
    for size in (20, 200, len(content) // 2):
        with pytest.raises(ModelError):
            check_int8(content[:size])


def test_the_oracle_forgets_between_inferences() -> None:
    oracle = TflmOracle(reference_model().read_bytes())
    rng = np.random.default_rng(0)
    inputs = rng.integers(-128, 128, (6, 270)).astype(np.int8)
    np.testing.assert_array_equal(oracle.run(inputs[::-1])[::-1], oracle.run(inputs))
    assert oracle.run(inputs[:0]).shape == (0, 7)


def test_the_oracle_names_bad_inputs() -> None:
    oracle = TflmOracle(reference_model().read_bytes())
    for bad in (np.zeros((2, 269), np.int8), np.zeros((2, 270), np.float32)):
        with pytest.raises(ModelError, match=r"int8\[270\]"):
            oracle.run(bad)  # type: ignore[arg-type]


def test_a_missing_oracle_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tflite_micro", None)
    with pytest.raises(ToolError, match=r"no package tflite-micro; .*pip.* install .*\[verify\]"):
        TflmOracle(reference_model().read_bytes())


@pytest.mark.parametrize(
    "words", ['simulated "potassium"', "potassium */ #error", "line\nbreak", "back\\slash", ""]
)
def test_words_that_could_leave_a_c_string_or_comment_are_refused(words):
    with pytest.raises(ValueError, match="trained_on"):
        ModelCard.model_validate(card_for(reference_model()).model_dump() | {"trained_on": words})
