"""From any int8 model to a folder with its inference alone: library, self-test, build files, manifest."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from splkit import __version__
from splkit.boards import Board
from splkit.codegen.arduino import write_arduino
from splkit.codegen.compile import End
from splkit.codegen.generate import write_model
from splkit.codegen.single_file import write_single_file
from splkit.codegen.tflite_file.reader import model_bytes
from splkit.firmware.build import compiler_version, make
from splkit.firmware.exported_board import write_board
from splkit.firmware.licences import write_licences
from splkit.firmware.manifest import MANIFEST, CompiledManifest, TensorFacts, made_by_splkit
from splkit.firmware.network import Network, write_content
from splkit.firmware.sources import BuildContext, write_inference
from splkit.folders import new_folder, own_place
from splkit.progress import Advance, ignore_progress
from splkit.quantize.carried import without_card

PUBLIC = "spl_model.h"
WHAT = "a compiled model"


@dataclass(frozen=True)
class CompileRequest:
    """What to compile: a .tflite, for a board, on which nothing but the build and the figures depend.

    `single_file` adds the library as one header and one source, `arduino` as an Arduino library;
    `ram_bytes` is a limit for arena, input and output.
    """

    model: Path
    board: Board
    single_file: bool = False
    arduino: bool = False
    ram_bytes: int | None = None


def compile_inference(
    request: CompileRequest, out_dir: Path, *, force: bool = False, advance: Advance = ignore_progress
) -> CompiledManifest:
    """Writes and builds a folder with the inference alone; `advance` counts source files built, and the link.

    As `splkit.firmware.export.export`: whole or not at all, and the same bytes for the same request.

    Raises:
        ModelError: the model cannot be compiled, or not within its limit of RAM.
        UsageError: `out_dir` exists and `force` was not given, or it is no folder that splkit made.
        ToolError: the compiler is missing, or the build failed, as where a board's memory is too small.
    """
    place = own_place(out_dir, WHAT)
    content = without_card(model_bytes(request.model))
    network = Network.of(content, request.model.name, ram_bytes=request.ram_bytes)
    with new_folder(place, WHAT, force=force, known=made_by_splkit) as stage:
        write_model(network.compiled, stage, network.golden_outputs)
        if request.single_file:
            write_single_file(stage, PUBLIC)
        if request.arduino:
            write_arduino(stage, None)
        write_inference(request.board, stage, BuildContext(version=__version__))
        write_content(content, stage)
        write_board(request.board, stage)
        compiler = make(stage, "all", advance)
        shutil.rmtree(stage / "build")
        write_licences(stage, f"inference for {request.board.name}", network)
        manifest = CompiledManifest(
            **network.facts(request.board.name, compiler_version(compiler), stage),
            inputs=_facts(network.compiled.inputs),
            outputs=_facts(network.compiled.outputs),
        )
        (stage / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n")
    return manifest


def _facts(ends: Sequence[End]) -> tuple[TensorFacts, ...]:
    return tuple(
        TensorFacts(
            name=end.tensor.name,
            shape=end.tensor.shape,
            scale=end.tensor.scale,
            zero_point=end.tensor.zero_point,
        )
        for end in ends
    )
