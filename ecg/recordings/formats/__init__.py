"""File formats of electrocardiographs, Holters and wearables: one module reads one format."""
