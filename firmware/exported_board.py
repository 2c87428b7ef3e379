"""The board that an exported folder was made for, as it was described then: board.json."""

from pathlib import Path

from pydantic import ValidationError

from splkit import boards
from splkit.boards import Board
from splkit.errors import UsageError, reason
from splkit.firmware.manifest import BOARD, FolderManifest, read_folder, require_named


def write_board(board: Board, folder: Path) -> None:
    """Writes the description beside the firmware: later verbs know a board of one's own by it."""
    (folder / BOARD).write_text(board.model_dump_json(indent=2) + "\n", "utf-8")


def board_of(folder: Path, manifest: FolderManifest | None = None) -> Board:
    """The board of an exported folder.

    Raises:
        UsageError: no exported folder, or its description of the board is not the one that it was made with.
    """
    manifest = manifest or read_folder(folder)
    require_named(folder, manifest, BOARD)
    try:
        return Board.model_validate_json((folder / BOARD).read_bytes())
    except ValidationError as error:
        raise UsageError(
            f"{BOARD} describes a board of this version of splkit",
            found=f"{reason(error)} in {folder / BOARD}",
            next_step="export the folder again",
        ) from error


def is_own(board: Board) -> bool:
    """Whether a board does not ship with splkit."""
    return board.name not in boards.names()
