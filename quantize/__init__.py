"""int8 conversion, the model card, the bundled reference model, and the oracle."""
