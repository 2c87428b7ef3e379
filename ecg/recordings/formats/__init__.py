"""File formats of electrocardiographs, Holters and wearables: one module says what one kind of file says."""
