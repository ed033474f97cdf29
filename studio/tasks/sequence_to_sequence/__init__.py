"""Translate or summarise: what the window knows of it."""
