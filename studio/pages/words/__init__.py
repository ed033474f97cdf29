"""Which words speak for which label?"""

from studio.pages.words.page import WordsPage

__all__ = ["WordsPage"]
