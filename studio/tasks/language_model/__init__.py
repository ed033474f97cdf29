"""Write text with a language model: what the window knows of it."""
