"""JSON Schemas of the files that splkit writes, and their page.

`make schemas` writes them. They are kept in the repository, a file a version: a change
of a format shows in a diff.
"""

import inspect
import json
import re
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from splkit import __version__
from splkit.firmware.manifest import CompiledManifest, Manifest
from splkit.quantize.card import SCHEMA_VERSION, ModelCard
from splkit.train.config import TrainConfig

FOLDER: Final = Path(__file__).parents[2] / "docs" / "reference" / "schemas"
_MINOR: Final = ".".join(__version__.split(".")[:2])

SCHEMAS: Final[dict[str, tuple[type[BaseModel], str]]] = {
    f"card-{SCHEMA_VERSION}": (ModelCard, "model/card.json, and the card inside a .tflite"),
    f"manifest-{_MINOR}": (Manifest, "manifest.json of splkit export"),
    f"compiled-manifest-{_MINOR}": (CompiledManifest, "manifest.json of splkit compile"),
    f"recipe-{_MINOR}": (TrainConfig, "config.json of a run, and a recipe (TOML) for splkit train"),
}
"""By name and version, the model and the file that it describes. The card has a version of its own."""

HEAD = """# Files and their schemas

JSON Schemas (draft 2020-12) of what splkit writes, made from the models that read and write these files.
A name carries the version: that of the card itself, or that of splkit. A test holds each file to the code.

Units are in the names of the fields.
`_meq_l` is mEq/L, `_ueq_l` is micro-equivalents a litre: 4500 is 4.5 mEq/L.
"""

_ENTRY = re.compile(r"^ {4}(\w+): (.*)$")


def schema(name: str) -> dict[str, Any]:
    """The schema of a name in `SCHEMAS`, each field described as its class documents it."""
    model, what = SCHEMAS[name]
    made = model.model_json_schema()
    _describe(made, model)
    for title, part in made.get("$defs", {}).items():
        if owner := _models(model).get(title):
            _describe(part, owner)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:splkit:{name}"}
    return head | {"$comment": f"of {what}"} | made


def text(name: str) -> str:
    """The file of a schema."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def page() -> str:
    """The page with all fields, Markdown."""
    lines = [HEAD]
    for name, (_, what) in SCHEMAS.items():
        made = schema(name)
        lines += [f"## {name}\n", f"Of `{what}`. The schema: [{name}.json](schemas/{name}.json).\n"]
        lines += ["| field | type | what |", "|---|---|---|"]
        required = made.get("required", ())
        for field, facts in made["properties"].items():
            mark = "" if field in required else " (optional)"
            what = facts.get("description", "").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
            lines.append(f"| `{field}` | {_type(facts)}{mark} | {what} |")
        lines.append("")
    return "\n".join(lines)


def _describe(made: dict[str, Any], model: type[BaseModel]) -> None:
    """Adds to each field what the docstring of its class says under Attributes."""
    said = _attributes(model)
    made["description"] = (inspect.getdoc(model) or "").split("\n\n")[0].replace("\n", " ")
    for field, facts in made.get("properties", {}).items():
        facts.pop("title", None)
        if field in said:
            facts["description"] = said[field]


def _attributes(model: type[BaseModel]) -> dict[str, str]:
    """By field, its description; those of the classes that it is made of too."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        _, _, section = (inspect.cleandoc(each.__doc__ or "")).partition("Attributes:\n")
        name = ""
        for line in section.splitlines():
            if entry := _ENTRY.match(line):
                name = entry[1]
                found[name] = entry[2]
            elif name and line.startswith("     "):
                found[name] += f" {line.strip()}"
            else:
                name = ""
    return found


def _models(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The models that its fields hold, at any depth, by class name."""
    found: dict[str, type[BaseModel]] = {}
    waiting: list[Any] = [field.annotation for field in model.model_fields.values()]
    while waiting:
        each = waiting.pop()
        waiting += getattr(each, "__args__", ())
        if inspect.isclass(each) and issubclass(each, BaseModel) and each.__name__ not in found:
            found[each.__name__] = each
            waiting += [field.annotation for field in each.model_fields.values()]
    return found


def _type(facts: dict[str, Any]) -> str:
    """A field's type in a word or two."""
    if "anyOf" in facts:
        return " or ".join(_type(each) for each in facts["anyOf"])
    if "$ref" in facts:
        return f"{facts['$ref'].rpartition('/')[2]}"
    if "enum" in facts:
        return ", ".join(f"`{json.dumps(value)}`" for value in facts["enum"])
    if "const" in facts:
        return f"`{json.dumps(facts['const'])}`"
    return str(facts.get("type", "any"))


def main() -> None:
    """Writes the schemas of this version; those of other versions stay."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        (FOLDER / f"{name}.json").write_text(text(name), "utf-8")


if __name__ == "__main__":
    main()
