"""Pictures drawn with matplotlib: checked by name before the work, written whole, alike from run to run."""

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
"""By suffix, what matplotlib would else write of itself and of the day."""


def check_picture(path: Path) -> None:
    """Raises `UsageError` where the suffix names no kind of picture."""
    if path.suffix.lower() not in _UNDATED:
        raise UsageError(
            f"a picture is a {', '.join(_UNDATED)} file",
            found=path.name,
            next_step="name it like picture.png",
        )


def new_figure(width_in: float, height_in: float) -> Any:
    """An empty matplotlib figure that lays itself out.

    Raises:
        ToolError: the package matplotlib is not installed.
    """
    figures = optional("matplotlib.figure", "pictures are drawn with the package matplotlib")
    return figures.Figure(figsize=(width_in, height_in), layout="constrained")


def save_picture(figure: Any, path: Path, dpi: int = 120) -> None:
    """Writes a figure; the suffix says which kind. The same figure gives the same bytes.

    Raises:
        UsageError: the suffix names no kind of picture, or the folder cannot be written to.
    """
    check_picture(path)
    write_whole(path, picture_bytes(figure, path.suffix.lower(), dpi))


def picture_bytes(figure: Any, kind: str, dpi: int = 120) -> bytes:
    """A figure as a file of a kind, ".png", ".svg" or ".pdf". The same figure gives the same bytes."""
    picture = io.BytesIO()
    matplotlib = optional("matplotlib", "pictures are drawn with the package matplotlib")
    with matplotlib.rc_context({"svg.hashsalt": "splkit"}):
        figure.savefig(picture, format=kind.removeprefix("."), dpi=dpi, metadata=_UNDATED[kind])
    return picture.getvalue()
