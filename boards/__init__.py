"""Boards as data: one folder each, with its description and, where Renode has the chip, its platform."""

from splkit.boards.catalogue import all_boards, folder, load, names, parse
from splkit.boards.ecg import Sampler
from splkit.boards.pins import pin_number
from splkit.boards.schema import Board, Family

__all__ = ["Board", "Family", "Sampler", "all_boards", "folder", "load", "names", "parse", "pin_number"]
