"""Draws pictures with matplotlib.

The file's name is checked before the work begins. Pictures are never left half written, and the same figure
gives the same bytes.
"""

import io
from pathlib import Path
from typing import Any

from splkit.errors import UsageError
from splkit.files import write_whole
from splkit.optional import optional

_UNDATED = {
    ".png": {"Software": None},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None, "Producer": None},
}
"""Metadata fields to leave empty, by suffix. matplotlib would write its version and the date into them."""


def check_picture(path: Path) -> None:
    """Raises `UsageError` if the suffix is not that of a picture."""
    if path.suffix.lower() not in _UNDATED:
        raise UsageError(
            f"a picture is a {', '.join(_UNDATED)} file",
            found=path.name,
            next_step="name it like picture.png",
        )


def new_figure(width_in: float, height_in: float) -> Any:
    """An empty matplotlib figure with automatic layout.

    Raises:
        ToolError: the package matplotlib is not installed.
    """
    figures = optional("matplotlib.figure", "pictures are drawn with the package matplotlib")
    return figures.Figure(figsize=(width_in, height_in), layout="constrained")


def save_picture(figure: Any, path: Path, dpi: int = 120) -> None:
    """Writes a figure in the format of the path's suffix. The same figure gives the same bytes.

    Raises:
        UsageError: the suffix is not that of a picture, or the folder is not writable.
    """
    check_picture(path)
    write_whole(path, picture_bytes(figure, path.suffix.lower(), dpi))


def picture_bytes(figure: Any, kind: str, dpi: int = 120) -> bytes:
    """A figure as the bytes of a ".png", ".svg" or ".pdf" file. The same figure gives the same bytes."""
    picture = io.BytesIO()
    matplotlib = optional("matplotlib", "pictures are drawn with the package matplotlib")
    with matplotlib.rc_context({"svg.hashsalt": "splkit"}):
        figure.savefig(picture, format=kind.removeprefix("."), dpi=dpi, metadata=_UNDATED[kind])
    return picture.getvalue()
