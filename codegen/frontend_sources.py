"""The C front end as it goes into an export: static sources and the header of its constants."""

from importlib.resources import files

from splkit.codegen.render import environment
from splkit.ecg.frontend import FrontEndConfig, InputQuantization, thresholds
from splkit.ecg.frontend import config as shape

_STATIC = (
    "spl_beats.c",
    "spl_candidates.c",
    "spl_cut.c",
    "spl_cycles.c",
    "spl_frontend.c",
    "spl_frontend.h",
    "spl_frontend_parts.h",
    "spl_raw.c",
    "spl_shape.c",
    "spl_side.c",
    "spl_waves.c",
)
_WINDOW = ("spl_window.c", "spl_window.h")
"""Where the network reads another window than the cycle."""

_CONFIG = "spl_frontend_config.h"


def front_end_sources(config: FrontEndConfig, quantization: InputQuantization, banner: str) -> dict[str, str]:
    """File name -> text of the front end for one rate and model input; `banner` is its first comment line."""
    folder = files("splkit.codegen") / "frontend"
    template = environment().get_template(f"{_CONFIG}.j2")
    rendered = template.render(
        front_end=config, input=quantization, shape=shape, limits=thresholds, banner=banner
    )
    static = _STATIC if config.window.is_cycle else _STATIC + _WINDOW
    return {name: (folder / name).read_text("utf-8") for name in static} | {_CONFIG: rendered}
