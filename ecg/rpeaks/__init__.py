"""R peaks of a whole recording: found, written to files, drawn."""
