"""Mutates models and prints how many are refused, accepted and equal to the oracle, or wrong.

    python bench/fuzz_models.py [--count 100000] [--seed 1] [--workers 2] [--keep DIR]

Each model depends on the seed and its index alone. Every 1,000th is built from its C; of the others the
kernels are called as their plan says. Exit status 1 if one is wrong, and then DIR gets it.
"""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.model_verdicts import Verdicts, verdicts
from support.mutation import mutant

from splkit.console import out, progress

COMPILE_EVERY = 1000


def main() -> int:
    """Judges all models; 1 if any is wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    found = Verdicts()
    with progress("models", arguments.count) as advance, ThreadPoolExecutor(arguments.workers) as pool:

        def judge(first: int) -> None:
            indices = range(first, arguments.count, arguments.workers)
            for index, verdict in verdicts(arguments.seed, indices, COMPILE_EVERY):
                found.add(index, verdict)
                advance(1)

        list(pool.map(judge, range(arguments.workers)))
    counts = found.counts
    out.print(
        f"{counts.total():,} models: {counts['refused']:,} refused, {counts['equal']:,} accepted and equal "
        f"to the oracle, {counts['wrong']:,} wrong"
    )
    for index, verdict in sorted(found.wrong.items()):
        out.print(f"{index}: {verdict[:300]}", markup=False)
        if arguments.keep:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            (arguments.keep / f"{arguments.seed}-{index}.tflite").write_bytes(mutant(arguments.seed, index))
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
