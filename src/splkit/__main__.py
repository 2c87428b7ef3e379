"""`python -m splkit`."""

from splkit.cli import main

main()
