"""One folder a board: its description, its simulator platform."""
