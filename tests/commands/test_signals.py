"""Ctrl-C and SIGTERM at many moments of real processes: nothing is left behind, and no traceback."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from itertools import cycle
from pathlib import Path

import pytest

from splkit.folders import digests

MOMENTS_S = (0.0, 0.2, 0.6, 1.2, 2.0, 3.0)
"""After the process has begun to catch signals."""


def catches(process: subprocess.Popen[str], number: int) -> bool:
    """Whether a process has a handler for a signal; False too once it is over."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except FileNotFoundError:
        return False
    caught = re.search(r"^SigCgt:\s*(\w+)", status, re.MULTILINE)
    return caught is not None and bool(int(caught[1], 16) >> (number - 1) & 1)


def stopped(moment_s: float, number: int, scratch: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and stderr of a call that a signal hits so long after it is ready for one."""
    scratch.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "splkit", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(scratch)},
    )
    while process.poll() is None and not catches(process, signal.SIGTERM):
        time.sleep(0.001)
    time.sleep(moment_s)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert "Traceback" not in said, said
    assert not list(scratch.iterdir()), list(scratch.iterdir())
    return process.returncode, said


@pytest.mark.parametrize(
    ("moment_s", "number"), list(zip(MOMENTS_S, cycle((signal.SIGINT, signal.SIGTERM)), strict=False))
)
def test_an_export_is_whole_or_not_there(tmp_path, exported, number, moment_s):
    out = tmp_path / "made" / "here" / "firmware"
    found, said = stopped(
        moment_s, number, tmp_path / "scratch", "export", "--board", "nrf52", "--out", str(out)
    )
    if found == 0:
        assert digests(out) == digests(exported)
        assert [path.name for path in out.parent.iterdir()] == ["firmware"]
    else:
        assert found == 128 + number and said == "splkit: interrupted\n"
        assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("moment_s", MOMENTS_S[1::3])
def test_a_replaced_export_is_the_old_or_the_new(tmp_path, exported, moment_s):
    out = tmp_path / "place" / "firmware"
    shutil.copytree(exported, out)
    words = ("export", "--board", "nrf52", "--fs", "250", "--out", str(out), "--force")
    found, _ = stopped(moment_s, signal.SIGTERM, tmp_path / "scratch", *words)
    assert [path.name for path in out.parent.iterdir()] == ["firmware"]
    assert (digests(out) == digests(exported)) is (found != 0)


@pytest.mark.parametrize("moment_s", MOMENTS_S[1::3])
def test_a_build_leaves_all_images_or_none(tmp_path, exported, moment_s):
    folder = tmp_path / "place" / "firmware"
    shutil.copytree(exported, folder)
    with (folder / "app" / "main.c").open("a") as source:
        source.write("const int mine = 1;\n")
    before = digests(folder)
    found, _ = stopped(moment_s, signal.SIGINT, tmp_path / "scratch", "build", str(folder))
    assert [path.name for path in folder.parent.iterdir()] == ["firmware"]
    assert digests(folder).keys() == before.keys()
    assert (digests(folder) == before) is (found != 0)


LATE = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored where the tests run in a background job
import splkit.{module} as module

real = module.{name}

def late(*arguments):
    result = real(*arguments)
    signal.raise_signal(signal.SIGINT)
    return result

module.{name} = late
from splkit.__main__ import main
main()
"""


def hit_after(module: str, name: str, *arguments: str) -> int:
    """Exit status of a call that Ctrl-C hits at the end of a function."""
    return subprocess.run(
        [sys.executable, "-c", LATE.format(module=module, name=name), *arguments], capture_output=True
    ).returncode


@pytest.mark.parametrize(
    ("module", "name", "status"),
    [
        ("firmware.export", "write_library", 130),
        ("folders", "replace_folder", 0),
        ("folders", "_remove", 130),
    ],
)
def test_the_exit_status_tells_whether_an_export_is_there(tmp_path, exported, module, name, status):
    out = tmp_path / "firmware"
    found = hit_after(module, name, "export", "--board", "nrf52", "--out", str(out))
    assert found == status
    assert digests(out) == digests(exported) if status == 0 else not out.exists()


@pytest.mark.parametrize(("name", "status"), [("build", 130), ("write_whole", 0)])
def test_the_exit_status_tells_whether_a_build_is_there(tmp_path, exported, name, status):
    folder = tmp_path / "firmware"
    shutil.copytree(exported, folder)
    (folder / "app" / "main.c").write_text((folder / "app" / "main.c").read_text() + "const int mine = 1;\n")
    before = digests(folder)
    assert hit_after("firmware.rebuild", name, "build", str(folder)) == status
    assert (digests(folder) == before) is (status != 0)


SWALLOWED = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
import splkit.firmware.simulators.engines as engines
from splkit.errors import ParityError

def swallow(*arguments):
    try:
        signal.raise_signal(signal.SIGINT)
    except BaseException:
        raise ParityError("r", found="f", next_step="n") from None

engines.simulate = swallow
from splkit.__main__ import main
main()
"""


def test_a_signal_that_a_library_turned_into_an_error_is_an_interruption(exported):
    words = ("simulate", str(exported), "--ecg", "toy")
    found = subprocess.run([sys.executable, "-c", SWALLOWED, *words], capture_output=True, text=True)
    assert found.stderr == "splkit: interrupted\n" and found.returncode == 130


AT_THE_END = """
import os, signal, sys

class Last:
    def __del__(self, kill=os.kill, me=os.getpid(), number=signal.SIGINT):
        kill(me, number)

last = Last()  # a module's objects die after Python has dropped its handlers
sys.argv = ["splkit", "--version"]
from splkit.__main__ import main
main()
"""


def test_a_signal_while_python_ends_comes_too_late():
    found = subprocess.run([sys.executable, "-c", AT_THE_END], capture_output=True, text=True)
    assert found.returncode == 0 and found.stderr == ""


@pytest.mark.parametrize("moment_s", MOMENTS_S[1::3])
def test_results_of_detect_are_whole_or_not_there(tmp_path, moment_s):
    folder = tmp_path / "results"
    words = ("detect", "toy", "--out", str(folder / "peaks.csv"), "--plot", str(folder / "peaks.png"))
    found, _ = stopped(moment_s, signal.SIGTERM, tmp_path / "scratch", *words)
    names = [path.name for path in sorted(folder.iterdir())] if folder.exists() else []
    both = ["peaks.csv", "peaks.png"]
    assert names == both if found == 0 else found == 143 and names in ([], both[:1], both)


@pytest.mark.parametrize("verb", [("verify",), ("profile",), ("simulate", "--ecg", "toy")])
@pytest.mark.parametrize("moment_s", MOMENTS_S[3::3])
def test_nothing_is_left_by_verbs_that_only_look(tmp_path, exported, verb, moment_s):
    before = digests(exported)
    found, said = stopped(moment_s, signal.SIGINT, tmp_path / "scratch", verb[0], str(exported), *verb[1:])
    assert found in (0, 130), said
    assert digests(exported) == before
