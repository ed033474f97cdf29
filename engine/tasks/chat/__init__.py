"""Chat: turns in, the next one out."""
