"""The names of the twelve standard leads."""

from typing import Final, Literal, get_args

LeadName = Literal["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]

TWELVE_LEADS: Final[tuple[LeadName, ...]] = get_args(LeadName)
"""In the order in which a 12-lead ECG prints them."""
