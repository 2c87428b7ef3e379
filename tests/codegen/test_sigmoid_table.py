"""The kernels' sigmoid table against TensorFlow Lite Micro's, and against the sigmoid itself."""

import re
from pathlib import Path

import numpy as np


def kernel_table(root: Path) -> np.ndarray:
    text = (root / "codegen" / "kernels" / "spl_nonlinear.c").read_text()
    return np.array([int(value) for value in re.findall(r"-?\d+", text.split("{")[1].split("}")[0])])


def test_it_is_the_oracles_table_less_one_half(root: Path, anchor_dir: Path) -> None:
    oracle = np.loadtxt(anchor_dir / "sigmoid_table_uint16.csv", dtype=np.int64)
    assert len(oracle) == 256
    np.testing.assert_array_equal(kernel_table(root), np.append(oracle, oracle[-1]) - 32768)


def test_it_is_the_sigmoid(root: Path) -> None:
    """The oracle's own entries are up to 1.11 away from the exact ones."""
    exact = 65536 / (1 + np.exp(-np.arange(256) / 24)) - 32768
    np.testing.assert_allclose(kernel_table(root)[:256], exact, atol=1.2)
