"""The reasons why an ECG or a blood test is in no pair. Each is counted, and its first case is named."""

from collections import Counter
from enum import StrEnum

from splkit.train.pairs import POTASSIUM_MEQ_L


class LeftOut(StrEnum):
    """The reason why an ECG or a blood test is in no pair."""

    ECG_ALONE = "ecg_without_test"
    TEST_ALONE = "test_without_ecg"
    HEMOLYSED = "test_hemolysed"
    ECG_WITHOUT_TIME = "ecg_without_time"
    ECG_TWICE = "ecg_listed_twice"
    CONTRADICTED = "ecg_with_two_values"
    WITHOUT_NUMBER = "test_without_number"
    LIMIT = "test_that_is_a_limit"
    DECIMAL_COMMA = "test_with_decimal_comma"
    OTHER_UNIT = "test_in_other_unit"
    OUT_OF_RANGE = "test_out_of_range"
    WITHOUT_TIME = "test_without_time"
    TEST_TWICE = "test_listed_twice"
    ONE_ZONE = "times_with_one_zone"
    NO_RECORD = "row_without_record"
    NO_PATIENT = "row_without_patient"
    NO_LEAD = "ecg_without_lead"
    UNREADABLE = "ecg_unreadable"
    NO_MEAN = "ecg_without_mean"
    NO_CYCLE = "row_without_cycle"

    @property
    def is_bad_input(self) -> bool:
        """Whether the row itself is wrong. It is not if it only has no partner, or a hemolysed sample."""
        return self not in (LeftOut.ECG_ALONE, LeftOut.TEST_ALONE, LeftOut.HEMOLYSED)

    @property
    def text(self) -> str:
        """The reason in words, to be printed after a number."""
        return _TEXTS[self]


_TEXTS = {
    LeftOut.ECG_ALONE: "ECGs without a blood test near enough",
    LeftOut.TEST_ALONE: "blood tests without an ECG near enough",
    LeftOut.HEMOLYSED: "blood tests hemolysed by their comment",
    LeftOut.ECG_WITHOUT_TIME: "ECGs without a time that can be read",
    LeftOut.ECG_TWICE: "ECGs listed before",
    LeftOut.CONTRADICTED: "ECGs whose blood test has two values at one time",
    LeftOut.WITHOUT_NUMBER: "blood tests without a number",
    LeftOut.LIMIT: "blood tests that give a limit, such as >10.0",
    LeftOut.DECIMAL_COMMA: "blood tests with a decimal comma",
    LeftOut.OTHER_UNIT: "blood tests in another unit than mEq/L or mmol/L",
    LeftOut.OUT_OF_RANGE: "blood tests outside {:g} to {:g} mEq/L".format(*POTASSIUM_MEQ_L),
    LeftOut.WITHOUT_TIME: "blood tests without a time that can be read",
    LeftOut.TEST_TWICE: "blood tests listed before",
    LeftOut.ONE_ZONE: "rows where one time has a time zone and the other has none",
    LeftOut.NO_RECORD: "rows without a record",
    LeftOut.NO_PATIENT: "rows without a patient",
    LeftOut.NO_LEAD: "ECGs without the lead",
    LeftOut.UNREADABLE: "ECGs that cannot be read",
    LeftOut.NO_MEAN: "ECGs with too few usable beats for a mean",
    LeftOut.NO_CYCLE: "rows whose points are no cycle with R at point 90",
}


class Tally:
    """How many were left out for each reason, and where the first case is.

    Attributes:
        first: the first case of each reason, in words ("'>10.0' in row 7").
    """

    def __init__(self) -> None:
        self._counts = Counter[LeftOut]()
        self.first: dict[LeftOut, str] = {}

    def add(self, why: LeftOut, where: str) -> None:
        """Counts one case. `where` is kept if it is the first case of this reason."""
        self._counts[why] += 1
        self.first.setdefault(why, where)

    def __getitem__(self, why: LeftOut) -> int:
        return self._counts[why]

    @property
    def counts(self) -> dict[LeftOut, int]:
        """The counts of the reasons that occurred, in the order of `LeftOut`."""
        return {why: self._counts[why] for why in LeftOut if self._counts[why]}

    @property
    def lines(self) -> list[str]:
        """One line of text for each reason that occurred."""
        return [f"{count:,} {why.text} (first: {self.first[why]})" for why, count in self.counts.items()]
