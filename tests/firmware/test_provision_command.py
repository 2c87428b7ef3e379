"""`splkit provision`, and what is then done with the key, on the firmware in QEMU."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest
from click.testing import CliRunner, Result
from support.qemu_device import port_of

from splkit.commands.monitor import command as monitor_command
from splkit.commands.provision import command
from splkit.errors import SplkitError, ToolError, UsageError
from splkit.firmware.wire.signing import DeviceKey, read_key, write_key


def provision(*arguments: str | Path) -> Result:
    """When QEMU listens."""
    end = monotonic() + 30
    while True:
        result = CliRunner().invoke(command, [str(each) for each in arguments])
        if not isinstance(result.exception, ToolError) or "refused" not in str(result.exception):
            break
        assert monotonic() < end
        sleep(0.1)
    if isinstance(result.exception, SplkitError):
        raise result.exception
    return result


def monitor(*arguments: str | Path) -> Result:
    return CliRunner().invoke(monitor_command, [str(each) for each in arguments])


def test_a_key_is_given_used_and_replaced(exported_model: Callable[[str], Path], tmp_path: Path) -> None:
    first, second = tmp_path / "first.key", tmp_path / "second.key"
    with port_of(exported_model("mps2-an386") / "firmware.elf", tmp_path) as port:
        assert "has the key in" in provision(port, first).output
        assert first.stat().st_mode & 0o777 == 0o600
        assert "locked" in str(monitor(port, "--send", "alert 5600 6600").exception)
        told = monitor(port, "--key", first, "--send", "alert 5600 6600", "--send", "day 7")
        assert told.output.splitlines() == ["alert ok", "day ok"]
        with pytest.raises(ToolError, match="locked"):
            provision(port, second)
        assert not second.exists()
        provision(port, second, "--replaces", first)
        assert "signature" in str(monitor(port, "--key", first, "--send", "day 8").exception)
        assert monitor(port, "--key", second, "--send", "day 8").output == "day ok\n"
        with pytest.raises(ToolError, match="unsupported"):  # QEMU's board has no radio
            provision(port, tmp_path / "third.key", "--replaces", second, "--broadcast")


def test_a_key_file_is_never_replaced(tmp_path: Path) -> None:
    key = write_key(tmp_path / "a.key")
    assert read_key(tmp_path / "a.key") == key
    with pytest.raises(UsageError, match="a key serves one device, once"):
        write_key(tmp_path / "a.key")
    assert read_key(tmp_path / "a.key") == key


def test_two_keys_differ_and_are_not_printed(tmp_path: Path) -> None:
    first, second = write_key(tmp_path / "a.key"), write_key(tmp_path / "b.key")
    assert first != second
    assert first.digits not in repr(first) and repr(first.secret) not in repr(first)


@pytest.mark.parametrize("text", ["", "00" * 15, "00" * 17, "zz" * 16, "\u00e9"])
def test_what_is_no_key_is_said(text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.key"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match="a device's key is"):
        read_key(path)
    with pytest.raises(UsageError):
        read_key(tmp_path / "none.key")


def test_a_key_of_lower_case_digits_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.key").write_text("000102030405060708090a0b0c0d0e0f\n")
    assert read_key(tmp_path / "a.key") == DeviceKey(bytes(range(16)))
