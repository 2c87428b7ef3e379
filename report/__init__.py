"""One self-contained HTML page of text, tables and figures: no network, light and dark, wide and narrow."""
