"""Firmware with a stand-in library (tests/firmware/library): what it says is known without a model."""

import shutil
from pathlib import Path

from splkit import boards
from splkit.codegen.generate import write_interface
from splkit.codegen.meaning import Meaning
from splkit.firmware.sources import ApplicationContext, write_application
from splkit.quantize.contract import Contract, Plausible
from splkit.quantize.personal import Personal
from splkit.quantize.posterior import Priors
from splkit.quantize.spread import Spread
from splkit.quantize.units import SplScale

LIBRARY = Path(__file__).parents[1] / "firmware" / "library"
CONTEXT = ApplicationContext(
    version="9.9.9",
    model_sha256="0123456789abcdef",
    training="trained on nothing",
    verdict_words=("ok", "first", "rr"),
)
FS_HZ = 300
POTASSIUM = Contract(task="potassium", plausible=Plausible(low=1, high=10))
"""Its estimates are counts, of which a beat has more than 1000."""
MODEL_TAG = 0x5A11C0DE
PERSONAL = Personal(
    usual_meq_l=4.5,
    potassium=(166, 317, 524, 751, 931, 1000, 931, 751, 524, 317, 166, 76, 30, 10, 3, 1, 1),
    patient_sd_meq_l=0.4,
    gains=(136, 392, 761, 1000, 889, 535, 218, 60),
    session_sd_meq_l=0.25,
    record_sd_meq_l=0.2,
    label_sd_meq_l=0.1,
    reference_sd_meq_l=0.9,
    session_reference_sd_meq_l=0.7,
    patients=1,
    records=1,
)
"""Its priors: potassium is normal, with an SD of 1.32."""
PRIORS = Priors.of(PERSONAL)

# Samples with a meaning of their own: library/include/spl_frontend.h.
TRAP, OVERFLOW, STALL, STRAY, STUCK, PAUSE, DEAF, BROKEN = range(-7000, -6992)


def stand_in_meaning(
    board: boards.Board, contract: Contract = POTASSIUM, spread: Spread | None = None
) -> Meaning:
    """What the stand-in's numbers mean: counts of its beats are thousandths of the unit."""
    scale = SplScale(zero_point=0, multiplier=1, fraction_bits=0, offset=0)
    priors = PRIORS if contract.task == "potassium" else None
    facts = (board.ecg.uv_per_count, "nothing", priors, MODEL_TAG, spread)
    return Meaning(contract, None, 0, scale, *facts)


def board_at_vddh(name: str) -> boards.Board:
    """A board with a DC/DC converter whose battery is in front of the high-voltage regulator."""
    text = (boards.folder(name) / "board.toml").read_text("utf-8")
    supply = '[supply]\ndcdc = true\nbattery = "vddh"\nbattery_low_mv = 3400\n\n[ecg]'
    return boards.parse(text.replace("[ecg]", supply), "board.toml")


def export_stand_in(
    board: str | boards.Board,
    folder: Path,
    contract: Contract = POTASSIUM,
    spread: Spread | None = None,
) -> Path:
    """What an export writes for a board, by name or as it is, at its own rate, with the stand-in library.

    With a `spread` its answers are quantiles 500 ueq/L apart, the median as many as the sample has counts.
    """
    description = boards.load(board) if isinstance(board, str) else board
    write_interface(stand_in_meaning(description, contract, spread), "A stand-in.", folder)
    rate = f"#define SPL_FS_HZ {description.ecg.fs_hz}\n"
    (folder / "include" / "spl_frontend_config.h").write_text(rate)
    shutil.copytree(LIBRARY, folder, dirs_exist_ok=True)
    write_application(description, description.ecg.fs_hz, folder, CONTEXT)
    return folder
