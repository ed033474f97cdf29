"""Attune's engine: trains, measures and explains text models; knows no window."""
