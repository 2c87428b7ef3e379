"""The .tflite file: its structure, the graph in it, its metadata. What else reads or writes one asks here."""
