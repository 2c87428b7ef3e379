"""Names that a package gives its users without loading the modules that define them."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package (PEP 562): a name is imported when it is first asked for.

    `splkit.ecg` thus offers `read_recording`, and `import splkit.ecg.leads` does not pay for SciPy.

    Args:
        package: its `__name__`.
        modules: by name, the module inside the package that defines it ("recordings.readers").
    """

    def look_up(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{modules[name]}"), name)

    return look_up
