"""Which rows of MIMIC-IV's labevents are potassium, and which of these can be believed.

What was verified where: the columns, and that `charttime` is usually the time of the draw, in MIMIC's
documentation (mimic.mit.edu/docs/iv/modules/hosp/labevents); the items, their units and their numbers of rows
in MIMIC-IV 2.0, in MIT-LCP/mimic-code, mimic-iv/mapping/d_labitems_to_loinc.csv; comments on hemolysis, in
public analyses that quote them ("HEMOLYSIS FALSELY ELEVATES K", "Specimen not Hemolyzed"). Not in the table
itself: access to it is granted by person, and it was not at hand.
"""

import math
import re
from datetime import datetime
from enum import StrEnum

from splkit.train.pairs import POTASSIUM_MEQ_L

POTASSIUM_ITEMS = ("50971", "52610", "51677", "50822", "52452")
"""Potassium in blood, in the order of preference where two were drawn at the same time.

50971: serum or plasma (3,308,845 rows); 52610 and 51677: the same test by its LOINC code (386 and 460 rows);
50822: whole blood in the blood gas analyser (259,088 rows); 52452: named like it, without rows in 2.0. Other
fluids have ids of their own. Hemolysis in whole blood is not seen: its rows have no comment on it.
"""

_UNITS = ("meq/l", "mmol/l", "")
"""The same for an ion of one charge; the items above have no other, so that none given is mEq/L."""

_DENIED = re.compile(r"(?i)\b(?:no|not|non|without)\b[\s-]*(?:visible|visibly|gross|grossly)?\s*ha?emoly\w*")
_HEMOLYSED = re.compile(r"(?i)ha?emoly[sz]|grossly\s+_")
_EPOCH = datetime(1970, 1, 1)


class LeftOut(StrEnum):
    """Why an ECG or a blood test is in no pair."""

    ECG_ALONE = "ecg_without_test"
    ECG_WITHOUT_TIME = "ecg_without_time"
    ECG_TWICE = "ecg_listed_twice"
    WITHOUT_NUMBER = "test_without_number"
    OTHER_UNIT = "test_in_other_unit"
    OUT_OF_RANGE = "test_out_of_range"
    HEMOLYSED = "test_hemolysed"
    WITHOUT_TIME = "test_without_time"

    @property
    def text(self) -> str:
        """In words, to go behind a number."""
        low, high = POTASSIUM_MEQ_L
        return {
            LeftOut.ECG_ALONE: "ECGs without a blood test near enough",
            LeftOut.ECG_WITHOUT_TIME: "ECGs without a time",
            LeftOut.ECG_TWICE: "ECGs listed before",
            LeftOut.WITHOUT_NUMBER: "blood tests without a number",
            LeftOut.OTHER_UNIT: "blood tests in another unit than mEq/L or mmol/L",
            LeftOut.OUT_OF_RANGE: f"blood tests outside {low:g} to {high:g} mEq/L",
            LeftOut.HEMOLYSED: "blood tests hemolysed by their comment",
            LeftOut.WITHOUT_TIME: "blood tests without a time",
        }[self]


def judge(number: str, unit: str, comment: str) -> float | LeftOut:
    """The potassium of a row of labevents in mEq/L, or why it is not used."""
    try:
        potassium_meq_l = float(number)
    except ValueError:
        return LeftOut.WITHOUT_NUMBER
    if not math.isfinite(potassium_meq_l):
        return LeftOut.WITHOUT_NUMBER
    if unit.strip().lower() not in _UNITS:
        return LeftOut.OTHER_UNIT
    if not POTASSIUM_MEQ_L[0] <= potassium_meq_l <= POTASSIUM_MEQ_L[1]:
        return LeftOut.OUT_OF_RANGE
    return LeftOut.HEMOLYSED if is_hemolysed(comment) else potassium_meq_l


def is_hemolysed(comment: str) -> bool:
    """Whether a comment speaks of hemolysis, in either spelling, or masks the word, and does not deny it."""
    return bool(_HEMOLYSED.search(_DENIED.sub("", comment)))


def seconds(time: str) -> int | None:
    """A time like "2180-07-23 08:44:00", in seconds to compare; None where it is none, or a day alone."""
    try:
        moment = datetime.fromisoformat(time)
        return int((moment - _EPOCH).total_seconds()) if ":" in time else None
    except (ValueError, TypeError):  # TypeError: a zone, which MIMIC's shifted times do not have
        return None
