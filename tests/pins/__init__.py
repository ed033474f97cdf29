"""Pins: what a change of the rooms must not change, as committed JSON beside the tests that compare with it."""
