"""The picture of a recording: to scale, its marks apart, its title without a path."""

from pathlib import Path

import numpy as np
import pytest

from splkit.ecg.recordings.recording import Recording
from splkit.ecg.rpeaks import plot
from splkit.ecg.rpeaks.find import RPeaks, find_r_peaks
from splkit.ecg.rpeaks.plot import free_lines, plot_r_peaks
from splkit.ecg.rpeaks.span import Span, chosen_span, clock
from splkit.ecg.rpeaks.titles import title
from splkit.errors import UsageError

pytest.importorskip("matplotlib", reason="pictures need splkit[ecg]")

MM_IN = 25.4


def ecg(duration_s: float, fs_hz: float = 250.0, rr_s: float = 0.8, size_mv: float = 1.0) -> Recording:
    """R and T waves at one distance."""
    since_s = np.arange(round(duration_s * fs_hz)) / fs_hz % rr_s - rr_s / 2
    waves = np.exp(-0.5 * (since_s / 0.012) ** 2) + 0.2 * np.exp(-0.5 * ((since_s - 0.25) / 0.03) ** 2)
    return Recording(size_mv * waves, fs_hz, "V5", "/home/someone/secret/record.hea")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list:  # type: ignore[type-arg]
    """The figures that are saved."""
    figures: list = []  # type: ignore[type-arg]
    monkeypatch.setattr(plot, "save_picture", lambda figure, _path: figures.append(figure))
    return figures


def of(recording: Recording, span: Span) -> RPeaks:
    beats = find_r_peaks(recording)
    plot_r_peaks(Path("picture.png"), beats, span)
    return beats


@pytest.mark.parametrize(("from_s", "to_s", "rows"), [(0, 3, 1), (20, 30, 1), (5, 30, 3), (0, 60, 6)])
def test_a_second_is_25_mm_and_a_millivolt_10(drawn, from_s, to_s, rows):
    of(ecg(60.0), Span(from_s, to_s))
    figure = drawn[0]
    strips = [axes for axes in figure.axes if axes.get_ylabel() == "mV"]
    assert len(strips) == rows
    shown_s = 0.0
    for axes in strips:
        place = axes.get_position()
        wide_mm, high_mm = (
            place.width * figure.get_figwidth() * MM_IN,
            place.height * figure.get_figheight() * MM_IN,
        )
        (first, last), (low, high) = axes.get_xlim(), axes.get_ylim()
        assert wide_mm / (last - first) == pytest.approx(25)
        assert high_mm / (high - low) == pytest.approx(10)
        fine = axes.xaxis.get_minor_locator().tick_values(first, last)
        assert np.diff(fine) == pytest.approx(0.04)
        shown_s += last - first
    assert shown_s == pytest.approx(to_s - from_s)


def test_the_title_names_no_folder(drawn):
    of(ecg(40.0), Span(5.0, 15.0))
    texts = [text.get_text() for text in drawn[0].texts]
    assert any(text.startswith("record.hea   V5   5 s to 15 s   25 mm/s, 10 mm/mV") for text in texts)
    assert not any("secret" in text for text in texts)
    assert "For research; not a medical device." in texts


def test_a_trace_that_leaves_the_paper_says_so(drawn):
    of(ecg(20.0, size_mv=9.0), Span(0.0, 10.0))
    assert any("leaves the paper" in text.get_text() for text in drawn[0].texts)
    strip = next(axes for axes in drawn[0].axes if axes.get_ylabel() == "mV")
    assert np.ptp(strip.get_ylim()) <= plot.LARGEST_MV + 1


def test_words_of_verdicts_are_apart(drawn):
    """At 250 beats a minute, each with a verdict."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    of(ecg(30.0, rr_s=0.24), Span(10.0, 20.0))
    lane = drawn[0].axes[0]
    renderer = FigureCanvasAgg(drawn[0]).get_renderer()
    boxes = [text.get_window_extent(renderer) for text in lane.texts]
    assert len(boxes) > 15
    assert not any(a.overlaps(b) for at, a in enumerate(boxes) for b in boxes[at + 1 :])
    panel = lane.get_window_extent(renderer)
    assert all(box.y1 <= panel.y1 + 2 for box in boxes)


def test_accepted_intervals_have_another_shape(drawn):
    of(ecg(30.0), Span(10.0, 20.0))
    panel = next(axes for axes in drawn[0].axes if axes.get_ylabel() == "RR, ms")
    shapes = {
        line.get_label(): line.get_marker()
        for line in panel.lines
        if line.get_label() in ("accepted", "left out")
    }
    assert shapes == {"accepted": "o", "left out": "x"}


@pytest.mark.parametrize(
    ("middles", "widths", "lines"),
    [
        ([0, 10, 20], [9, 9, 9], [0, 0, 0]),
        ([0, 5, 10], [9, 9, 9], [0, 1, 0]),
        ([0, 1, 2], [9, 9, 9], [0, 1, 2]),
        ([], [], []),
    ],
)
def test_a_word_is_in_the_lowest_line_that_is_free(middles, widths, lines):
    assert free_lines(np.array(middles, float), widths) == lines


@pytest.mark.parametrize(
    ("from_s", "to_s", "expected"),
    [
        (None, None, (25, 35)),
        (3.0, None, (3, 13)),
        (None, 30.0, (20, 30)),
        (None, 4.0, (0, 4)),
        (55.0, None, (55, 60)),
        (1.5, 2.5, (1.5, 2.5)),
    ],
)
def test_a_span_is_ten_seconds_where_nothing_else_is_said(from_s, to_s, expected):
    assert chosen_span(ecg(60.0), from_s, to_s) == pytest.approx(expected)


@pytest.mark.parametrize(("from_s", "to_s"), [(70.0, None), (50.0, 40.0), (10.0, 10.1), (0.0, 61.0)])
def test_a_span_outside_is_refused(from_s, to_s):
    with pytest.raises(UsageError, match=r"60\.0 s long"):
        chosen_span(ecg(60.0), from_s, to_s)


def test_a_picture_is_a_minute_at_most():
    with pytest.raises(UsageError, match="60 s at most"):
        of(ecg(90.0), Span(0.0, 61.0))


def test_a_short_strip_is_shown_whole(tmp_path):
    beats = find_r_peaks(ecg(3.0))
    plot_r_peaks(tmp_path / "strip.png", beats, chosen_span(beats.recording, None, None))
    assert (tmp_path / "strip.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (12.5, "12.5 s"), (60, "0:01:00"), (3725.4, "1:02:05")]
)
def test_a_time_reads_as_on_a_clock(seconds, said):
    assert clock(seconds) == said


@pytest.mark.parametrize("source", ["C:\\ecgs\\119", "s3://bucket/ecgs/119", "119", "ecgs/119/"])
def test_a_name_is_the_last_part_of_a_path(source):
    named = Recording(ecg(3.0).signal_mv, 250.0, "II", source)
    assert title(named, Span(0, 3)) == "119   II   0 s to 3 s"
