"""The boards that ship: found by folder, read from TOML, refused by name."""

import tomllib
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from splkit.boards.schema import Board
from splkit.errors import BoardError

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
    raise BoardError("a board is known by name", found=repr(name), next_step=next_step)


def _of_chip(chip: str) -> list[str]:
    """The boards that bear a chip of this name."""
    return [name for name in names() if load(name).chip.lower() == chip.lower()]


def load(name: str) -> Board:
    """The board called `name`.

    Raises:
        BoardError: there is no such board, or its description does not hold together.
    """
    board = parse((folder(name) / DESCRIPTION).read_text("utf-8"), f"{name}/{DESCRIPTION}")
    if board.name != name:
        raise BoardError(
            "a board's folder bears its name",
            found=f"name = {board.name!r} in {name}/{DESCRIPTION}",
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
    return BoardError(
        f"{place} is in range: {message}",
        found=f"{first['input']!r} in {source}",
        next_step="correct the value",
    )


def _keys(table: tuple[int | str, ...]) -> list[str]:
    """The keys that the schema knows at a place of the description."""
    model: type[BaseModel] = Board
    for part in table:
        nested = model.model_fields[str(part)].annotation
        if not (isinstance(nested, type) and issubclass(nested, BaseModel)):
            return []
        model = nested
    return list(model.model_fields)
