"""One witness against a lead is enough: it is not called good, however well its line is the ink."""

from dataclasses import replace

import pytest

from splkit.ecg.paper.contracts import GOOD_CONFIDENCE, Quality
from splkit.ecg.paper.trace.confidence import AGAINST, LEAST_LIKE_STRIP, MOST_HIDDEN, confidence_of

SURE = Quality(1.0, 0.03, 0.0, spread_px=20.0, spread_mv=0.2, reach_rows=0.2, strip_correlation=0.99)


@pytest.mark.parametrize(
    ("name", "holds", "contradicts"),
    [
        ("strip_correlation", LEAST_LIKE_STRIP + 0.01, LEAST_LIKE_STRIP - 0.01),
        ("beat_hidden", MOST_HIDDEN - 0.01, MOST_HIDDEN + 0.01),
    ],
)
def test_a_witness_against_a_lead(name: str, holds: float, contradicts: float) -> None:
    assert confidence_of(replace(SURE, **{name: holds})) > GOOD_CONFIDENCE
    assert confidence_of(replace(SURE, **{name: contradicts})) == AGAINST
