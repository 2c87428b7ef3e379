"""The review page in a real browser: the picture is there, rows zoom, the command is what a shell needs."""

import html
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from splkit.ecg.paper.contracts import Digitized, Grid, Layout, Page, Panel, Quality, Segment, Stroke
from splkit.ecg.paper.outputs.review import review

pytest.importorskip("cv2", reason="OpenCV, of the extra [digitize], is not installed")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NASTY = """it's "a" page $(rm x) <b>&amp;`y`</b>.png"""

PROBE = """
<script>
addEventListener("load", () => {
  const found = { errors: window.failed || [] };
  const scan = document.getElementById("scan").getBBox();
  found.scan = [scan.width, scan.height];
  const picture = new Image();
  picture.onload = () => {
    found.picture = [picture.naturalWidth, picture.naturalHeight];
    document.querySelectorAll("tbody tr")[1].click();
    found.box = document.getElementById("page").getAttribute("viewBox");
    document.getElementById("all").click();
    found.whole = document.getElementById("page").getAttribute("viewBox");
    document.getElementById("in").click();
    found.zoomed = document.getElementById("page").getAttribute("viewBox");
    document.getElementById("shown").click();
    found.traces = getComputedStyle(document.getElementById("traces")).display;
    const field = document.querySelector("input[name='--leads']");
    field.value = "V1, it's";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.querySelector("input[name='--gain']").value = "";
    document.querySelector("input[name='--speed']").dispatchEvent(new Event("input", { bubbles: true }));
    found.command = document.getElementById("command").textContent;
    found.external = performance.getEntriesByType("resource").map((each) => each.name)
      .filter((name) => !name.startsWith("data:"));
    document.body.innerHTML = "";
    document.body.textContent = "FOUND" + JSON.stringify(found) + "END";
  };
  picture.src = document.getElementById("scan").getAttribute("href");
});
</script>
"""


def reading() -> Digitized:
    """A page of 300 x 200 with two leads, of which the second is doubtful and has a hidden span."""
    panels = tuple(Panel(lead, False, 20, 280, y, 0.0, 25, 10) for lead, y in (("I", 60.0), ("V1", 140.0)))
    x = np.arange(20, 280, 0.5)
    strokes = tuple(
        Stroke(panel, x, panel.baseline + 10 * np.sin(x / 9), (x < 100) | (x > 120), 0.02) for panel in panels
    )
    segments = tuple(
        Segment(panel.lead, False, 0.0, np.zeros(10), Quality(0.9, 0.02, 40.0, None, 0.05, confidence))
        for panel, confidence in zip(panels, (0.97, 0.31), strict=True)
    )
    paper = Page(np.full((200, 300, 3), 240, np.uint8), NASTY)
    eye = np.eye(3)
    layout = Layout("2x1", panels, notes=("gain 10 mm/mV <assumed>",))
    return Digitized(paper, Grid(eye, 4, 4, 0.0), layout, strokes, eye, segments)


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("review") / "page.html"
    path.write_bytes(review(reading(), Path("/scans") / NASTY, 3, Path("/made here"), {"--px-per-mm": "4"}))
    return path


def test_the_command_is_quoted_for_a_shell(page):
    found = re.search(r'<pre id="command">(.*?)</pre>', page.read_text(), re.DOTALL)
    assert found
    assert shlex.split(html.unescape(found[1])) == [
        "splkit", "digitize", f"/scans/{NASTY}", "--out", "/made here", "--page", "3", "--layout", "2x1",
        "--leads", "I,V1", "--speed", "25", "--gain", "10", "--px-per-mm", "4", "--force", "--review",
    ]  # fmt: skip


def test_nothing_of_the_page_becomes_markup(page):
    text = page.read_text()
    assert "<b>" not in text and "<assumed>" not in text
    assert not re.search(r"(?:src|href)=\"(?!data:)", text)


def test_it_works_in_a_browser(page, tmp_path):
    browser = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if browser is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} on PATH")
    probed = tmp_path / "probed.html"
    probed.write_text(page.read_text().replace("</body>", f"{PROBE}</body>"))
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile"]
    command += ["--virtual-time-budget=5000", "--window-size=1200,800", "--dump-dom", probed.as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    shown = re.search(r"FOUND(.*)END", html.unescape(dom))
    assert shown, dom[-2000:]
    found = json.loads(shown[1])
    assert found["errors"] == [] and found["external"] == []
    assert found["scan"] == found["picture"] == [300, 200]
    left, top, width, height = map(float, found["box"].split())
    assert left < 20 < 280 < left + width
    assert 75 < top < 140 < top + height < 200  # V1 alone: the line of I ends at 70
    assert found["whole"] == "0 0 300 200"
    assert [float(each) for each in found["zoomed"].split()] == pytest.approx(
        [50, 33.33, 200, 133.33], abs=0.1
    )
    assert found["traces"] == "none"
    assert shlex.split(found["command"]) == [
        "splkit", "digitize", f"/scans/{NASTY}", "--out", "/made here", "--page", "3", "--layout", "2x1",
        "--leads", "V1, it's", "--speed", "25", "--px-per-mm", "4", "--force", "--review",
    ]  # fmt: skip
