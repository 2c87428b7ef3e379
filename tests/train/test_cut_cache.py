"""The cache of cut cycles: what it saves, what it notices, and what it never does: change a cycle."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from support.pairs import HEADINGS, PATIENTS, write_pairs, write_record

from splkit.ecg.recordings import readers
from splkit.errors import ModelError, RecordingError
from splkit.train import cutting
from splkit.train.config import TrainConfig
from splkit.train.cut_cache import CutCache
from splkit.train.cuts import RecordCut, from_bytes, to_bytes
from splkit.train.cycle_set import CycleSet
from splkit.train.dataset import build, build_each
from splkit.train.pairs import with_pairs

SMALL = TrainConfig(patients=40, records_per_patient=1, record_s=15)


class Watch:
    """What a build says, and who is cut."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cut: list[object] = []
        self.notes: list[str] = []
        real = cutting._cut_patient

        def cut(source: object, configs: Sequence[TrainConfig]) -> object:
            self.cut += [source] * len(configs)
            return real(source, configs)  # type: ignore[arg-type]

        monkeypatch.setattr(cutting, "_cut_patient", cut)

    def __call__(self, steps: int) -> None: ...

    def stage(self, name: str, steps: int, unit: str | None) -> None: ...

    def tell(self, text: str) -> None: ...

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pairs(tmp_path_factory.mktemp("pairs"))


def same(one: CycleSet, other: CycleSet) -> bool:
    columns = ("averaged", "potassium_meq_l", "patient", "record", "beats")
    equal = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in columns)
    return equal and (one.records, one.leads) == (other.records, other.leads)


def test_networks_folds_and_larger_cohorts_take_what_is_there(tmp_path: Path, watch: Watch) -> None:
    alone = build(SMALL)
    assert len(watch.cut) == 40
    assert same(build(SMALL, watch, cache=tmp_path), alone) and len(watch.cut) == 80
    another = SMALL.model_copy(update={"model": "cnn_10k", "weights_seed": 7, "epochs": 3, "balance": 0.0})
    assert same(build(another, watch, cache=tmp_path), alone)
    fold = SMALL.model_copy(update={"fold": 2})
    assert same(build(fold, watch, cache=tmp_path), build(fold)) and len(watch.cut) == 120
    more = SMALL.model_copy(update={"patients": 50})
    assert same(build(more, watch, cache=tmp_path), build(more)) and len(watch.cut) == 120 + 10 + 50
    assert watch.notes[-1].startswith("40 ECGs were cut before") and watch.notes[-1].endswith("10 now")


OTHERS: dict[str, dict[str, object]] = {
    "another lead": {"lead": "V3"},
    "another seed": {"seed": 2},
    "another rate": {"fs_hz": 250},
    "longer records": {"record_s": 16.0},
    "other means": {"averaged_cycles": 4},
    "another converter": {"uv_per_count": 2.2},
    "another window": {"input": "2s"},
}


@pytest.mark.parametrize("case", OTHERS)
def test_whatever_makes_other_cycles_has_a_cache_of_its_own(tmp_path: Path, case: str) -> None:
    few = SMALL.model_copy(update={"patients": 10, "averaged_cycles": 1})
    other = TrainConfig.model_validate(few.model_dump() | OTHERS[case])
    build(few, cache=tmp_path)
    assert same(build(other, cache=tmp_path), build(other))
    assert len(list(tmp_path.iterdir())) == 2


def test_test_patients_of_another_tail_are_others(tmp_path: Path) -> None:
    few = SMALL.model_copy(update={"patients": 10, "tail_share": 0.9})
    for fold in (0, 1):
        one = few.model_copy(update={"fold": fold})
        assert same(build(one, cache=tmp_path), build(one))


def test_other_code_does_not_take_it(tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    few = SMALL.model_copy(update={"patients": 10})
    build(few, cache=tmp_path)
    monkeypatch.setattr("splkit.train.cut_cache._code", lambda: "another front end")
    build(few, cache=tmp_path)
    assert len(watch.cut) == 20


def test_what_was_cut_before_an_interruption_is_kept(tmp_path: Path, watch: Watch) -> None:
    steps: list[int] = []

    def stop(done: int) -> None:
        steps.append(done)
        if sum(steps):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(SMALL, stop, cache=tmp_path)
    assert len(watch.cut) == 32
    build(SMALL, watch, cache=tmp_path)
    assert len(watch.cut) == 40


def test_a_chunk_that_was_cut_short_or_altered_is_made_again(tmp_path: Path, watch: Watch) -> None:
    whole = build(SMALL, cache=tmp_path)
    first, second = sorted(tmp_path.glob("*/*.cut"))
    first.write_bytes(first.read_bytes()[:-1])
    altered = bytearray(second.read_bytes())
    altered[-7] ^= 1
    second.write_bytes(altered)
    watch.cut.clear()
    assert same(build(SMALL, watch, cache=tmp_path), whole) and len(watch.cut) == 40
    assert watch.notes[0].startswith("2 damaged parts of")
    for content in (b"", b"\n", b"0" * 64 + b"\n[]\n"):
        first.write_bytes(content)
        assert same(build(SMALL, cache=tmp_path), whole)


def test_a_chunk_comes_back_as_it_was() -> None:
    cycles = np.arange(540, dtype=np.int16).reshape(2, 270)
    cuts = {
        "b": RecordCut("V5", {8: cycles, 1: cycles[:0]}, 4.123456789),
        "a": RecordCut("", {8: cycles[:1] - 500}),
    }
    back = from_bytes(to_bytes(cuts))
    assert back is not None and back.keys() == cuts.keys()
    for name, cut in cuts.items():
        assert (back[name].lead, back[name].potassium_meq_l) == (cut.lead, cut.potassium_meq_l)
        for beats, means in cut.means.items():
            np.testing.assert_array_equal(back[name].means[beats], means)


def test_a_table_that_changes_is_cut_again_where_it_changed(
    tmp_path: Path, watch: Watch, table: Path
) -> None:
    cache, other = tmp_path / "cache", table.with_name("changing.csv")
    other.write_text(table.read_text())
    build(with_pairs(SMALL, other), watch, cache=cache)
    first = len(watch.cut)
    assert first == PATIENTS
    lines = table.read_text().splitlines()
    lines[1] = lines[1].replace("3.5", "6.5")  # another potassium: the cycles are the same
    other.write_text("\n".join([*lines, "r3,P3,5.5,,new"]))
    changed = build(with_pairs(SMALL, other), watch, cache=cache)
    assert len(watch.cut) == first + 1 and same(changed, build(with_pairs(SMALL, other)))
    assert 6.5 in changed.potassium_meq_l[changed.record == 0]
    watch.cut.clear()
    write_record(table.with_name("r5"), seed=77)
    again = build(with_pairs(SMALL, other), watch, cache=cache)
    assert len(watch.cut) == 1 and same(again, build(with_pairs(SMALL, other)))
    assert "2 ECGs have changed since they were cut, and were cut again" in watch.notes
    watch.cut.clear()
    os.utime(table.with_name("r5.dat"), ns=(1, 1))
    build(with_pairs(SMALL, other), watch, cache=cache)
    assert len(watch.cut) == 1


def test_all_leads_of_a_table_in_one_reading(
    tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch, table: Path
) -> None:
    rows = [f"{table.parent / f'r{n}'},P{n},{4 + n / 10},," for n in range(PATIENTS)]
    own = tmp_path / "pairs.csv"
    own.write_text("\n".join([HEADINGS, *rows]))
    both = [with_pairs(SMALL, own, channel) for channel in ("V5", "II")]
    apart = [build(config) for config in both]
    opened: list[object] = []
    real: Callable[..., object] = readers.contents_of
    monkeypatch.setattr(
        "splkit.train.measured.contents_of", lambda path: (opened.append(path), real(path))[1]
    )
    together = build_each(both, watch, cache=tmp_path / "cache")
    assert all(map(same, together, apart)) and len(opened) == PATIENTS
    assert [cycles.lead for cycles in together] == ["V5", "II"]
    assert all(map(same, build_each(both, cache=tmp_path / "cache"), apart)) and len(opened) == PATIENTS
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_all_leads_of_a_cohort(tmp_path: Path) -> None:
    few = SMALL.model_copy(update={"patients": 16})
    both = [few.model_copy(update={"lead": lead}) for lead in ("V1", "V6")]
    assert all(map(same, build_each(both, cache=tmp_path), map(build, both)))


def test_ecgs_that_cannot_be_read_are_counted_and_the_others_kept(
    tmp_path: Path, watch: Watch, table: Path
) -> None:
    for name in ("bad1", "bad2"):
        write_record(tmp_path / name, seed=1)
        (tmp_path / f"{name}.dat").write_bytes(b"cut off")
    rows = [f"{table.parent / f'r{n}'},P{n},{4 + n / 10},V5," for n in range(PATIENTS)]
    own = tmp_path / "pairs.csv"
    own.write_text("\n".join([HEADINGS, *rows, "bad1,P98,5,V5,", "bad2,P99,5,V5,"]))
    config = with_pairs(SMALL, own)
    told = r"as long as its header says; found 7 B, .*bad[12]\.dat \(and 1 other ECGs that cannot be used\)"
    for _ in range(2):
        with pytest.raises(RecordingError, match=told):
            build(config, watch, cache=tmp_path / "cache")
    assert len(watch.cut) == PATIENTS + 2 + 2
    skipping = with_pairs(SMALL, own, skip_unreadable=True)
    cycles = build(skipping, watch, cache=tmp_path / "cache")
    assert (
        cycles.records == PATIENTS + 2 and cycles.lead == "V5" and not np.isin([12, 13], cycles.record).any()
    )
    assert watch.notes[-1].startswith("2 ECGs are left out, the first of them because a WFDB signal file is")


def end_at_once(_piece: object) -> None:
    os._exit(1)


def test_a_process_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "_cut", end_at_once)
    with pytest.raises(ModelError, match=r"processes that last; found one that ended over .*fewer --workers"):
        build(SMALL, workers=2)


def test_a_cache_without_a_folder_keeps_nothing() -> None:
    cache = CutCache(None)
    cache.add(0, {"a": RecordCut("V5", {})})
    assert cache.known(0) == {}
