"""Chooses the rows of MIMIC-IV's labevents that are potassium, and rejects those that cannot be trusted.

Sources of what this module assumes:

- The columns, and that `charttime` is usually the time of the draw: MIMIC's documentation
  (mimic.mit.edu/docs/iv/modules/hosp/labevents).
- The items, their units and their numbers of rows in MIMIC-IV 2.0: MIT-LCP/mimic-code,
  mimic-iv/mapping/d_labitems_to_loinc.csv.
- The comments on hemolysis: public analyses that quote them ("HEMOLYSIS FALSELY ELEVATES K", "Specimen not
  Hemolyzed").

Nothing was verified on the table itself, because access to it is granted to each person.
"""

import re

from splkit.train.sources.potassium import is_limit, read_potassium
from splkit.train.sources.reasons import LeftOut

POTASSIUM_ITEMS = ("50971", "52610", "51677", "50822", "52452")
"""Items that are potassium in blood. Of two drawn at the same time, the first in this order is used.

- 50971: serum or plasma (3,308,845 rows).
- 52610 and 51677: the same test, by its LOINC code (386 and 460 rows).
- 50822: whole blood in the blood gas analyser (259,088 rows). Its rows have no comments on hemolysis, so that
  hemolysis is not noticed there.
- 52452: has a similar name to 50822, but no rows in MIMIC-IV 2.0.

Potassium in other fluids has other items.
"""

_UNITS = ("meq/l", "mmol/l", "")
"""Accepted units. mEq/L and mmol/L are the same for an ion with one charge. The items above have no other
unit, so that a missing unit is mEq/L."""

_DENIED = re.compile(r"(?i)\b(?:no|not|non|without)\b[\s-]*(?:visible|visibly|gross|grossly)?\s*ha?emoly\w*")
_HEMOLYSED = re.compile(r"(?i)ha?emoly[sz]|grossly\s+_")


def judge(value: str, number: str, unit: str, comment: str) -> float | LeftOut:
    """The potassium of a row of labevents in mEq/L, or the reason why it is not used.

    Args:
        value: the result as the laboratory wrote it. If it is a limit (`>10.0`), the row is not used,
            although `number` may hold the limit.
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
    """Whether a comment says that the sample was hemolysed.

    Both spellings count, and so does a comment in which the word is masked. A comment that denies hemolysis
    does not count.
    """
    return bool(_HEMOLYSED.search(_DENIED.sub("", comment)))
