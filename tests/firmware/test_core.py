"""The core engine, on instructions that were counted by hand: counting.s says how often each line runs."""

import os
import signal
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest

from splkit.errors import ParityError, ToolError
from splkit.firmware.build import find_compiler
from splkit.firmware.simulators import cpu
from splkit.firmware.simulators.core import EACH_CODE, CoreSimulator
from splkit.firmware.simulators.counting import thumb_instructions

SOURCE = Path(__file__).parent / "counting.s"
LOOP_OF_3 = 2 + 3 * (10 + 2) + 2


@pytest.fixture(scope="module")
def elf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("counting") / "counting.elf"
    flags = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", "-nostdlib"]
    layout = ["-Wl,-Ttext=0", "-Wl,-Tbss=0x20000000", "-Wl,--entry=count_loop"]
    subprocess.run([find_compiler(), *flags, *layout, "-o", out, SOURCE], check=True)
    return out


@pytest.fixture
def core(elf: Path) -> CoreSimulator:
    return CoreSimulator(elf)


def test_a_call_returns_r0_and_counts_false_conditions(core: CoreSimulator) -> None:
    with core.counting() as counter:
        assert core.call("count_loop", 3) == 3
    assert counter.total == LOOP_OF_3
    assert counter.by_function == {"count_loop": LOOP_OF_3 - 6, "leaf": 6}


def test_calls_are_counted_with_their_callees(core: CoreSimulator) -> None:
    with core.counting("count") as counter:
        core.call("count_loop", 3)
        core.call("count_loop", 1)
        core.call("countdown", 5)
    loop, down = counter.calls["count_loop"], counter.calls["countdown"]
    assert (loop.count, loop.instructions, loop.worst) == (2, LOOP_OF_3 + 16, LOOP_OF_3)
    assert (down.count, down.instructions) == (1, 11)


def test_a_tail_call_is_a_call(core: CoreSimulator) -> None:
    with core.counting("tail") as outer:
        core.call("tail")
    with core.counting("countdown") as inner:
        core.call("tail")
    assert outer.calls["tail"].instructions == 13
    assert inner.calls["countdown"].instructions == 11


def test_a_long_block_is_counted_once(core: CoreSimulator) -> None:
    with core.counting() as counter:
        assert core.call("straight", 0) == 400
    assert counter.total == 401


def test_counting_ends(core: CoreSimulator) -> None:
    with core.counting() as counter:
        core.call("countdown", 5)
    core.call("countdown", 500)
    assert counter.total == 11


def test_an_interrupt_within_a_hook_ends_the_run(core: CoreSimulator) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt), core.counting():
        timer.start()
        core.call("count_loop", 2**31)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_decoding_tells_16_from_32_bits() -> None:
    assert thumb_instructions(bytes.fromhex("00bf")) == 1  # nop
    assert thumb_instructions(bytes.fromhex("aff30080")) == 1  # nop.w
    assert thumb_instructions(bytes.fromhex("fee7")) == 1  # b .: 0b11100 is 16 bits wide


def test_the_floating_point_unit_is_on(core: CoreSimulator) -> None:
    assert core.call("floating", 0x3F80_0000) == 0x4000_0000  # 1 + 1 = 2


def test_the_stack_is_measured_to_the_word(core: CoreSimulator) -> None:
    core.paint_stack()
    core.call("countdown", 5)
    assert core.stack_used() == 0
    core.call("count_loop", 3)
    assert core.stack_used() == 8


def test_streaming_code_is_what_the_assembler_makes_of_it(core: CoreSimulator) -> None:
    each = core.elf.symbol("each")
    assert core.cpu.read(each.address, each.size) == EACH_CODE.tobytes()


def test_a_write_is_held_to_the_buffers_it_may_have(core: CoreSimulator) -> None:
    _, first, second = core.allocate(8), core.allocate(8), core.allocate(8)
    core.call("store", first.address + 7, 1, writable=[first])
    assert core.read(first).tolist() == [0] * 7 + [1]
    for address in (first.address + 8, first.address - 1, second.address, core.elf.symbol("own").address):
        with pytest.raises(ParityError, match=rf"a write of 1 bytes to {address:#010x} by store"):
            core.call("store", address, 1, writable=[first])
        core.call("store", address, 1)


def test_flash_is_read_only_and_nothing_else_is_there(core: CoreSimulator) -> None:
    for address in (0x10, 0x4000_0000):
        with pytest.raises(ParityError, match=f"an access of 1 bytes to {address:#010x} by store"):
            core.call("store", address, 1)


def test_what_does_not_return_is_stopped(core: CoreSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpu, "TIMEOUT_US", 100_000)
    with pytest.raises(ParityError, match=r"no return within 0.1 s by forever"):
        core.call("forever")


def test_an_array_must_fit_its_buffer(core: CoreSimulator) -> None:
    with pytest.raises(ValueError, match="16 bytes do not fit into 8"):
        core.write(core.allocate(8), np.zeros(4, np.int32))


def test_what_the_firmware_does_not_have_is_named(core: CoreSimulator) -> None:
    with pytest.raises(ToolError, match="has the symbol spl_infer"):
        core.call("spl_infer")
    with pytest.raises(ToolError, match="knows the type spl_model_t"):
        core.allocate_type("spl_model_t")


def test_what_is_not_an_arm_elf_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "firmware.elf"
    with pytest.raises(ToolError, match="No such file"):
        CoreSimulator(text)
    text.write_text("not an ELF")
    with pytest.raises(ToolError, match="a firmware is an ELF file"):
        CoreSimulator(text)
    with pytest.raises(ToolError, match=r"is for Arm; found EM_X86_64|is for Arm; found EM_AARCH64"):
        CoreSimulator(Path("/proc/self/exe"))
