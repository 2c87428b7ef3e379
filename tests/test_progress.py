"""How far work is, where nobody looks at a terminal: at most a line a minute, with the time left."""

from io import StringIO

import pytest

from splkit import console
from splkit.minutes import MinuteLines, counted, duration
from splkit.progress import Shown, Within, ignore_progress, note, stage, tell


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def lines_of(total: int | None) -> tuple[MinuteLines, Clock, list[str]]:
    clock, said = Clock(), list[str]()
    return MinuteLines("reading pages", total, said.append, clock), clock, said


def test_work_of_less_than_a_minute_says_nothing() -> None:
    shown, clock, said = lines_of(100)
    for _ in range(100):
        clock.now_s += 0.59
        shown(1)
    assert said == []


def test_a_line_a_minute_goes_by_the_speed_since_the_last() -> None:
    shown, clock, said = lines_of(1000)
    for step_s in (1.0, 0.5):
        for _ in range(round(60 / step_s)):
            clock.now_s += step_s
            shown(1)
    assert said == [
        "reading pages: 60 of 1,000 (6 %), 1.0/s, 16 min left",
        "reading pages: 180 of 1,000 (18 %), 2.0/s, 7 min left",
    ]


def test_a_stage_counts_for_itself_and_ends_with_its_newest_figures() -> None:
    shown, clock, said = lines_of(10)
    stage(shown, "cutting cycles", 7200, "patients")
    clock.now_s += 30
    shown(900)
    tell(shown, "old")
    clock.now_s += 30
    shown(900)
    stage(shown, "training", 2000, "")
    for text in ("epoch 1 of 20", "epoch 2 of 20: training 0.512"):
        clock.now_s += 40
        shown(100)
        tell(shown, text)
    note(shown, "12 ECGs were cut again")
    clock.now_s += 60
    shown(0)
    assert said == [
        "cutting cycles: 1,800 of 7,200 patients (25 %), 30/s, 3 min left; old",
        "training: 10 %, 12 min left; epoch 1 of 20",
        "12 ECGs were cut again",
        "training: 10 %, time left unknown; epoch 2 of 20: training 0.512",
    ]


def test_work_without_a_known_end_counts() -> None:
    shown, clock, said = lines_of(None)
    clock.now_s += 120
    shown(3)
    assert said == ["reading pages: 3, 1.5/min"]


def test_parts_are_named_and_a_plain_advance_takes_all_of_it() -> None:
    shown, clock, said = lines_of(10)
    within = Within(shown, "fold 2 of 5")
    assert isinstance(within, Shown) and not isinstance(ignore_progress, Shown)
    stage(within, "training", 100, "")
    clock.now_s += 60
    within(50)
    assert said == ["fold 2 of 5, training: 50 %, 1 min left"]
    silent = Within(ignore_progress, "fold 2 of 5")
    stage(silent, "training", 100, "")
    tell(silent, "figures")
    note(silent, "a line")
    silent(1)


def test_counts_and_times_in_words() -> None:
    assert counted(3200, 8000, "patients", 35.2) == "3,200 of 8,000 patients (40 %), 35/s"
    assert counted(1, None, None, None) == "1"
    times = (0.4, 59.4, 59.6, 61 * 60, 25 * 3600, 49 * 3600)
    assert [duration(each) for each in times] == ["0 s", "59 s", "1 min", "1 h 1 min", "1 d 1 h", "2 d 1 h"]


def test_a_terminal_of_80_columns_shows_counts_and_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = StringIO()
    terminal = console.Terminal(file=screen, force_terminal=True, width=80, color_system=None)
    monkeypatch.setattr(console, "err", terminal)
    figures = "epoch 6 of 20: training 0.512, validation 0.634, best 0.629 in 5; 1,203 cycles/s"
    with console.progress("training", 10) as shown:
        assert isinstance(shown, Shown)
        stage(shown, "cutting cycles", 8000, "patients")
        shown(3200)
        tell(shown, figures)
        note(shown, "12 ECGs [b]were[/b] cut again")
    said = screen.getvalue()
    assert "3,200 of 8,000 patients (40 %)" in said and "left" in said and figures in said
    assert "12 ECGs [b]were[/b] cut again" in said
