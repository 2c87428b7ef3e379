"""From an ECG to a serum potassium level (SPL, mEq/L) on a microcontroller.

For research; not a medical device.
"""

from importlib.metadata import version

__version__ = version("splkit")
