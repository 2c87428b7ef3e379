"""`splkit digitize --estimate`: from the records that were written to the bundled model's answers."""

from collections.abc import Sequence
from pathlib import Path

from splkit.ecg.paper.batch.result import PageResult, Reading, write_result
from splkit.errors import RecordingError


def with_estimates(results: Sequence[PageResult], out: Path) -> list[PageResult]:
    """The results, each page that was read with what the model says of it, or why it says nothing.

    It is written into the page's own result as well.
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


def _estimate(result: PageResult, reading: Reading, out: Path) -> str:
    if reading.assumed:
        return f"no estimate: {'; '.join(reading.assumed)}; state --speed and --gain"
    from splkit.ecg.recordings.readers import read_recording
    from splkit.quantize.carried import card_for
    from splkit.quantize.estimate import estimate
    from splkit.quantize.reference import reference_model

    model = reference_model()
    lead = card_for(model).lead
    shown = [each for each in reading.segments if each.lead == lead]
    good = [each for each in shown if each.is_good]
    if not good:
        why = f"{lead} is to be looked at first" if shown else f"the page does not show {lead}"
        return f"no estimate: {why}, the model's lead"
    best = max(good, key=lambda each: each.duration_s)
    channel = f"{lead}_rhythm" if best.is_rhythm else lead
    try:
        header = next(name for name in result.files if name.endswith(".hea"))
        answer = estimate(read_recording(out / header, channel), model)
    except RecordingError as error:
        return f"no estimate: {error}"
    return f"{answer.words}. For research; not a medical device"
