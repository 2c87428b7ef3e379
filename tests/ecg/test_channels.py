"""Channels and units as people write them."""

import pytest

from splkit.ecg.recordings.channels import channel_index, is_ecg, lead_name
from splkit.ecg.recordings.units import mv_per_unit
from splkit.errors import RecordingError

NAMES = {
    "Lead II": "II",
    "ECG II": "II",
    "MLII": "II",
    "ECG_V5": "V5",
    "ii": "II",
    "V5 (mV)": "V5",
    "v5_uv": "V5",
    "I": "I",
    "lead-I": "I",
    "EKG III": "III",
    "DII": "II",
    "mV5": "V5",
    "AVR": "aVR",
    "avl": "aVL",
    "ECG aVF [uV]": "aVF",
    "V7": "V7",
    "LeadV1": "V1",
    "-aVR": None,
    "V4R": None,
    "V3R": None,
    "V2-V3": None,
    "ECG": None,
    "ECG1": None,
    "Resp": None,
    "MI": None,
    "V10": None,
    "V": None,
    "mV": None,
    "VI": None,
    "time (ms)": None,
    "": None,
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_means_a_standard_lead_or_none(name: str) -> None:
    assert lead_name(name) == NAMES[name]


def test_what_is_called_like_an_ecg() -> None:
    ecgs = [
        "ECG",
        "ecg_uv",
        "EKG1",
        "Lead II",
        "CM5",
        "ML5",
        "V2-V3",
        "mod.V1",
        "MCL1",
        "ECG1-ECG2",
        "POL EKG",
    ]
    others = ["Resp", "EEG Fpz-Cz", "Pleth", "seconds", "value", "marker", "index", "ABP", "RECGAIN", ""]
    assert [name for name in ecgs if not is_ecg(name)] == []
    assert [name for name in others if is_ecg(name)] == []


@pytest.mark.parametrize(
    ("names", "channel", "index"),
    [
        (["resp", "Lead II"], None, 1),
        (["value"], None, 0),
        (["MLII", "V5"], "II", 0),
        (["Lead I", "Lead II"], "ii", 1),
        (["II", "1"], "1", 1),
        (["II", "V5"], "1", 1),
        (["II", "ii"], "ii", 1),
    ],
)
def test_a_channel_is_found(names: list[str], channel: str | None, index: int) -> None:
    assert channel_index(names, channel, "a file") == index


@pytest.mark.parametrize(
    ("names", "channel", "expected"),
    [
        (["EEG Fpz-Cz", "EOG"], None, "called like an ECG"),
        (["value", "other"], None, "found value, other in a file"),
        (["Resp"], None, "called like an ECG"),
        (["Lead II", "MLII"], "II", "means one channel"),
        (["ECG", "ECG"], "ECG", "0 (ECG), 1 (ECG)"),
        (["II", "V5"], "2", "'2', and II, V5"),
        (["II", "V5"], "-1", "'-1', and II, V5"),
        (["II", "V5"], "", "'', and II, V5"),
    ],
)
def test_a_channel_is_refused_and_the_others_are_listed(
    names: list[str], channel: str | None, expected: str
) -> None:
    with pytest.raises(RecordingError) as caught:
        channel_index(names, channel, "a file")
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("unit", "mv"),
    [
        ("V", 1000.0), ("volts", 1000.0), ("mV", 1.0), ("MV", 1.0), (" mv ", 1.0), ("[mV]", 1.0),
        ("millivolts", 1.0), ("uV", 1e-3), ("\u00b5V", 1e-3), ("\u03bcV", 1e-3), ("\u00c2\u00b5V", 1e-3),
        ("\u00ce\u00bcV", 1e-3), ("microvolt", 1e-3), ("uVolt", 1e-3), ("nV", 1e-6), ("nanovolts", 1e-6),
    ],
)  # fmt: skip
def test_units_of_voltage(unit: str, mv: float) -> None:
    assert mv_per_unit(unit, "a file") == mv


@pytest.mark.parametrize("unit", ["", "adu", "mmHg", "kV", "pV", "mA", "mV/s", "?V", "NU", "%"])
def test_other_units_are_refused(unit: str) -> None:
    with pytest.raises(RecordingError, match="V, mV, uV or nV"):
        mv_per_unit(unit, "a file")
