"""Read: a question about a passage, its answer marked, and why."""

from studio.pages.read.page import ReadPage

__all__ = ["ReadPage"]
