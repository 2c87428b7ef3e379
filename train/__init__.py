"""Data sets of one-cycle ECGs, the model zoo, and training runs."""

from typing import TYPE_CHECKING

from splkit.names import lazily

if TYPE_CHECKING:
    from splkit.train.config import TrainConfig as TrainConfig
    from splkit.train.config import load_recipe as load_recipe
    from splkit.train.folder import Run as Run
    from splkit.train.folder import load_run as load_run
    from splkit.train.pairs import with_pairs as with_pairs
    from splkit.train.run import train_run as train_run

_MODULES = {
    "TrainConfig": "config",
    "load_recipe": "config",
    "Run": "folder",
    "load_run": "folder",
    "with_pairs": "pairs",
    "train_run": "run",
}
__all__ = list(_MODULES)
__getattr__ = lazily(__name__, _MODULES)
