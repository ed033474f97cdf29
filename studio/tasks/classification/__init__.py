"""Sort texts: what the window knows of it."""
