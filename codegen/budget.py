"""How much RAM an inference may take where nobody says it; light to import, for the command line."""

RAM_BYTES = 2_000
"""Of arena, input and output: the whole firmware for the nRF52840 then stays under 8 kB."""
