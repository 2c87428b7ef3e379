"""Many pages: each once, each whole, none stopped by another. Reading itself is a stand-in here."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from splkit.ecg.paper.batch import page as page_module
from splkit.ecg.paper.batch.jobs import Wanted, find_files, find_jobs
from splkit.ecg.paper.batch.run import read_all
from splkit.ecg.paper.batch.summary import check_tables, write_tables
from splkit.ecg.paper.contracts import Digitized, Grid, Hints, Layout, Page, Quality, Segment
from splkit.errors import RecordingError, UsageError
from splkit.pool import in_parallel

images = pytest.importorskip("PIL.Image", reason="Pillow, of the extra [digitize], is not installed")
pytest.importorskip("cv2", reason="OpenCV, of the extra [digitize], is not installed")

READ, LOOK, ASSUMED, NO_PAGE, FAULT = 200, 150, 170, 100, 50
"""Greys of pages: read, read with doubt, read at an assumed gain, refused, and one that splkit fails on."""


def stand_in(page: Page, _hints: Hints) -> Digitized:
    grey = int(page.rgb[0, 0, 0])
    if grey == NO_PAGE:
        raise RecordingError(
            "a page has a grid", found=f"none in {page.source}", next_step="give --px-per-mm"
        )
    if grey == FAULT:
        raise ZeroDivisionError("a fault of splkit's own")
    quality = Quality(1.0, 0.0, 0.0, confidence=0.2 if grey == LOOK else 0.95)
    segment = Segment("V1", False, 0.0, np.linspace(0, 1, 50), quality)
    eye = np.eye(3)
    return Digitized(
        page,
        Grid(eye, 8, 8, 0.0),
        Layout("1x1", (), assumed=("gain 10 mm/mV assumed",) if grey == ASSUMED else ()),
        (),
        eye,
        (segment,),
    )


@pytest.fixture(autouse=True)
def reads(monkeypatch) -> list[str]:
    """The sources that were read, one by one."""
    made: list[str] = []

    def read(page: Page, hints: Hints) -> Digitized:
        made.append(Path(page.source).name)
        return stand_in(page, hints)

    monkeypatch.setattr(page_module, "digitize", read)
    return made


def paint(path: Path, grey: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    images.new("L", (120, 110), grey).save(path)
    return path


def run(inputs: list[Path], out: Path, hints: Hints = Hints(), force: bool = False):  # noqa: B008
    jobs = find_jobs(find_files(inputs, out), hints, Wanted())
    return [result for result, _ in read_all(jobs, out, workers=1, force=force)]


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


MADE = {".csv", ".hea", ".dat", ".overlay.png", ".json"}


def test_one_bad_page_stops_nobody(tmp_path):
    for name, grey in (("a", NO_PAGE), ("b", FAULT), ("c", LOOK), ("d", READ), ("f", ASSUMED)):
        paint(tmp_path / "in" / f"{name}.png", grey)
    (tmp_path / "in" / "e.png").write_bytes(b"no image")
    results = {each.name: each for each in run([tmp_path / "in"], tmp_path / "out")}
    assert {name: each.status for name, each in results.items()} == {
        "a": "failed", "b": "failed", "c": "look", "d": "read", "e": "failed", "f": "look"
    }  # fmt: skip
    assert "a page has a grid; found none in" in results["a"].message
    assert "ZeroDivisionError" in results["b"].message
    assert results["c"].message == "look at V1"
    assert results["f"].message == "gain 10 mm/mV assumed"
    assert "whose content is none of them" in results["e"].message
    assert files(tmp_path / "out") == {f"{name}{end}" for name in "cdf" for end in MADE} | {
        f"{name}.json" for name in "abe"
    }


def test_a_page_is_read_once_as_long_as_all_is_the_same(tmp_path, reads):
    path, out = paint(tmp_path / "page.png", READ), tmp_path / "out"
    first = run([path], out)
    assert run([path], out) == first
    assert len(reads) == 1
    run([path], out, Hints(mm_per_s=50))
    assert len(reads) == 2
    run([path], out, Hints(mm_per_s=50), force=True)
    assert len(reads) == 3
    paint(path, LOOK)
    assert [each.status for each in run([path], out, Hints(mm_per_s=50))] == ["look"]
    (out / "page.csv").unlink()
    run([path], out, Hints(mm_per_s=50))
    assert len(reads) == 5


def test_a_page_that_fails_now_leaves_no_numbers_of_before(tmp_path):
    path, out = paint(tmp_path / "page.png", READ), tmp_path / "out"
    run([path], out)
    paint(path, NO_PAGE)
    run([path], out)
    assert files(out) == {"page.json"}


@pytest.mark.parametrize("force", [False, True])
def test_what_is_the_users_is_never_replaced(tmp_path, force):
    path, out = paint(tmp_path / "page.png", READ), tmp_path / "out"
    out.mkdir()
    (out / "page.csv").write_text("mine")
    (result,) = run([path], out, force=force)
    assert result.status == "failed" and "page.csv" in result.message
    assert files(out) == {"page.csv"}
    (out / "page.csv").unlink()
    run([path], out)
    (out / "page.csv").write_text("corrected by hand")
    run([path], out)  # done before: kept
    (result,) = run([path], out, Hints(mm_per_s=50), force)
    assert "nobody changed" in result.message
    assert (out / "page.csv").read_text() == "corrected by hand"


def test_names_tell_apart_what_is_called_alike(tmp_path):
    scans = tmp_path / "scans"
    paint(scans / "1.png", READ)
    paint(scans / "1.bmp", READ)
    paint(scans / "ward" / "1.png", READ)
    paint(scans / "out" / "old.png", READ)
    pages = [images.new("L", (120, 110), READ) for _ in range(2)]
    pages[0].save(scans / "two.tif", save_all=True, append_images=pages[1:])
    (scans / "notes.txt").write_text("no page")
    results = run([scans, tmp_path / "scans" / "ward" / "1.png"], scans / "out")
    assert [each.name for each in results] == ["1_bmp", "1_png", "two-p1", "two-p2", "ward/1"]
    other = paint(tmp_path / "other" / "1.png", READ)
    twice = find_jobs(find_files([scans / "1.png", other], tmp_path / "out"), Hints(), Wanted())
    assert [job.name for job in twice] == ["1_png", "1_png_2"]


def test_inputs_that_are_none(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="none in"):
        find_files([tmp_path / "empty"], tmp_path / "out")
    with pytest.raises(UsageError, match="no file"):
        find_files([tmp_path / "absent.png"], tmp_path / "out")
    with pytest.raises(UsageError, match="another folder than the pages"):
        find_files([tmp_path / "empty"], tmp_path / "empty")


def half(number: int) -> float:
    if number == 3:
        os._exit(1)  # as when the system ends a process for want of memory
    return number / 2


def test_a_process_that_dies_takes_one_piece_with_it():
    results = dict(in_parallel(half, list(range(6)), 2, lambda number: -float(number)))
    assert results == {0: 0.0, 1: 0.5, 2: 1.0, 3: -3.0, 4: 2.0, 5: 2.5}


def test_a_hint_is_part_of_what_a_page_was_read_with(tmp_path):
    job = find_jobs([(paint(tmp_path / "a.png", READ), Path("a.png"))], Hints(leads=("I", "II")), Wanted())[0]
    result, _ = page_module.read_page(job)
    assert result.options == {"leads": ["I", "II"]}
    hints = Hints(leads=("I", "II"))
    assert run([job.path], tmp_path / "out", hints) == run([job.path], tmp_path / "out", hints)
    again, _ = page_module.read_page(replace(job, hints=Hints()))
    assert again.options == {}


def test_tables_have_all_pages_of_the_folder_and_keep_what_a_person_wrote(tmp_path):
    out = tmp_path / "out"
    paths = [
        paint(tmp_path / f"{name}.png", grey) for name, grey in (("a", READ), ("b", LOOK), ("c", NO_PAGE))
    ]
    for path in paths:
        write_tables(out, run([path], out))
    summary = (out / "summary.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in summary] == ["name", "a", "b", "c"]
    assert summary[2].split(",")[3:8] == ["look", "1x1", "1", "0", "0.200"]
    pairs = (out / "pairs.csv").read_text()
    assert pairs == "record,patient,potassium_meq_l,look_at\na,,,\nb,,,V1\n"
    (out / "pairs.csv").write_text(pairs.replace("a,,,", "a,A17,4.9,"))
    paint(paths[1], NO_PAGE)
    write_tables(out, run(paths, out))
    assert (out / "pairs.csv").read_text() == "record,patient,potassium_meq_l,look_at\na,A17,4.9,\n"
    check_tables(out)


@pytest.mark.parametrize("content", ["mine\n1\n", "\udcff"])
def test_a_table_of_the_users_own_is_not_replaced(tmp_path, content):
    (tmp_path / "summary.csv").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match=r"summary\.csv in a folder of results is splkit's"):
        check_tables(tmp_path)
