"""Which one is better, and is it luck?"""

from studio.pages.compare.page import ComparePage

__all__ = ["ComparePage"]
