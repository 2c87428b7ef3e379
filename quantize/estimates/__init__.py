"""From many ECGs to answers: found, read in parallel, each once, in tables beside their potassium."""
