"""Selects the paired ECGs that are fit for training: readable, with the lead, with enough usable beats."""

from dataclasses import replace

from splkit.ecg.recordings.channels import channel_index
from splkit.ecg.recordings.contents import take
from splkit.ecg.recordings.readers import contents_of
from splkit.ecg.recordings.recording import Recording
from splkit.errors import RecordingError, UsageError
from splkit.progress import Advance, ignore_progress
from splkit.train.config import TrainConfig
from splkit.train.measured import board_means
from splkit.train.sources.pairing import Pairing, PairRow, is_there
from splkit.train.sources.reasons import LeftOut

_CONFIG = TrainConfig()
"""Settings of the board's front end: means of 8 accepted cycles at 300 Hz."""


def has_mean(recording: Recording) -> bool:
    """Whether the front end gives at least one averaged cycle of the recording."""
    return bool(len(board_means(recording, _CONFIG)[_CONFIG.averaged_cycles]))


def only_usable(pairing: Pairing, channel: str | None, advance: Advance = ignore_progress) -> Pairing:
    """The pairs with an ECG that can be read and gives a mean cycle. The tally counts the others.

    A pair stays if its ECG is still to be fetched. `advance` counts pairs.

    Raises:
        UsageError: no pair is left.
    """
    kept = []
    for pair in pairing.pairs:
        if not is_there(pairing.records_dir / pair.record):
            kept.append(pair)
        elif why := _fault(pairing, pair, channel):
            pairing.tally.add(*why)
        else:
            kept.append(pair)
        advance(1)
    if not kept:
        raise UsageError(
            "a pair has an ECG with the lead and 8 usable beats",
            found=f"none of {len(pairing.pairs):,} ({'; '.join(pairing.tally.lines)})",
            next_step="choose another lead with --channel, or other records",
        )
    return replace(pairing, pairs=tuple(kept))


def _fault(pairing: Pairing, pair: PairRow, channel: str | None) -> tuple[LeftOut, str] | None:
    wanted = pair.channel or channel
    try:
        with contents_of(pairing.records_dir / pair.record) as contents:
            names = [lead.name for lead in contents.leads]
            try:
                channel_index(names, wanted, pair.record)
            except RecordingError as error:
                return LeftOut.NO_LEAD, error.found
            recording = take(contents, wanted)
    except RecordingError as error:
        return LeftOut.UNREADABLE, f"{pair.record}: {error.found}"
    return None if has_mean(recording) else (LeftOut.NO_MEAN, pair.record)
