"""Contracts of models that came without a card."""

from typing import Any

ANCHOR: dict[str, Any] = {"task": "potassium", "offset": 5.0, "lead": "V5"}
"""The anchor model in tests/data: its output is SPL less the mean of its training cycles."""

ANY_NUMBER: dict[str, Any] = {"task": "other", "unit": "1", "plausible": {"low": -1e6, "high": 1e6}}
"""Of weights drawn at random: what comes out means nothing."""
