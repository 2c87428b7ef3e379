"""One file a verb; each gives its click command as `command`."""
