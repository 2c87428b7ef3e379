"""Prints what cppcheck's MISRA C:2012 addon finds in the library, and why each rule is broken.

    python bench/misra.py [--where RULE]

The library of the bundled model is checked as a Cortex-M4F and as a core without the DSP extension sees it.
Reasons are those of the table in docs/misra.md: exit status 1 where a rule is broken that has none there.
The addon cannot know of what it has no rule texts for, and is no tool that a certificate rests on.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from rich.table import Table

from splkit.codegen.compile import compile_model
from splkit.codegen.generate import write_library
from splkit.console import out
from splkit.ecg.frontend import FrontEndConfig
from splkit.quantize.carried import card_for
from splkit.quantize.reference import reference_model

DOCUMENT = Path(__file__).parents[1] / "docs" / "misra.md"
SEEN = {"Cortex-M4F": ("-D__ARM_FEATURE_DSP=1", "-D__GNUC__=12"), "others": ("-D__GNUC__=12",)}
FOUND = re.compile(r"^(?P<file>[^:\s]+):(?P<line>\d+):\d+: .*misra-c2012-(?P<rule>[\d.]+)\]$", re.MULTILINE)


def reasons() -> dict[str, str]:
    """Why a rule is broken, by rule, as the documentation has it."""
    rows = re.findall(r"^\| ([\d., ]+) \| \d+ \| (.+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    return {rule: why for rules, why in rows for rule in rules.split(", ")}


def findings(folder: Path) -> set[tuple[str, str, int]]:
    """Rule, file and line of all that is found in a library."""
    sources = [str(each.relative_to(folder)) for each in sorted(folder.glob("lib/**/*.c"))]
    found = set()
    for defines in SEEN.values():
        command = ["cppcheck", "--addon=misra", "--enable=style", "--quiet", "--std=c99", *defines]
        command += ["-Iinclude", "-Ilib", "-Ilib/kernels", *sources]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        found |= {(match["rule"], match["file"], int(match["line"])) for match in FOUND.finditer(done.stderr)}
    return found


def main() -> int:
    """Checks, then prints a table, or where one rule is broken; 1 where a rule has no reason."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--where", metavar="RULE")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder, model = Path(scratch), reference_model()
        config = FrontEndConfig.for_rate(300, 4.88, 8)
        write_library(compile_model(model.read_bytes(), model.name), card_for(model), config, folder)
        found = findings(folder)
    if asked.where:
        for _, file, line in sorted(each for each in found if each[0] == asked.where):
            out.print(f"{file}:{line}")
        return 0
    known = reasons()
    table = Table("rule", "findings", "reason", title=f"{len(found)} findings")
    for rule, count in Counter(rule for rule, _, _ in found).most_common():
        table.add_row(rule, str(count), known.get(rule, "NONE"))
    out.print(table)
    return int(any(rule not in known for rule, _, _ in found))


if __name__ == "__main__":
    sys.exit(main())
