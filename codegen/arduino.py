"""The library of an exported folder as an Arduino library: the single file and an example."""

from pathlib import Path

from splkit import __version__
from splkit.codegen.render import environment
from splkit.codegen.single_file import amalgamate

EXAMPLE = "potassium"


def write_arduino(folder: Path, trained_on: str) -> None:
    """Writes `arduino/`, to be copied into a sketchbook's `libraries/`, beside the library of `folder`.

    Args:
        folder: where `write_library` has written.
        trained_on: what the network was trained on, as in its card.
    """
    library = folder / "arduino"
    sources = {f"src/{name}": text for name, text in amalgamate(folder).items()}
    rendered = {
        "library.properties": "library.properties.j2",
        f"examples/{EXAMPLE}/{EXAMPLE}.ino": f"{EXAMPLE}.ino.j2",
    }
    for name, template in rendered.items():
        text = environment().get_template(template).render(version=__version__, trained_on=trained_on)
        sources[name] = text
    for name, text in sources.items():
        path = library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
