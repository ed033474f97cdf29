"""Find answers: windows over passages, the model that points, and what its answers are worth."""
