"""How much RAM an inference may take where nobody says it; light to import, for the command line."""

RAM_BYTES = 2_400
"""Of arena, input and output: the whole firmware of the reference architecture then takes 8 KiB of RAM."""
