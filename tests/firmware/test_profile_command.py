"""`splkit profile` as a user calls it, on an export of the bundled model."""

from collections.abc import Callable
from pathlib import Path

from support.command_line import splkit, splkit_json

from splkit.firmware.profiling.energy import BATTERY_MAH


def test_json_has_the_plan_and_the_estimate(exported_model: Callable[[str], Path]) -> None:
    figures = splkit_json("profile", str(exported_model("nrf52")))
    assert {"flash_bytes", "ram_bytes", "stack_bytes", "instructions", "layers"} <= set(figures)
    assert max(each["offset"] + each["size"] for each in figures["memory"]) <= figures["arena_bytes"]
    assert {"name", "offset", "size", "first", "last"} == set(figures["memory"][0])
    assert figures["estimate"]["battery_mah"] == BATTERY_MAH
    assert figures["estimate"]["cycles"]["low"] == figures["instructions"]


def test_a_table_marks_the_estimate_and_lists_the_arena(
    exported_model: Callable[[str], Path], tmp_path: Path
) -> None:
    picture = tmp_path / "profile.png"
    call = ("profile", str(exported_model("nrf52")), "--plot", str(picture), "--battery", "225")
    result = splkit(*call)
    assert result.returncode == 0, result.stderr
    for words in ("estimate, not measured", "assumed:", "a battery of 225 mAh", "scratch", "of it in use"):
        assert words in result.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")
    again = splkit(*call)
    assert again.returncode == 2 and "--force" in again.stderr


def test_two_exports_side_by_side(exported_model: Callable[[str], Path]) -> None:
    first, second = str(exported_model("nrf52")), str(exported_model("rp2040"))
    found = splkit_json("profile", first, "--compare", second)
    assert found["ratios"]["instructions"] > 2
    assert found["second"]["estimate"] is None
    assert set(found["layer_ratios"]) == {layer["name"] for layer in found["first"]["layers"]}
    table = splkit("profile", first, "--compare", second)
    assert table.returncode == 0 and f"{found['ratios']['instructions']:.2f}" in table.stdout
