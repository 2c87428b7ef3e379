"""How much RAM an inference may take where nobody says it; light to import, for the command line."""

RAM_BYTES = 2_700
"""Of arena, input and output: with its stack, the reference architecture stays under 3 kB."""
