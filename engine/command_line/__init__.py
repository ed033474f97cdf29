"""The command line's larger parts; `engine.__main__` puts them together."""
