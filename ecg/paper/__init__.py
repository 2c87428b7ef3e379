"""From a paper ECG to calibrated leads in mV; docs/paper_steps.md has the steps, docs/paper.md the
figures."""
