"""Runs a model on pages that were read, for `splkit digitize --estimate` and `splkit estimate`."""

from collections.abc import Sequence
from pathlib import Path

from splkit.ecg.paper.batch.result import PageResult, Reading, write_result
from splkit.ecg.recordings.recording import Recording
from splkit.errors import RecordingError


def with_estimates(results: Sequence[PageResult], out: Path) -> list[PageResult]:
    """The results, with the bundled model's answer for each page that was read, or why there is none.

    The answer is also written into the page's own result file.
    """
    made = []
    for each in results:
        answered = each
        if each.reading:
            answered = each.model_copy(update={"estimate": _estimate(each, each.reading, out)})
        if answered != each:
            write_result(out, answered)
        made.append(answered)
    return made


def lead_of_page(result: PageResult, reading: Reading, lead: str | None, out: Path) -> Recording | str:
    """The longest segment of a lead among those called good, or a text that says why there is none.

    It is read from the record that was written into `out`.

    Raises:
        RecordingError: the record cannot be used.
    """
    if reading.assumed:
        return f"{'; '.join(reading.assumed)}; state --speed and --gain"
    shown = [each for each in reading.segments if each.lead == lead]
    good = [each for each in shown if each.is_good]
    if not good:
        why = f"{lead} is to be looked at first" if shown else f"the page does not show {lead}"
        return f"{why}, the model's lead"
    best = max(good, key=lambda each: each.duration_s)
    header = next(name for name in result.files if name.endswith(".hea"))
    from splkit.ecg.recordings.readers import read_recording

    return read_recording(out / header, f"{lead}_rhythm" if best.is_rhythm else lead)


def _estimate(result: PageResult, reading: Reading, out: Path) -> str:
    from splkit.quantize.carried import card_for
    from splkit.quantize.estimate import estimate
    from splkit.quantize.reference import reference_model

    model = reference_model()
    try:
        found = lead_of_page(result, reading, card_for(model).lead, out)
    except RecordingError as error:
        found = str(error)
    if isinstance(found, str):
        return f"no estimate: {found}"
    return f"{estimate(found, model).words}. For research; not a medical device"
