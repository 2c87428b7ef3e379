"""The library of an exported folder as an Arduino library: the single file and an example."""

from pathlib import Path

from splkit import __version__
from splkit.codegen.render import environment
from splkit.codegen.single_file import amalgamate


def write_arduino(folder: Path, trained_on: str | None) -> None:
    """Writes `arduino/`, to be copied into a sketchbook's `libraries/`, beside the library of `folder`.

    Args:
        folder: where `write_library` or, for an inference by itself, `write_model` has written.
        trained_on: what the network was trained on, as in its card; None for an inference by itself.
    """
    library = folder / "arduino"
    public, example = ("spl.h", "potassium") if trained_on else ("spl_model.h", "inference")
    sources = {f"src/{name}": text for name, text in amalgamate(folder, public).items()}
    rendered = {
        "library.properties": "library.properties.j2",
        f"examples/{example}/{example}.ino": f"{example}.ino.j2",
    }
    facts = {"version": __version__, "trained_on": trained_on, "public": public}
    for name, template in rendered.items():
        text = environment().get_template(template).render(facts)
        sources[name] = text
    for name, text in sources.items():
        path = library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
