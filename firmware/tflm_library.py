"""TensorFlow Lite Micro as its own Makefile leaves it: where its library and its headers are."""

from dataclasses import dataclass
from pathlib import Path

from splkit.boards.schema import Board, Core
from splkit.errors import UsageError
from splkit.escapes import require_in_build_files

LIBRARY = "libtensorflow-microlite.a"
_HEADER = "tensorflow/lite/micro/micro_interpreter.h"
_THIRD_PARTY = ("tensorflow/lite/micro/tools/make/downloads", "third_party")
"""Of a checkout in which the library was made, and of a tree that `create_tflm_tree.py` made."""

STACK_BYTES = 4096
"""On top of a board's own: an inference with its set-up was seen to take 1,468, and nothing bounds it."""


@dataclass(frozen=True)
class TflmLibrary:
    """A build of TensorFlow Lite Micro.

    Attributes:
        root: the folder that holds `tensorflow/`, absolute.
        library: the archive, relative to `root`.
        includes: folders of headers, relative to `root`.
    """

    root: Path
    library: Path
    includes: tuple[str, ...]


def find_tflm(folder: Path, core: Core) -> TflmLibrary:
    """The library for a core in a folder that holds `tensorflow/`.

    Raises:
        UsageError: the headers, the library or those of flatbuffers, gemmlowp and ruy are not there, or more
            than one library may be meant.
    """
    if not (folder / _HEADER).is_file():
        raise _refused("is a TensorFlow Lite Micro tree", f"no {_HEADER} in {folder}")
    third_party = next((each for each in _THIRD_PARTY if (folder / each / "flatbuffers").is_dir()), None)
    if third_party is None:
        raise _refused("has flatbuffers beside it", f"neither {' nor '.join(_THIRD_PARTY)} in {folder}")
    includes = (".", *(f"{third_party}/{each}" for each in ("flatbuffers/include", "gemmlowp", "ruy")))
    return TflmLibrary(
        require_in_build_files(folder.resolve()), _library(folder, core).relative_to(folder), includes
    )


def with_stack(board: Board) -> Board:
    """The board with room for TensorFlow Lite Micro on its stack."""
    stack_bytes = board.memory.stack_bytes + STACK_BYTES
    return board.model_copy(update={"memory": board.memory.model_copy(update={"stack_bytes": stack_bytes})})


def _library(folder: Path, core: Core) -> Path:
    """The one archive, or of several the one in a folder named after the core, as TFLM's Makefile does."""
    found = sorted(folder.rglob(LIBRARY))
    named = f"_{core.cpu}{'+fp' if core.fpu else ''}_"
    candidates = found if len(found) == 1 else [path for path in found if named in str(path)]
    if len(candidates) != 1:
        listed = ", ".join(str(path.relative_to(folder).parent) for path in found) or "none"
        raise _refused(f"has one {LIBRARY}, or one for {core.cpu}", f"{listed} in {folder}")
    return candidates[0]


def _refused(rule: str, found: str) -> UsageError:
    return UsageError(
        f"the folder of --tflm-dir {rule}",
        found=found,
        next_step="make it there: make -f tensorflow/lite/micro/tools/make/Makefile "
        "TARGET=cortex_m_generic TARGET_ARCH=cortex-m4+fp BUILD_TYPE=release microlite",
    )
