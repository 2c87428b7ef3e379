"""How much RAM an inference may take where nobody says it; light to import, for the command line."""

RAM_BYTES = 2_000
"""Of arena, input and output: with the reference architecture, the whole firmware for the nRF52840 stays under 8 kB."""
