"""What `flash`, `verify`, `simulate` and `profile` say of an export whose sources were changed."""

from pathlib import Path
from typing import TYPE_CHECKING

from splkit.console import err

if TYPE_CHECKING:
    from splkit.firmware.manifest import FolderManifest

NAMED = 4
"""Sources that are named; the others are counted."""


def print_edited(folder: Path, manifest: "FolderManifest | None" = None) -> None:
    """Says on stderr which sources of an export are not those that it was made with, if any."""
    from splkit.firmware.manifest import edited_sources, read_folder

    manifest = manifest or read_folder(folder)
    edited = sorted({*manifest.edited, *edited_sources(folder, manifest)})
    if edited:
        rest = f" and {len(edited) - NAMED} more" if len(edited) > NAMED else ""
        built = "built with them" if manifest.edited else "not built with them"
        err.print(
            f"note: edited since the export, {built}: {', '.join(edited[:NAMED])}{rest}", soft_wrap=True
        )
