"""`splkit render`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from splkit.commands.options import FOLDER, Number, Whole, examples, force_option, json_option, print_json
from splkit.commands.page_options import page_options
from splkit.console import out, progress
from splkit.errors import UsageError

if TYPE_CHECKING:
    from splkit.ecg.paper.render.rendered import Rendered

EXAMPLES = examples(
    "splkit render ptbxl/records500/00000/00001_hr --out pages",
    "splkit render simulated --potassium 6.5 --out pages --layout 6x2 --rhythm none --grid green",
    "splkit render 00001_hr --out pages --distort rotation=5 --distort shading --distort jpeg=40",
    "splkit render simulated --out pages --any --count 300 --seed 1 --json",
)


SEED = Whole(0, 2**31, "larger seeds have no use")


@click.command("render", epilog=EXAMPLES)
@click.argument("record")
@click.option("--out", "folder", type=FOLDER, required=True, help="Folder for the pages and their truth.")
@page_options
@click.option("--any", "any_style", is_flag=True, help="Draw style and distortions from the seed.")
@click.option(
    "--distort",
    "distortions",
    multiple=True,
    metavar="NAME[=AMOUNT]",
    help="What happens to the page, again for more, in this order: docs/paper.md lists them.",
)
@click.option(
    "--seed", type=Whole(0, 2**31, "a seed is a whole number"), default=0, help="Of the first page [0]."
)
@click.option(
    "--count", type=Whole(1, 100_000, "a page takes a second and a megabyte"), default=1,
    help="Pages, each with the seed after the last one's [1].",
)  # fmt: skip
@click.option(
    "--start", "start_s", type=Number(0, 31 * 86400, "a record starts at 0"), default=0.0,
    help="Where in the record to start, s [0].",
)  # fmt: skip
@click.option(
    "--potassium", "potassium_meq_l", type=Number(2, 10, "the simulator knows no other"), default=4.5,
    help="Of a simulated patient, mEq/L [4.5].",
)  # fmt: skip
@force_option
@json_option
def command(
    record: str,
    folder: Path,
    any_style: bool,
    distortions: tuple[str, ...],
    seed: int,
    count: int,
    start_s: float,
    potassium_meq_l: float,
    force: bool,
    as_json: bool,
    chosen: dict[str, Any],
) -> None:
    """Draw a 12-lead record on paper, with the pixel of every sample.

    RECORD is a record of any format that splkit reads, or `simulated`: a simulated patient, another one for
    each seed. The files are: NAME-0.png, the page; NAME-0.json, the pixel of every sample, the grid and the
    labels; NAME-0.csv, the signals shown, in mV; NAME.hea and NAME.dat, the record.

    If the record has no V4R, V8 or V9, these are scaled from V1 and V6.
    """
    from splkit.ecg.paper.render.files import page_files, page_paths
    from splkit.ecg.paper.render.pages import Pages
    from splkit.files import require_free, taking, write_all

    pages = Pages(record, chosen, steps_of(distortions), any_style, start_s, potassium_meq_l)
    seeds = range(seed, seed + count)
    for each in seeds:
        for path in page_paths(folder, pages.name(each)).values():
            require_free(path, force)
    drawn = []
    with progress(f"drawing {record}", count) as advance:
        for each in seeds:
            name = pages.name(each)
            paths = page_paths(folder, name)
            with taking(*paths.values(), force=force):
                page, leads = pages.draw(each)
                files = page_files(page, leads, name)
                write_all({path: files[kind] for kind, path in paths.items()})
            drawn.append(_facts(paths["png"], page))
            advance(1)
    if as_json:
        print_json(json.dumps({"record": record, "folder": str(folder), "pages": drawn}, indent=2))
        return
    for facts in drawn:
        width, height = facts["size"]
        done = ", ".join(f"{step} {amount:.3g}" for step, amount in facts["distortions"]) or "clean"
        out.print(f"{facts['page']}: {facts['layout']}, {width} x {height} px, {done}", soft_wrap=True)
        for lead, share in facts["off_page"].items():
            out.print(f"  {lead}: {share:.1%} of its samples are off the page", soft_wrap=True)


def steps_of(texts: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Distortions from texts, NAME or NAME=AMOUNT.

    Raises:
        UsageError: there is no distortion of that name, or its amount is no number or out of range.
    """
    from splkit.ecg.paper.render.distort import DISTORTIONS, check_step

    steps = []
    for text in texts:
        name, _, amount = text.partition("=")
        try:
            usual = DISTORTIONS[name].usual if name in DISTORTIONS else 0.0
            step = (name, float(amount) if amount else usual)
        except ValueError as error:
            raise UsageError(
                "a distortion is given as NAME or NAME=AMOUNT",
                found=repr(text),
                next_step="write it like rotation=5",
            ) from error
        check_step(step)
        steps.append(step)
    return tuple(steps)


def _facts(path: Path, page: "Rendered") -> dict[str, Any]:
    from splkit.ecg.paper.render.files import off_page

    height, width = page.rgb.shape[:2]
    return {
        "page": str(path),
        "size": [width, height],
        "layout": page.layout.name,
        "px_per_mm": [page.grid.px_per_mm_x, page.grid.px_per_mm_y],
        "distortions": [list(step) for step in page.distortions],
        "off_page": {trace.panel.lead: share for trace in page.traces if (share := off_page(trace, page))},
    }
