"""Getting an image into a chip: HEX files held against their board, probes, UF2, MCUboot."""
