"""Tell ink from grid by colour: a linear discriminant that is the share of the pixel that ink covers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Ink, Page, Plane
from splkit.ecg.paper.sheet.flatten import Flat, flatten
from splkit.errors import RecordingError

SAMPLES = 200_000
BAND_ROWS = 256
LUMA = np.array([0.299, 0.587, 0.114])
"""ITU-R BT.601."""
FAINT = 0.06
"""Less darkness than that is paper and noise."""
COLOURED = 0.35
"""(max - min) / max of darkness by channel, above which a pixel has a hue; black and grey stay under 0.25."""
MIN_COLOURED_SHARE = 0.01
"""Of the page, for a coloured grid: 5 mm lines 0.1 mm wide cover 4 %."""
CORE = 0.9
"""Of the darkest: the middle of a stroke, without its soft edges."""
TILES = 16
CLEARLY_MORE_EVEN, CLEARLY_DARKER = 0.3, 1.3
SOME, MANY = 0.002, 0.2
"""A colour of which a tile has so much is seen there. Traces are seen in four tiles of ten or more; a line of
handwriting in one of a hundred."""
MIN_GRID = 0.1
"""Darkness, in its strongest channel, of a grid whose hue can be told from a JPEG's blotches."""
LEAST_APART = 0.25
"""Sine of the angle between the hues of ink and grid, from which they are told apart. Blue-black ink on a
grey grid has 0.12 to 0.23: there a JPEG's colours blur the trace, and black labels would be grid. Red, green
and blue grids under black ink have 0.27 to 0.35."""
TABLE = 0.24
"""Of the light of bright paper; where less comes back is none. A shadow on shaded paper leaves a quarter."""
MOSTLY_INK = 0.5
MIN_INK = 0.15
"""Darkness that the darkest ink of a page must have."""

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Colours:
    """Darkness by channel, (3,) each, and the weights that turn a pixel's darkness into shares."""

    ink: Floats
    grid: Floats
    ink_weights: Floats
    grid_weights: Floats
    told_apart: bool
    """False where grid and ink have one hue: then the coverage holds the grid too, as far as it is dark."""


def find_ink(page: Page) -> Ink:
    """Take a page apart into ink and grid.

    Raises:
        RecordingError: nothing dark is on the page.
    """
    flat = flatten(page.rgb)
    colours = find_colours(flat, page.source)
    height, width = page.rgb.shape[:2]
    coverage, grid = np.empty((height, width), np.float32), np.empty((height, width), np.float32)
    weights = np.stack([colours.ink_weights, colours.grid_weights], axis=1).astype(np.float32)
    for top in range(0, height, BAND_ROWS):
        rows = slice(top, min(top + BAND_ROWS, height))
        shares = flat.darkness(rows) @ weights
        coverage[rows], grid[rows] = np.clip(shares[..., 0], 0, 1), np.clip(shares[..., 1], 0, 1)
    if colours.told_apart:
        # Under ink nothing is known of the grid: the mean is no line and no gap.
        hidden = coverage > MOSTLY_INK
        grid[hidden] = grid[~hidden].mean() if not hidden.all() else 0
    return Ink(coverage, grid, one_hue=not colours.told_apart)


def find_colours(flat: Flat, source: str) -> Colours:
    """The colours of ink and grid, from a sample of the pixels.

    Raises:
        RecordingError: nothing dark is on the page.
    """
    sample = _sample(flat)
    seen = sample.max(axis=2) > FAINT
    coloured = seen & (np.ptp(sample, axis=2) > COLOURED * sample.max(axis=2))
    dark = sample.reshape(-1, 3)
    grid = _mode(sample[coloured]) if coloured.mean() > MIN_COLOURED_SHARE else np.zeros(3)
    if float(grid.max()) > MIN_GRID and _trace_is_coloured(sample, coloured, seen & ~coloured):
        grey = np.asarray(np.median(sample[seen & ~coloured], axis=0), np.float64)
        # A person's words or a stamp are no trace: then grid and trace are both grey.
        grid = grey if _goes_over_page(coloured) else np.zeros(3)
    told_apart = float(grid.max()) > MIN_GRID
    ink = _darkest(dark, grid if told_apart else np.zeros(3))
    if told_apart and _hue_apart(ink, grid) < LEAST_APART:
        told_apart = False
        ink = _darkest(dark, np.zeros(3))
    if float(ink @ LUMA) < MIN_INK:
        raise RecordingError(
            f"ink: a page has a trace at least {MIN_INK:.0%} darker than its paper",
            found=f"{float(ink @ LUMA):.0%} in {source}",
            next_step="scan it again with more contrast; or this is no ECG",
        )
    if not told_apart:
        # What is darker than twice the usual is no line, or tells no more of it.
        usual = np.asarray(np.median(sample[seen], axis=0), np.float64) if seen.any() else ink
        return Colours(ink, usual, ink / float(ink @ ink), usual / float(usual @ usual) / 2, told_apart=False)
    plain = dark[np.linalg.norm(_without(dark, grid), axis=1) < FAINT]
    noise = plain.T @ plain / len(plain) + 1e-5 * np.eye(3)
    spread = noise + 0.1 * np.outer(grid, grid)
    # Ink is left out of the grid by its coverage: a discriminant against both would be all noise.
    return Colours(ink, grid, _weights(spread, ink), grid / float(grid @ grid), told_apart=True)


def _without(dark: Plane, grid: Floats) -> Floats:
    """Darkness less what is of the grid's hue."""
    return np.asarray(dark - np.outer(dark @ grid, grid) / max(float(grid @ grid), 1e-9), np.float64)


def _darkest(dark: Plane, grid: Floats) -> Floats:
    """The colour of the darkest pixels, by what is not of the grid's hue."""
    depth = np.linalg.norm(_without(dark, grid), axis=1)
    return np.asarray(np.median(dark[depth >= CORE * np.quantile(depth, 0.998)], axis=0), np.float64)


def _hue_apart(one: Floats, other: Floats) -> float:
    """Sine of the angle between two colours."""
    cos = float(one @ other) / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-9)
    return float(np.sqrt(max(0.0, 1 - cos * cos)))


def _sample(flat: Flat) -> Plane:
    """(rows, columns, 3) darkness of every n-th pixel; n is odd, so that it does not beat with grid lines."""
    height, width = flat.rgb.shape[:2]
    step = int(np.sqrt(height * width / SAMPLES)) | 1
    # Beside a dark window the light is found too low: what is lighter than its paper is paper.
    sample = np.maximum(flat.darkness(slice(None, None, step), step), -FAINT)
    # A dark table has noise of all hues, as dark as ink beside the little light that comes from it.
    light = flat.paper[::step, ::step].max(axis=2)
    sample[light < TABLE * np.quantile(light, 0.95)] = 0
    return sample


def _trace_is_coloured(sample: Plane, coloured: Mask, grey: Mask) -> bool:
    """True where the grid is grey and the trace has a hue: the grid is spread more evenly, and is lighter."""
    more_even = _evenness(grey) - _evenness(coloured)
    dark = [float(np.quantile(sample[mask] @ LUMA, 0.95)) if mask.any() else 0.0 for mask in (coloured, grey)]
    return more_even > CLEARLY_MORE_EVEN or (more_even > 0 and dark[0] > CLEARLY_DARKER * dark[1])


def _goes_over_page(mask: Mask) -> bool:
    """Whether a colour is seen at many places of the page, its border left out, as the ink of traces is."""
    return float((_tiles(mask)[1:-1, 1:-1] > SOME).mean()) > MANY


def _tiles(mask: Mask) -> Floats:
    """(TILES, TILES): the share of each tile that is of a colour."""
    high, wide = mask.shape[0] // TILES, mask.shape[1] // TILES
    tiles = mask[: high * TILES, : wide * TILES].reshape(TILES, high, TILES, wide).mean(axis=(1, 3))
    return np.asarray(tiles, np.float64)


def _evenness(mask: Mask) -> float:
    """How evenly a colour is spread: 1 for a grid; near 0 for a trace, which leaves most of a page empty."""
    tiles = _tiles(mask)
    return float(np.median(tiles) / max(tiles.mean(), 1e-9))


def _mode(dark: Plane) -> Floats:
    """The darkness vector of the commonest hue: the mean within 20 degrees of the peak of a histogram."""
    chroma = dark - dark.mean(axis=1, keepdims=True)
    axis_a, axis_b = np.array([2, -1, -1]) / np.sqrt(6), np.array([0, 1, -1]) / np.sqrt(2)
    angle = np.arctan2(chroma @ axis_b, chroma @ axis_a)
    counts, edges = np.histogram(angle, 36, (-np.pi, np.pi), weights=dark.max(axis=1))
    counts = counts + np.roll(counts, 1) + np.roll(counts, -1)
    peak = edges[int(np.argmax(counts))] + np.pi / 36
    near = np.abs(np.angle(np.exp(1j * (angle - peak)))) < np.deg2rad(20)
    return np.asarray(np.average(dark[near], axis=0, weights=dark[near].max(axis=1)), np.float64)


def _weights(spread: Floats, colour: Floats) -> Floats:
    """Fisher's discriminant against `spread`, scaled so that `colour` gives 1."""
    direction = np.linalg.solve(spread, colour)
    return np.asarray(direction / float(direction @ colour))
