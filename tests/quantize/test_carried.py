"""The card inside a .tflite: it goes with the file, and belongs to its network."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.single_answer import single_answer_model
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.codegen.tflite_file.metadata import read_metadata, with_metadata
from splkit.errors import ModelError, UsageError
from splkit.quantize.card import ModelCard
from splkit.quantize.carried import CARD, card_for, network_sha256, with_card, without_card
from splkit.quantize.contract import name_of
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model
from splkit.quantize.stated import stated_card

MODEL = single_answer_model().read_bytes()


def model_of(scale: float, zero_point: int) -> bytes:
    """A network of one operator with this output."""
    tensors = [TensorSpec((1, 270)), TensorSpec((1, 270), scales=(scale,), zero_points=(zero_point,))]
    return build_model(tensors, [OperatorSpec("QUANTIZE", [0], [1])], 0, 1)


SIGMOID = model_of(1 / 256, -128)
PROBABILITY = {"task": "probability", "positive_spl_meq_l": 5.5, "alert_threshold": 0.5}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A .tflite, copied."""
    return Path(shutil.copy(single_answer_model(), tmp_path / "copied.tflite"))


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Its network, as another tool would have written it."""
    path = tmp_path / "bare.tflite"
    path.write_bytes(without_card(MODEL))
    return path


def test_a_copied_model_keeps_its_card(copied: Path) -> None:
    card = card_for(copied)
    assert (card.task, card.unit, card.offset, card.lead) == ("potassium", "mEq/L", 4.9, "V5")
    # By hand from the file: 4.9 + 0.019050689 * (-128 + 21) and 4.9 + 0.019050689 * (127 + 21).
    assert card.answers == pytest.approx((2.861576, 7.719502), abs=1e-6)


def test_the_same_card_gives_the_same_bytes_and_the_network_stays() -> None:
    card, network = card_for(single_answer_model()), without_card(MODEL)
    assert with_card(network, card) == with_card(MODEL, card) == MODEL
    assert hashlib.sha256(network).hexdigest() == card.sha256 == network_sha256(MODEL)
    assert card.sha256.startswith("89da237b13c2") and len(network) == 14_992
    inputs = np.random.default_rng(0).integers(-128, 128, (8, 270)).astype(np.int8)
    np.testing.assert_array_equal(TflmOracle(network).run(inputs), TflmOracle(MODEL).run(inputs))


def test_another_card_leaves_the_hash_alone() -> None:
    other = card_for(single_answer_model()).model_copy(update={"lead": "II"})
    assert network_sha256(with_card(MODEL, other)) == other.sha256


def test_a_card_beside_that_differs_is_refused(copied: Path) -> None:
    view = copied.with_suffix(".json")
    card_for(single_answer_model()).save(view)
    assert card_for(copied).offset == 4.9
    card_for(single_answer_model()).model_copy(update={"offset": 4.8}).save(view)
    with pytest.raises(ModelError, match=r"another offset in .*copied\.json; remove copied\.json"):
        card_for(copied)
    view.write_text("{}")
    with pytest.raises(ModelError, match="schema version"):
        card_for(copied)


def test_an_older_card_beside_a_bare_model_is_taken(bare: Path) -> None:
    card_for(single_answer_model()).save(bare.with_suffix(".json"))
    assert card_for(bare) == card_for(single_answer_model())
    content = bytearray(bare.read_bytes())
    content[-1] ^= 1
    bare.write_bytes(content)
    with pytest.raises(ModelError, match="carries the SHA-256 of its model"):
        card_for(bare)


@pytest.mark.parametrize("letter", [0, 12, 63])
def test_every_digit_of_the_hash_counts(letter: int) -> None:
    card = card_for(single_answer_model())
    wrong = "0" if card.sha256[letter] != "0" else "1"
    changed = card.model_copy(update={"sha256": card.sha256[:letter] + wrong + card.sha256[letter + 1 :]})
    with pytest.raises(ModelError, match="carries the SHA-256 of its model"):
        with_card(MODEL, changed)


@pytest.mark.parametrize(
    ("end", "part"),
    [("input", "scale"), ("input", "zero_point"), ("output", "scale"), ("output", "zero_point")],
)
def test_a_card_has_the_scales_of_its_model(end: str, part: str) -> None:
    fields = card_for(single_answer_model()).model_dump()
    fields[end][part] = fields[end][part] * 1.1 if part == "scale" else fields[end][part] + 1
    with pytest.raises(ModelError, match=f"for the {end} of dscrnn_4k"):
        with_card(MODEL, ModelCard.model_validate(fields))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("dscrnn_4k", "dscrnn_4k"),
        ('a"b*/', "a_b__"),
        ("modèle", "mod_le"),
        ("[x]", "model_x_"),
        ("", "model"),
    ],
)
def test_any_file_name_becomes_a_name(text: str, name: str) -> None:
    assert name_of(text) == name


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 4000, b" " * (1 << 17)])
def test_what_is_no_card_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(with_metadata(MODEL, CARD, content))
    with pytest.raises(ModelError, match="a model card") as refused:
        card_for(path)
    assert "\n" not in str(refused.value)


def test_a_model_without_a_card_is_refused(bare: Path) -> None:
    for said in ({}, {"lead": "V5"}, {"offset": 4.9}):
        with pytest.raises(ModelError, match=r"no card in .*--task, --spl-offset and --lead"):
            stated_card(bare, said)
    with pytest.raises(UsageError, match="without --spl-offset"):
        stated_card(bare, {"task": "potassium"})
    with pytest.raises(ModelError, match="check the path"):
        stated_card(bare.with_name("nowhere.tflite"), {})


def test_its_contract_can_be_stated(bare: Path) -> None:
    said = {"task": "potassium", "offset": 4.9, "lead": "II", "averaged_cycles": 4}
    card, carded = stated_card(bare, said), card_for(single_answer_model())
    assert (card.offset, card.lead, card.cycle.averaged_cycles) == (4.9, "II", 4)
    assert (card.name, card.trained_on, card.metrics) == ("bare", "data unknown to splkit", None)
    assert (card.input, card.output, card.sha256) == (carded.input, carded.output, carded.sha256)


def test_without_its_offset_potassium_is_not_where_the_answers_are(bare: Path) -> None:
    with pytest.raises(ModelError, match=r"-2\.04 to 2\.82 as the whole range .* --spl-offset"):
        stated_card(bare, {"task": "potassium", "offset": 0.0})


def test_a_sigmoid_is_a_probability_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "sigmoid.tflite"
    path.write_bytes(SIGMOID)
    card = stated_card(path, PROBABILITY)
    assert (card.unit, card.offset, card.answers) == ("1", 0, (0.0, 255 / 256))
    with pytest.raises(ModelError, match=r"0\.00 to 1\.00 .*--task probability"):
        stated_card(path, {"task": "potassium", "offset": 0.0})
    with pytest.raises(UsageError, match="a probability has no offset"):
        stated_card(path, PROBABILITY | {"offset": 4.9})
    path.write_bytes(model_of(0.02, 0))
    with pytest.raises(ModelError, match="end the network in a sigmoid"):
        stated_card(path, PROBABILITY)


@pytest.mark.parametrize(
    "said",
    [PROBABILITY, {"lead": "II"}, {"averaged_cycles": 4}, {"unit": "mmol/L"}],
)
def test_what_training_decided_cannot_be_said_anew(copied: Path, said: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="what a model was trained for stands on its card"):
        stated_card(copied, said)


def test_another_offset_leaves_the_figures_behind(copied: Path) -> None:
    same, other = (stated_card(copied, {"offset": offset}) for offset in (4.9, 5.0))
    assert same == card_for(copied)
    assert (other.offset, other.metrics, other.interval, other.bands) == (5.0, None, None, ())
    assert same.personal is not None and other.personal is None
    assert other.trained_on == same.trained_on
    narrower = stated_card(copied, {"plausible": {"low": 2.5, "high": 8}})
    assert (narrower.plausible.high, narrower.interval) == (8, same.interval)


def test_the_bundled_view_is_json_that_anyone_reads() -> None:
    """It stands beside the model, and its bytes are those of the card inside."""
    view = reference_model().with_suffix(".json")
    assert read_metadata(reference_model().read_bytes(), CARD) == view.read_bytes()
    assert card_for(reference_model()) == ModelCard.load(view)
    card = json.loads(view.read_text())
    assert (card["schema_version"], card["plausible"]) == (2, {"low": 2.0, "high": 10.0})
