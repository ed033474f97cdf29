"""How good: pure functions of arrays, without torch."""
