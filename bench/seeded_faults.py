"""Puts faults into a copy of the tree, one at a time, and says which the tests notice.

    python bench/seeded_faults.py [--faults LIST] [--only NAME ...] [--tests TEST ...] [--workers 2]
                                  [--json | --markdown] [--list]

The faults are in bench/seeded_faults.toml, wrong settings of the drivers in
bench/configuration_faults.toml, and those of the MAX30003 in bench/max30003_faults.toml: what is
changed in which files, and the tests of which one must fail. First those tests run on the copy as it
is, where all must pass. Exit status 1 where a fault is missed.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from queue import SimpleQueue

from rich.table import Table

from splkit.console import err, out, progress
from splkit.firmware.simulators.renode import find_renode_test
from splkit.progress import Advance

ROOT = Path(__file__).parents[1]
FAULTS = ROOT / "bench" / "seeded_faults.toml"
CONFIGURATION_FAULTS = ROOT / "bench" / "configuration_faults.toml"
MAX30003_FAULTS = ROOT / "bench" / "max30003_faults.toml"
IN_RENODE = "tests/renode/"
WORKERS_MAX = 2
LIMIT_S = 900.0
GENERATED_FROM = {
    "codegen/alert_rules.py",
    "quantize/units.py",
    "ecg/frontend/config.py",
    "ecg/frontend/thresholds.py",
    "ecg/frontend/window.py",
}
"""What is written here goes into the C as well as into its twin."""
CAUGHT, MISSED, BROKEN = "caught", "missed", "broken"
PYTEST = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=1")
UNSHRUNK = """from hypothesis import Phase, settings
settings.register_profile("unshrunk", phases=[Phase.explicit, Phase.generate])
settings.load_profile("unshrunk")
"""
"""A plugin of pytest: the first example that fails is enough, a smaller one takes minutes to find."""


@dataclass(frozen=True)
class Edit:
    """`old` stands exactly once in `file`; `new` takes its place."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Fault:
    """One fault: what it is, its edits, and the test files or node ids of which one must fail."""

    name: str
    says: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]

    @property
    def is_shared(self) -> bool:
        """Whether C and Python are changed together, so that twins still agree."""
        files = {edit.file for edit in self.edits}
        return bool(files & GENERATED_FROM) or len({Path(file).suffix for file in files}) > 1


@dataclass(frozen=True)
class Result:
    """What became of a fault, the first test that failed, and how long its tests took."""

    name: str
    says: str
    is_shared: bool
    verdict: str
    by: str
    seconds: float


def read_faults(path: Path = FAULTS) -> list[Fault]:
    """All faults of a list."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["fault"]
    return [
        Fault(row["name"], row["says"], tuple(Edit(**edit) for edit in row["edit"]), tuple(row["tests"]))
        for row in rows
    ]


def seeded(text: str, edit: Edit) -> str:
    """The text with the fault in it.

    Raises:
        ValueError: what is to be changed does not stand there exactly once.
    """
    if text.count(edit.old) != 1:
        raise ValueError(f"{edit.file} holds {edit.old!r} {text.count(edit.old)} times, not once")
    return text.replace(edit.old, edit.new)


def faulty(fault: Fault, folder: Path = ROOT) -> dict[str, str]:
    """The files of a tree with the fault in them.

    Raises:
        ValueError: as `seeded`.
    """
    texts: dict[str, str] = {}
    for edit in fault.edits:
        before = texts.get(edit.file) or (folder / edit.file).read_text(encoding="utf-8")
        texts[edit.file] = seeded(before, edit)
    return texts


class Copy:
    """The tree in a folder of its own, importable as the package.

    pyproject.toml maps the top folders to `splkit.*`. In the copy each is a link inside src/splkit, and src
    stands first on PYTHONPATH, before any installed splkit.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listing = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout
        for name in filter(None, names.decode().split("\0")):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
        self._link_rooms()
        (folder / "src" / "unshrunk.py").write_text(UNSHRUNK, encoding="utf-8")

    def _link_rooms(self) -> None:
        project = tomllib.loads((self.folder / "pyproject.toml").read_text(encoding="utf-8"))
        for package, place in project["tool"]["setuptools"]["package-dir"].items():
            link = self.folder / "src" / package.replace(".", "/")
            if not link.exists():
                link.symlink_to(self.folder / place)

    def run(self, tests: Iterable[str]) -> tuple[int, str]:
        """pytest's exit status on these tests, and the first one that fails."""
        # No byte code: Python takes it for current where size and second of a source are the same.
        environment = os.environ | {"PYTHONPATH": str(self.folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, *PYTEST, "-p", "unshrunk", *tests]
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=LIMIT_S
            )
        except subprocess.TimeoutExpired:
            return 1, f"no end within {LIMIT_S:.0f} s"
        first = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
        last = (done.stdout + done.stderr).strip().splitlines()[-1:]
        return done.returncode, first[1] if first else "".join(last)

    def judge(self, fault: Fault) -> Result:
        """Puts the fault in, runs its tests, and takes it out again."""
        started = time.monotonic()
        before = {edit.file: (self.folder / edit.file).read_text(encoding="utf-8") for edit in fault.edits}
        try:
            for name, text in faulty(fault, self.folder).items():
                (self.folder / name).write_text(text, encoding="utf-8")
            status, by = self.run(fault.tests)
        finally:
            for name, text in before.items():
                (self.folder / name).write_text(text, encoding="utf-8")
        verdict = {0: MISSED, 1: CAUGHT}.get(status, BROKEN)
        by = "" if verdict == MISSED else by
        return Result(
            fault.name, fault.says, fault.is_shared, verdict, by, round(time.monotonic() - started, 1)
        )


def baseline(copy: Copy, faults: list[Fault]) -> str | None:
    """What fails without any fault; None where all passes."""
    tests = sorted({test for fault in faults for test in fault.tests})
    whole = {test for test in tests if "::" not in test}
    status, first = copy.run(test for test in tests if test in whole or test.split("::")[0] not in whole)
    return None if status == 0 else first


def judge_all(copies: list[Copy], faults: list[Fault], advance: Advance) -> list[Result]:
    """Every fault, one a copy at a time, in the order of the list."""
    free: SimpleQueue[Copy] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def one(fault: Fault) -> Result:
        copy = free.get()
        try:
            result = copy.judge(fault)
        finally:
            free.put(copy)
            advance(1)
        if result.verdict != CAUGHT:
            err.print(f"{fault.name}: {result.verdict} {result.by}", markup=False)
        return result

    with ThreadPoolExecutor(len(copies)) as pool:
        return list(pool.map(one, faults))


def show(results: list[Result]) -> None:
    """A row a fault, then how many were caught."""
    grid = Table("fault", "what", "in", "verdict", "by", "s")
    for result in results:
        place = "C and Python" if result.is_shared else "one place"
        row = (result.name, result.says, place, result.verdict, result.by, f"{result.seconds:.0f}")
        grid.add_row(*row, style=None if result.verdict == CAUGHT else "bold red")
    out.print(grid)
    caught = sum(result.verdict == CAUGHT for result in results)
    out.print(f"{caught} of {len(results)} faults caught")


def rows_of_docs(results: list[Result]) -> str:
    """The rows of docs/seeded_faults.md; wrong settings of drivers are never shared."""
    has_shared = any(result.is_shared for result in results)
    rows = []
    for result in results:
        file, _, test = result.by.partition("::")
        words = test.partition("[")[0].removeprefix("test_").replace("_", " ")
        shared = f" {'both' if result.is_shared else ''} |" if has_shared else ""
        rows.append(f"| {result.name} | {result.says} |{shared} `{file}`: {words} |")
    return "\n".join(rows)


def main() -> int:
    """Runs them; 1 where one is missed, 2 where the tests fail without any."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--faults", type=Path, default=FAULTS, metavar="LIST", help="another list of them")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this fault; may be repeated")
    parser.add_argument("--tests", nargs="+", metavar="TEST", help="these tests, not those of the list")
    parser.add_argument("--workers", type=int, choices=range(1, WORKERS_MAX + 1), default=1)
    parser.add_argument(
        "--no-baseline", action="store_true", help="do not run the tests without a fault first"
    )
    parser.add_argument("--list", action="store_true", help="name the faults and stop")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--markdown", action="store_true", help="rows of docs/seeded_faults.md")
    arguments = parser.parse_args()
    every = read_faults(arguments.faults)
    unknown = set(arguments.only or ()) - {fault.name for fault in every}
    if unknown:
        parser.error(f"no fault is called {', '.join(sorted(unknown))}; --list names them")
    faults = [fault for fault in every if not arguments.only or fault.name in arguments.only]
    if arguments.tests:
        faults = [replace(fault, tests=tuple(arguments.tests)) for fault in faults]
    if arguments.list:
        for fault in faults:
            out.print(f"{fault.name}: {fault.says}", markup=False)
        return 0
    for fault in faults:
        faulty(fault)  # before the first of many minutes
    if any(test.startswith(IN_RENODE) for fault in faults for test in fault.tests):
        find_renode_test()  # where it is missing these tests would be skipped, and nothing caught
    with tempfile.TemporaryDirectory() as scratch:
        copies = [Copy(Path(scratch) / f"tree{number}") for number in range(arguments.workers)]
        failing = None if arguments.no_baseline else baseline(copies[0], faults)
        if failing:
            err.print(f"without any fault a test fails: {failing}", markup=False)
            return 2
        with progress("faults", len(faults)) as advance:
            results = judge_all(copies, faults, advance)
    if arguments.json:
        out.print_json(json.dumps([asdict(result) for result in results]))
    elif arguments.markdown:
        print(rows_of_docs(results))
    else:
        show(results)
    return int(any(result.verdict != CAUGHT for result in results))


if __name__ == "__main__":
    sys.exit(main())
