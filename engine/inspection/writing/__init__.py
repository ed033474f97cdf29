"""What a language model writes on, what surprises it, and where it looked."""
