"""Rows of anything, as the tables and lists of the window."""
