"""Boards, those that ship and one's own: found by folder, read from TOML, refused by name."""

import tomllib
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from splkit.boards.schema import Board
from splkit.errors import BoardError, reason

DESCRIPTION = "board.toml"


def names() -> list[str]:
    """The names of all boards, sorted."""
    return sorted(entry.name for entry in files("splkit.boards").iterdir() if (entry / DESCRIPTION).is_file())


def folder(name: str) -> Traversable:
    """The folder of a board's own files (description, Renode platform and script).

    Raises:
        BoardError: there is no such board; the nearest name is offered.
    """
    known = names()
    if name in known:
        return files("splkit.boards") / name
    near = _of_chip(name) or get_close_matches(name, known, n=1, cutoff=0.5)
    next_step = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(known)}"
    raise BoardError(
        "a board is known by name, or by a folder with its board.toml", found=repr(name), next_step=next_step
    )


def _of_chip(chip: str) -> list[str]:
    """The boards that bear a chip of this name."""
    return [board.name for board in all_boards()[0] if board.chip.lower() == chip.lower()]


def all_boards() -> tuple[list[Board], list[BoardError]]:
    """The boards that ship and hold together, by name, and what is wrong with the others."""
    found, refused = [], []
    for name in names():
        try:
            found.append(load(name))
        except BoardError as error:
            refused.append(error)
    return found, refused


def load(name: str) -> Board:
    """The board called `name`, or the one whose description lies in the folder `name`.

    Raises:
        BoardError: there is no such board, or its description does not hold together.
    """
    if name not in names() and (Path(name) / DESCRIPTION).is_file():
        return _own(Path(name).resolve())
    return _read(folder(name) / DESCRIPTION, name)


def _own(place: Path) -> Board:
    """A board that does not ship with splkit, or the folder of one that does."""
    if place == Path(str(files("splkit.boards") / place.name)).resolve():
        return load(place.name)
    if place.name in names():
        raise BoardError(
            "a board of your own has a name of its own",
            found=f"{place.name}, which ships with splkit, in {place}",
            next_step="rename the folder and the board",
        )
    return _read(place / DESCRIPTION, place.name)


def _read(description: Path | Traversable, name: str) -> Board:
    source = f"{name}/{DESCRIPTION}"
    try:
        text = description.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BoardError(
            "a board's description is text in UTF-8",
            found=f"{reason(error)} in {source}",
            next_step="correct it",
        ) from error
    board = parse(text, source)
    if board.name != name:
        raise BoardError(
            "a board's folder bears its name",
            found=f"name = {board.name!r} in {source}",
            next_step="rename one of them",
        )
    return board


def parse(text: str, source: str) -> Board:
    """The board that the TOML `text` describes; `source` names it in errors.

    Raises:
        BoardError: not TOML, an unknown or missing key, a value out of range, or a rule broken between keys.
    """
    try:
        return Board.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BoardError(
            "a board's description is TOML", found=f"{error} in {source}", next_step="correct it"
        ) from error
    except ValidationError as error:
        # A misspelt key is both unknown and missing: the unknown one is what the user sees in the file.
        errors = sorted(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        raise _refusal(errors[0], source) from error


def _refusal(first: ErrorDetails, source: str) -> BoardError:
    """One thing that pydantic found, in splkit's words."""
    place = ".".join(str(part) for part in first["loc"]) or "the whole"
    if first["type"] == "extra_forbidden":
        near = get_close_matches(str(first["loc"][-1]), _keys(first["loc"][:-1]), n=1)
        next_step = f"did you mean {near[0]!r}?" if near else "take it out"
        return BoardError("a board's keys are known", found=f"{place} in {source}", next_step=next_step)
    if first["type"] == "missing":
        return BoardError(
            "a board's description is whole", found=f"no {place} in {source}", next_step="add it"
        )
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "value_error":
        return BoardError(message, found=f"{place} of {source}", next_step="make them agree")
    why = _why(first["loc"])
    return BoardError(
        f"{place} is in range: {message}{f' ({why})' if why else ''}",
        found=f"{first['input']!r} in {source}",
        next_step="correct the value",
    )


def _why(place: tuple[int | str, ...]) -> str:
    """The reason of a number's range, of its own or of its type's."""
    model: type[BaseModel] = Board
    for part in place[:-1]:
        nested = _table(model, str(part))
        if nested is None:
            return ""
        model = nested
    field = model.model_fields.get(str(place[-1])) if place else None
    return (field and field.description) or ""


def _table(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    """The table under a key, whether it may be left out or not."""
    field = model.model_fields.get(key)
    kinds = (field.annotation, *get_args(field.annotation)) if field else ()
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _keys(table: tuple[int | str, ...]) -> list[str]:
    """The keys that the schema knows at a place of the description."""
    model: type[BaseModel] = Board
    for part in table:
        nested = _table(model, str(part))
        if nested is None:
            return []
        model = nested
    return list(model.model_fields)
