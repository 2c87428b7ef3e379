"""What an experiment is: what it trains, what it counts, and how its results are shown."""

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
    """What there is of an experiment.

    Attributes:
        config: of the study.
        trained: by label, the trainings that were finished.
        costs: by label, the networks that were counted.
    """

    config: StudyConfig
    trained: Mapping[str, Trained]
    costs: Mapping[str, Cost]


@dataclass(frozen=True)
class Shown:
    """Results as a reader gets them."""

    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Experiment:
    """One entry of the study.

    Attributes:
        name: on the command line, and the first word of its files.
        title: in the report.
        thesis: the figures and tables of the thesis that it answers, each with the name of its counterpart.
        show: its results, as far as there are any.
        trains: by label, the trainings that it needs; those of equal configuration are done once.
        hindered: why it cannot be done on a study's data; None where it can.
        costs: by label, the networks whose cost on a board is counted.
    """

    name: str
    title: str
    thesis: Mapping[str, str]
    show: Callable[[Results], Shown]
    trains: Callable[[StudyConfig], Mapping[str, TrainConfig]] = lambda _: {}
    hindered: Callable[[StudyConfig], str | None] = lambda _: None
    costs: Mapping[str, CostOf] = field(default_factory=dict)
