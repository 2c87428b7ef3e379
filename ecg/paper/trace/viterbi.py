"""The cheapest path through the runs of ink, for many panels at once."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.trace.runs import Index

GHOSTS = 3
"""Paths that are carried over a column in which their trace shows no ink."""
JUMP_COST_PER_MM = 4.0
"""Of white between the runs of neighbouring columns: a pen does not leave the paper."""
TURN_COST_PER_MM = 0.04
"""Of the way that the middle of the run moves: of two ways on, the smoother one."""


class _Column(NamedTuple):
    """The states of all panels at one column: runs first, then ghosts."""

    top: Array
    bottom: Array
    cost: Array


def cheapest_paths(
    table: Index, top: Array, bottom: Array, own: Array, gap: Array, mm_per_px: float
) -> list[Index]:
    """The cheapest path of each panel; arrays are (columns, panels, choices), `gap` is (columns, panels)."""
    count, panels, choices = table.shape
    back = np.zeros((count, panels, choices + GHOSTS), dtype=np.int16)
    state = _start(panels, choices)
    for column in range(count):
        move = _move_costs(state, top[column], bottom[column], mm_per_px)
        total = state.cost[:, :, None] + move
        best = np.argmin(total, axis=1)
        cost = np.take_along_axis(total, best[:, None], axis=1)[:, 0] + own[column]
        carried = np.argsort(state.cost, axis=1)[:, :GHOSTS]
        back[column, :, :choices] = best
        back[column, :, choices:] = carried
        state = _Column(
            np.concatenate([top[column], np.take_along_axis(state.top, carried, axis=1) - 1.0], axis=1),
            np.concatenate([bottom[column], np.take_along_axis(state.bottom, carried, axis=1) + 1.0], axis=1),
            np.concatenate(
                [cost, np.take_along_axis(state.cost, carried, axis=1) + gap[column][:, None]], axis=1
            ),
        )
    return [
        _trace_back(table[:, panel], back[:, panel], int(np.argmin(state.cost[panel])))
        for panel in range(panels)
    ]


def _start(panels: int, choices: int) -> _Column:
    """Before the first column: one ghost, from which every run is as near as any other."""
    shape = (panels, choices + GHOSTS)
    top, bottom, cost = np.full(shape, np.inf), np.full(shape, np.inf), np.full(shape, np.inf)
    top[:, choices:], bottom[:, choices:], cost[:, choices] = -1e9, 1e9, 0.0
    return _Column(top, bottom, cost)


def _move_costs(state: _Column, top: Array, bottom: Array, mm_per_px: float) -> Array:
    """(panels, states, choices): white between two runs, and the way of their middles."""
    with np.errstate(invalid="ignore"):
        white = np.maximum(
            top[:, None, :] - state.bottom[:, :, None], state.top[:, :, None] - bottom[:, None, :]
        )
        middle = 0.5 * (top + bottom)[:, None, :] - 0.5 * (state.top + state.bottom)[:, :, None]
    known = (np.abs(state.top) < 1e8) & np.isfinite(state.top)
    cost = JUMP_COST_PER_MM * np.maximum(0.0, white - 1.0) + TURN_COST_PER_MM * np.abs(middle)
    cost = np.where(known[:, :, None], cost * mm_per_px, 0.0)
    return np.where(np.isfinite(top)[:, None, :], cost, np.inf)


def _trace_back(table: Index, back: npt.NDArray[np.int16], last: int) -> Index:
    path = np.full(len(table), -1, dtype=np.int64)
    state, choices = last, table.shape[1]
    for column in range(len(table) - 1, -1, -1):
        if state < choices:
            path[column] = table[column, state]
        state = int(back[column, state])
    return path
