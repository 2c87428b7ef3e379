"""The application on Zephyr for the nRF52840 DK: its ELF on Renode's own peripherals, with a MAX30003."""

import shutil
import subprocess
from pathlib import Path

import pytest
from support.command_line import splkit_json
from support.zephyr import build_zephyr

from splkit.ecg.recordings.readers import read_recording
from splkit.firmware.parity.twin import Twin
from splkit.firmware.simulators.playback import counts_for
from splkit.firmware.simulators.renode import OPTIONS, platform_files
from splkit.needs import RENODE

HERE = Path(__file__).parent
RECORDING_S = 60.0
TIMEOUT_S = 300


def play(elf: Path, recording: Path, folder: Path, *commands: str) -> list[str]:
    """What it says, the banner first, until the recording has ended and the last line is out."""
    platform_files("nrf52-max30003", folder)
    for name in ("zephyr.repl", "zephyr.resc"):
        shutil.copy(HERE / name, folder)
    shutil.copy(elf, folder / "zephyr.elf")
    shutil.copy(recording, folder / "recording.i16")
    lines = folder / "lines.txt"
    steps = (
        f"$lines=@{lines}",
        "include @zephyr.resc",
        *commands,
        f'emulation RunFor "{RECORDING_S + 1}"',
        "quit",
    )
    (folder / "run.resc").write_text("\n".join(steps) + "\n")
    command = [RENODE.path(), *OPTIONS, "-e", "include @run.resc"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=True)
    assert "refused" not in done.stdout, done.stdout
    return lines.read_text("ascii").splitlines()


@pytest.mark.usefixtures("renode_test")
def test_samples_of_a_max30003_give_the_twins_lines(tmp_path: Path) -> None:
    """Zephyr's own drivers, Renode's own SPIM, GPIO, RTC and UARTE; the MAX30003 is ours."""
    export = tmp_path / "export"
    splkit_json("export", "--board", "nrf52-max30003", "--zephyr-app", "--out", str(export))
    overlay = f"-DEXTRA_DTC_OVERLAY_FILE={HERE / 'zephyr.overlay'}"
    image = build_zephyr(export / "zephyr-app", "nrf52840dk/nrf52840", tmp_path / "build", overlay)
    twin, counts = Twin(export), counts_for(export, read_recording("toy"), RECORDING_S)
    counts.astype("<i2").tofile(tmp_path / "ecg.i16")
    folder = tmp_path / "run"
    folder.mkdir()
    said = play(image.path, tmp_path / "ecg.i16", folder)
    lines = twin.lines(twin.front_end(counts), len(counts))
    assert said[0].startswith("# splkit ")
    assert said[1:] == lines
    assert {line[0] for line in lines} >= {"B", "K", "A"}
