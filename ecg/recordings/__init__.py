"""Recordings in: one lead of an ECG in millivolts, out of any file."""
