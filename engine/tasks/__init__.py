"""What to learn from a batch, how to score it, what to show of it."""
