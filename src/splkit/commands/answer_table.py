"""The answers of a run as a table. Each answer has its meaning and its unit."""

from rich.table import Table

from splkit.console import new_table
from splkit.firmware.wire.protocol import Report


def answer_table(report: Report, fs_hz: int) -> Table:
    """One row for each answer: an SPL with its interval, a probability, or a value of another task."""
    if report.probabilities:
        table = new_table("at", "answer", "alert", "output")
        for each in report.probabilities:
            table.add_row(_at(each.r_sample, fs_hz), each.words, each.alert, str(each.output))
        return table
    if report.values:
        table = new_table("at", "answer", "output")
        for value in report.values:
            table.add_row(_at(value.r_sample, fs_hz), value.words, str(value.output))
        return table
    with_risks = any(estimate.risks for estimate in report.estimates)
    risks = ("risk of high, critical",) if with_risks else ()
    with_cycles = any(estimate.cycles for estimate in report.estimates)
    cycles = ("cycles",) if with_cycles else ()
    table = new_table("at", "SPL, mEq/L", "interval", *risks, *cycles, "alert", "output")
    for estimate in report.estimates:
        table.add_row(
            _at(estimate.r_sample, fs_hz),
            f"{estimate.spl_meq_l:.2f}",
            estimate.interval,
            *((estimate.risks,) if with_risks else ()),
            *((str(estimate.cycles or ""),) if with_cycles else ()),
            estimate.alert,
            "/".join(map(str, estimate.outputs)),
        )
    return table


def faults_in_words(report: Report) -> list[str]:
    """The faults, one line each. Cycles unlike those of training may be many, so one line counts them all."""
    unlike = [fault for fault in report.faults if fault.word == "unlike"]
    words = [fault.words for fault in report.faults if len(unlike) < 2 or fault.word != "unlike"]
    if len(unlike) > 1:
        percents = [fault.count for fault in unlike]
        range_ = f"at {min(percents)} to {max(percents)} % of the limit"
        words.append(f"no estimate: {len(unlike)} averaged cycles are unlike those of training, {range_}")
    return words


def answer_count(report: Report, task: str) -> str:
    """How many answers there were, in words that fit the task."""
    count = len(report.estimates) + len(report.probabilities) + len(report.values)
    words = {"potassium": "SPL estimates", "probability": "probabilities"}
    return f"{words.get(task, 'values')}: {count}"


def _at(sample: int, fs_hz: int) -> str:
    return f"{sample / fs_hz:.1f} s"
