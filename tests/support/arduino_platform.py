"""An Arduino platform that is a Cortex-M4 and nothing else, for arduino-builder to build with."""

import shutil
import subprocess
from pathlib import Path

import pytest

BOARDS = """m4.name=Cortex-M4
m4.build.mcu=cortex-m4
m4.build.core=bare
m4.build.board=M4
m4.upload.maximum_size=65536
"""
PLATFORM = r"""name=Bare
version=1.0.0
flags=-mcpu=cortex-m4 -mthumb -Os -Wall -Wextra -Werror -ffunction-sections -fdata-sections
gcc=arm-none-eabi-gcc {flags}
gxx=arm-none-eabi-g++ {flags}
elf="{build.path}/{build.project_name}.elf"
recipe.c.o.pattern={gcc} -c -std=gnu11 {includes} "{source_file}" -o "{object_file}"
recipe.cpp.o.pattern={gxx} -c -std=gnu++11 {includes} "{source_file}" -o "{object_file}"
recipe.ar.pattern=arm-none-eabi-ar rcs "{archive_file_path}" "{object_file}"
link={gcc} --specs=nosys.specs -Wl,--gc-sections
recipe.c.combine.pattern={link} {object_files} "{build.path}/{archive_file}" -o {elf}
recipe.size.pattern=arm-none-eabi-size -A {elf}
recipe.size.regex=^(?:\.text|\.rodata|\.data)\s+([0-9]+).*
recipe.preproc.macros={gxx} -w -x c++ -E -CC {includes} "{source_file}" -o "{preprocessed_file_path}"
"""
HEADER = """#pragma once
#include <stdint.h>
const int A0 = 14;
struct Port {
  void begin(long);
  void print(const char *);
  void println(const char *);
  void println(long);
};
extern Port Serial;
unsigned long micros();
void delay(unsigned long);
int analogRead(int);
void setup();
void loop();
"""
CORE = """#include "Arduino.h"
Port Serial;
void Port::begin(long) {}
void Port::print(const char *) {}
void Port::println(const char *) {}
void Port::println(long) {}
unsigned long micros() { return 0; }
void delay(unsigned long) {}
int analogRead(int) { return 0; }
int main() {
  setup();
  for (;;) loop();
}
"""


def build_sketch(library: Path, sketch: Path, folder: Path) -> Path:
    """Builds a sketch with a library as Arduino's own builder does; the ELF.

    Skips the test where arduino-builder is not installed.
    """
    builder = shutil.which("arduino-builder")
    if builder is None:
        pytest.skip("no arduino-builder on PATH (apt install arduino-builder)")
    platform = folder / "hardware" / "splkit" / "arm"
    core = platform / "cores" / "bare"
    core.mkdir(parents=True)
    for path, text in (
        (platform / "boards.txt", BOARDS),
        (platform / "platform.txt", PLATFORM),
        (core / "Arduino.h", HEADER),
        (core / "core.cpp", CORE),
    ):
        path.write_text(text)
    for name in ("build", "tools"):
        (folder / name).mkdir()
    shutil.copytree(library, folder / "libraries" / "splkit")
    options = {
        "-hardware": [folder / "hardware", "/usr/share/arduino-builder"],
        "-tools": [folder / "tools"],
        "-libraries": [folder / "libraries"],
        "-fqbn": ["splkit:arm:m4"],
        "-build-path": [folder / "build"],
    }
    command = [builder, "-compile"]
    command += [str(item) for name, values in options.items() for value in values for item in (name, value)]
    done = subprocess.run([*command, str(sketch)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "build" / f"{sketch.name}.elf"
