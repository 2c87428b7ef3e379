"""Lets a package offer names to its users without loading the modules that define them."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """A `__getattr__` for a package (PEP 562) that imports a name on its first use.

    For example, `splkit.ecg` offers `read_recording`, but `import splkit.ecg.leads` does not load SciPy.

    Args:
        package: the package's `__name__`.
        modules: the module in the package that defines a name ("recordings.readers"), by name.
    """

    def look_up(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{modules[name]}"), name)

    return look_up
