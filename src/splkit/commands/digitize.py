"""`splkit digitize`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from splkit.commands.options import (
    FOLDER,
    Number,
    Whole,
    examples,
    force_option,
    json_option,
    print_json,
    spread_options,
)
from splkit.console import new_table, out, progress, styled

if TYPE_CHECKING:
    from splkit.ecg.paper.batch.result import PageResult
    from splkit.pool import Workers

EXIT_LOOK, EXIT_FAILED = 3, 4

EXAMPLES = examples(
    "splkit digitize page.png --out digitized",
    "splkit digitize scans/ --out digitized --review",
    "splkit digitize fax.tif --out digitized --px-per-mm 8 --layout 3x4+1 --gain 5",
    "splkit digitize strip.jpg --out digitized --layout 6x1 --leads I,II,III,aVR,aVL,aVF",
)


def _points(_context: click.Context, _param: click.Parameter, value: str | None) -> object:
    if value is None:
        return None
    try:
        numbers = [float(each) for each in value.replace(" ", ",").split(",") if each]
    except ValueError:
        numbers = []
    if len(numbers) != 8 or not all(abs(each) < 1e6 for each in numbers):
        raise click.BadParameter("eight numbers: x,y of top left, top right, bottom right, bottom left.")
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _leads(_context: click.Context, _param: click.Parameter, value: str | None) -> object:
    names = tuple(each.strip() for each in (value or "").split(",") if each.strip())
    if value is not None and not names:
        raise click.BadParameter("names with commas between, like I,II,III.")
    return names or None


@click.command("digitize", epilog=EXAMPLES)
@click.argument("images", nargs=-1, required=True, metavar="IMAGE...", type=click.Path(path_type=Path))
@click.option("--out", "out_dir", required=True, type=FOLDER, help="Folder of results.")
@click.option("--speed", type=Number(5, 200, "papers run at 12.5 to 100 mm/s"), help="Paper speed, mm/s.")
@click.option("--gain", type=Number(1, 80, "papers have 2.5 to 40 mm/mV"), help="Gain, mm/mV.")
@click.option("--layout", help="Rows, columns and rhythm strips, like 3x4+1, 6x2 or 12x1.")
@click.option(
    "--leads", callback=_leads, help="Leads in the order of the panels, row by row: I,aVR,V1,V4,..."
)
@click.option(
    "--px-per-mm", type=Number(1, 100, "scans have 3 to 24"), help="Resolution, for pages without a grid."
)
@click.option(
    "--corners", callback=_points, help="Of the paper, pixels: x,y top left, top right, bottom right, left."
)
@click.option("--page", type=Whole(1, 1000, "pages count from 1"), help="This page alone of a PDF or TIFF.")
@click.option("--review", is_flag=True, help="Also NAME.review.html, to check a reading in a browser.")
@click.option("--estimate", is_flag=True, help="Also the bundled model's answer to the model's lead.")
@spread_options
@force_option
@json_option
def command(
    images: tuple[Path, ...],
    out_dir: Path,
    speed: float | None,
    gain: float | None,
    layout: str | None,
    leads: tuple[str, ...] | None,
    px_per_mm: float | None,
    corners: tuple[tuple[float, float], ...] | None,
    page: int | None,
    review: bool,
    estimate: bool,
    workers: "Workers",
    force: bool,
    as_json: bool,
) -> None:
    """Read ECGs on paper, as scans, photos or PDFs, into mV.

    IMAGE is a PNG, JPEG, TIFF, BMP, GIF, WebP or PDF, or a folder of them. Each page gets NAME.csv, a WFDB
    record, a picture of the traces over the page, and NAME.json; summary.csv has a row a page. A page that is
    done is not done again, unless --force is given. docs/paper.md says what each figure means.

    Exit status: 0 all pages are read, 3 a segment or an assumed scale of some page is to be looked at, 4 some
    page was not read, 2 something to put right before any page is read.
    """
    from splkit.commands.digitize_estimate import with_estimates
    from splkit.ecg.paper.batch.jobs import Wanted, find_files, find_jobs
    from splkit.ecg.paper.batch.run import read_all
    from splkit.ecg.paper.batch.summary import check_tables, write_tables
    from splkit.ecg.paper.contracts import Hints
    from splkit.folders import own_place

    place = own_place(out_dir, "the folder of results")
    check_tables(place)
    hints = Hints(layout, leads, speed, gain, px_per_mm, corners)
    pages = find_jobs(find_files(images, place), hints, Wanted(review, place), page)
    results: list[PageResult] = []
    kept = 0
    with progress("reading pages", len(pages)) as advance:
        for result, was_kept in read_all(pages, place, workers=workers, force=force):
            results.append(result)
            kept += was_kept
            advance(1)
    results.sort(key=lambda each: each.name)
    if estimate:
        results = with_estimates(results, place)
    write_tables(place, results)
    if as_json:
        print_json(json.dumps([each.model_dump() for each in results], indent=2))
    else:
        _print(results, kept, out_dir)
    sys.exit(exit_status(results))


def exit_status(results: list["PageResult"]) -> int:
    """The exit status of the worst page; 0 if all pages were read."""
    status = {each.status for each in results}
    return EXIT_FAILED if "failed" in status else EXIT_LOOK if "look" in status else 0


def _print(results: list["PageResult"], kept: int, out_dir: Path) -> None:
    table = new_table("page", "layout", "good", "px/mm", "mm/s", "mm/mV", "", "what", wraps=("page", "what"))
    for each in results:
        reading, style = each.reading, {"read": "green", "look": "yellow", "failed": "red"}[each.status]
        cells = ["", "", "", "", ""]
        if reading:
            good = len(reading.segments) - len(reading.doubtful)
            scales = (
                " ".join(f"{value:g}" for value in values) for values in (reading.mm_per_s, reading.mm_per_mv)
            )
            cells = [
                reading.layout,
                f"{good} of {len(reading.segments)}",
                f"{reading.px_per_mm_x:.2f} x {reading.px_per_mm_y:.2f}",
                *scales,
            ]
        table.add_row(each.name, *cells, styled(each.status, style), each.message)
    out.print(table)
    for each in results:
        if each.estimate:
            out.print(f"{each.name}: {each.estimate}", soft_wrap=True)
    counts = ", ".join(
        f"{sum(each.status == status for each in results)} {words}"
        for status, words in (("read", "read"), ("look", "to be looked at"), ("failed", "not read"))
    )
    before = f"; {kept} of them were done before" if kept else ""
    out.print(f"{len(results)} page{'s' if len(results) != 1 else ''}: {counts}{before}")
    out.print(f"wrote {out_dir}", soft_wrap=True)
