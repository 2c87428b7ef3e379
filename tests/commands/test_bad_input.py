"""Bad input: one sentence (rule, value found, next step), exit status 2, nothing left behind."""

from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest
from support.command_line import splkit
from support.single_answer import single_answer_model
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.quantize.carried import without_card
from splkit.quantize.reference import reference_model


def assert_refused(result: CompletedProcess[str], *words: str) -> None:
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n") == 1, result.stderr
    assert "; found " in result.stderr
    for word in words:
        assert word in result.stderr, result.stderr


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "exports" / "firmware"


def assert_nothing_left(out: Path) -> None:
    assert not out.parent.exists() or list(out.parent.iterdir()) == []


def test_a_file_that_is_no_tflite(tmp_path, out):
    path = tmp_path / "model.tflite"
    path.write_bytes(b"hello, I am not a model")
    assert_refused(splkit("export", str(path), "--board", "nrf52", "--out", str(out)), "TFL3", "model.tflite")
    assert_nothing_left(out)


def test_a_truncated_tflite(tmp_path, out):
    path = tmp_path / "model.tflite"
    path.write_bytes(reference_model().read_bytes()[:5000])
    assert_refused(splkit("export", str(path), "--board", "nrf52", "--out", str(out)), "model.tflite")
    assert_nothing_left(out)


def test_a_float_model(tmp_path, out):
    path = tmp_path / "float.tflite"
    tensors = [TensorSpec((1, 270), "float32"), TensorSpec((1, 270), "float32")]
    path.write_bytes(build_model(tensors, [OperatorSpec("RELU", [0], [1])], 0, 1))
    assert_refused(
        splkit("export", str(path), "--board", "nrf52", "--out", str(out)), "int8", "float32", "quantize"
    )
    assert_nothing_left(out)


def test_an_unsupported_operator_is_refused_by_name(tmp_path, out):
    path = tmp_path / "cos.tflite"
    path.write_bytes(
        build_model([TensorSpec((1, 270)), TensorSpec((1, 270))], [OperatorSpec("COS", [0], [1])], 0, 1)
    )
    said = ("--task", "other", "--unit", "1", "--plausible", "-200", "200")
    assert_refused(
        splkit("export", str(path), *said, "--board", "nrf52", "--out", str(out)), "COS", "splkit operators"
    )
    assert_nothing_left(out)


def test_a_model_of_another_tool_is_refused_without_its_contract(tmp_path, out):
    path = tmp_path / "bare.tflite"
    path.write_bytes(without_card(single_answer_model().read_bytes()))
    export = ("export", str(path), "--board", "nrf52", "--out", str(out))
    assert_refused(splkit(*export), "no card in", "--task", "--spl-offset")
    assert_refused(splkit(*export, "--task", "potassium"), "--spl-offset 0")
    assert_refused(splkit(*export, "--task", "potassium", "--spl-offset", "0"), "-2.04 to 2.82")
    assert_refused(splkit(*export, "--task", "potassium", "--spl-offset", "30"), "-20 to 20 mEq/L")
    assert_refused(splkit(*export, "--task", "probability"), "positive_spl_meq_l")
    said = ("--task", "potassium", "--spl-offset", "4.9")
    assert_refused(splkit(*export, *said, "--lead", "V5\n#error"), "lead")
    assert_nothing_left(out)


def test_an_unknown_board(out):
    assert_refused(splkit("export", "--board", "nrf25", "--out", str(out)), "nrf52")
    assert_nothing_left(out)


def test_a_missing_compiler(out, tmp_path):
    result = splkit(
        "export", "--board", "nrf52", "--out", str(out), ARM_GCC=str(tmp_path / "arm-none-eabi-gcc")
    )
    assert_refused(result, "arm-none-eabi-gcc", "apt-get install")
    assert_nothing_left(out)


def test_a_folder_in_use(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    assert_refused(splkit("export", "--board", "nrf52", "--out", str(tmp_path)), "--force")
    assert_refused(splkit("export", "--board", "nrf52", "--out", str(tmp_path), "--force"), "manifest.json")
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(("sample", "word"), [(np.inf, "finite"), (0.25, "flat")])
def test_an_ecg_with_infinity_or_a_flat_line(exported, tmp_path, sample, word):
    path = tmp_path / "ecg.csv"
    signal = np.sin(np.arange(3000)) if np.isinf(sample) else np.full(3000, sample)
    signal[100] = sample
    np.savetxt(path, signal)
    result = splkit("simulate", str(exported), "--ecg", str(path), "--fs", "300")
    assert_refused(result, "ecg.csv")
    assert word.lower() in result.stderr.lower()


def test_a_folder_that_is_no_export(tmp_path):
    for verb in ("verify", "profile", "build"):
        assert_refused(splkit(verb, str(tmp_path)), "export")


def test_an_engine_that_the_board_does_not_run_on(exported):
    assert_refused(
        splkit("simulate", str(exported), "--ecg", "toy", "--engine", "qemu"), "nrf52", "mps2-an386"
    )
