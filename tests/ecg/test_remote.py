"""ECGs behind URLs: read as those on a disk; fsspec's memory stands for the bucket."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from support.pairs import HEADINGS, PATIENTS, write_pairs, write_record

from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.record_files import are_the_same, states_of
from splkit.errors import RecordingError, ToolError, UsageError
from splkit.quantize.estimates.inputs import find_ecgs
from splkit.quantize.estimates.work import Way, Work, answer
from splkit.quantize.reference import reference_model
from splkit.train.config import TrainConfig
from splkit.train.cut_cache import CutCache
from splkit.train.dataset import build
from splkit.train.pairs import with_pairs

fsspec = pytest.importorskip("fsspec", reason="ECGs in buckets need splkit[ecg]")


@pytest.fixture
def bucket() -> Iterator[str]:
    """Its URL; what it holds goes at the end."""
    yield "memory://ecgs"
    files = fsspec.filesystem("memory")
    if files.exists("/ecgs"):
        files.rm("/ecgs", recursive=True)


def put(folder: Path, bucket: str) -> None:
    files, at = fsspec.core.url_to_fs(bucket)
    for path in folder.iterdir():
        files.pipe_file(f"{at}/{path.name}", path.read_bytes())


@pytest.mark.parametrize("name", ["r0", "r0.hea"])
def test_a_record_in_a_bucket_is_read_as_on_a_disk(tmp_path: Path, bucket: str, name: str) -> None:
    write_record(tmp_path / "r0", seed=1)
    put(tmp_path, bucket)
    there, here = (read_recording(f"{place}/{name}", "II") for place in (bucket, tmp_path))
    np.testing.assert_array_equal(there.signal_mv, here.signal_mv)
    assert (there.fs_hz, there.source) == (here.fs_hz, f"{bucket}/r0" if name == "r0" else f"{bucket}/r0.hea")


def test_a_record_of_segments_and_a_single_file(tmp_path: Path, bucket: str) -> None:
    write_record(tmp_path / "part", seed=1, duration_s=8.0)
    (tmp_path / "both.hea").write_text("both/2 2 500 8000\npart 4000\npart 4000\n")
    mv = np.sin(np.arange(2000) / 20)
    (tmp_path / "ecg.csv").write_text(
        "time_s,II_mv\n" + "".join(f"{i / 250},{v}\n" for i, v in enumerate(mv))
    )
    put(tmp_path, bucket)
    for name in ("both", "ecg.csv"):
        there, here = (read_recording(f"{place}/{name}", "II") for place in (bucket, tmp_path))
        np.testing.assert_array_equal(there.signal_mv, here.signal_mv)


def test_what_is_not_there_or_cannot_be_reached_is_named(bucket: str) -> None:
    with pytest.raises(RecordingError, match=r"found no memory://ecgs/r9 and no memory://ecgs/r9\.hea"):
        read_recording(f"{bucket}/r9")
    with pytest.raises(RecordingError, match=r"nosuch://b/r9 \(ValueError: Protocol not known"):
        read_recording("nosuch://b/r9")


def test_the_package_for_a_kind_of_bucket_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(url: str) -> None:
        raise ImportError(f"Install s3fs to access S3 ({url})")

    monkeypatch.setattr(fsspec.core, "url_to_fs", missing)
    with pytest.raises(ToolError, match=r"Install s3fs to access S3 .*such as s3fs or gcsfs"):
        read_recording("s3://bucket/r9")


def test_a_file_that_is_replaced_is_another_one(tmp_path: Path, bucket: str) -> None:
    write_record(tmp_path / "r0", seed=1)
    put(tmp_path, bucket)
    before = states_of(f"{bucket}/r0")
    assert [state.path.split("/")[-1] for state in before] == ["r0.hea", "r0.dat"] and are_the_same(before)
    write_record(tmp_path / "r0", seed=2)
    put(tmp_path, bucket)
    assert not are_the_same(before)


def test_a_network_learns_from_a_bucket_as_from_a_disk(tmp_path: Path, bucket: str) -> None:
    folder = tmp_path / "ecgs"
    folder.mkdir()
    table = write_pairs(folder)
    put(folder, bucket)
    rows = table.read_text().replace("\nr", f"\n{bucket}/r")
    (tmp_path / "pairs.csv").write_text(rows)
    here, there = (build(with_pairs(TrainConfig(), each)) for each in (table, tmp_path / "pairs.csv"))
    np.testing.assert_array_equal(there.averaged, here.averaged)
    np.testing.assert_array_equal(there.potassium_meq_l, here.potassium_meq_l)
    config, cache = with_pairs(TrainConfig(), tmp_path / "pairs.csv"), tmp_path / "cache"
    build(config, cache=cache)
    assert len(CutCache.of(config, cache).known(0)) == 2 * PATIENTS


def test_a_table_in_a_bucket_names_its_records_beside_it(tmp_path: Path, bucket: str) -> None:
    table = write_pairs(tmp_path)
    put(tmp_path, bucket)
    here, there = (build(with_pairs(TrainConfig(), each)) for each in (table, f"{bucket}/pairs.csv"))
    np.testing.assert_array_equal(there.averaged, here.averaged)
    with pytest.raises(UsageError, match=r"no memory://ecgs/nowhere\.csv"):
        with_pairs(TrainConfig(), f"{bucket}/nowhere.csv")
    fsspec.filesystem("memory").pipe_file("/ecgs/none.csv", HEADINGS.encode())
    with pytest.raises(UsageError, match=r"found 0 in memory://ecgs/none\.csv"):
        with_pairs(TrainConfig(), f"{bucket}/none.csv")


def test_an_ecg_in_a_bucket_is_answered_and_not_twice(tmp_path: Path, bucket: str) -> None:
    write_record(tmp_path / "r0", seed=1)
    put(tmp_path, bucket)
    (tmp_path / "table.csv").write_text(f"record\n{bucket}/r0\n")
    asked = find_ecgs([f"{bucket}/r0", str(tmp_path / "table.csv"), str(tmp_path / "r0")], tmp_path / "out")
    assert [each.path for each in asked.ecgs] == [f"{bucket}/r0", f"{bucket}/r0", str(tmp_path / "r0")]
    way = Way(reference_model(), TrainConfig().front_end)
    there, here = (answer(Work(asked.ecgs[index], way)) for index in (0, 2))
    assert there is not None and here is not None and there.sha256
    assert there.value == here.value is not None and there.verdicts == here.verdicts
    assert answer(Work(asked.ecgs[0], way, there.sha256)) is None
    write_record(tmp_path / "r0", seed=2)
    put(tmp_path, bucket)
    assert answer(Work(asked.ecgs[0], way, there.sha256)) is not None
