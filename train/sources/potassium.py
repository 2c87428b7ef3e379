"""Parses a laboratory's potassium value: the number in mEq/L, or the reason why there is none."""

import re

from splkit.train.pairs import POTASSIUM_MEQ_L
from splkit.train.sources.reasons import LeftOut

MEQ_L_PER_MG_DL = 10.0 / 39.0983
"""mEq/L of 1 mg/dL. A mole of potassium is 39.0983 g (IUPAC, standard atomic weights), and one equivalent."""

UNITS = {"meq/l": 1.0, "mmol/l": 1.0, "mg/dl": MEQ_L_PER_MG_DL}
"""mEq/L of each unit. The keys are in lower case."""

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_LIMITS = ("<", ">", "\u2264", "\u2265")


def read_potassium(text: str, unit: str = "mEq/L", *, decimal_comma: bool = False) -> float | LeftOut:
    """The potassium in mEq/L, or the reason why it is not used.

    A limit (`>10.0`) is not used, because the true value is unknown.

    Args:
        text: the cell of a table.
        unit: one of `UNITS`, in upper or lower case.
        decimal_comma: whether "4,9" means 4.9. If not, "4,9" is refused, because its meaning is unknown.
    """
    text = text.strip()
    if decimal_comma and _COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        if is_limit(text):
            return LeftOut.LIMIT
        return LeftOut.DECIMAL_COMMA if _COMMA.fullmatch(text) else LeftOut.WITHOUT_NUMBER
    factor = UNITS.get(unit.strip().lower())
    if factor is None:
        return LeftOut.OTHER_UNIT
    low, high = POTASSIUM_MEQ_L
    potassium_meq_l = float(text) * factor
    return potassium_meq_l if low <= potassium_meq_l <= high else LeftOut.OUT_OF_RANGE


def is_limit(text: str) -> bool:
    """Whether the text is only a limit, such as `>10.0`."""
    return text.lstrip().startswith(_LIMITS)
