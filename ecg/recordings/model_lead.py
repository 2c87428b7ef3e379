"""Chooses the channel of a recording that is the lead on which a model was trained."""

from splkit.ecg.recordings.channels import lead_name, same_lead
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording
from splkit.errors import RecordingError


def read_for_model(
    ecg: str, channel: str | None, fs_hz: float | None, lead: str | None
) -> tuple[Recording, str]:
    """The channel of a recording that is the model's lead, and a note that says which channel was taken.

    Args:
        ecg: the recording, as in `read_recording`.
        channel: the channel that the user asked for, or None for the model's lead.
        fs_hz: the sampling rate in Hz, if the file does not state it.
        lead: the model's lead, as on its card, or None if it is not known.

    Raises:
        RecordingError: as in `read_recording`, or the recording has another lead that was not asked for.
    """
    recording = read_recording(ecg, channel, fs_hz, preferred=lead)
    gaps = ""
    if recording.gaps:
        gaps = f" ({recording.missing_s:.1f} s of it missing, in their place a straight line)"
    said = about_lead(recording, channel, lead) or f", the model's lead {lead}"
    return recording, f"{ecg}: channel {recording.channel}{gaps}{said}"


def about_lead(recording: Recording, channel: str | None, lead: str | None) -> str:
    """A note for the user if the channel may be another lead than the model's; "" if it is the model's lead.

    Args:
        recording: the channel that was read.
        channel: the channel that the user asked for, or None for the model's lead.
        lead: the model's lead.

    Raises:
        RecordingError: the channel is another lead, and the user did not ask for it.
    """
    if lead is None:
        return "; the model's lead is not known"
    is_same = same_lead(recording.channel, lead)
    if is_same:
        return ""
    if is_same is None:
        return f", which names no lead; it is taken for the model's {lead}"
    if channel is None:
        raise RecordingError(
            f"the model was trained on lead {lead}",
            found=f"{recording.channel} in {recording.source}, and no {lead}",
            next_step=f"take one of {lead}, or add --channel {recording.channel} to use it all the same",
        )
    other = lead_name(recording.channel) or recording.channel
    return f", lead {other}, as asked for; the model was trained on {lead}"
