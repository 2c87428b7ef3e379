"""Real ECGs with blood tests, as hospitals publish them: each source becomes a table of pairs."""
