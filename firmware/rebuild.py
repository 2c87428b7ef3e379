"""`splkit build`: an exported folder built again, and its manifest brought up to what was built."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from splkit.errors import UsageError
from splkit.files import place_taken, write_whole
from splkit.firmware.build import BuildResult, build
from splkit.firmware.exported_board import board_of
from splkit.firmware.flashing.mcuboot import Signature, sign
from splkit.firmware.manifest import IMAGES, MANIFEST, SIGNED, Manifest, edited_sources, read_manifest
from splkit.folders import digest
from splkit.interrupts import end, held, tidied
from splkit.progress import Advance, ignore_progress

OBJECTS = "build"


def rebuild(
    folder: Path, key: Path | None = None, advance: Advance = ignore_progress
) -> tuple[BuildResult, Manifest]:
    """Builds an exported folder after a change of its sources; all of its images are new, or none.

    The manifest then names the images that were built, and the sources that are not those of the export.
    A signed image is named again once it has been signed: with `key`, at the version that it had.

    Raises:
        UsageError: no exported folder, one that another splkit is at work on, or `key` for an unsigned one.
        BoardError: the board has no slot for signed images.
        ToolError: the compiler or imgtool is missing, or the sources do not build.
    """
    place = folder.resolve()
    manifest = read_manifest(place)
    if key and manifest.image_version is None:
        raise UsageError(
            "an export that was signed is signed again",
            found=f"{folder}, which was not",
            next_step="export it with --sign",
        )
    names = (*IMAGES, *(SIGNED if key else ()))
    with place_taken(place), _as_before(place, names) as images, _objects(place):
        result = build(place, advance)
        if key:
            sign(place, board_of(place, manifest), Signature(key, manifest.image_version or ""))
        renewed = _renewed(place, manifest, result.compiler, names)
        with held():
            write_whole(place / MANIFEST, (renewed.model_dump_json(indent=2) + "\n").encode())
            images.clear()
            end()
    return result, renewed


def _renewed(place: Path, manifest: Manifest, compiler: str, names: tuple[str, ...]) -> Manifest:
    files = manifest.files | {name: digest(place / name) for name in names}
    if SIGNED[0] not in names and files["firmware.hex"] != manifest.files.get("firmware.hex"):
        files = {name: value for name, value in files.items() if name not in SIGNED}
    edited = edited_sources(place, manifest)
    return manifest.model_copy(update={"files": files, "edited": edited, "compiler": compiler})


@contextmanager
def _as_before(place: Path, names: tuple[str, ...]) -> Iterator[dict[str, bytes | None]]:
    """The bytes of files, which are written back at the end unless the dictionary has been emptied."""

    def read() -> dict[str, bytes | None]:
        return {name: (place / name).read_bytes() if (place / name).is_file() else None for name in names}

    def write_back(images: dict[str, bytes | None]) -> None:
        for name, content in images.items():
            if content is None:
                (place / name).unlink(missing_ok=True)
            else:
                write_whole(place / name, content)

    with tidied(read, write_back) as images:
        yield images


@contextmanager
def _objects(place: Path) -> Iterator[None]:
    """Objects that `make` had left stay and save time; without them there are none afterwards either."""
    objects = place / OBJECTS
    were_there = objects.exists()
    with tidied(lambda: None, lambda _: None if were_there else shutil.rmtree(objects, ignore_errors=True)):
        yield
