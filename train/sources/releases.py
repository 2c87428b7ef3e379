"""Open data sets with ECGs and potassium: what to fetch from them, and whether the tables are complete.

splkit downloads nothing; the user does. What each release holds was read in November 2026 on its page at
PhysioNet (named below) or VitalDB (vitaldb.net/dataset). The files themselves were not available. 800,035 is
the number of rows of record_list.csv according to public analyses of MIMIC-IV-ECG 1.0.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from splkit.errors import RecordingError

SUMS = "SHA256SUMS.txt"
"""PhysioNet's list of hashes in the top folder of every release. Each line has a hash and a path."""

_FOLDERS_UP = 2
"""How many folders above a table its list of hashes may be. Tables are in the top folder or in hosp/."""


@dataclass(frozen=True)
class Release:
    """A published data set, with what is needed to check its files.

    Attributes:
        name: its name with its version.
        address: the URL of its files.
        count: the number of rows in its main table.
    """

    name: str
    address: str
    count: int


MIMIC_ECG = Release("MIMIC-IV-ECG 1.0", "https://physionet.org/files/mimic-iv-ecg/1.0/", 800_035)
MIMIC_ECG_DEMO = Release(
    "the demo of MIMIC-IV-ECG, 0.1", "https://physionet.org/files/mimic-iv-ecg-demo/0.1/", 659
)
VITALDB = Release("VitalDB", "https://api.vitaldb.net/", 6_388)
VITALDB_AT_PHYSIONET = Release(
    "VitalDB 1.0.0 at PhysioNet", "https://physionet.org/files/vitaldb/1.0.0/", 6_388
)

_CLINICAL_DEMO = "https://physionet.org/files/mimic-iv-demo/2.2/"

HOW_MIMIC = f"""\
The demo is open and needs no account. It has 659 ECGs of 92 patients, and laboratory values of 100 patients.
  wget -r -N -c -np -nH --cut-dirs=3 -P mimic-ecg-demo {MIMIC_ECG_DEMO.address}
  wget -P mimic-demo {_CLINICAL_DEMO}{SUMS}
  wget -P mimic-demo/hosp {_CLINICAL_DEMO}hosp/labevents.csv.gz
  splkit pairs mimic --ecg mimic-ecg-demo --labs mimic-demo/hosp/labevents.csv.gz --out pairs.csv
The whole data set has about 800,000 ECGs of nearly 160,000 patients, which are open. Access to the laboratory
values is granted to each person, after a course on research with human subjects and an agreement
(physionet.org/content/mimiciv).
  wget -P mimic-ecg {MIMIC_ECG.address}record_list.csv {MIMIC_ECG.address}{SUMS}
  hosp/labevents.csv.gz of MIMIC-IV, with your account
  splkit pairs mimic --ecg mimic-ecg --labs hosp/labevents.csv.gz --out pairs.csv --urls urls.txt
  wget -x -nH --cut-dirs=3 -P mimic-ecg -i urls.txt      only the ECGs that have a blood test
If {SUMS} lies with a table, splkit checks the table's hash. Otherwise it counts the rows."""

HOW_VITALDB = f"""\
VitalDB is open and needs no account (CC BY 4.0; terms: vitaldb.net/dataset).
It has {VITALDB.count:,} operations.
  mkdir vitaldb
  wget -O vitaldb/cases.csv.gz {VITALDB.address}cases
  wget -O vitaldb/labs.csv.gz {VITALDB.address}labs
  wget -O vitaldb/trks.csv.gz {VITALDB.address}trks
  splkit pairs vitaldb --data vitaldb --urls urls.txt
  wget -P vitaldb -i urls.txt                            only the ECGs of operations with a blood test
  splkit pairs vitaldb --data vitaldb --out vitaldb-pairs
Each track is one lead of one operation, some hours at 500 Hz. splkit counts the operations.
PhysioNet has the same operations, with all leads of an operation in one .vital file. splkit reads these too:
put clinical_data.csv, lab_data.csv and vital_files/ of {VITALDB_AT_PHYSIONET.address} into one folder."""


def check_sums(table: Path) -> bool:
    """Compares a table with its published hash. Returns False if there is no list of hashes with the table.

    Raises:
        RecordingError: the table has another hash.
    """
    listing = next((up / SUMS for up in table.resolve().parents[:_FOLDERS_UP] if (up / SUMS).is_file()), None)
    if listing is None or not table.is_file():
        return False
    name = table.resolve().relative_to(listing.parent.resolve()).as_posix()
    lines = (line.split(maxsplit=1) for line in listing.read_text(encoding="utf-8").splitlines())
    known = {words[1].lstrip("*").strip(): words[0].lower() for words in lines if len(words) == 2}
    if name not in known:
        return False
    with table.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != known[name]:
        raise RecordingError(
            f"a table has the SHA-256 that {SUMS} has for it",
            found=f"{found[:12]}..., not {known[name][:12]}..., for {table}",
            next_step="fetch it again",
        )
    return True


def held_against(count: int, what: str, releases: tuple[Release, ...], hashed: bool) -> str:
    """Which release has a given number of rows, in words.

    Args:
        count: the number of rows.
        what: what a row is, in the plural ("ECGs").
        releases: the possible releases.
        hashed: whether `check_sums` compared the tables with their hashes.
    """
    checked = "tables as published by SHA-256" if hashed else "tables not held to a hash"
    for release in releases:
        if count == release.count:
            return f"{count:,} {what}, as many as {release.name} has; {checked}"
    known = " or ".join(f"{release.count:,} ({release.name})" for release in releases)
    return f"{count:,} {what}, not {known}: another release, or a part; {checked}"
