"""Units of voltage, in the spellings that people use."""

from splkit.errors import RecordingError

MICRO_SIGNS = "\N{MICRO SIGN}\N{GREEK SMALL LETTER MU}"
"""Two characters that look alike: the micro sign on keyboards, and the Greek letter of some programs."""

_MV_PER_VOLT = {"": 1e3, "m": 1.0, "u": 1e-3, "n": 1e-6}
_WORDS = {"milli": "m", "micro": "u", "nano": "n"}
_GARBLED = {"\u00c2\u00b5": "u", "\u00ce\u00bc": "u"}  # UTF-8's micro signs, read as Latin-1


def mv_per_unit(unit: str, source: str) -> float:
    """Millivolts in one `unit` of voltage: V, mV, uV (with any micro sign), nV, `uVolt`, `millivolts`.

    Raises:
        RecordingError: the unit is not one of voltage.
    """
    factor = _known(unit)
    if factor is None:
        raise RecordingError(
            "the unit of an ECG is V, mV, uV or nV",
            found=f"{unit!r} in {source}",
            next_step="convert the samples to mV, or choose another channel",
        )
    return factor


def is_voltage(unit: str) -> bool:
    """Whether `unit` is a unit of voltage."""
    return _known(unit) is not None


def _known(unit: str) -> float | None:
    word = "".join(unit.split()).strip("[]()")
    for garbled, plain in _GARBLED.items():
        word = word.replace(garbled, plain)
    word = word.lower()
    for sign in MICRO_SIGNS:
        word = word.replace(sign, "u")
    for prefix, letter in _WORDS.items():
        word = word.replace(prefix, letter)
    for ending in ("volts", "volt", "v"):
        if word.endswith(ending):
            return _MV_PER_VOLT.get(word.removesuffix(ending))
    return None
