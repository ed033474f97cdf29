"""Find answers: what the window knows of it."""
