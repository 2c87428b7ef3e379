"""What there is to say of an exported folder, as one page."""
