"""The generated C of one front end, with the bundled model, built for this machine."""

import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path

from splkit.codegen.compile import CompiledModel, compile_model
from splkit.codegen.generate import write_library
from splkit.ecg.frontend import FrontEndConfig
from splkit.firmware.parity.host import HostLibrary
from splkit.quantize.carried import card_for
from splkit.quantize.reference import reference_model


@cache
def bundled_model() -> CompiledModel:
    """The bundled model, compiled once."""
    return compile_model(reference_model().read_bytes(), reference_model().name)


def write_sources(config: FrontEndConfig, folder: Path) -> None:
    """Writes the whole library and the host's flat interface under `folder`."""
    write_library(bundled_model(), card_for(reference_model()), config, folder)
    (folder / "host").mkdir()
    source = files("splkit.firmware") / "host" / "spl_host.c"
    (folder / "host" / "spl_host.c").write_text(source.read_text("utf-8"), "utf-8")


@cache
def host_front_end(config: FrontEndConfig) -> HostLibrary:
    """Builds each configuration once."""
    with tempfile.TemporaryDirectory() as scratch:
        write_sources(config, Path(scratch))
        return HostLibrary(Path(scratch))
