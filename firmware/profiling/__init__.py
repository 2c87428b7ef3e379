"""What a firmware costs: counted by instruction, byte and layer, estimated in energy, compared and drawn."""
