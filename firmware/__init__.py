"""The C application and its drivers: build, simulate, verify, profile."""

from typing import TYPE_CHECKING

from splkit.names import lazily

if TYPE_CHECKING:
    from splkit.firmware.export import ExportRequest as ExportRequest
    from splkit.firmware.inference import CompileRequest as CompileRequest
    from splkit.firmware.inference import compile_inference as compile_inference
    from splkit.firmware.manifest import Manifest as Manifest
    from splkit.firmware.manifest import read_manifest as read_manifest
    from splkit.firmware.parity.inference import Check as Check
    from splkit.firmware.parity.verify import CountStream as CountStream
    from splkit.firmware.parity.verify import verify as verify
    from splkit.firmware.profiling.figures import Profile as Profile
    from splkit.firmware.profiling.profile import profile as profile
    from splkit.firmware.simulators.engines import simulate as simulate
    from splkit.firmware.simulators.playback import counts_for as counts_for
    from splkit.firmware.wire.protocol import Report as Report
    from splkit.firmware.wire.protocol import parse_lines as parse_lines

_MODULES = {
    "ExportRequest": "export",
    "CompileRequest": "inference",
    "compile_inference": "inference",
    "Manifest": "manifest",
    "read_manifest": "manifest",
    "Check": "parity.inference",
    "CountStream": "parity.verify",
    "verify": "parity.verify",
    "Profile": "profiling.figures",
    "profile": "profiling.profile",
    "simulate": "simulators.engines",
    "counts_for": "simulators.playback",
    "Report": "wire.protocol",
    "parse_lines": "wire.protocol",
}
__all__ = list(_MODULES)
__getattr__ = lazily(__name__, _MODULES)
