"""The page of a recording in a real browser: it zooms, marks do not overlap, and it asks for nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.browser import opened

from splkit.ecg.frontend import Verdict
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.rpeaks import page
from splkit.ecg.rpeaks.find import RPeaks, find_r_peaks
from splkit.ecg.rpeaks.page import write_page
from splkit.ecg.rpeaks.span import Span
from splkit.errors import UsageError

FS_HZ = 250.0
NASTY = """/home/someone/it's "a" <b>name & more.csv"""

PROBE = """
async () => {
  // Frames do not come by themselves in a browser without a screen: only the first is waited for.
  const shown = () => { drawStrip(); drawAll(); return { ...view }; };
  await new Promise((done) => setTimeout(done, 100));
  const at = (id) => document.getElementById(id);
  const found = { wide: strip.clientWidth - LEFT, title: document.querySelector("h1").textContent };
  found.words = document.body.innerText;
  found.overflows = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  found.first = { ...view };
  found.scale = at("scale").textContent;
  found.matched = drawn.matched;
  const pixels = strip.getContext("2d").getImageData(0, 0, strip.width, strip.height).data;
  const colors = {
    ink: [32, 32, 32], fine: [247, 220, 220], coarse: [234, 176, 176], ok: [31, 119, 180], out: [214, 39, 40],
  };
  found.counted = { ink: 0, fine: 0, coarse: 0, ok: 0, out: 0 };
  for (let first = 0; first < pixels.length; first += 4) {
    for (const [name, color] of Object.entries(colors)) {
      found.counted[name] += color.every((each, of) => Math.abs(pixels[first + of] - each) < 6);
    }
  }
  const overlaps = () => drawn.words.flatMap((a, index) => drawn.words.slice(index + 1)
    .filter((b) => a.line === b.line && a.from < b.to && b.from < a.to)).length;
  found.overlaps = [overlaps()];
  found.spoken = drawn.words.map((each) => each.word);
  at("in").click(); found.zoomed = shown();
  at("on").click(); found.later = shown();
  const box = strip.getBoundingClientRect(), middle = box.left + box.width / 2;
  strip.dispatchEvent(new WheelEvent("wheel", { deltaY: 1, clientX: middle, cancelable: true }));
  found.wheeled = shown();
  strip.dispatchEvent(new KeyboardEvent("keydown", { key: "Home" })); found.home = shown();
  at("whole").click(); found.whole = shown();
  found.overlaps.push(overlaps());
  found.marks = drawn.marks;
  found.spoken.push(...drawn.words.map((each) => each.word));
  at("life").click(); found.life = shown();
  const map = all.getBoundingClientRect();
  all.dispatchEvent(new MouseEvent("click", { clientX: map.left + 40 + (map.width - 46) / 2 }));
  found.there = shown();
  found.overlaps.push(overlaps());
  found.spoken.push(...drawn.words.map((each) => each.word));
  strip.dispatchEvent(new PointerEvent("pointermove", { clientX: box.left + 40 + (box.width - 40) / 2 }));
  found.told = at("told").textContent;
  return found;
}
"""


def recording(duration_s: float = 120.0) -> Recording:
    """Beats of 1 mV every 0.8 s, and premature ones in threes, whose verdicts would overlap on one line."""
    r_s = 1.0 + np.cumsum((0.8, 0.8, 0.8, 0.8, 0.8, 0.36, 0.36, 0.36) * round(duration_s / 5.1))
    time_s = np.arange(round(duration_s * FS_HZ)) / FS_HZ
    away = time_s[:, None] - r_s
    signal = np.exp(-0.5 * (away / 0.012) ** 2) + 0.2 * np.exp(-0.5 * ((away - 0.26) / 0.03) ** 2)
    return Recording(signal.sum(axis=1), FS_HZ, "II", NASTY)


@pytest.fixture(scope="module")
def beats() -> RPeaks:
    return find_r_peaks(recording())


@pytest.fixture(scope="module")
def written(beats: RPeaks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "beats.html"
    write_page(path, beats, Span(0.0, beats.recording.duration_s))
    return path


@pytest.fixture(scope="module", params=[1280, 390])
def found(
    written: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    return opened(written, tmp_path_factory.mktemp("seen"), PROBE, request.param)


def test_it_is_quiet_whole_and_as_wide_as_the_screen(found: dict[str, Any]) -> None:
    assert found["errors"] == found["external"] == found["console"] == []
    assert found["overflows"] == 0
    assert found["title"] == """it's "a" <b>name & more.csv, II"""
    assert "home" not in found["words"] and "For research; not a medical device." in found["words"]


def test_it_opens_at_life_size_on_ecg_paper(found: dict[str, Any]) -> None:
    wide_px = found["first"]["span"] * 25 * 96 / 25.4
    assert wide_px == pytest.approx(found["wide"], abs=1)
    assert found["matched"] and "100 % of life size" in found["scale"]
    assert found["scale"].startswith("25 mm/s, 10 mm/mV")
    counted = found["counted"]
    assert min(counted[name] for name in ("ink", "fine", "coarse")) > 50, counted
    assert min(counted["ok"], counted["out"]) > 0, counted


def test_words_of_verdicts_do_not_overlap(found: dict[str, Any]) -> None:
    assert {"first", "ectopic", "cut"} <= set(found["spoken"])
    assert found["overlaps"] == [0, 0, 0]


def test_it_zooms_and_moves(found: dict[str, Any]) -> None:
    first, zoomed, later = (found[name] for name in ("first", "zoomed", "later"))
    assert zoomed["span"] == pytest.approx(first["span"] / 1.5)
    assert later["from"] == pytest.approx(zoomed["from"] + 0.8 * zoomed["span"])
    wheeled = found["wheeled"]
    assert wheeled["span"] == pytest.approx(1.2 * later["span"]) and wheeled["from"] < later["from"]
    assert found["home"] == {"from": 0, "span": pytest.approx(wheeled["span"])}
    assert found["whole"] == {"from": 0, "span": 120}
    assert found["marks"] > 80
    assert found["life"]["span"] == pytest.approx(first["span"])
    assert found["there"]["from"] + found["there"]["span"] / 2 == pytest.approx(60, abs=0.5)


def test_it_tells_of_the_beat_that_is_pointed_at(found: dict[str, Any], beats: RPeaks) -> None:
    middle = found["there"]["from"] + found["there"]["span"] / 2
    at = int(np.abs(beats.time_s - middle).argmin())
    assert (
        f": {Verdict(beats.verdict[at]).word}" in found["told"]
        and f"RR {beats.rr_ms[at]:.0f} ms" in found["told"]
    )


def test_a_page_of_a_part_has_its_beats_alone(beats: RPeaks, tmp_path: Path) -> None:
    write_page(tmp_path / "part.html", beats, Span(30.0, 40.0))
    seen = opened(tmp_path / "part.html", tmp_path, "async () => ({ data, end })", 800)
    times = seen["data"]["beatsS"]
    expected = beats.time_s[(beats.time_s >= 30) & (beats.time_s < 40)]
    assert times == pytest.approx(expected.tolist(), abs=1e-4)
    assert (seen["data"]["fromS"], seen["end"]) == (30.0, 40.0)


def test_a_recording_that_is_too_long_is_refused(
    beats: RPeaks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_SAMPLES", 20_000)
    with pytest.raises(UsageError, match="--from and --to"):
        write_page(tmp_path / "long.html", beats, Span(0.0, 120.0))
    assert not list(tmp_path.iterdir())
