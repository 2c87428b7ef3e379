"""Many pages: named, read in parallel, each once, each result whole."""
