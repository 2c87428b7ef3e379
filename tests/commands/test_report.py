"""An export on one page: what verify and profile say, in a browser too; a difference is not hidden."""

import json
from pathlib import Path

import pytest
from support.browser import read_in_browser
from support.command_line import splkit_here, splkit_json

from splkit.firmware.parity.inference import Check
from splkit.firmware.reporting import facts

pytest.importorskip("matplotlib", reason="figures need splkit[ecg]")


@pytest.fixture(scope="module")
def page(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "firmware.html"
    told = splkit_here("report", str(exported), "--out", str(path), "--duration", "20")
    assert told.returncode == 0 and "wrote" in told.stdout, told.stderr
    return path


def test_it_has_the_figures_of_the_manifest_the_card_and_the_profile(page: Path, exported: Path) -> None:
    text = page.read_text()
    manifest = json.loads((exported / "manifest.json").read_text())
    card = json.loads((exported / "model" / "card.json").read_text())
    figures = splkit_json("profile", str(exported))
    counts = [
        figures["instructions"],
        figures["flash_bytes"],
        figures["stack_bound_bytes"],
        card["parameters"],
    ]
    counts += [each["instructions"] for each in figures["layers"]]
    shown = [f"{count:,}" for count in counts] + [f"{card['metrics']['int8']['mae_meq_l']:.3f}"]
    for words in (*shown, manifest["model_sha256"], manifest["compiler"], "Nothing differs.", "20.0 s"):
        assert words in text, words
    assert text.count("simulated potassium") > 3 and "estimated, not measured" in text


@pytest.mark.parametrize(
    ("width", "is_dark"), [(1280, True), (390, False)], ids=["desk, dark", "phone, light"]
)
def test_it_reads_in_a_browser(page: Path, tmp_path: Path, width: int, is_dark: bool) -> None:
    found = read_in_browser(page, tmp_path, width, is_dark=is_dark)
    assert found["sections"] == ["model", "parity", "memory", "layers", "energy", "front-end", "gaps"]
    assert set(found["badges"]) == {
        "simulated potassium", "measured on a simulated Cortex-M4", "estimated, not measured",
        "measured on the recording toy",
    }  # fmt: skip


def test_a_difference_ends_with_1_and_stands_in_the_page(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Check(
        name="inference, host build", compared=64, mismatches=3, first="item 7: 1 expected, 2 found"
    )
    monkeypatch.setattr(facts, "verify", lambda *_, **__: [wrong])
    path = tmp_path / "firmware.html"
    told = splkit_here("report", str(exported), "--out", str(path), "--duration", "5")
    assert told.returncode == 1 and "found 3 of 64 in inference, host build" in told.stderr
    assert "3 items differ" in path.read_text() and "item 7: 1 expected, 2 found" in path.read_text()
    again = splkit_here("report", str(exported), "--out", str(path), "--duration", "5")
    assert again.returncode == 2 and "--force" in again.stderr
