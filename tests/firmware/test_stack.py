"""The bound of the stack: frames as GCC states them, chains that hold, a quarter of the reserve to spare."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from splkit import boards
from splkit.ecg.recordings.readers import read_recording
from splkit.errors import ToolError
from splkit.firmware.binary.elf import Elf
from splkit.firmware.binary.stack import EMPTIES_THE_STACK, EXCEPTION_FRAME_BYTES, frame_bytes, stack_bound
from splkit.firmware.build import find_compiler
from splkit.firmware.simulators.application import run_application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.simulators.playback import counts_for

WITHOUT_FRAME = EMPTIES_THE_STACK | {"boot"}  # they leave by a register, and GCC gives them no frame
RETURN = "bx lr\n"


@pytest.mark.parametrize("name", boards.names())
def test_a_quarter_of_the_reserve_is_to_spare(name: str, exported_model: Callable[[str], Path]) -> None:
    bound = stack_bound(Elf(exported_model(name) / "firmware.elf"))
    assert bound.bytes <= 0.75 * boards.load(name).memory.stack_bytes
    assert bound.chain[0][0] == "reset_handler"
    assert {"main", "monitor_push", "spl_push", "spl_infer"} <= {function for function, _ in bound.chain}
    assert bound.interrupt
    frames = sum(frame for _, frame in (*bound.chain, *bound.interrupt))
    assert bound.bytes == frames + EXCEPTION_FRAME_BYTES


def test_the_whole_firmware_keeps_to_its_budget_of_ram(exported_model: Callable[[str], Path]) -> None:
    assert Elf(exported_model("nrf52") / "firmware.elf").ram_bytes <= 8 * 1024


def test_the_whole_firmware_keeps_to_its_budget_of_flash(exported_model: Callable[[str], Path]) -> None:
    """24 KiB without personal calibration (3.0 kB), seven quantiles (0.8 kB), distance (1.2 kB), what
    Nordic's anomalies take (0.3 kB), alarms (1.5 kB), signatures and encryption (2.7 kB), runs that stand by
    (0.2 kB), R on one side and cycles under motion (0.9 kB). docs/firmware.md says what else was tried."""
    assert Elf(exported_model("nrf52") / "firmware.elf").flash_bytes <= 35 * 1024


@pytest.mark.parametrize("name", boards.names())
def test_nothing_of_newlib_is_linked(name: str, exported_model: Callable[[str], Path]) -> None:
    """GCC may make a call of one of its functions out of a loop, and each is large."""
    linked = (exported_model(name) / "firmware.map").read_text().partition("Discarded input sections")[0]
    members = set(re.findall(r"(lib\w+)\.a\(", linked))
    assert members <= {"libgcc"}


@pytest.mark.parametrize("name", boards.names())
def test_no_run_takes_more_than_the_bound(name: str, exported_model: Callable[[str], Path]) -> None:
    folder = exported_model(name)
    core = CoreSimulator(folder / "firmware.elf")
    core.paint_stack()
    lines = run_application(core, counts_for(folder, read_recording("toy"), 30.0))
    assert any(line.startswith("K ") for line in lines)
    bound = stack_bound(core.elf)
    # The engine's loop over the samples takes main's place, and its frame of 16 bytes. A replay goes deeper.
    deepest = 16 + sum(frame for name, frame in bound.chain if name not in ("reset_handler", "main"))
    assert 0.7 * deepest < core.stack_used() <= deepest


@pytest.mark.parametrize("board", ["nrf52", "rp2040"])  # Thumb-2 and Armv6-M
def test_frames_are_those_that_gcc_states(
    board: str, exported_model: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = tmp_path / board
    shutil.copytree(exported_model(board), folder)
    options = [f"CROSS={str(find_compiler()).removesuffix('gcc')}", "WARNINGS=-fstack-usage", "BUILD=usage"]
    subprocess.run(["make", "-s", "-C", folder, *options], check=True, stdout=subprocess.DEVNULL)
    elf = Elf(folder / "firmware.elf")
    functions = {re.sub(r"\.\d+$", "", each.name): each for each in elf.functions("")}
    compared = 0
    for usage in folder.glob("usage/**/*.su"):
        for line in usage.read_text().splitlines():
            place, stated, kind = line.split("\t")
            function = functions.get(place.rpartition(":")[2])
            if function is not None and function.name not in WITHOUT_FRAME:
                assert (kind, frame_bytes(elf, function)) == ("static", int(stated)), line
                compared += 1
    assert compared > 40


def test_recursion_has_no_bound(built: Callable[[str], Path]) -> None:
    # The stand-in library overflows its stack on purpose.
    with pytest.raises(ToolError, match=r"the recursion overflow[.\w]* -> overflow"):
        stack_bound(Elf(built("mps2-an386") / "firmware.elf"))


def assembled(folder: Path, cpu: str, body: str) -> Elf:
    """A firmware of one function, called from the start."""
    source = folder / "one.s"
    source.write_text(
        ".syntax unified\n.thumb\n"
        '.section .vectors, "a"\n.global vectors\n.type vectors, %object\n'
        "vectors: .word 0x20001000, start, 0\n.size vectors, . - vectors\n"
        ".text\n.global start, one\n.type start, %function\n.type one, %function\n"
        "start: push {r4, lr}\n bl one\n pop {r4, pc}\n.size start, . - start\n"
        f"one:\n{body}.size one, . - one\n"
    )
    out = folder / "one.elf"
    layout = ["-nostdlib", "-Wl,--entry=start", "-Wl,-Ttext=0x100", "-Wl,--section-start=.vectors=0"]
    subprocess.run([find_compiler(), f"-mcpu={cpu}", "-mthumb", *layout, "-o", out, source], check=True)
    return Elf(out)


@pytest.mark.parametrize(
    ("cpu", "body", "frame"),
    [
        ("cortex-m4", "push.w {r4-r11, lr}\n sub sp, #508\n" + RETURN, 36 + 508),
        ("cortex-m4", ".fpu fpv4-sp-d16\n vpush.f32 {s16-s19}\n sub.w sp, sp, #4096\n" + RETURN, 16 + 4096),
        ("cortex-m4", "str lr, [sp, #-4]!\n subw sp, sp, #1236\n" + RETURN, 4 + 1236),
        ("cortex-m4", "strd r4, r5, [sp, #-16]!\n sub.w sp, sp, #0x00ff00ff\n" + RETURN, 16 + 0xFF00FF),
        ("cortex-m0plus", "ldr r7, =-1024\n add sp, r7\n ldr r7, =1024\n add sp, r7\n" + RETURN, 1024),
        ("cortex-m4", "nop\n beq.w start\n" + RETURN, None),
        ("cortex-m4", "blx r3\n" + RETURN, None),
        ("cortex-m4", "bx r3\n", None),
        ("cortex-m0plus", "add sp, r7\n" + RETURN, None),
    ],
)
def test_each_way_to_take_stack_is_seen(tmp_path: Path, cpu: str, body: str, frame: int | None) -> None:
    elf = assembled(tmp_path, cpu, body)
    if frame is None:
        with pytest.raises(ToolError, match="the stack of a firmware has a bound"):
            stack_bound(elf)
    else:
        assert stack_bound(elf).chain == (("start", 8), ("one", frame))
