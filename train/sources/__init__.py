"""Turns published ECGs and blood tests into tables of pairs. Each source has a module."""
