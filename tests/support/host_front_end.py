"""The generated C of one front end, with the bundled model or a plain one, built for this machine."""

import tempfile
from functools import cache
from pathlib import Path

from support.contracts import ANY_NUMBER
from support.small_models import line

from splkit.codegen.compile import CompiledModel, compile_model
from splkit.codegen.generate import write_library
from splkit.ecg.frontend import FrontEndConfig, Window, input_name
from splkit.firmware.parity.host import HostLibrary
from splkit.firmware.sources import write_host
from splkit.quantize.card import ModelCard
from splkit.quantize.carried import card_for
from splkit.quantize.reference import reference_model
from splkit.quantize.stated import stated_card


@cache
def bundled_model() -> CompiledModel:
    """The bundled model, compiled once."""
    return compile_model(reference_model().read_bytes(), reference_model().name)


@cache
def plain_model(window: Window) -> tuple[CompiledModel, ModelCard]:
    """One that reads another window, with what is said of it."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "plain.tflite"
        path.write_bytes(line(window=window))
        card = stated_card(path, ANY_NUMBER | {"input": input_name(window)})
        return compile_model(path.read_bytes(), path.name), card


def model_of(config: FrontEndConfig) -> tuple[CompiledModel, ModelCard]:
    """The bundled model for a front end that cuts cycles, a plain one for another."""
    if config.window.is_cycle:
        return bundled_model(), card_for(reference_model())
    return plain_model(config.window)


def write_sources(config: FrontEndConfig, folder: Path) -> None:
    """Writes the whole library and the host's flat interface under `folder`."""
    write_library(*model_of(config), config, folder)
    write_host(folder, config.window)


@cache
def host_front_end(config: FrontEndConfig) -> HostLibrary:
    """Builds each configuration once."""
    with tempfile.TemporaryDirectory() as scratch:
        write_sources(config, Path(scratch))
        return HostLibrary(Path(scratch), config.window.size)
