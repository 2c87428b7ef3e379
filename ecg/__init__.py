"""Recordings in, R peaks and one-cycle ECGs out, and the simulator of ECGs as a function of potassium."""
