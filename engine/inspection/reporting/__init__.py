"""An evaluation on paper: one HTML file and a table of all predictions."""
