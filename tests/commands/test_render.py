"""`splkit render`: what it writes, and what it refuses."""

import json
import sys

import cv2
import numpy as np
import pytest
from support.command_line import splkit, splkit_json

from splkit import cli
from splkit.ecg.leads import TWELVE_LEADS
from splkit.ecg.paper.render.pages import Pages
from splkit.ecg.paper.render.records import read_leads
from splkit.ecg.recordings.readers import read_recording
from splkit.errors import RecordingError, UsageError

SMALL = ("--seconds", "2", "--px-per-mm", "4,3.8", "--stroke", "0.6")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages") / "new"
    said = splkit_json(
        "render", "simulated", "--out", str(folder), *SMALL, "--layout", "6x2", "--gain", "10,5",
        "--rhythm", "V1,II", "--distort", "rotation=4", "--distort", "jpeg=60", "--seed", "7", "--count", "2",
    )  # fmt: skip
    return folder, said


def test_it_writes_the_page_and_its_truth(drawn):
    folder, said = drawn
    names = [f"simulated_0000{seed}-0.png" for seed in (7, 8)]
    assert [page["page"] for page in said["pages"]] == [str(folder / name) for name in names]
    assert said["pages"][0]["distortions"] == [["rotation", 4.0], ["jpeg", 60.0]]
    assert {path.suffix for path in folder.iterdir()} == {".png", ".json", ".csv", ".hea", ".dat"}
    picture = cv2.imread(str(folder / "simulated_00007-0.png"))
    truth = json.loads((folder / "simulated_00007-0.json").read_text())
    assert picture.shape == (truth["height"], truth["width"], 3)
    assert truth["layout"] == "6x2+2"
    assert [lead["lead_name"] for lead in truth["leads"]][-2:] == ["V1", "II"]
    assert truth["leads"][1]["lead_name"] == "V1"
    assert (truth["leads"][0]["mm_per_mv"], truth["leads"][1]["mm_per_mv"]) == (10, 5)
    assert (truth["leads"][1]["start_sample"], truth["leads"][1]["end_sample"]) == (500, 1000)
    for lead in truth["leads"]:
        rows, columns = np.round(np.array(lead["plotted_pixels"])).astype(int).T
        assert np.mean(picture[rows, columns].max(axis=1) < 150) > 0.95


def test_the_record_beside_the_page_is_what_is_on_it(drawn):
    folder, _ = drawn
    truth = json.loads((folder / "simulated_00007-0.json").read_text())
    v3 = next(lead for lead in truth["leads"] if lead["lead_name"] == "V3")
    shown = read_recording(folder / "simulated_00007", "V3").signal_mv[v3["start_sample"] : v3["end_sample"]]
    table = np.genfromtxt(folder / "simulated_00007-0.csv", delimiter=",", names=True, skip_header=1)
    listed = table["V3"][v3["start_sample"] : v3["end_sample"]]
    assert listed == pytest.approx(shown, abs=1.5e-4)  # 0.1 uV of WFDB and of the table
    assert np.isnan(table["V3"][: v3["start_sample"]]).all()
    # Back from pixels: 5 mm a mV, along the y of the paper.
    at = np.array([[x, y, 1.0] for y, x in v3["plotted_pixels"]])
    mm = at @ np.linalg.inv(np.array(truth["page_from_mm"])).T
    height_mv = -(mm[:, 1] / mm[:, 2]) / 5
    assert height_mv - height_mv.mean() == pytest.approx(shown - shown.mean(), abs=2e-3)
    seconds = (mm[:, 0] / mm[:, 2] - mm[0, 0] / mm[0, 2]) / 25
    assert seconds == pytest.approx(np.arange(len(shown)) / 500, abs=1e-4)


def test_nothing_is_overwritten_unless_forced(drawn):
    folder, _ = drawn
    call = ("render", "simulated", "--out", str(folder), *SMALL, "--seed", "8")
    before = (folder / "simulated_00008-0.png").read_bytes()
    refused = splkit(*call)
    assert refused.returncode == 2
    assert "simulated_00008-0.png in use; name another, or add --force" in refused.stderr
    assert (folder / "simulated_00008-0.png").read_bytes() == before
    assert splkit(*call, "--force").returncode == 0
    assert (folder / "simulated_00008-0.png").read_bytes() != before


def test_any_style_repeats_and_yields_to_what_is_chosen():
    pages = Pages("simulated", {"layout": "12x1", "px_per_mm_x": 4.0, "seconds": 2.0}, any_style=True)
    first, _ = pages.draw(3)
    assert first.style.layout == "12x1"
    assert first.style.rhythm == ()
    assert first.rgb.tobytes() == pages.draw(3)[0].rgb.tobytes() != pages.draw(4)[0].rgb.tobytes()


def test_a_record_of_any_format_is_drawn(tmp_path):
    time_s = np.arange(1500) / 250
    waves = np.column_stack([np.sin(time_s * (1 + index)) for index in range(12)])
    rows = [",".join(["time", *(f"Lead {lead} (mV)" for lead in TWELVE_LEADS)])]
    rows += [",".join(f"{value:.5f}" for value in (t, *wave)) for t, wave in zip(time_s, waves, strict=True)]
    path = tmp_path / "twelve.csv"
    path.write_text("\n".join(rows) + "\n")
    record = read_leads(path, start_s=2.0)
    assert record.fs_hz == pytest.approx(250)
    assert record.signals_mv["V6"] == pytest.approx(waves[500:, 11], abs=1e-5)
    page, _ = Pages(str(path), {"seconds": 4.0, "px_per_mm_x": 4.0}, start_s=2.0).draw(0)
    assert page.traces[0].signal_mv == pytest.approx(waves[500:750, 0], abs=1e-5)
    with pytest.raises(UsageError, match=r"found 4 s in .*twelve\.csv for a page of 10 s"):
        Pages(str(path), start_s=2.0).draw(0)
    with pytest.raises(RecordingError, match="a start at 7 s of 6 s"):
        read_leads(path, start_s=7.0)


def test_a_record_without_twelve_leads_is_refused(data_dir):
    with pytest.raises(RecordingError, match="found no I, III, aVL, aVF, V2, V3, V4, V6 in"):
        read_leads(data_dir / "ptbxl/records500/00000/00001_hr")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--distort", "rotation=x"), "found 'rotation=x'; write it like rotation=5"),
        (("--distort", "rotation=45"), "rotation is 0.05 to 10 degrees, to either side; found 45"),
        (("--layout", "12x1", "--rhythm", "II"), "a 12x1 page has no rhythm strip"),
        (("--rhythm", "V7"), "found no V7 in simulated"),
        (("--gain", "5,10,20"), "5,10,20 is more than two numbers."),
        (("--px-per-mm", "2"), "2.0 is not in the range 3.5<=x<=16"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(tmp_path, monkeypatch, capsys, options, said):
    folder = tmp_path / "pages"
    monkeypatch.setattr(sys, "argv", ["splkit", "render", "simulated", "--out", str(folder), *options])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    assert said in capsys.readouterr().err
    assert not folder.exists()


def test_what_is_off_the_page_is_told(tmp_path, monkeypatch, capsys):
    """A record that no amplifier has centred: V2 at 12 mV, which is 120 mm up."""
    time_s = np.arange(1000) / 250
    names = ",".join(TWELVE_LEADS)
    rows = [",".join(f"{np.sin(t * (k + 1)) + (12 if k == 7 else 0):.4f}" for k in range(12)) for t in time_s]
    (tmp_path / "high.csv").write_text("\n".join(["# fs=250", names, *rows]))
    command = ["render", str(tmp_path / "high.csv"), "--out", str(tmp_path / "pages"), *SMALL]
    monkeypatch.setattr(sys, "argv", ["splkit", *command])
    cli.main()
    assert "V2: 100.0% of its samples are off the page" in capsys.readouterr().out
    truth = json.loads((tmp_path / "pages/high_00000-0.json").read_text())
    assert [lead["lead_name"] for lead in truth["leads"] if lead["off_page"]] == ["V2"]


def test_a_gap_is_not_drawn_as_if_it_were_known(tmp_path):
    table = np.sin(np.arange(1000)[:, None] / 40 + np.arange(12))
    table[100:120, 3] = np.nan
    rows = [",".join(f"{value:.4f}" for value in row) for row in table]
    path = tmp_path / "gap.csv"
    path.write_text("\n".join(["# fs=250", ",".join(TWELVE_LEADS), *rows]))
    with pytest.raises(RecordingError, match=r"aVR missing from 0\.40 to 0\.48 s"):
        read_leads(path)
    assert read_leads(path, start_s=0.5).signals_mv["aVR"].size == 875
