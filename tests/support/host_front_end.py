"""The generated C of one front end, with the bundled model, built for this machine."""

import tempfile
from functools import cache
from pathlib import Path

from splkit.codegen.compile import CompiledModel, compile_model
from splkit.codegen.generate import write_library
from splkit.ecg.frontend import FrontEndConfig
from splkit.firmware.parity.host import HostLibrary
from splkit.firmware.sources import write_host
from splkit.quantize.carried import card_for
from splkit.quantize.reference import reference_model


@cache
def bundled_model() -> CompiledModel:
    """The bundled model, compiled once."""
    return compile_model(reference_model().read_bytes(), reference_model().name)


def write_sources(config: FrontEndConfig, folder: Path) -> None:
    """Writes the whole library and the host's flat interface under `folder`."""
    write_library(bundled_model(), card_for(reference_model()), config, folder)
    write_host(folder, config.window)


@cache
def host_front_end(config: FrontEndConfig) -> HostLibrary:
    """Builds each configuration once."""
    with tempfile.TemporaryDirectory() as scratch:
        write_sources(config, Path(scratch))
        return HostLibrary(Path(scratch))
