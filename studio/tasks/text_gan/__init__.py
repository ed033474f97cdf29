"""Invent texts with a text GAN: what the window knows of it."""
