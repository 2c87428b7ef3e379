"""The card that an export goes by: the one beside the model, or what the model's bytes say."""

import shutil
from pathlib import Path

import pytest

from splkit import boards
from splkit.codegen.tflite_file.reader import parse_model
from splkit.errors import ModelError
from splkit.firmware.cards import card_of
from splkit.firmware.export import ExportRequest
from splkit.quantize.card import card_for
from splkit.quantize.reference import reference_model


@pytest.fixture
def bare_model(tmp_path: Path) -> Path:
    """The bundled model, its card left behind."""
    return Path(shutil.copy(reference_model(), tmp_path / "bare.tflite"))


def test_the_card_beside_a_model_counts(bare_model: Path) -> None:
    assert card_of(reference_model()) == card_for(reference_model())
    bare_model.with_suffix(".json").write_text(
        reference_model().with_suffix(".json").read_text().replace('"sha256": "', '"sha256": "0')
    )
    with pytest.raises(ModelError):
        card_of(bare_model)


def test_a_bare_model_speaks_for_itself(bare_model: Path) -> None:
    card, graph = card_of(bare_model), parse_model(bare_model.read_bytes(), "bare.tflite")
    card.check(bare_model.read_bytes(), "bare.tflite")
    assert (card.name, card.trained_on, card.metrics) == ("bare", "data unknown to splkit", None)
    for said, tensor in ((card.input, graph.input), (card.output, graph.output)):
        assert (said.scale, said.zero_point) == (tensor.scale, tensor.zero_point)


def test_a_request_takes_the_boards_own_sampling(bare_model: Path) -> None:
    board = boards.load("nrf52")
    request = ExportRequest.for_board(bare_model, board)
    assert request.card == card_of(bare_model)
    assert (request.fs_hz, request.uv_per_count) == (board.ecg.fs_hz, board.ecg.uv_per_count)
