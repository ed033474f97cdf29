"""A form for any choice: fields become editors, editors give frozen models."""
