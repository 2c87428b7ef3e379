"""From a simulated cohort to firmware by the command line: train, quantize, export, verify."""

import json

import pytest
from support.command_line import splkit, splkit_json

pytest.importorskip("tensorflow", reason="training needs splkit[train]")


def test_a_trained_run_becomes_verified_firmware(tmp_path):
    run, firmware = tmp_path / "run", tmp_path / "firmware"
    metrics = splkit_json("train", "--out", str(run), "--patients", "20", "--epochs", "1", "--seed", "5")
    assert metrics["data"] == "simulated" and metrics["test"]["patients"] == 4
    assert (run / "learning_curve.png").read_bytes().startswith(b"\x89PNG")
    card = splkit_json("quantize", str(run), "--epochs", "1")
    assert card == json.loads((run / "dscrnn_4k.json").read_text()) and card["method"] == "qat"
    assert splkit("quantize", str(run)).returncode == 2
    told = splkit("quantize", str(run), "--method", "ptq", "--out", str(run / "ptq.tflite"))
    assert told.returncode == 0, told.stderr
    for words in ("int8 ptq", "mean |difference|", "depthwise1/output", "simulated potassium"):
        assert words in told.stdout
    assert (run / "ptq.png").read_bytes().startswith(b"\x89PNG")
    manifest = splkit_json(
        "export", str(run / "dscrnn_4k.tflite"), "--board", "nrf52", "--out", str(firmware)
    )
    assert "simulated" in manifest["trained_on"] and manifest["model_sha256"] == card["sha256"]
    checks = splkit_json("verify", str(firmware), "--duration", "20", "--inputs", "32")
    assert sum(check["mismatches"] for check in checks) == 0
