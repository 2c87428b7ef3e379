"""No mutated model gets past the reader as anything but a refusal, or what the oracle computes as well.

`python bench/fuzz_models.py` does the same to 100,000.
"""

from support.model_verdicts import Verdicts, verdicts

COUNT, COMPILE_EVERY = 600, 100


def test_mutants_are_refused_or_equal_the_oracle():
    found = Verdicts()
    for index, verdict in verdicts(7, range(COUNT), COMPILE_EVERY):
        found.add(index, verdict)
    assert not found.wrong
    assert found.counts["refused"] > COUNT / 10 and found.counts["equal"] > COUNT / 20
    assert found.counts.total() == COUNT
