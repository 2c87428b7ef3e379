"""From a .tflite file to C: reader, graph, plan, operators, templates."""

from typing import TYPE_CHECKING

from splkit.names import lazily

if TYPE_CHECKING:
    from splkit.codegen.compile import CompiledModel as CompiledModel
    from splkit.codegen.compile import compile_model as compile_model
    from splkit.codegen.generate import write_library as write_library
    from splkit.codegen.generate import write_model as write_model

_MODULES = {
    "CompiledModel": "compile",
    "compile_model": "compile",
    "write_library": "generate",
    "write_model": "generate",
}
__all__ = list(_MODULES)
__getattr__ = lazily(__name__, _MODULES)
