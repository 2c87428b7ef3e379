"""From an ECG to a serum potassium level (SPL, mEq/L) on a microcontroller.

For research; not a medical device.
"""

__version__: str


def __getattr__(name: str) -> str:
    """`__version__`.

    It is looked up on first use, so that the process catches signals sooner after its start.
    """
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import version

    globals()[name] = version("splkit")
    return str(globals()[name])
