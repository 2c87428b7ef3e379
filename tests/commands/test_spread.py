"""Verbs that spread work: over processes of this machine, or over a cluster."""

from pathlib import Path

import pytest
from support.command_line import splkit


@pytest.mark.parametrize("verb", [("train",), ("estimate", "toy"), ("digitize", "page.png")])
def test_workers_and_a_cluster_are_one_or_the_other(tmp_path: Path, verb: tuple[str, ...]) -> None:
    out = tmp_path / "out"
    told = splkit(*verb, "--out", str(out), "--workers", "2", "--dask", "tcp://127.0.0.1:1")
    assert told.returncode == 2 and "found --workers and --dask; leave one out" in told.stderr
    assert not out.exists()


def test_real_ecgs_alone_can_be_skipped(tmp_path: Path) -> None:
    told = splkit("train", "--out", str(tmp_path / "out"), "--skip-unreadable")
    assert told.returncode == 2 and "about a table of ECGs; found no --pairs" in told.stderr
