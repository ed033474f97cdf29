"""Attacks on a classifier's answers: texts misspelled or reworded against it, as a person would still read them."""
