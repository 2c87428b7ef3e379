"""From a simulated cohort to firmware by the command line: train, quantize, export, verify."""

import json

import pytest
from support.command_line import splkit_here, splkit_json
from support.pairs import write_pairs

pytest.importorskip("tensorflow", reason="training needs splkit[train]")


@pytest.fixture
def short(tmp_path):
    """A recipe of epochs as short as they can be."""
    recipe = tmp_path / "short.toml"
    recipe.write_text("epochs = 1\nleast_steps = 1\n")
    return ("--recipe", str(recipe))


@pytest.mark.long
def test_a_trained_run_becomes_verified_firmware(tmp_path, short):
    run, firmware = tmp_path / "run", tmp_path / "firmware"
    options = ("--patients", "20", "--seed", "5", "--average", "4", "--order", "conv-relu-bn")
    metrics = splkit_json("train", *short, "--out", str(run), *options, call=splkit_here)
    assert metrics["lead"] == "V5"
    assert metrics["data"] == "simulated" and metrics["test"]["patients"] == 4
    assert (run / "learning_curve.png").read_bytes().startswith(b"\x89PNG")
    told = splkit_here("quantize", str(run), "--epochs", "1")
    assert told.returncode == 0, told.stderr
    for words in ("int8 qat", "mean |difference|", "depthwise1/output", "simulated potassium"):
        assert words in told.stdout
    assert (run / "dscrnn_4k.png").read_bytes().startswith(b"\x89PNG")
    card = json.loads((run / "dscrnn_4k.json").read_text())
    assert card["method"] == "qat"
    assert splkit_here("quantize", str(run)).returncode == 2
    manifest = splkit_json(
        "export", str(run / "dscrnn_4k.tflite"), "--accept-weak", "--board", "nrf52", "--out", str(firmware)
    )
    assert card["cycle"]["averaged_cycles"] == manifest["averaged_cycles"] == 4
    assert (manifest["task"], manifest["lead"], manifest["offset"]) == ("potassium", "V5", card["offset"])
    assert "simulated" in manifest["trained_on"] and manifest["model_sha256"] == card["sha256"]
    checks = splkit_json("verify", str(firmware), "--duration", "20", "--inputs", "16")
    assert sum(check["mismatches"] for check in checks) == 0


@pytest.mark.long
def test_real_ecgs_with_blood_tests_are_called_measured(tmp_path, short):
    table, run = write_pairs(tmp_path), tmp_path / "run"
    fastest = ("--model", "fnn_4k")  # of those that TensorFlow traces
    told = splkit_here("train", "--pairs", str(table), "--out", str(run), *short, *fastest)
    assert told.returncode == 0, told.stderr
    assert "on measured potassium, 2 test patients" in told.stdout and "simulated" not in told.stdout
    again = splkit_here("train", "--pairs", str(table), "--out", str(tmp_path / "sim"), "--lead", "II")
    assert again.returncode == 2 and "--pairs and --lead" in again.stderr
    alone = splkit_here("train", "--channel", "V5", "--out", str(tmp_path / "sim"))
    assert alone.returncode == 2 and "no --pairs" in alone.stderr
    card = splkit_json("quantize", str(run), "--method", "ptq", call=splkit_here)
    assert card == json.loads((run / "fnn_4k.json").read_text()) and card["method"] == "ptq"
    assert "measured potassium" in card["trained_on"] and "simulated" not in json.dumps(card)
    (beside,) = splkit_json("compare", str(run))["runs"]
    assert (beside["data"], beside["lead"], beside["patients"]) == ("measured", "-", 2)
    exported = splkit_json(
        "export", str(run / "fnn_4k.tflite"), "--accept-weak", "--board", "nrf52", "--out", str(run / "fw")
    )
    assert exported["trained_on"].startswith("measured potassium (")
    assert exported["lead"] is None  # its ECGs are of V5 and of II
