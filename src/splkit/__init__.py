"""From an ECG to a serum potassium level (SPL, mEq/L) on a microcontroller.

For research; not a medical device.
"""

__version__: str


def __getattr__(name: str) -> str:
    """`__version__`, looked up when it is first asked for, so that signals are caught sooner."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import version

    globals()[name] = version("splkit")
    return str(globals()[name])
