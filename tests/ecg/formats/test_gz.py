"""Every format as .gz, under a name that says nothing of it."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from support.format_samples import format_samples
from support.read_made import read_made

SAMPLES = format_samples()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_gz_of_any_format_reads_as_the_file_itself(tmp_path: Path, name: str) -> None:
    plain = read_made(tmp_path, SAMPLES[name], name=name)
    packed = read_made(tmp_path, gzip.compress(SAMPLES[name]), name=f"{name}.gz")
    assert (packed.channel, packed.fs_hz) == (plain.channel, plain.fs_hz)
    np.testing.assert_array_equal(packed.signal_mv, plain.signal_mv)
