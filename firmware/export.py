"""From a model and a board to an exported folder: library, application, model, manifest, firmware."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Self

from splkit import __version__
from splkit.boards import Board
from splkit.codegen.arduino import write_arduino
from splkit.codegen.generate import write_library
from splkit.codegen.single_file import write_single_file
from splkit.codegen.tflite_file.reader import model_bytes
from splkit.ecg.frontend import Verdict, input_name
from splkit.errors import ToolError
from splkit.firmware.binary.elf import Elf
from splkit.firmware.build import build
from splkit.firmware.exported_board import write_board
from splkit.firmware.flashing.mcuboot import Signature, behind_header, sign
from splkit.firmware.licences import write_licences
from splkit.firmware.manifest import MANIFEST, MODEL, Broadcast, Manifest, made_by_splkit
from splkit.firmware.network import Network, write_content
from splkit.firmware.sources import ApplicationContext, write_application, write_host
from splkit.firmware.tflm_library import find_tflm, with_stack
from splkit.firmware.zephyr_application import require_sampler, write_zephyr_app
from splkit.folders import new_folder, own_place
from splkit.progress import Advance, ignore_progress
from splkit.quantize.card import ModelCard
from splkit.quantize.carried import with_card, without_card
from splkit.quantize.spread import Spread
from splkit.quantize.stated import Stated, stated_card
from splkit.quantize.units import interval_milli
from splkit.quantize.weak import require_strong, weakness


@dataclass(frozen=True)
class ExportRequest:
    """What to export: a .tflite by its card, for a board, at a sampling rate and a size of a count.

    The export goes by `card`, whatever card is inside the file. `accept_weak` takes a model that has learned
    nothing.

    `single_file` adds the library as one header and one source, `arduino` as an Arduino library, `zephyr_app`
    the application on Zephyr. With
    `tflm_dir` TensorFlow Lite Micro computes the inference, from the library and the headers in that folder.
    With a `signature` the firmware is linked behind the header of MCUboot's slot, and signed.
    `broadcast` says whether advertisements are encrypted.
    """

    model: Path
    card: ModelCard
    board: Board
    fs_hz: int
    uv_per_count: float
    single_file: bool = False
    arduino: bool = False
    zephyr_app: bool = False
    tflm_dir: Path | None = None
    signature: Signature | None = None
    accept_weak: bool = False
    broadcast: Broadcast = "encrypted"
    ram_bytes: int | None = None

    @classmethod
    def for_board(
        cls, model: Path, board: Board, stated: Stated = MappingProxyType({}), *, accept_weak: bool = False
    ) -> Self:
        """A model with its card, or with what is stated of it, as the board by itself samples."""
        card = stated_card(model, stated)
        return cls(model, card, board, board.ecg.fs_hz, board.ecg.uv_per_count, accept_weak=accept_weak)


def export(
    request: ExportRequest, out_dir: Path, *, force: bool = False, advance: Advance = ignore_progress
) -> Manifest:
    """Writes and builds an exported folder; `advance` counts source files built, and the link.

    Everything happens beside `out_dir` and is renamed into place, so that a failure leaves nothing behind.
    The same request gives the same bytes, as long as the oracle is installed for both or for neither.

    Raises:
        ModelError: the model cannot be exported, or the card is another model's.
        UsageError: `out_dir` exists and `force` was not given, or it is not an exported folder; or the
            application on Zephyr was asked for of another converter than its own.
        ToolError: the compiler is missing, or the build failed.
    """
    place = own_place(out_dir, "an export")
    if request.zephyr_app:
        require_sampler(request.board)
    carded = with_card(model_bytes(request.model), request.card)
    content = without_card(carded)
    network = Network.of(
        content, request.model.name, by_tflm=bool(request.tflm_dir), ram_bytes=request.ram_bytes
    )
    weak = _weakness(request, content)
    cycle = request.card.cycle
    config = request.card.front_end(request.fs_hz, request.uv_per_count)
    with new_folder(place, "an export", force=force, known=made_by_splkit) as stage:
        write_library(network.compiled, request.card, config, stage, network.golden_outputs, network.tflm)
        if request.single_file:
            write_single_file(stage)
        if request.arduino:
            write_arduino(stage, request.card.trained_on)
        _write_sources(request, network.compiled.sha256, carded, stage)
        if request.zephyr_app:
            write_zephyr_app(stage, request.board.ecg.sampler, request.fs_hz)
        result = build(stage, advance)
        shutil.rmtree(stage / "build")
        if request.signature:
            sign(stage, request.board, request.signature)
        write_licences(stage, f"firmware for {request.board.name}", network, request.card.trained_on)
        manifest = Manifest(
            **request.card.contract,
            **network.facts(request.board.name, result.compiler, stage),
            fs_hz=request.fs_hz,
            uv_per_count=request.uv_per_count,
            averaged_cycles=cycle.averaged_cycles,
            input=input_name(cycle.window),
            trained_on=request.card.trained_on,
            weakness=weak,
            interval_ueq_l=interval_milli(request.card.interval),
            spread=_without_figures(request.card.spread),
            distance=request.card.distance,
            spl_t_bytes=Elf(result.elf).type_size("spl_t"),
            broadcast=request.broadcast,
            image_version=request.signature.version if request.signature else None,
        )
        (stage / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n")
    return manifest


def _without_figures(spread: Spread | None) -> Spread | None:
    """What a device knows of a card's spread."""
    return spread.model_copy(update={"covered": ()}) if spread else None


def _weakness(request: ExportRequest, content: bytes) -> str | None:
    """Why the model is of no use, where that is accepted; nothing is run without the oracle."""
    try:
        found = weakness(request.card, content)
    except ToolError:
        found = None
    if not request.accept_weak:
        require_strong(found, request.model.name)
    return found


def _write_sources(request: ExportRequest, model_sha256: str, carded: bytes, stage: Path) -> None:
    context = ApplicationContext(
        version=__version__,
        model_sha256=model_sha256,
        training=f"trained on {request.card.trained_on}",
        verdict_words=[verdict.word for verdict in Verdict],
        lead=request.card.lead,
        broadcast=request.broadcast,
        tflm=find_tflm(request.tflm_dir, request.board.core) if request.tflm_dir else None,
    )
    board = behind_header(request.board) if request.signature else request.board
    board = with_stack(board) if request.tflm_dir else board
    write_application(board, request.fs_hz, stage, context)
    write_host(stage, request.card.cycle.window)
    write_content(carded, stage)
    request.card.save(stage / MODEL[1])
    write_board(request.board, stage)
