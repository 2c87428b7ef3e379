"""A network that reads windows of 2 s: trained, quantized, exported, and the same on the board."""

from pathlib import Path

import numpy as np
import pytest
from support.c_format import assert_formatted
from support.command_line import splkit_here, splkit_json
from support.contracts import ANY_NUMBER
from support.small_models import line

from splkit import boards
from splkit.ecg.frontend import TWO_SECONDS, FrontEndConfig, inputs_in, run_front_end, to_counts
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import resample
from splkit.errors import ModelError, UsageError
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.manifest import read_manifest
from splkit.firmware.parity.verify import CountStream, verify
from splkit.firmware.simulators.application import run_application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.quantize.estimate import Estimator
from splkit.quantize.stated import stated_card

FS_HZ, SAMPLES = 300, 12 * 300


@pytest.mark.long
def test_a_run_of_two_seconds_becomes_verified_firmware(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow", reason="training needs splkit[train]")
    run, firmware, recipe = tmp_path / "run", tmp_path / "firmware", tmp_path / "short.toml"
    recipe.write_text('epochs = 1\nleast_steps = 1\nmodel = "fnn_4k"\nseed = 5\ncycles_per_record = 3\n')
    options = ("--recipe", str(recipe), "--patients", "16", "--out", str(run))
    refused = splkit_here("train", *options, "--input", "2s", "--average", "8")
    assert refused.returncode == 2 and "windows of 2 s are read one by one" in refused.stderr
    assert splkit_json("train", *options, "--input", "2s", call=splkit_here)["used_records"] > 20
    with np.load(run / "cycles.npz") as stored:
        assert stored["averaged"].shape[1] == 270 + 600 and set(stored["beats"].tolist()) == {1}
    card = splkit_json("quantize", str(run), "--method", "ptq", call=splkit_here)
    assert card["cycle"]["length"] == 600 and card["cycle"]["window_s"] == [-1.0, 1.0]
    assert card["cycle"]["averaged_cycles"] == 1 and card["distance"] is not None
    told = splkit_here(
        "export", str(run / "fnn_4k.tflite"), "--accept-weak", "--board", "nrf52", "--out", str(firmware)
    )
    assert "windows of 600 points, -1 to 1 s about R, each by itself, at 300 Hz" in told.stdout, told.stderr
    manifest = read_manifest(firmware)
    assert manifest.input == "2s"
    checks = splkit_json("verify", str(firmware), "--duration", "12", "--inputs", "4", "--cycles", "4")
    assert sum(check["mismatches"] for check in checks) == 0
    assert {"front end", "application", "inference"} <= {check["name"].split(",")[0] for check in checks}
    found = Estimator(run / "fnn_4k.tflite").ecg(resample(read_recording("toy"), FS_HZ), manifest.front_end)
    assert found.by_device and found.beats == 1


def plain(folder: Path) -> Path:
    path = folder / "plain.tflite"
    path.write_bytes(line(window=TWO_SECONDS))
    return path


def test_a_window_costs_little_beside_its_inference(tmp_path: Path) -> None:
    """A line through 600 points: what is left is the front end's, with the window in the push of a beat."""
    path, board = plain(tmp_path), boards.load("nrf52")
    card = stated_card(path, ANY_NUMBER | {"input": "2s"})
    uv = board.ecg.uv_per_count
    request = ExportRequest(path, card, board, FS_HZ, uv, single_file=True, accept_weak=True)
    export(request, tmp_path / "out")
    assert_formatted([each for each in (tmp_path / "out").glob("*/spl*.[ch]") if each.parent.name != "app"])
    config = FrontEndConfig.for_rate(FS_HZ, uv, 1, TWO_SECONDS)
    counts = to_counts(resample(read_recording("toy"), FS_HZ), config)[:SAMPLES]
    trace = run_front_end(counts, config)
    checks = verify(tmp_path / "out", [CountStream("toy", counts)], inputs=4, cycles=4)
    assert sum(check.mismatches for check in checks) == 0
    core = CoreSimulator(tmp_path / "out" / "firmware.elf")
    with core.counting("spl_") as counter:
        run_application(core, counts)
    window = counter.calls["spl_window"]
    assert window.count == len(trace.averaged) == len(inputs_in(trace.averaged)) > 10
    assert window.worst < 45_000
    assert counter.calls["spl_frontend_push"].worst <= 3000
    assert core.elf.type_size("spl_frontend_t") <= 3200 + 800


def test_what_a_model_reads_is_not_guessed(tmp_path: Path) -> None:
    path = plain(tmp_path)
    with pytest.raises(ModelError, match=r"found int8 1x600 of .*, and 270 on its card; .*--input 2s"):
        ExportRequest.for_board(path, boards.load("nrf52"), ANY_NUMBER)
    with pytest.raises(UsageError, match="not averaged"):
        stated_card(path, ANY_NUMBER | {"input": "2s", "averaged_cycles": 8})
