"""The `qemu` engine: the whole firmware of `mps2-an386`, interrupts and UART included, in qemu-system-arm."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Timer

import numpy as np
import numpy.typing as npt

from splkit.children import child
from splkit.errors import ToolError
from splkit.firmware.binary.elf import Elf
from splkit.firmware.simulators.playback import Respond, listen
from splkit.firmware.wire.framing import frame, unframe
from splkit.folders import scratch_folder
from splkit.needs import QEMU
from splkit.progress import Advance, ignore_progress

PSRAM = 0x2100_0000
PSRAM_BYTES = 1 << 24
RECORDING_MAGIC = 0x4550_4C53  # "SLPE": drivers/mps2/board.c looks for it
HEADER_BYTES = 8
STORE_BYTES = 2 * 4096  # the last pages stand for flash: drivers/mps2/mps2.h
MAX_SAMPLES = (PSRAM_BYTES - STORE_BYTES - HEADER_BYTES) // 2
NS_PER_INSTRUCTION_LOG2 = 4  # 16 ns, as at 62.5 MHz: the nRF52840's pace
HEARD = "heard"  # drivers/mps2/host.c opens it
END = frame("# end")
TIMEOUT_S = 60
"""For the start; a recording then runs at least ten times as fast as in life."""


def simulate_qemu(
    elf: Path,
    counts: npt.NDArray[np.int16],
    fs_hz: int,
    advance: Advance = ignore_progress,
    respond: Respond = listen,
    options: Sequence[str] = (),
) -> list[str]:
    """Stream a recording through a whole firmware.

    Args:
        elf: `firmware.elf` of a folder that was exported for `mps2-an386`.
        counts: int16[n], one lead, at the firmware's sampling rate `fs_hz`.
        advance: called with the number of samples done.
        respond: what to send, line by line.
        options: more of QEMU's own.

    Returns:
        The lines that the application wrote, the banner first; `# end` is left out.

    Raises:
        ToolError: QEMU is missing, the recording is too long, or the run ended before its time.
    """
    if len(counts) > MAX_SAMPLES:
        raise ToolError(
            f"the qemu engine plays at most {MAX_SAMPLES} samples",
            found=f"{len(counts)}",
            next_step="cut the recording, or use --engine core",
        )
    program, image = str(QEMU.path()), Elf(elf)
    with scratch_folder() as scratch:
        recording = scratch / "recording.bin"
        header = np.array([RECORDING_MAGIC, len(counts)], "<u4").tobytes()
        recording.write_bytes(header + counts.astype("<i2").tobytes())
        limit_s = TIMEOUT_S + len(counts) / fs_hz / 10
        command = [program, *_options(elf.resolve(), recording), *options]
        lines = list(_run(command, scratch, limit_s, len(counts), advance, respond))
    if not lines or lines[-1] != END:
        raise ToolError(
            "the firmware runs to the end of the recording",
            found=_last_words(lines, image, limit_s),
            next_step="use --engine core to see what it computes there",
        )
    return lines[:-1]


def _options(elf: Path, recording: Path) -> list[str]:
    # A comma separates the loader's fields, so one in a path is doubled.
    loaded = str(recording).replace(",", ",,")
    return [
        *("-machine", "mps2-an386"),
        *("-kernel", str(elf)),
        *("-icount", f"shift={NS_PER_INSTRUCTION_LOG2},sleep=off"),
        *("-device", f"loader,file={loaded},addr={PSRAM:#x},force-raw=on"),
        *("-semihosting-config", "enable=on,target=native"),
        *("-display", "none"),
        *("-monitor", "none"),
        *("-serial", "stdio"),
    ]


def _run(
    command: list[str], folder: Path, limit_s: float, samples: int, advance: Advance, respond: Respond
) -> Iterator[str]:
    """The lines of a run in `folder`, as they come; beats tell how far it is.

    QEMU's clock does not wait for this process, which may be slow to answer: ten seconds on the board pass in
    some milliseconds. So the board waits after each line for a letter out of the pipe `HEARD`.
    """
    done = 0
    os.mkfifo(folder / HEARD)
    with (
        child(
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="latin-1",  # bytes as they are, either way
        ) as process,
        (folder / HEARD).open("r+b", buffering=0) as heard,
    ):
        watchdog = Timer(limit_s, process.kill)
        watchdog.daemon = True
        watchdog.start()
        assert process.stdin is not None
        assert process.stdout is not None
        os.set_blocking(process.stdin.fileno(), False)
        unsent = b""
        for line in process.stdout:
            yield line.rstrip("\r\n")
            unsent += respond(line.rpartition("*")[0]).encode("latin-1")
            with suppress(BlockingIOError, BrokenPipeError):  # the pipe is full; nobody listens any more
                unsent = unsent[os.write(process.stdin.fileno(), unsent) :]
            heard.write(b"\n")
            if line.startswith("B "):
                r_sample = int(line.split()[1])
                advance(r_sample - done)
                done = r_sample
        watchdog.cancel()
    advance(samples - done)


def _last_words(lines: list[str], image: Elf, limit_s: float) -> str:
    """How a run ended that did not reach its end."""
    if not lines:
        return "no line of text"
    try:
        fields = unframe(lines[-1]).split()
    except ValueError:
        fields = []
    match fields:
        case ["E", "fault", "0"]:
            return "a fault with the stack pointer outside of the RAM"
        case ["E", "fault", address] if function := image.function_at(int(address)):
            return f"a fault at {int(address):#x}, in {function.name}"
        case ["E", "watchdog", address] if function := image.function_at(int(address)):
            return f"a loop without an end at {int(address):#x}, in {function.name}"
        case ["E", *_]:
            return lines[-1]
    return f"no end within {limit_s:.0f} s after {lines[-1]!r}"
