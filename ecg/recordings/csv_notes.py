"""The sampling rate and the unit that the lines above a table state."""

import re
from collections.abc import Sequence

from splkit.errors import RecordingError

_NUMBER = r"(?P<number>\d+(?:[.,]\d+)?(?:e[+-]?\d+)?)"
_RATE = re.compile(
    r"\b(?:f_?s|sampl\w*[ _-]?(?:rate|freq\w*)|sampl\w* per sec\w*|rate|freq\w*|abtast\w*)\b[^\d\n-]{0,20}?"
    rf"(?P<sign>-?){_NUMBER}\s*[\"']?[,;\t ]?\s*(?P<unit>k?hz|hertz|sps|samples?\s*/\s*s\w*)?(?![\w.])",
    re.IGNORECASE,
)
_INTERVAL = re.compile(
    rf"\bsampl\w*[ _-]?(?:interval|period|time)\b[^\d\n-]{{0,20}}?{_NUMBER}\s*(?P<unit>ms|us|s)\b",
    re.IGNORECASE,
)
_OTHER_RATE = re.compile(r"(?i)heart|pulse|resp|bit|baud|frame|hr\b|cut-?off|filter|notch|mains|corner|pass")
_UNIT = re.compile(
    r"\bunits?\b\W{0,12}?(?P<unit>"
    r"(?:[mun]|\N{MICRO SIGN}|\N{GREEK SMALL LETTER MU}|milli|micro)?v(?:olts?)?)\b",
    re.I,
)
_S_PER_UNIT = {"s": 1.0, "ms": 1e-3, "us": 1e-6}
_SAME = 1e-3


def stated_rate(lines: Sequence[str], source: str) -> float | None:
    """The sampling rate in Hz that lines such as `# fs = 250` state, or None.

    Raises:
        RecordingError: the lines state different rates.
    """
    rates: list[float] = []
    for line in lines:
        if _OTHER_RATE.search(line):
            continue
        for match in _RATE.finditer(line):
            number = float(match["number"].replace(",", "."))
            scale = 1e3 if (match["unit"] or "").lower() == "khz" else 1.0
            rates.append(number * scale * (-1 if match["sign"] else 1))
        for match in _INTERVAL.finditer(line):
            step_s = float(match["number"].replace(",", ".")) * _S_PER_UNIT[match["unit"].lower()]
            rates.append(1.0 / step_s if step_s else 0.0)
    if not rates:
        return None
    if any(abs(rate - rates[0]) > _SAME * abs(rates[0]) for rate in rates):
        raise RecordingError(
            "a file states one sampling rate",
            found=f"{', '.join(f'{rate:g}' for rate in dict.fromkeys(rates))} Hz above the table of {source}",
            next_step="remove the lines that are of something else",
        )
    return rates[0]


def stated_unit(lines: Sequence[str]) -> str | None:
    """The unit of voltage that a line such as `# unit: uV` states, or None."""
    return next((match["unit"] for line in lines if (match := _UNIT.search(line))), None)
