"""The page of the Python interface: what each package re-exports, with its signature and its docstring."""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_args, get_type_hints

PACKAGES = ("ecg", "train", "quantize", "codegen", "firmware", "boards")

MOST_PARAMETERS = 12
"""Of a class with more, users call what makes it."""

HEAD = """# Python

What the packages of splkit offer to programs. Everything else is private: any version may change it.

```python
from splkit.ecg import find_r_peaks, read_recording

peaks = find_r_peaks(read_recording("sample"))
```

A name is loaded when it is first asked for, so that `import splkit.ecg` is cheap.
A function that needs an extra says which, as a `splkit.errors.ToolError`.

All errors that you can put right are a `splkit.errors.SplkitError`.
Its `rule`, `found` and `next_step` say what must hold, what was found instead, and what to do.
The [troubleshooting page](../troubleshooting.md) lists them by what they say.
"""

_SECTION = re.compile(r"^(Args|Attributes|Returns|Raises|Yields):$")
_ENTRY = re.compile(r"^ {4}([\w*, ]+): ")


def page() -> str:
    """The whole page, Markdown."""
    return "\n".join([HEAD, *(line for package in PACKAGES for line in _package(package))])


def names() -> list[str]:
    """Every public name, with its package."""
    return [f"{package}.{name}" for package in PACKAGES for name in _module(package).__all__]


def _module(package: str) -> Any:
    return import_module(f"splkit.{package}")


def _package(package: str) -> Iterator[str]:
    module = _module(package)
    yield f"## splkit.{package}\n\n{inspect.getdoc(module)}\n"
    for name in sorted(module.__all__, key=str.lower):
        yield from _item(package, name, getattr(module, name))


def _item(package: str, name: str, item: Any) -> Iterator[str]:
    yield f"### {package}.{name}\n"
    if not (inspect.isclass(item) or inspect.isroutine(item)):
        yield f"One of {', '.join(f'`{value}`' for value in get_args(item))}.\n"
        return
    yield f"```python\n{_signature(name, item)}\n```\n"
    yield _documented(inspect.getdoc(item) or "")
    if inspect.isclass(item):
        for method, function in _methods(item):
            yield f"#### {name}.{method}\n"
            if not isinstance(function, property):
                yield f"```python\n{_signature(method, function)}\n```\n"
            yield _documented(inspect.getdoc(function) or "")


def _methods(item: type) -> Iterator[tuple[str, Any]]:
    """The methods and properties that the class itself documents."""
    for name, value in vars(item).items():
        function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        if not name.startswith("_") and (inspect.isfunction(function) or isinstance(function, property)):
            yield name, function


def _signature(name: str, item: Any) -> str:
    """One parameter a line where the whole is long; types without the modules they come from."""
    if inspect.isclass(item) and hasattr(item, "model_fields"):
        return f"class {name}  # a pydantic model"
    try:
        signature = inspect.signature(item)
    except ValueError:
        return f"class {name}"
    if len(signature.parameters) > MOST_PARAMETERS:
        return f"class {name}  # {len(signature.parameters)} fields"
    hints = get_type_hints(item) if inspect.isfunction(item) else {}
    parts, keyword_only = [], False
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword_only:
            parts.append("*")
            keyword_only = True
        text = f"{parameter.name}: {_type(hints.get(parameter.name, parameter.annotation))}"
        shown = "..." if callable(parameter.default) else repr(parameter.default)
        parts.append(text if parameter.default is parameter.empty else f"{text} = {shown}")
    head = f"class {name}(" if inspect.isclass(item) else f"def {name}("
    back = f") -> {_type(hints['return'])}" if "return" in hints else ")"
    line = head + ", ".join(parts) + back
    return line if len(line) < 90 else head + "".join(f"\n    {part}," for part in parts) + "\n" + back


def _type(annotation: Any) -> str:
    if annotation is inspect.Parameter.empty:
        return "Any"
    text = (
        annotation.__name__ if inspect.isclass(annotation) and not get_args(annotation) else str(annotation)
    )
    text = re.sub(
        r"numpy\.ndarray\[tuple\[typing\.Any, \.\.\.\], numpy\.dtype\[([\w.]+)\]\]", r"NDArray[\1]", text
    )
    return re.sub(r"\b(?:\w+\.)+(\w+)", r"\1", text)


def _documented(text: str) -> str:
    """A docstring as Markdown: its sections become lists."""
    lines: list[str] = []
    inside = False
    for line in text.splitlines():
        if _SECTION.match(line):
            inside = True
            lines += [f"**{line[:-1]}**", ""]
        elif inside and (entry := _ENTRY.match(line)):
            lines.append(f"- `{entry[1]}`: {_escaped(line[entry.end() :])}")
        elif inside and line.startswith("    "):
            lines.append(f"  {_escaped(line.strip())}")
        else:
            inside = inside and not line.strip()
            lines.append(_escaped(line))
    return "\n".join(lines) + "\n"


def _escaped(line: str) -> str:
    return line.replace("<", "&lt;") if "`" not in line else line
