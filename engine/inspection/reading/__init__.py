"""Answers to questions about passages: what is said, what else could be, when it stays silent, where it looks."""
