"""HL7 aECG and GE MUSE files, written from known numbers, apart from the readers."""

import base64
import zlib

from support.ecg_counts import Counts

AECG_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<AnnotatedECG xmlns="urn:hl7-org:v3" '
AECG_HEAD += 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
MUSE_HEAD = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE RestingECG SYSTEM "restecg.dtd">\n'


def aecg_file(
    leads: Counts,
    *,
    increment: str = "0.002",
    time_unit: str = "s",
    scale: float = 2.5,
    origin: float = 0.0,
    unit: str | None = "uV",
    origin_unit: str | None = None,
    code: str = "RHYTHM",
) -> str:
    """An aECG with one series of one sequence set; a representative beat is derived from it."""
    rhythm = _sequence_set(leads, increment, time_unit, scale, origin, unit, origin_unit)
    beat = _sequence_set({k: v[:50] for k, v in leads.items()}, increment, time_unit, 1.0, 0.0, "uV", None)
    derived = (
        f'<derivation><derivedSeries><code code="REPRESENTATIVE_BEAT"/>{beat}</derivedSeries></derivation>'
    )
    series = f'<component><series><code code="{code}"/>{rhythm}{derived}</series></component>'
    return f"{AECG_HEAD}{series}</AnnotatedECG>"


def _sequence_set(
    leads: Counts,
    increment: str,
    time_unit: str,
    scale: float,
    origin: float,
    unit: str | None,
    origin_unit: str | None,
) -> str:
    times = f'<head value="20260101120000"/><increment value="{increment}" unit="{time_unit}"/>'
    parts = [f'<code code="TIME_ABSOLUTE"/><value xsi:type="GLIST_TS">{times}</value>']
    for lead, numbers in leads.items():
        of = "" if unit is None else f'unit="{unit}"'
        origin_of = of if origin_unit is None else f'unit="{origin_unit}"'
        quantities = f'<origin value="{origin:g}" {origin_of}/><scale value="{scale:g}" {of}/>'
        digits = " ".join(map(str, numbers))
        value = f'<value xsi:type="SLIST_PQ">{quantities}<digits>{digits}</digits></value>'
        parts.append(f'<code code="MDC_ECG_LEAD_{lead.upper()}"/>{value}')
    sequences = "".join(f"<component><sequence>{part}</sequence></component>" for part in parts)
    return f"<component><sequenceSet>{sequences}</sequenceSet></component>"


def muse_file(
    leads: Counts,
    *,
    base: str = "500",
    exponent: str = "0",
    scale: str = "4.88",
    unit: str = "MICROVOLTS",
    kind: str = "Rhythm",
) -> str:
    """A RestingECG with a median beat, which is other numbers, and the rhythm."""
    median = _waveform({k: v[::-1][:120] for k, v in leads.items()}, "Median", base, exponent, scale, unit)
    rhythm = _waveform(leads, kind, base, exponent, scale, unit)
    return f"{MUSE_HEAD}<RestingECG>\n{median}{rhythm}</RestingECG>\n"


def _waveform(leads: Counts, kind: str, base: str, exponent: str, scale: str, unit: str) -> str:
    text = f"<Waveform><WaveformType>{kind}</WaveformType><NumberofLeads>{len(leads)}</NumberofLeads>"
    text += f"<SampleBase>{base}</SampleBase><SampleExponent>{exponent}</SampleExponent>"
    for lead, numbers in leads.items():
        code = numbers.astype("<i2").tobytes()
        lines = base64.encodebytes(code).decode()
        text += f"<LeadData><LeadSampleCountTotal>{len(numbers)}</LeadSampleCountTotal>"
        text += f"<LeadAmplitudeUnitsPerBit>{scale}</LeadAmplitudeUnitsPerBit>"
        text += f"<LeadAmplitudeUnits>{unit}</LeadAmplitudeUnits><LeadID>{lead}</LeadID>"
        text += "<FirstSampleBaseline>0</FirstSampleBaseline><LeadSampleSize>2</LeadSampleSize>"
        text += f"<LeadDataCRC32>{zlib.crc32(code)}</LeadDataCRC32>"
        text += f"<WaveFormData>\n{lines}</WaveFormData></LeadData>\n"
    return text + "</Waveform>\n"
