"""Timings and whole-set figures, run by hand; their output is kept in BENCHMARKS.md."""
