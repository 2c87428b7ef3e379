"""From a paper ECG to calibrated leads in mV; docs/paper.md has the steps, the contracts and the figures."""
