"""What the command line says of failures, and how it ends."""

import errno
import os
import re
import subprocess
import sys

import pytest
from support.command_line import splkit

from splkit import cli
from splkit.commands import VERBS
from splkit.errors import ParityError, ToolError


@pytest.mark.parametrize(("error", "status"), [(ToolError, 2), (ParityError, 1)])
def test_a_failure_is_one_line_with_its_status(monkeypatch, capsys, error, status):
    def fail(**_):
        raise error("a rule holds", found="7", next_step="pip install 'splkit[verify]'")

    monkeypatch.setattr(cli.cli, "main", fail)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == status
    assert capsys.readouterr().err == "splkit: a rule holds; found 7; pip install 'splkit[verify]'\n"


def test_an_unknown_option_is_a_usage_error():
    result = splkit("export", "--bord", "nrf52")
    assert result.returncode == 2
    assert "--board" in result.stderr


def test_starting_up_imports_no_heavy_package():
    command = [sys.executable, "-c", "import splkit.cli, sys; print(' '.join(sys.modules))"]
    modules = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert not re.search(r"\b(tensorflow|unicorn|scipy|wfdb|matplotlib)\b", modules)


def test_every_verb_is_summed_up_in_a_whole_line():
    lines = splkit("--help").stdout.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    assert tuple(line.split()[0] for line in lines) == VERBS
    assert all(line.endswith(".") and not line.endswith("...") for line in lines), lines


EXPORT = ("export", "--board", "nrf52", "--out", "firmware")
REFUSED = {
    "nan is not a finite number": ("simulate", "firmware", "--ecg", "toy", "--duration", "nan"),
    "inf is not a finite number": ("profile", "firmware", "--battery", "inf"),
    "-1.0 is not in the range": ("monitor", "port", "--duration", "-1"),
    "1000000000.0 is not in the range": (*EXPORT, "--spl-offset", "1e9"),
    "0.0 is not in the range": (*EXPORT, "--uv-per-count", "0"),
    "0 is not in the range 125<=x<=1000": (*EXPORT, "--fs", "0"),
    "without --sign": (*EXPORT, "--image-version", "1.2.3"),
    "found /proc/cpuinfo (File exists)": (*EXPORT[:-1], "/proc/cpuinfo/firmware"),
    "found picture.docx": ("profile", "firmware", "--plot", "picture.docx"),
}


@pytest.mark.parametrize("said", REFUSED)
def test_a_value_that_cannot_be_is_refused(tmp_path, monkeypatch, capsys, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["splkit", *REFUSED[said]])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_line(monkeypatch, capsys):
    def fail(**_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "firmware/lib/spl.c")

    monkeypatch.setattr(cli.cli, "main", fail)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    said = capsys.readouterr().err
    assert stop.value.code == 2 and said.count("\n") == 1
    assert "No space left on device" in said and "firmware/lib/spl.c" in said
