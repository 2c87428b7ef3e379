"""What goes over the wire: lines with checksums, the events and alert states in them, and their ports."""
