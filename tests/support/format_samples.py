"""One small good file of each format, for whoever spoils files: benches and tests."""

import gzip

from support.dicom_bytes import dicom_file, group
from support.ecg_counts import counts
from support.holter_bytes import atc_file, ishne_file
from support.philips_xml import LEADS, philips_file
from support.scp_bytes import scp_file
from support.vital_bytes import vital_file
from support.wearable_text import (
    apple_file,
    consensys_file,
    kardia_json,
    movesense_file,
    opensignals_file,
    polar_file,
)
from support.xml_ecg import aecg_file, muse_file


def format_samples() -> dict[str, bytes]:
    """By a file name of the format; each is read as it is."""
    chest, limbs = counts("I", "II", "V5"), counts("I", "II", "aVF")
    samples: dict[str, bytes | str] = {
        "dicom.dcm": dicom_file(group(chest)),
        "aecg.xml": aecg_file(chest),
        "muse.xml": muse_file(chest),
        "philips.xml": philips_file(counts(*LEADS)),
        "huffman.scp": scp_file(chest),
        "raw.scp": scp_file(chest, huffman=False),
        "ishne.ecg": ishne_file(chest, with_checksum=False),
        "kardia.atc": atc_file(limbs),
        "0001.vital": gzip.decompress(vital_file({f"ECG_{lead}": values for lead, values in chest.items()})),
        "kardia.json": kardia_json(limbs),
        "apple.csv": apple_file(limbs["I"] * 1.018),
        "opensignals.txt": opensignals_file({"ECG": 512 + limbs["II"] // 4}),
        "polar_ECG.txt": polar_file(limbs["II"]),
        "shimmer.csv": consensys_file({"ECG_LL-RA": limbs["II"] * 0.0007}),
        "movesense.csv": movesense_file(limbs["II"] * 0.004, "elapsed,ecg (mV)"),
    }
    return {name: data if isinstance(data, bytes) else data.encode() for name, data in samples.items()}
