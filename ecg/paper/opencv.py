"""OpenCV, of the extra `[digitize]`: loaded at its use, for the light core starts without it."""

from typing import Any

from splkit.optional import optional


def cv2() -> Any:
    """The module cv2.

    Raises:
        ToolError: the package is not installed.
    """
    return optional("cv2", "pages are drawn and read with OpenCV")
