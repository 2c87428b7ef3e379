"""One file a verb; each gives its click command as `command`."""

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
"""In the order of their use."""
