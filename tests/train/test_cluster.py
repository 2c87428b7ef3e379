"""Cycles cut on a Dask cluster: the same as by one process, also where half of the cluster is lost."""

from pathlib import Path

import numpy as np
import pytest
from support.dask_cluster import local_cluster

from splkit.errors import ModelError, ToolError
from splkit.train.config import TrainConfig
from splkit.train.dataset import build

pytest.importorskip("distributed", reason="a cluster needs splkit[dask]")

CONFIG = TrainConfig(patients=150, records_per_patient=1, record_s=15)


def test_a_cluster_that_loses_one_of_two_processes_half_way_cuts_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with local_cluster(tmp_path) as (address, workers):
        done: list[int] = []

        def advance(steps: int) -> None:
            done.append(steps)
            if len(done) == 2:  # the first is what was there before: nothing
                workers[0].kill()

        cycles = build(CONFIG, advance, workers=address, cache=tmp_path / "cache")
        assert workers[0].wait() == -9 and workers[1].poll() is None
        with monkeypatch.context() as other:
            other.setattr("splkit.cluster.__version__", "0.0.7")
            with pytest.raises(ToolError, match=r"the splkit that asks them, 0\.0\.7; found .* at tcp://127"):
                build(CONFIG, workers=address)
        with monkeypatch.context() as other:
            other.setattr("splkit.train.cut_cache._code", lambda: "another front end")
            with pytest.raises(ModelError, match=r"the same sources, numpy and scipy .*; found another code"):
                build(CONFIG.model_copy(update={"patients": 10}), workers=address)
        workers[1].kill()
        monkeypatch.setattr("splkit.cluster.SILENCE_S", 0.2)
        with pytest.raises(ToolError, match=r"a cluster has workers; found none at tcp://"):
            build(CONFIG, workers=address)
    assert sum(done) == CONFIG.patients and len(done) == 1 + 5
    alone = build(CONFIG)
    np.testing.assert_array_equal(cycles.averaged, alone.averaged)
    np.testing.assert_array_equal(cycles.potassium_meq_l, alone.potassium_meq_l)
    kept = build(CONFIG, cache=tmp_path / "cache")
    np.testing.assert_array_equal(kept.averaged, alone.averaged)


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("splkit.cluster.CONNECT_S", 1)
    with pytest.raises(ToolError, match=r"a Dask scheduler that answers; found .*127\.0\.0\.1:9"):
        build(CONFIG, workers="tcp://127.0.0.1:9")
