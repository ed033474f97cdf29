"""What a model that counts words has learned: its weights are its explanation."""
