"""The excerpts of real recordings in tests/data: whole WFDB records, attributed, and few."""

from pathlib import Path

import pytest
import wfdb

DATA = Path(__file__).parent / "data"
RECORDS = sorted(path.with_suffix("") for path in DATA.rglob("*.hea"))
SIZE_MAX_BYTES = 600_000


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_headers_fit_their_samples(path: Path) -> None:
    record = wfdb.rdrecord(str(path), physical=False)
    assert record.d_signal.shape == (record.sig_len, record.n_sig)
    assert record.init_value == record.d_signal[0].tolist()
    assert [check % 65536 for check in record.checksum] == [
        int(s) % 65536 for s in record.d_signal.sum(axis=0)
    ]


@pytest.mark.parametrize("path", sorted((DATA / "mitdb").glob("*.atr")), ids=lambda path: path.name)
def test_annotations_lie_within_their_record(path: Path) -> None:
    annotation = wfdb.rdann(str(path.with_suffix("")), "atr")
    length = wfdb.rdheader(str(path.with_suffix(""))).sig_len
    assert (annotation.sample >= 0).all() and (annotation.sample < length).all()
    assert annotation.symbol[0] == "+" and annotation.aux_note[0].startswith("(")
    assert annotation.symbol.count("[") == annotation.symbol.count("]")


def test_every_record_is_attributed() -> None:
    readme = (DATA / "README.md").read_text()
    for path in RECORDS:
        assert f"`{path.relative_to(DATA).as_posix()}`" in readme
    for licence in ("ODC-By 1.0", "CC BY 4.0", "Apache-2.0"):
        assert licence in readme


def test_they_are_a_few_hundred_kilobytes() -> None:
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) < SIZE_MAX_BYTES
