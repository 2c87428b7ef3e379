"""A page in a real headless browser: at a width, light or dark; what it asks for, what it complains of."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WATCH = """
<script>window.failed = []; addEventListener("error", (event) => failed.push(String(event.message)));</script>
"""
TELL = """
<script>
addEventListener("load", async () => {
  const found = await (%s)();
  found.errors = window.failed;
  found.external = performance.getEntriesByType("resource").map((each) => each.name)
    .filter((name) => !name.startsWith("data:"));
  parent.postMessage(JSON.stringify(found), "*");
});
</script>
"""
FRAME = """<!DOCTYPE html><meta name="color-scheme" content="light dark">
<iframe src="%s" style="width: %dpx; height: 900px; border: 0"></iframe>
<script>
addEventListener("message", (event) => { document.body.textContent = "FOUND" + event.data + "END"; });
</script>
"""
"""A browser's window is 500 pixels wide at least; a frame in it may be a phone."""


LOOK = """
async () => {
  const style = (each) => getComputedStyle(document.querySelector(each));
  const copied = [];
  const clipboard = { writeText: async (text) => { copied.push(text); } };
  Object.defineProperty(navigator, "clipboard", { value: clipboard });
  for (const each of document.querySelectorAll("button[data-csv]")) { each.click(); }
  await new Promise((done) => setTimeout(done, 50));
  return {
    width: innerWidth,
    overflows: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    outside: [...document.querySelectorAll("section, figcaption, svg, p, h2, .wide")]
      .filter((each) => !each.closest(".wide-panel") && each.getBoundingClientRect().right > innerWidth + 1)
      .map((each) => each.outerHTML.slice(0, 80)),
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    paper: style("body").backgroundColor,
    ink: style(".panel svg text").fill,
    line: style("svg path[style*=c0]").stroke,
    sections: [...document.querySelectorAll("section")].map((each) => each.id),
    linked: [...document.querySelectorAll("a")]
      .every((each) => document.querySelector(each.getAttribute("href"))),
    svgs: [...document.querySelectorAll("svg")].map((each) => each.getBoundingClientRect().width),
    badges: [...document.querySelectorAll("figure .badge")].map((each) => each.textContent),
    ids: [...document.querySelectorAll("[id]")].map((each) => each.id),
    copied,
  };
}
"""


def browser() -> str:
    """The first that is installed; the test is skipped where none is."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} on PATH")
    return found


def opened(page: Path, tmp_path: Path, probe: str, width: int, *, is_dark: bool = False) -> dict[str, Any]:
    """What `probe`, a JavaScript function, finds in a page, with errors and external requests.

    Errors of the console, of the page's own policy too, are `console`.
    """
    probed = tmp_path / "probed.html"
    text = page.read_text(encoding="utf-8").replace("<title>", f"{WATCH}<title>", 1)
    probed.write_text(text.replace("</body>", f"{TELL % probe}</body>"), encoding="utf-8")
    frame = tmp_path / "frame.html"
    frame.write_text(FRAME % (probed.as_uri(), width), encoding="utf-8")
    command = [
        browser(), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile",
        "--virtual-time-budget=8000", "--window-size=1400,1000", "--enable-logging=stderr",
        f"--blink-settings=preferredColorScheme={0 if is_dark else 1}", "--dump-dom", frame.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    shown = re.search(r"FOUND(.*)END", html.unescape(done.stdout))
    assert shown, done.stdout[-2000:]
    found: dict[str, Any] = json.loads(shown[1])
    found["console"] = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return found


def read_in_browser(page: Path, tmp_path: Path, width: int, *, is_dark: bool) -> dict[str, Any]:
    """What a reader has of a report; it must be whole, legible and quiet."""
    found = opened(page, tmp_path, LOOK, width, is_dark=is_dark)
    assert found["errors"] == found["external"] == found["console"] == []
    assert (found["width"], found["overflows"], found["outside"]) == (width, 0, [])
    assert found["dark"] is is_dark
    paper, ink = (sum(map(int, re.findall(r"\d+", found[name])[:3])) / 3 for name in ("paper", "ink"))
    assert (paper < 60 and ink > 200) if is_dark else (paper > 240 and ink < 60)
    assert found["linked"] and min(found["svgs"]) > 250
    assert len(found["ids"]) == len(set(found["ids"]))
    return found
