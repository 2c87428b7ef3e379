"""The C that a small model becomes, and that it is what clang-format leaves."""

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from support.c_format import assert_formatted
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.codegen.compile import compile_model
from splkit.codegen.generate import write_model
from splkit.firmware.build import find_compiler
from splkit.quantize.reference import reference_model

NO_OPTIONS = {"StrideH": 1, "StrideW": 1, "Padding": 1, "DilationHFactor": 1, "DilationWFactor": 1}


def generated(content: bytes, folder: Path) -> str:
    write_model(compile_model(content, "test.tflite"), folder)
    return (folder / "lib" / "spl_model.c").read_text()


def struct(text: str, name: str) -> dict[str, str]:
    """The initializers of one structure."""
    body = re.search(rf"static const \w+_t {name} = {{\n(.*?)\n}};", text, re.DOTALL)
    assert body is not None, text
    return dict(re.findall(r"\.(\w+) = (\S+),", body[1]))


def pointwise() -> bytes:
    """Two channels into one, weights 3 and -4 of scale 0.5, bias 10, input zero point 5, output -1."""
    tensors = [
        TensorSpec((1, 6, 1, 2), scales=[0.5], zero_points=[5]),
        TensorSpec((1, 1, 1, 2), scales=[0.5], zero_points=[0], data=np.array([[[[3, -4]]]], np.int8)),
        TensorSpec((1,), "int32", data=np.array([10], np.int32)),
        TensorSpec((1, 6, 1, 1), scales=[1.0], zero_points=[-1]),
    ]
    conv = OperatorSpec("CONV_2D", [0, 1, 2], [3], "Conv2DOptions", NO_OPTIONS)
    return build_model(tensors, [conv], 0, 3)


def test_a_pointwise_convolution(tmp_path):
    text = generated(pointwise(), tmp_path)
    fields = struct(text, "layer_00")
    assert fields == {"length": "6", "input_channels": "2", "pool": "1", "rows": "&layer_00_rows"}
    assert struct(text, "layer_00_rows")["output_offset"] == "-1"  # 2 * -1 + 1
    assert "layer_00_rows_weights[4] = {\n  3, 0, -4, 0,\n};" in text
    assert "layer_00_rows_bias[1] = {\n  30,\n};" in text  # 2 * (10 - 5 * (3 - 4))
    # 0.5 * 0.5 / 1 = 2^30 * 2^-(32 + 0)
    assert "layer_00_rows_multipliers[1] = {\n  1073741824,\n};" in text
    assert "layer_00_rows_shifts[1] = {\n  0,\n};" in text
    assert "spl_pointwise_s8(&layer_00, input, output, scratch);" in text
    assert "spl_layer_00_conv_2d(input, output, arena);" in text


def test_the_first_block_is_one_layer_and_its_extremes(tmp_path):
    text = generated(reference_model().read_bytes(), tmp_path)
    parts = struct(text, "layer_03")
    assert parts["expansion"] == "&layer_03_expansion" and parts["filter"] == "&layer_03_filter"
    assert struct(text, "layer_03_pointwise")["pool"] == "5"
    kernels = re.findall(r"^  (spl_\w+_s8\w*)\(", text, re.MULTILINE)
    assert kernels[:4] == [
        "spl_depthwise_conv_1d_s8",
        "spl_extremes_1d_s8",
        "spl_separable_conv_1d_s8_rectified",
        "spl_depthwise_conv_1d_s8",
    ]


def test_clang_format_leaves_it_alone(tmp_path):
    generated(reference_model().read_bytes(), tmp_path)
    assert_formatted([*tmp_path.glob("include/*"), *tmp_path.glob("lib/**/*.[ch]")])


@pytest.mark.parametrize("core", ["", "cortex-m0plus", "cortex-m4"])
def test_no_two_kernels_share_a_name(core, root, tmp_path):
    """Any of them may come into one single file."""
    kernels = root / "codegen" / "kernels"
    whole = tmp_path / "all.c"
    whole.write_text("\n".join(source.read_text() for source in sorted(kernels.glob("*.c"))))
    compiler = [find_compiler(), f"-mcpu={core}", "-mthumb"] if core else ["cc"]
    command = [
        *compiler,
        "-std=c99",
        "-Wall",
        "-Wextra",
        "-Wconversion",
        "-Werror",
        f"-I{kernels}",
        "-c",
        whole,
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
