"""Data sets of one-cycle ECGs, the model zoo, and training runs."""
