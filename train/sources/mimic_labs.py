"""Which rows of MIMIC-IV's labevents are potassium, and which of these can be believed.

What was verified where: the columns, and that `charttime` is usually the time of the draw, in MIMIC's
documentation (mimic.mit.edu/docs/iv/modules/hosp/labevents); the items, their units and their numbers of rows
in MIMIC-IV 2.0, in MIT-LCP/mimic-code, mimic-iv/mapping/d_labitems_to_loinc.csv; comments on hemolysis, in
public analyses that quote them ("HEMOLYSIS FALSELY ELEVATES K", "Specimen not Hemolyzed"). Not in the table
itself: access to it is granted by person, and it was not at hand.
"""

import re

from splkit.train.sources.potassium import is_limit, read_potassium
from splkit.train.sources.reasons import LeftOut

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


def judge(value: str, number: str, unit: str, comment: str) -> float | LeftOut:
    """The potassium of a row of labevents in mEq/L, or why it is not used.

    Args:
        value: as the laboratory wrote it; where it is a limit (`>10.0`), `number` may hold the limit.
        number: the column `valuenum`.
        unit: the column `valueuom`.
        comment: the column `comments`.
    """
    potassium_meq_l = LeftOut.LIMIT if is_limit(value) else read_potassium(number)
    if potassium_meq_l in (LeftOut.LIMIT, LeftOut.WITHOUT_NUMBER):
        return potassium_meq_l
    if unit.strip().lower() not in _UNITS:
        return LeftOut.OTHER_UNIT
    if isinstance(potassium_meq_l, LeftOut):
        return potassium_meq_l
    return LeftOut.HEMOLYSED if is_hemolysed(comment) else potassium_meq_l


def is_hemolysed(comment: str) -> bool:
    """Whether a comment speaks of hemolysis, in either spelling, or masks the word, and does not deny it."""
    return bool(_HEMOLYSED.search(_DENIED.sub("", comment)))
