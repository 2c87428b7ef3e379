"""The verbs of the command line. Each has its own file, with its click command as `command`."""

VERBS = (
    "sample",
    "digitize",
    "estimate",
    "pairs",
    "train",
    "quantize",
    "compare",
    "study",
    "operators",
    "check",
    "compile",
    "export",
    "build",
    "verify",
    "simulate",
    "profile",
    "report",
    "flash",
    "provision",
    "monitor",
    "detect",
    "render",
    "boards",
    "doctor",
)
"""All verbs, in the order in which a user needs them."""
