"""What is drawn where on a sheet: rows, columns, labels, pulse, scale."""
