"""From a page to its sheet: ink apart from grid, millimetres found, paper laid straight."""
