"""What the command line says of failures, and how it ends."""

import re
import subprocess
import sys

import pytest
from support.command_line import splkit

from splkit import cli
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
