"""A run on disk: its folder, its journal, its curves. Nothing here loads torch."""
