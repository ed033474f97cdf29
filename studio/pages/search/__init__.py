"""The Search page: settings tried one after the other, until the best for a person's data is known."""

from studio.pages.search.page import SearchPage

__all__ = ["SearchPage"]
