"""The Home page: what can I do here?"""

from studio.pages.home.page import HomePage

__all__ = ["HomePage"]
