"""The site: what is generated for it from the code, and how its pages are put together."""
