"""The registers that the drivers name, as their compiler reads them."""

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from support.chip_tables import SOURCES

DRIVERS = Path(__file__).parents[2] / "firmware" / "drivers"
CORE = "cortex_m/cortex_m.h"
_DEFINITION = re.compile(r"^#define (\w+)(?:\(([\w, ]*)\))? (.+)$", re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NUMBER = re.compile(r"\b(?:0x[0-9A-Fa-f]+|\d+)u?\b")
_ARITHMETIC = re.compile(r"[0-9a-fA-Fx()+*/%|&~<> -]+")


@dataclass(frozen=True)
class Macro:
    """A macro of a header: a register, or a number that goes into one."""

    name: str
    parameters: tuple[str, ...]
    body: str

    @property
    def is_register(self) -> bool:
        """Whether it is a place in memory."""
        return "REGISTER(" in self.body

    @property
    def is_fact(self) -> bool:
        """Whether it says a number of its own, instead of making one of other macros."""
        return _NUMBER.search(self.body) is not None


def macros_in(path: Path) -> list[Macro]:
    """The macros of a header with something behind their name."""
    text = _COMMENT.sub("", path.read_text("utf-8")).replace("\\\n", " ")
    return [
        Macro(name, tuple(each.strip() for each in parameters.split(",")) if parameters else (), body.strip())
        for name, parameters, body in _DEFINITION.findall(re.sub(r"[ \t]+", " ", text))
        if body.strip()
    ]


class Header:
    """The headers of a board's drivers, through the preprocessor."""

    def __init__(self, board: str) -> None:
        self.source = SOURCES[board]
        self.paths = [DRIVERS / CORE, *(DRIVERS / each for each in self.source.headers)]
        self.macros = {
            macro.name: macro
            for path in self.paths
            for macro in macros_in(path)
            if macro.name in self._defined() and macro.name != "REGISTER"
        }

    @cache  # noqa: B019 - as many as there are boards
    def _defined(self) -> frozenset[str]:
        """Names that are defined for this board: not those of another one's `#if`."""
        return frozenset(re.findall(r"#define (\w+)", self._preprocess("", "-dM")))

    def values(self, calls: list[tuple[str, tuple[int, ...]]]) -> list[int]:
        """The 32 bits of each macro with its arguments; of a register, its address."""
        lines = [f"@ {name}({', '.join(map(str, given))})" if given else f"@ {name}" for name, given in calls]
        text = "#undef REGISTER\n#define REGISTER(address) (address)\n" + "\n".join(lines)
        found = [line[1:] for line in self._preprocess(text).splitlines() if line.startswith("@")]
        return [_value(re.sub(r"(?<=[0-9A-Fa-f])[uU]\b", "", each)) for each in found]

    def _preprocess(self, text: str, *options: str) -> str:
        folders = [f"-I{path.parent}" for path in self.paths]
        defines = [f"-D{each}=1" for each in self.source.defines]
        includes = "".join(f'#include "{path}"\n' for path in self.paths)
        command = ["arm-none-eabi-gcc", "-E", "-P", *options, *folders, *defines, "-"]
        done = subprocess.run(command, input=includes + text, capture_output=True, text=True, check=True)
        return done.stdout


def _value(expression: str) -> int:
    assert _ARITHMETIC.fullmatch(expression.strip()), f"no number: {expression}"
    return int(eval(expression.replace("/", "//"), {"__builtins__": {}})) & 0xFFFF_FFFF
