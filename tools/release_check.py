"""Builds wheel and sdist, and tries the wheel in a clean environment of every Python that is found.

    python tools/release_check.py [--python PATH ... | --only PATH] [--out dist]

In each environment: the wheel without extras (version, boards, sample, detect, check, export), then with the
extra `verify`. A Python of `WANTED` that is not on PATH is named as not tried; `--python` adds others. Exit
status 1 where something fails.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from splkit_wheel import tracked_files

ROOT = Path(__file__).parents[1]
WANTED = ("python3.11", "python3.12", "python3.13", "python3.14")
STEPS = (
    ("splkit", "--version"),
    ("splkit", "boards"),
    ("splkit", "sample", "data", "--patients", "10"),
    ("splkit", "detect", "data/sample.csv"),
    ("splkit", "check", "model.tflite"),
    ("splkit", "export", "--board", "nrf52", "--out", "firmware"),
)
WITH_VERIFY = (("splkit", "verify", "firmware", "--ecg", "sample", "--inputs", "16", "--cycles", "8"),)


def build(out: Path) -> tuple[Path, Path]:
    """Wheel and sdist of the tracked files, in `out`; the wheel is built from the sdist."""
    with tempfile.TemporaryDirectory() as scratch:
        for path in tracked_files(ROOT):
            (target := Path(scratch) / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, target)
        command = [sys.executable, "-m", "build", "--outdir", str(out), scratch]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(out.glob("*.whl")), next(out.glob("*.tar.gz"))


def differences(wheel: Path, sdist: Path) -> list[str]:
    """Files of the package that the sdist has and the wheel has not, and what an sdist must have."""
    with tarfile.open(sdist) as archive:
        inside = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    modules = {name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".py")}
    needed = {"pyproject.toml", "README.md", "LICENSE"}
    missing = sorted(needed - inside)
    rooms = len([name for name in inside if name.endswith(".py") and not name.startswith("tests")])
    return missing + (
        [] if rooms == len(modules) else [f"{rooms} modules in the sdist, {len(modules)} in the wheel"]
    )


def pythons(names: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    """Name and path of each; no path where it is not here."""
    for name in names:
        path = shutil.which(name)
        works = (
            path
            and subprocess.run([path, "-c", "import venv"], capture_output=True, check=False).returncode == 0
        )
        yield name, path if works else None


def tried(python: str, wheel: Path) -> str:
    """ "" where all steps pass in a clean environment, else what failed."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        subprocess.run([python, "-m", "venv", folder / "env"], check=True)
        scripts = folder / "env" / "bin"
        environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "HOME": scratch}
        environment.pop("PYTHONPATH", None)
        shutil.copy(ROOT / "quantize" / "reference" / "dscrnn_4k.tflite", folder / "model.tflite")
        pip = (str(scripts / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        for command in ((*pip, str(wheel)), *STEPS, (*pip, f"{wheel}[verify]"), *WITH_VERIFY):
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                last = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()][-1:]
                return f"{' '.join(command[-4:])}: {''.join(last)}"
    return ""


def main() -> int:
    """Prints a line a Python; 1 where something failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--python", action="append", default=[], help="another Python to try; may be repeated"
    )
    parser.add_argument("--only", help="the one Python to try")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder for wheel and sdist [dist]")
    given = parser.parse_args()
    shutil.rmtree(given.out, ignore_errors=True)
    wheel, sdist = build(given.out)
    wrong = differences(wheel, sdist)
    print(f"{wheel.name}, {sdist.name}: {'; '.join(wrong) or 'complete'}")
    failed = bool(wrong)
    for name, path in pythons((given.only,) if given.only else (*WANTED, *given.python)):
        found = tried(path, wheel) if path else "not tried: not on PATH"
        print(f"{name}: {found or 'all steps passed'}", flush=True)
        failed |= bool(found) if path or given.only else False
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
