"""Defines an experiment: what it trains, what it counts, and how its results are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from splkit.report.figure import Figure
from splkit.report.table import Table
from splkit.study.config import StudyConfig
from splkit.study.cost import Cost, CostOf
from splkit.study.trained import Trained
from splkit.train.config import TrainConfig


@dataclass(frozen=True)
class Results:
    """The results of an experiment so far.

    Attributes:
        config: settings of the study.
        trained: the finished trainings, by label.
        costs: the costs that were counted, by label.
    """

    config: StudyConfig
    trained: Mapping[str, Trained]
    costs: Mapping[str, Cost]


@dataclass(frozen=True)
class Shown:
    """Results in the form in which the report shows them."""

    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Experiment:
    """One entry of the study.

    Attributes:
        name: its name on the command line, and the first word of its files' names.
        title: its title in the report.
        thesis: the figures and tables of the thesis that it reproduces, each with the name of its
            counterpart.
        show: turns its results into texts, tables and figures. Some results may be missing.
        trains: the trainings that it needs, by label. Trainings with equal configurations are done once.
        hindered: says why it cannot be done on a study's data, or None if it can.
        costs: the networks to count the cost of, by label.
    """

    name: str
    title: str
    thesis: Mapping[str, str]
    show: Callable[[Results], Shown]
    trains: Callable[[StudyConfig], Mapping[str, TrainConfig]] = lambda _: {}
    hindered: Callable[[StudyConfig], str | None] = lambda _: None
    costs: Mapping[str, CostOf] = field(default_factory=dict)
