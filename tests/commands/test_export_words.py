"""What `splkit export` says of the answers: who gets none, and where that is not known."""

from pathlib import Path

import pytest
from support.command_line import splkit
from support.single_answer import single_answer_model

from splkit.quantize.reference import reference_model

UNLIKE = "no estimate of a cycle unlike those of training"
ANY = "any cycle gets an answer: how far it is from those of training is not known to the card"


@pytest.mark.parametrize(
    ("model", "said", "unsaid"), [(reference_model(), UNLIKE, ANY), (single_answer_model(), ANY, UNLIKE)]
)
def test_whether_cycles_are_held_to_those_of_training(
    model: Path, said: str, unsaid: str, tmp_path: Path
) -> None:
    done = splkit("export", str(model), "--board", "nrf52", "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert said in done.stdout and unsaid not in done.stdout
