"""`splkit monitor --ble`: prints what a device broadcasts, one line for each record."""

import asyncio
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from splkit.commands.options import print_json
from splkit.console import err, out

if TYPE_CHECKING:
    from splkit.firmware.wire.advertisement import Advertisement, Follower
    from splkit.firmware.wire.signing import DeviceKey


def listen_to_broadcasts(key: "DeviceKey | None", duration_s: float | None, as_json: bool) -> None:
    """Prints each new record until the time ends.

    Raises:
        ToolError: a package is missing, or there is no adapter.
    """
    from splkit.firmware.wire.advertisement import Follower

    follower = Follower(key)
    seen = asyncio.run(_listen(follower, duration_s, as_json))
    if not seen:
        err.print("nothing heard: is a device near, and told to broadcast (`broadcast on`)?", soft_wrap=True)
    if follower.replayed:
        err.print(
            f"{follower.replayed} older records dropped: somebody sends again what the device sent before"
        )


async def _listen(follower: "Follower", duration_s: float | None, as_json: bool) -> int:
    from splkit.firmware.wire.ble import listen

    seen = 0
    async for address, kind, data in listen(duration_s):
        record = follower.hear(kind, data)
        if record is None:
            continue
        seen += 1
        if as_json:
            print_json(json.dumps({"address": address} | asdict(record)))
        else:
            out.print(f"{address}  {record_words(record)}", soft_wrap=True)
    return seen


def record_words(record: "Advertisement") -> str:
    """A record in words."""
    parts = [_value_words(record)]
    parts += ["physiological alarm"] if record.physiological else []
    parts += ["technical alarm"] if record.technical else []
    parts += ["calibrated"] if record.calibrated else []
    parts += ["a replay, no patient"] if record.replay else []
    parts += [f"supply {record.battery_mv / 1000:.2f} V"] if record.battery_mv else []
    return ", ".join(parts)


def _value_words(record: "Advertisement") -> str:
    if record.value is None:
        return f"no estimate, {record.alert}"
    if record.task == "potassium":
        interval = (
            ""
            if record.low is None or record.high is None
            else f" ({record.low / 1000:.2f} to {record.high / 1000:.2f})"
        )
        return f"SPL {record.value / 1000:.2f}{interval} mEq/L, {record.alert}"
    if record.task == "probability":
        about = f" of SPL >= {record.low / 1000:.2f} mEq/L" if record.low is not None else ""
        return f"probability {record.value / 1000:.2f}{about}, {record.alert}"
    return f"value {record.value / 1000:g}"
