"""Every family of the zoo exports and is the oracle's equal; `bench/study_models.py` does all sizes."""

import numpy as np
import pytest
from support.host_model import HostModel
from support.plain_model import calibration, inputs_for

from splkit.codegen.tflite_file.reader import parse_model
from splkit.ecg.frontend import CYCLE_SIZE
from splkit.errors import UsageError
from splkit.quantize.convert import convert_model
from splkit.train.zoo import build, randomize

PARAMETERS = {
    ("dscrnn", "4k"): 4068,
    ("dscrnn", "10k"): 9726,
    ("crnn", "4k"): 3942,
    ("cnn", "4k"): 4103,
    ("rnn", "4k"): 3895,
    ("fnn", "4k"): 4019,
    ("galloway", "4k"): 3689,
}
LAST = {"galloway": "LOGISTIC"}


@pytest.mark.parametrize(("family", "size"), PARAMETERS)
def test_exports_and_equals_the_oracle(family, size, tmp_path):
    model = randomize(
        build(family, size, "conv-relu-bn" if family in ("crnn", "cnn") else "conv-bn-relu"), seed=1
    )
    assert model.count_params() == PARAMETERS[family, size]
    content = convert_model(model, calibration(16, CYCLE_SIZE))
    kinds = [operator.kind for operator in parse_model(content, "model").operators]
    assert kinds[-1] == LAST.get(family, "FULLY_CONNECTED")
    assert kinds.count("UNIDIRECTIONAL_SEQUENCE_LSTM") == {"rnn": 2, "crnn": 1, "dscrnn": 1}.get(family, 0)
    built = HostModel(content, tmp_path)
    inputs = inputs_for(content, 60)
    assert built.mismatches(inputs) == 0
    assert len(np.unique(built.run(inputs))) > 3


def test_the_largest_have_about_180k_parameters():
    for family in ("dscrnn", "crnn", "cnn", "rnn", "fnn", "galloway"):
        assert abs(build(family, "180k").count_params() - 180_000) < 4_000


@pytest.mark.parametrize(
    ("arguments", "word"), [(("lstm", "4k"), "lstm"), (("cnn", "5k"), "5k"), (("cnn", "4k", "bolt"), "bolt")]
)
def test_an_unknown_network_is_named(arguments, word):
    with pytest.raises(UsageError, match=word):
        build(*arguments)
