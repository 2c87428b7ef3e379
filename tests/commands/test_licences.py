"""Licence texts and the bill of materials of what is exported."""

import json
import uuid
from pathlib import Path

import pytest
from support.command_line import splkit, splkit_json

from splkit.folders import digest
from splkit.quantize.carried import network_sha256
from splkit.quantize.reference import reference_model


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compiled") / "net"
    splkit_json("compile", str(reference_model()), "--out", str(folder))
    return folder


def bill(folder: Path) -> dict:
    return json.loads((folder / "sbom.cdx.json").read_text("utf-8"))


def parts(folder: Path) -> dict[str, dict]:
    return {part["name"]: part for part in bill(folder)["components"]}


def test_the_licence_is_the_repository_s(exported: Path, compiled: Path, root: Path) -> None:
    for folder in (exported, compiled):
        assert (folder / "LICENSE").read_bytes() == (root / "LICENSE").read_bytes()


def test_the_notice_names_the_ecgs_that_a_simulated_model_comes_from(exported: Path, compiled: Path) -> None:
    assert "PTB-XL" in (exported / "NOTICE").read_text() and "CC BY 4.0" in (exported / "NOTICE").read_text()
    assert "PTB-XL" not in (compiled / "NOTICE").read_text()  # nothing is known of a network without a card


def test_the_bill_names_the_model_by_its_hash_and_what_is_linked(exported: Path) -> None:
    found = parts(exported)
    assert set(found) == {"splkit", "dscrnn_4k.tflite", "newlib", "libgcc"}
    model = found["dscrnn_4k.tflite"]
    assert model["type"] == "machine-learning-model" and "simulated" in model["description"]
    assert model["hashes"] == [{"alg": "SHA-256", "content": network_sha256(reference_model().read_bytes())}]
    assert found["splkit"]["licenses"] == [{"expression": "Apache-2.0"}]
    assert bill(exported)["metadata"]["component"]["name"] == "firmware for nrf52"


def test_the_bill_holds_together(exported: Path, compiled: Path) -> None:
    """What CycloneDX 1.6 asks for: its head, a URN as serial number, references that exist."""
    for folder in (exported, compiled):
        told = bill(folder)
        assert (told["bomFormat"], told["specVersion"], told["version"]) == ("CycloneDX", "1.6", 1)
        assert uuid.UUID(told["serialNumber"].removeprefix("urn:uuid:")).version == 5
        references = [part["bom-ref"] for part in told["components"]]
        assert len(set(references)) == len(references)
        (main,) = told["dependencies"]
        assert main == {"ref": told["metadata"]["component"]["bom-ref"], "dependsOn": references}
    assert bill(exported)["serialNumber"] != bill(compiled)["serialNumber"]


def test_the_manifest_holds_the_three_files(compiled: Path) -> None:
    files = json.loads((compiled / "manifest.json").read_text())["files"]
    for name in ("LICENSE", "NOTICE", "sbom.cdx.json"):
        assert files[name] == digest(compiled / name)
    (compiled / "NOTICE").write_text("mine")
    said = splkit("compile", str(reference_model()), "--out", str(compiled), "--force")
    assert said.returncode == 2 and "NOTICE" in said.stderr
