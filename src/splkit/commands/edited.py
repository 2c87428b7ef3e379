"""The note of `flash`, `verify`, `simulate` and `profile` on an export with edited sources."""

from pathlib import Path
from typing import TYPE_CHECKING

from splkit.console import err

if TYPE_CHECKING:
    from splkit.firmware.manifest import FolderManifest

NAMED = 4
"""How many edited sources are named. The others are only counted."""


def print_edited(folder: Path, manifest: "FolderManifest | None" = None) -> None:
    """Prints on stderr which sources of an export were edited since it was made, if any."""
    from splkit.firmware.manifest import edited_sources, read_folder

    manifest = manifest or read_folder(folder)
    edited = sorted({*manifest.edited, *edited_sources(folder, manifest)})
    if edited:
        rest = f" and {len(edited) - NAMED} more" if len(edited) > NAMED else ""
        built = "built with them" if manifest.edited else "not built with them"
        err.print(
            f"note: edited since the export, {built}: {', '.join(edited[:NAMED])}{rest}", soft_wrap=True
        )
