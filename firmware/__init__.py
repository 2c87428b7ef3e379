"""The C application and its drivers: build, simulate, verify, profile."""
