"""The same computation twice, compared: host build, ELF and QEMU against the oracle and the numpy twin."""
