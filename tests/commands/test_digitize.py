"""`splkit digitize` as a user calls it, on pages of our own renderer."""

import csv
import hashlib
import json
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from support.command_line import splkit

from splkit.commands.digitize_estimate import with_estimates
from splkit.ecg.paper.batch.result import PageResult
from splkit.ecg.paper.outputs.columns import RHYTHM
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.render.rendered import Rendered
from splkit.ecg.paper.render.style import Style

images = pytest.importorskip("PIL.Image", reason="Pillow, of the extra [digitize], is not installed")
pytest.importorskip("cv2", reason="OpenCV, of the extra [digitize], is not installed")

GRACE_S = 10.0
LEAST_DB, MEAN_DB = 10.0, 18.0
DIGEST = hashlib.sha256(b"it's a page").hexdigest()[:6]
"""A WFDB record may be called by letters, digits, _ and - alone."""


@pytest.fixture(scope="module")
def drawn() -> Rendered:
    """Of the first simulated patient whose traces are lower than a row: none crosses another."""
    records = (simulated_leads(5.0, seed=seed) for seed in range(100))
    record = next(one for one in records if max(map(np.ptp, one.signals_mv.values())) < 3.0)
    return render_page(record, Style(px_per_mm_x=5.0, px_per_mm_y=5.0, header=None, top_mm=26.0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, drawn) -> Path:
    """A page, in colour and with a name that a shell would split, beside a blank page and a text."""
    made = tmp_path_factory.mktemp("scans")
    images.fromarray(drawn.rgb).save(made / "it's a page.png")
    images.new("L", (900, 700), 255).save(made / "blank.png")
    (made / "notes.pdf").write_text("no PDF")
    return made


@pytest.fixture(scope="module")
def done(folder, tmp_path_factory) -> tuple[Path, "subprocess.CompletedProcess[str]"]:
    out = tmp_path_factory.mktemp("made") / "out"
    options = ("--review", "--estimate", "--workers", "2", "--json")
    return out, splkit("digitize", str(folder), "--out", str(out), *options)


def read_table(path: Path) -> dict[str, np.ndarray]:
    head, names, *rows = path.read_text().splitlines()
    assert head == "# fs=500"
    values = np.array([[float(cell or "nan") for cell in row.split(",")] for row in rows])
    return dict(zip(names.split(","), values.T, strict=True))


def test_the_numbers_are_those_that_were_drawn(done, drawn):
    table = read_table(done[0] / "it's a page.csv")
    snr_db = {}
    for trace in drawn.traces:
        name = trace.panel.lead + RHYTHM * trace.panel.is_rhythm
        time_s = trace.panel.start_s + np.arange(len(trace.signal_mv)) / drawn.fs_hz
        shown = np.isfinite(table[name])
        found = np.interp(time_s, table["time"][shown], table[name][shown])
        x, y = trace.signal_mv - trace.signal_mv.mean(), found - found.mean()
        snr_db[name] = 10 * np.log10(np.sum(x**2) / np.sum((x - y) ** 2))
        assert table["time"][shown][0] == pytest.approx(time_s[0], abs=0.01)
        assert table["time"][shown][-1] == pytest.approx(time_s[-1], abs=0.01)
    assert min(snr_db.values()) > LEAST_DB and np.mean(list(snr_db.values())) > MEAN_DB, snr_db


def test_bad_pages_are_told_and_the_status_too(done, folder):
    out, called = done
    assert called.returncode == 4, called.stderr
    results = {each["name"]: each for each in json.loads(called.stdout)}
    assert {name: each["status"] == "failed" for name, each in results.items()} == {
        "blank": True, "notes": True, "it's a page": False
    }  # fmt: skip
    assert results["notes"]["message"].startswith("a page is a PNG, JPEG")
    assert "report" not in results["blank"]["message"]
    assert {path.name for path in out.iterdir()} == {
        "summary.csv", "pairs.csv", "blank.json", "notes.json",
        *(f"it's a page{end}" for end in (".csv", ".json", ".overlay.png", ".review.html")),
        *(f"it_s_a_page-{DIGEST}{end}" for end in (".hea", ".dat")),
    }  # fmt: skip
    rows = (out / "summary.csv").read_text().splitlines()
    assert len(rows) == 4 and rows[1].startswith("blank,")
    assert str(folder / "blank.png") in rows[1]


def test_an_estimate_says_what_it_rests_on(done):
    results = {each["name"]: each for each in json.loads(done[1].stdout)}
    words = results["it's a page"]["estimate"]
    assert re.match(r"\d\.\d\d mEq/L \(\d\.\d\d to \d\.\d\d\), from [1-4] beats? of V5, not 8; ", words), (
        words
    )
    assert "trained on simulated potassium" in words and "not a medical device" in words
    assert not results["blank"]["estimate"]


def test_a_page_is_answered_as_its_digitized_record_is(folder, done, tmp_path):
    """`splkit estimate` reads the page by itself; what cannot be read is a row with its reason."""
    pages = [str(folder / name) for name in ("it's a page.png", "blank.png", "notes.pdf")]
    told = splkit("estimate", *pages, "--out", str(tmp_path / "out"), "--workers", "1")
    assert told.returncode == 4, told.stderr
    with (tmp_path / "out" / "estimates.csv").open(newline="") as file:
        rows = {Path(row["record"]).stem: row for row in csv.DictReader(file)}
    words = {each["name"]: each["estimate"] for each in json.loads(done[1].stdout)}["it's a page"]
    page = rows["it's a page"]
    assert words.startswith(f"{float(page['estimate']):.2f} mEq/L ({float(page['low']):.2f} to ")
    assert f"from {page['averaged_cycles']} beat" in words and page["by"] == "strip"
    assert page["note"].startswith(f"{page['averaged_cycles']} of 8 cycles")
    assert [(rows[name]["status"], rows[name]["estimate"]) for name in ("blank", "notes")] == [
        ("failed", "")
    ] * 2
    assert all(rows[name]["why"] for name in ("blank", "notes"))


def test_no_estimate_stands_on_an_assumed_speed(done, tmp_path):
    """At another speed T has another width: the page must tell it, or a person."""
    page = next(each for each in json.loads(done[1].stdout) if each["name"] == "it's a page")
    read = PageResult.model_validate(page)
    assert read.reading
    assumed = read.reading.model_copy(update={"assumed": ["speed 25 mm/s assumed: no pulse tells it"]})
    (told,) = with_estimates([read.model_copy(update={"reading": assumed})], tmp_path)
    assert told.estimate.startswith("no estimate: speed 25 mm/s assumed")
    assert told.estimate.endswith("state --speed and --gain")


def test_pages_that_are_done_are_not_done_again(done, folder):
    out, _ = done
    filled = (out / "pairs.csv").read_text().replace(f"{DIGEST},,,", f"{DIGEST},A17,4.9,")
    (out / "pairs.csv").write_text(filled)
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir() if path.suffix != ".csv"}
    again = splkit("digitize", str(folder), "--out", str(out), "--review")
    assert again.returncode == 4
    assert "3 of them were done before" in again.stdout
    after = {path.name: path.stat().st_mtime_ns for path in out.iterdir() if path.suffix != ".csv"}
    assert after == before


def test_the_command_of_the_review_reads_the_page_again(done, folder):
    page = (done[0] / "it's a page.review.html").read_text()
    found = re.search(r'<pre id="command">(.*?)</pre>', page)
    assert found
    words = shlex.split(found[1].replace("&#39;", "'").replace("&#34;", '"'))
    assert words[:5] == ["splkit", "digitize", str(folder / "it's a page.png"), "--out", str(done[0])]
    stated = dict(zip(words[5:-2:2], words[6:-2:2], strict=True))
    assert stated["--layout"] == "3x4+1"
    assert stated["--leads"] == "I,aVR,V1,V4,II,aVL,V2,V5,III,aVF,V3,V6,II"
    assert (stated["--speed"], stated["--gain"]) == ("25", "10")
    assert words[-2:] == ["--force", "--review"]


@pytest.mark.parametrize("moment_s", [1.0, 3.0])
def test_ctrl_c_leaves_no_half_page_and_no_process(folder, tmp_path, moment_s):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "splkit", "digitize", str(folder), "--out", str(out), "--workers", "2"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    time.sleep(moment_s)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert "Traceback" not in said
    assert process.returncode in (130, 4)
    left = {path.name for path in out.iterdir()} if out.exists() else set()
    assert not [name for name in left if "splkit-" in name]
    for state in (each for each in left if each.endswith(".json")):
        listed = json.loads((out / state).read_text())["files"]
        assert set(listed) <= left
    end = time.monotonic() + GRACE_S
    while session_members(process.pid) and time.monotonic() < end:
        time.sleep(0.05)  # Python's own helper process ends when it hears of its parent's end
    assert not session_members(process.pid)


def session_members(session: int) -> list[str]:
    """Command lines of processes of a session that are still there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found.append((stat.parent / "cmdline").read_text())
        except (OSError, ValueError):
            continue
    return found


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--corners", "1,2,3"), "eight numbers"),
        (("--leads", ","), "commas between"),
        (("--speed", "nan"), "not a finite number"),
        (("--gain", "0"), "0"),
        (("--page", "3"), "has 1 page; found --page 3"),
    ],
)
def test_options_that_cannot_be_meant(folder, tmp_path, options, said):
    called = splkit("digitize", str(folder / "blank.png"), "--out", str(tmp_path / "out"), *options)
    assert called.returncode == 2
    assert said in called.stderr
    assert not (tmp_path / "out").exists()
