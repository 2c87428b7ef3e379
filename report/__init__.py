"""Makes one self-contained HTML page of text, tables and figures.

The page loads nothing from a network. It fits light and dark screens, wide and narrow ones.
"""
