"""requirements/dev.txt: all that the extra dev asks for, each with its hashes, from any index."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ENTRY = re.compile(
    r"^([A-Za-z0-9._-]+)==(\S+)(?: ; ([^\\]+))?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE
)


def locked(root: Path) -> dict[str, list[Version]]:
    """By package, its versions: more than one where Pythons take different ones."""
    found: dict[str, list[Version]] = {}
    for name, version, _, _ in ENTRY.findall((root / "requirements" / "dev.txt").read_text("utf-8")):
        found.setdefault(canonicalize_name(name), []).append(Version(version))
    return found


def asked_for(root: Path) -> list[Requirement]:
    """What splkit and its extra dev need, the extras inside of it opened."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    waiting, found = [*project["dependencies"], "splkit[dev]"], []
    while waiting:
        requirement = Requirement(waiting.pop())
        if requirement.name == "splkit":
            waiting += [
                each for extra in requirement.extras for each in project["optional-dependencies"][extra]
            ]
        else:
            found.append(requirement)
    return found


def test_all_that_dev_asks_for_is_locked_in_a_version_that_it_takes(root: Path) -> None:
    versions, asked = locked(root), asked_for(root)
    assert len(asked) > 30 and len(versions) > len(asked)
    wrong = [
        str(each)
        for each in asked
        if not all(
            each.specifier.contains(version, prereleases=True)
            for version in versions.get(canonicalize_name(each.name), [Version("0")])
        )
    ]
    assert not wrong, "make lock"


def test_every_line_is_a_version_with_its_hashes(root: Path) -> None:
    text = (root / "requirements" / "dev.txt").read_text("utf-8")
    rest = re.sub(r"^#.*\n", "", ENTRY.sub("", text), flags=re.MULTILINE).strip()
    assert not rest and "://" not in text
