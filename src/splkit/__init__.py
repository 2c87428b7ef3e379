"""From an ECG to a serum potassium level (SPL, mEq/L) on a microcontroller.

For research; not a medical device.
"""

__version__: str


def __getattr__(name: str) -> str:
    """Looks up `__version__` on first use only, so that a new process catches signals sooner."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import version

    globals()[name] = version("splkit")
    return str(globals()[name])
