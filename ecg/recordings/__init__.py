"""Reads recordings: one lead of an ECG in millivolts, from a file of any supported format."""
