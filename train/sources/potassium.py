"""Potassium as laboratories write it: the number in mEq/L, or why it is none."""

import re

from splkit.train.pairs import POTASSIUM_MEQ_L
from splkit.train.sources.reasons import LeftOut

MEQ_L_PER_MG_DL = 10.0 / 39.0983
"""39.0983 g of potassium are a mole (IUPAC, standard atomic weights), and one equivalent."""

UNITS = {"meq/l": 1.0, "mmol/l": 1.0, "mg/dl": MEQ_L_PER_MG_DL}
"""mEq/L of each unit, which is looked up in lower case."""

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_LIMITS = ("<", ">", "\u2264", "\u2265")


def read_potassium(text: str, unit: str = "mEq/L", *, decimal_comma: bool = False) -> float | LeftOut:
    """The potassium in mEq/L, or why it is not used.

    A limit (`>10.0`) is no number: how much more is unknown.

    Args:
        text: as it stands in a table.
        unit: one of `UNITS`, in any case.
        decimal_comma: "4,9" is 4.9; otherwise it is refused, as it may be anything.
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
    """Whether it only says what potassium is above or below."""
    return text.lstrip().startswith(_LIMITS)
