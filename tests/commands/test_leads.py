"""The model's lead: taken where a recording has it; another one is refused unless it is asked for."""

from pathlib import Path

import numpy as np
import pytest
from support.command_line import splkit

from splkit.ecg.recordings.model_lead import read_for_model
from splkit.errors import RecordingError


def csv_of(folder: Path, *leads: str) -> str:
    """A CSV file with these columns: the column number in mV, on an ECG-like wave."""
    path = folder / "ecg.csv"
    wave = np.sin(np.arange(3000) / 7.0)
    rows = np.column_stack([wave * (1 + 0.1 * number) for number in range(len(leads))])
    np.savetxt(path, rows, delimiter=",", header=",".join(leads), comments="")
    return str(path)


@pytest.mark.parametrize(
    ("leads", "model_lead", "found", "words"),
    [
        (["II", "V5"], "V5", "V5", "the model's lead V5"),
        (["V1", "ECG_V5", "resp"], "V5", "ECG_V5", "channel ECG_V5, the model's lead V5"),
        (["V5", "Lead II"], "II", "Lead II", "the model's lead II"),
        (["V1", "MLII"], "II", "MLII", "the model's lead II"),
        (["avr", "II"], "aVR", "avr", "the model's lead aVR"),
        (["V1", "CM5"], "CM5", "CM5", "the model's lead CM5"),
        (["ECG"], "V5", "ECG", "which names no lead; it is taken for the model's V5"),
        (["II", "V5"], None, "II", "the model's lead is not known"),
    ],
)
def test_the_models_lead_is_taken(
    tmp_path: Path, leads: list[str], model_lead: str | None, found: str, words: str
) -> None:
    recording, taken = read_for_model(csv_of(tmp_path, *leads), None, 300, model_lead)
    assert recording.channel == found and words in taken
    number = leads.index(found)
    assert recording.signal_mv.max() == pytest.approx(1 + 0.1 * number, abs=0.01)


@pytest.mark.parametrize(
    ("leads", "model_lead"), [(["II", "V1"], "V5"), (["MLII"], "V5"), (["V5"], "V4"), (["CM5"], "V5")]
)
def test_another_lead_is_refused_unless_it_is_asked_for(
    tmp_path: Path, leads: list[str], model_lead: str
) -> None:
    path = csv_of(tmp_path, *leads)
    with pytest.raises(RecordingError, match=f"trained on lead {model_lead}.*--channel {leads[0]}"):
        read_for_model(path, None, 300, model_lead)
    recording, taken = read_for_model(path, leads[0], 300, model_lead)
    assert recording.channel == leads[0]
    assert taken.endswith(f"as asked for; the model was trained on {model_lead}")


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The bundled model, of lead V5."""
    folder = tmp_path_factory.mktemp("lead") / "firmware"
    done = splkit("export", "--board", "nrf52", "--out", str(folder))
    assert done.returncode == 0, done.stderr
    return str(folder)


@pytest.mark.parametrize("verb", ["verify", "simulate", "profile"])
def test_every_verb_that_runs_a_model_refuses_another_lead(tmp_path: Path, export: str, verb: str) -> None:
    done = splkit(verb, export, "--ecg", csv_of(tmp_path, "II"), "--fs", "300")
    assert done.returncode == 2
    assert "the model was trained on lead V5" in done.stderr and "--channel II" in done.stderr
