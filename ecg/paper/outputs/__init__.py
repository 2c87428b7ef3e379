"""What comes out of a digitized page: tables, a WFDB record, pictures for a person to check."""
