"""Holds mutated models to the rule: refused in one sentence, or accepted by the oracle too and equal to it.

A worker process judges them, since the oracle may not survive what it is given; `python -m
support.model_verdicts SEED FIRST END STEP COMPILE_EVERY` prints a line of JSON for each verdict, and one
before that where a model is accepted.
"""

import json
import selectors
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from splkit.codegen.compile import compile_model
from splkit.errors import SplkitError

TESTS = Path(__file__).parents[1]
LIMIT_S = 60
"""No single model takes so long, on a busy machine either."""
INPUTS = 5


@dataclass
class Verdicts:
    """How many models came out how, and what was wrong by index."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: dict[int, str] = field(default_factory=dict)

    def add(self, index: int, verdict: str) -> None:
        """Counts one; any verdict but refused and equal is wrong."""
        name = verdict if verdict in ("refused", "equal") else "wrong"
        self.counts[name] += 1
        if name == "wrong":
            self.wrong[index] = verdict


def judge(content: bytes, compiled: bool) -> str:
    """The verdict on one model; with `compiled`, its C is built, or else only its kernels called."""
    from support.host_model import HostModel
    from support.kernel_model import KernelModel

    try:
        model = compile_model(content, "mutant.tflite")
    except SplkitError as refusal:
        return "refused" if "\n" not in str(refusal) and refusal.found else f"refused in words: {refusal!r}"
    except Exception as error:
        return f"the reader fails with {error!r}"
    print(json.dumps("accepted"), flush=True)
    rng = np.random.default_rng(model.input_size)
    inputs = rng.integers(-128, 128, (INPUTS, model.input_size)).astype(np.int8)
    inputs[0], inputs[1] = -128, 127
    try:
        with TemporaryDirectory() as folder:
            built = HostModel(content, Path(folder)) if compiled else KernelModel(content)
            differing = built.mismatches(inputs)
    except Exception as error:
        return f"accepted, and fails with {error!r}"
    return f"{differing} outputs differ" if differing else "equal"


def verdicts(seed: int, indices: range, compile_every: int) -> Iterator[tuple[int, str]]:
    """The verdict on each model, from worker processes that are started again where one dies."""
    while indices:
        for index, verdict in _one_worker(seed, indices, compile_every):
            yield index, verdict
            indices = range(index + indices.step, indices.stop, indices.step)


def _one_worker(seed: int, indices: range, compile_every: int) -> Iterator[tuple[int, str]]:
    arguments = [str(number) for number in (seed, indices.start, indices.stop, indices.step, compile_every)]
    command = [sys.executable, "-m", "support.model_verdicts", *arguments]
    with (
        subprocess.Popen(
            command, cwd=TESTS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        ) as worker,
        selectors.DefaultSelector() as ready,
    ):
        assert worker.stdout is not None
        ready.register(worker.stdout, selectors.EVENT_READ)
        index, stage = indices.start, "read"
        while index < indices.stop:
            line = worker.stdout.readline() if ready.select(LIMIT_S) else None
            if line is None:
                worker.kill()
                yield index, f"hangs once {stage}"
                return
            if not line:
                yield index, f"the process dies once {stage}: {worker.wait()}"
                return
            said = json.loads(line)
            if isinstance(said, str):
                stage = said
                continue
            yield index, said["verdict"]
            index, stage = index + indices.step, "read"


def _work(seed: int, indices: range, compile_every: int) -> None:
    from support.mutation import mutant

    for index in indices:
        verdict = judge(mutant(seed, index), compiled=index % compile_every == 0)
        print(json.dumps({"verdict": verdict}), flush=True)


if __name__ == "__main__":
    first, end, step = map(int, sys.argv[2:5])
    _work(int(sys.argv[1]), range(first, end, step), int(sys.argv[5]))
