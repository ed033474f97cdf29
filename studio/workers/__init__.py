"""The only threads of the window: each opens the engine's door (`engine.verbs`) inside itself."""
