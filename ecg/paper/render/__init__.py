"""ECGs drawn on paper as machines print them, with the truth of every sample: for tests and benchmarks."""
