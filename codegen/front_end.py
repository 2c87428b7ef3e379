"""The C front end as it goes into an export: static sources and the header of its constants."""

from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from splkit.ecg.frontend import FrontEndConfig, InputQuantization

_STATIC = ("spl_frontend.c", "spl_frontend.h")
_TEMPLATE = "spl_frontend_config.h"


def front_end_sources(
    config: FrontEndConfig, quantization: InputQuantization, banner: str
) -> dict[str, str]:
    """File name -> text of the front end for one rate and one model input; `banner` is its first comment line."""
    package = files("splkit.codegen")
    sources = {name: package.joinpath("frontend", name).read_text("utf-8") for name in _STATIC}
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    template = package.joinpath("templates", f"{_TEMPLATE}.j2").read_text("utf-8")
    sources[_TEMPLATE] = environment.from_string(template).render(
        front_end=config, input=quantization, banner=banner
    )
    return sources
