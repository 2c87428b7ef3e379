"""The file as pages: any image or PDF, upright, within bounds."""
