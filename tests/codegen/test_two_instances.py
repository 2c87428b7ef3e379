"""Two instances of the library at once: neither sees the other, and there is no state outside of them."""

import subprocess
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from support.host_front_end import bundled_model

from splkit.codegen.generate import write_library
from splkit.ecg.frontend import FrontEndConfig, to_counts
from splkit.ecg.simulator.record import simulate_record
from splkit.quantize.carried import card_for
from splkit.quantize.reference import reference_model

FS_HZ, DURATION_S = 300, 60
MAIN = """#include "spl.h"
#include <stdio.h>
#include <stdlib.h>

static spl_t leads[2];

/* Pairs of samples from the standard input; `first` to before `end` are pushed. */
int main(int count, char **words) {
  const int first = atoi(words[1]), end = atoi(words[count - 1]);
  for (int i = first; i < end; i++) {
    spl_init(&leads[i]);
  }
  for (int16_t samples[2]; fread(samples, sizeof samples, 1, stdin) == 1;) {
    for (int i = first; i < end; i++) {
      spl_beat_t beat;
      spl_estimate_t estimate;
      const uint32_t events = spl_push(&leads[i], samples[i], &beat, &estimate);
      if (events & SPL_EVENT_BEAT) {
        printf("%d beat %u %d\\n", i, (unsigned)beat.r_sample, beat.verdict);
      }
      if (events & SPL_EVENT_ESTIMATE) {
        printf("%d estimate %u %d\\n", i, (unsigned)estimate.r_sample, (int)estimate.spl_ueq_l);
      }
    }
  }
  return 0;
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The library, its objects, and a program that pushes two leads."""
    folder = tmp_path_factory.mktemp("instances")
    config = FrontEndConfig.for_rate(FS_HZ, 5.0)
    write_library(bundled_model(), card_for(reference_model()), config, folder)
    (folder / "main.c").write_text(MAIN)
    run = partial(subprocess.run, cwd=folder, check=True)
    # Constants with pointers in them are variables to a loader that moves them.
    compiler = ["cc", "-std=c99", "-O2", "-fno-pie", "-Iinclude", "-Ilib/kernels"]
    sources = [str(path) for path in sorted(folder.glob("lib/**/*.c"))]
    run([*compiler, "-c", *sources])
    run([*compiler, "-no-pie", "-o", "program", "main.c", *folder.glob("*.o")])
    return folder


@pytest.fixture(scope="module")
def samples() -> np.ndarray:
    """int16[n, 2], two patients of unlike potassium."""
    config = FrontEndConfig.for_rate(FS_HZ, 5.0)
    records = [
        simulate_record(potassium, fs_hz=FS_HZ, duration_s=DURATION_S, seed=seed).recording
        for seed, potassium in ((1, 4.0), (2, 6.5))
    ]
    return np.stack([to_counts(record, config) for record in records], axis=1)


def lines(folder: Path, samples: np.ndarray, first: int, end: int) -> list[str]:
    command = [folder / "program", str(first), str(end)]
    done = subprocess.run(command, input=samples.astype("<i2").tobytes(), capture_output=True, check=True)
    return done.stdout.decode().splitlines()


def test_interleaved_leads_give_what_each_gives_alone(folder, samples):
    together = lines(folder, samples, 0, 2)
    for lead in (0, 1):
        alone = lines(folder, samples, lead, lead + 1)
        assert sum(" estimate " in line for line in alone) >= 3
        assert [line for line in together if line.startswith(f"{lead} ")] == alone


def test_the_library_has_no_variables(folder):
    objects = sorted(folder.glob("spl*.o"))
    listed = subprocess.run(["nm", *objects], capture_output=True, text=True, check=True).stdout
    kinds = {line.split()[-2] for line in listed.splitlines() if len(line.split()) > 1}
    assert {"T", "r"} <= kinds and not kinds & set("bBcCdDsS")
