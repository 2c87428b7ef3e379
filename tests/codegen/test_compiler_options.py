"""The kernels of the DSP extension under the options that others build with, debug builds among them."""

import pytest
from support.core_model import CoreModel
from support.plain_model import inputs_for

from splkit.quantize.reference import reference_model


@pytest.mark.parametrize("options", ["-O0", "-Og", "-O1", "-Os", "-O3", "-O2 -fno-omit-frame-pointer"])
def test_equals_the_oracle(options, tmp_path):
    content = reference_model().read_bytes()
    assert CoreModel(content, tmp_path, options).mismatches(inputs_for(content, 6)) == 0
