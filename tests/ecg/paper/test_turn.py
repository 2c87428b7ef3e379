"""A page on its side or its head is read all the same, and its points stay where the ink is."""

import numpy as np
import pytest
from support import drawn_sheet as drawn

from splkit.ecg.paper.contracts import Hints, Layout, Sheet
from splkit.ecg.paper.layout import turn
from splkit.ecg.paper.layout.pale import darkened
from splkit.ecg.paper.layout.turn import turned, upright_layout
from splkit.errors import RecordingError


def sheet() -> Sheet:
    """40 x 60 pixels, ink at (50, 10) alone; the page is 5 right of it, 3 below."""
    coverage = np.zeros((40, 60), np.float32)
    coverage[10, 50] = 1
    return Sheet(coverage, 7.0, 8.0, np.array([[1, 0, 5], [0, 1, 3], [0, 0, 1.0]]))


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_points_stay_on_the_ink(quarters):
    other = turned(sheet(), quarters)
    (y,), (x,) = np.nonzero(other.coverage)
    assert (other.page_from_sheet @ [x, y, 1]).tolist() == [55, 13, 1]
    assert (other.px_per_mm_x, other.px_per_mm_y) == ((7, 8) if quarters == 2 else (8, 7))


def upright_only(*ways: int, labels_read: float = 0.8):
    """A stand-in that reads a sheet whose ink lies as after so many quarter turns to the left."""
    places = [tuple(each[0] for each in np.nonzero(turned(sheet(), way).coverage)) for way in ways]

    def find(other: Sheet, _hints: Hints) -> Layout:
        at = tuple(each[0] for each in np.nonzero(other.coverage))
        if at not in places:
            raise RecordingError("rows", found=f"none at {at}", next_step="turn it")
        return Layout("3x4+1", (), notes=("read",), labels_read=labels_read)

    return find


@pytest.mark.parametrize(("quarters", "said"), [(1, "its right side"), (2, "its head"), (3, "its left side")])
def test_the_one_way_that_reads_is_taken_and_told(monkeypatch, quarters, said):
    monkeypatch.setattr(turn, "find_layout", upright_only(quarters))
    other, layout = upright_layout(sheet(), Hints())
    assert (other.coverage == turned(sheet(), quarters).coverage).all()
    assert layout.notes == ("read", f"the page lay on {said} and was turned")
    with pytest.raises(RecordingError, match=r"none at \(10, 50\)|none at"):
        upright_layout(sheet(), Hints(leads=("I",)))


def test_no_way_and_two_ways_are_refused(monkeypatch):
    monkeypatch.setattr(turn, "find_layout", upright_only())
    with pytest.raises(RecordingError, match=r"none at .*10.*50"):
        upright_layout(sheet(), Hints())
    monkeypatch.setattr(turn, "find_layout", upright_only(1, 3))
    with pytest.raises(RecordingError, match="2 ways in which the page reads"):
        upright_layout(sheet(), Hints())


def test_few_labels_do_not_turn_a_page(monkeypatch):
    monkeypatch.setattr(turn, "find_layout", upright_only(2, labels_read=0.5))
    with pytest.raises(RecordingError, match="none at"):
        upright_layout(sheet(), Hints())


def test_traces_that_are_pale_beside_a_persons_ink_are_read() -> None:
    """At 0.4 of the darkest ink, which is on 0.1 % of the paper; the page lies on its head."""
    pale = (drawn.draw() * 0.4).astype(np.float32)
    pale[40:60, 600:680] = 1
    other, layout = upright_layout(turned(drawn.sheet(pale), 2), Hints())
    assert layout.name == "3x4+1"
    assert layout.notes[-2:] == (
        "the page lay on its head and was turned",
        "traces are pale beside the darkest ink",
    )
    assert np.quantile(other.coverage, 0.99) == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize("dark", [0.0, 0.2, 1.0])
def test_blank_paper_and_dark_traces_stay_as_they_are(dark: float) -> None:
    assert darkened(drawn.sheet((drawn.draw() * dark).astype(np.float32))) is None


def test_pale_traces_are_read_beside_a_dark_table() -> None:
    """The darkest is the table behind the paper, which is thicker than any trace."""
    pale = (drawn.draw() * 0.4).astype(np.float32)
    pale[:, -round(6 * drawn.MM) :] = 1
    _, layout = upright_layout(drawn.sheet(pale), Hints())
    assert layout.name == "3x4+1"
    assert layout.notes[-1] == "traces are pale beside the darkest ink"
