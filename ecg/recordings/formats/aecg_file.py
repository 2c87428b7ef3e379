"""HL7 aECG files (annotated ECG, ANSI/HL7 V3 ECG, R1-2004)."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from splkit.ecg.recordings.contents import Contents, Lead
from splkit.ecg.recordings.formats.numbers import number, number_list
from splkit.ecg.recordings.formats.support import lead, refusal
from splkit.ecg.recordings.formats.xml_text import is_xml_of, parse_xml
from splkit.errors import RecordingError

_ROOT = "AnnotatedECG"
_LEAD_PREFIX = "MDC_ECG_LEAD_"
_SECONDS_PER_UNIT = {"s": 1.0, "ms": 1e-3, "us": 1e-6}


def is_aecg(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, begins an HL7 aECG."""
    return is_xml_of(start, _ROOT)


def aecg_contents(path: Path, source: str) -> Contents:
    """The leads of all rhythm series. Representative beats, which stand in derived series, are left out.

    The increment of the sequence of times gives the rate. The sequence of a lead gives its scale and origin,
    each with a unit.

    Raises:
        RecordingError: the file is damaged, states no unit or no rate, or has a lead twice.
    """
    root = parse_xml(path, source)
    if root.tag != _ROOT:
        raise refusal(f"an aECG begins with {_ROOT}", f"{root.tag} in {source}", "check the file")
    codes = [_code(series) for series in root.iterfind("component/series")]
    leads = [found for each in _rhythms(root) for found in _leads(each, source)]
    if not leads:
        kinds = ", ".join(codes) or "no series"
        raise refusal("an aECG holds a series RHYTHM with leads", f"{kinds} in {source}", "export the rhythm")
    name, count = Counter(each.name for each in leads).most_common(1)[0]
    if count > 1:
        raise refusal(
            "each lead of an aECG stands in it once",
            f"{count} times {name} in {source}",
            "split it, one sequence set a file",
        )
    return Contents(source, tuple(leads))


def _rhythms(root: Element) -> Iterator[Element]:
    """The sequence sets of the rhythm series."""
    for series in root.iterfind("component/series"):
        if _code(series) == "RHYTHM":
            yield from series.iterfind("component/sequenceSet")


def _code(element: Element) -> str:
    code = element.find("code")
    return "" if code is None else code.get("code", "")


def _leads(sequence_set: Element, source: str) -> Iterator[Lead]:
    sequences = list(sequence_set.iterfind("component/sequence"))
    fs_hz = _rate(sequences, source)
    for sequence in sequences:
        code, value = _code(sequence), sequence.find("value")
        if value is None or not code.startswith(_LEAD_PREFIX):
            continue
        scale, unit = _quantity(value, "scale", source)
        origin, origin_unit = _quantity(value, "origin", source)
        if origin and origin_unit != unit:
            raise refusal(
                "scale and origin of a lead have the same unit",
                f"{unit} and {origin_unit} for {code} in {source}",
            )
        digits = number_list(value.findtext("digits") or "", f"{code} in {source}")
        yield lead(code.removeprefix(_LEAD_PREFIX), unit, fs_hz, origin + scale * digits)


def _rate(sequences: list[Element], source: str) -> float:
    """The sampling rate in Hz, from the increment of the times."""
    for sequence in sequences:
        increment = sequence.find("value/increment")
        if _code(sequence).startswith("TIME_") and increment is not None:
            unit = increment.get("unit", "")
            step = number(increment.get("value"), f"an increment of time in {source}")
            if unit not in _SECONDS_PER_UNIT or not step > 0:
                raise refusal(
                    "the times of an aECG rise by so many s, ms or us", f"{step:g} {unit!r} in {source}"
                )
            return 1.0 / (step * _SECONDS_PER_UNIT[unit])
    raise refusal("a sequence set of an aECG has a sequence of times", f"none in {source}")


def _quantity(value: Element, tag: str, source: str) -> tuple[float, str]:
    found = value.find(tag)
    if found is None or found.get("unit") is None:
        raise _unstated(tag, source)
    return number(found.get("value"), f"the {tag} of a lead in {source}"), found.get("unit", "")


def _unstated(tag: str, source: str) -> RecordingError:
    return refusal("a lead of an aECG has a scale and an origin with units", f"no {tag} in {source}")
