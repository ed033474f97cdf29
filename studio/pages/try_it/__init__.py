"""What does it say of a text of mine?"""

from studio.pages.try_it.page import TryPage

__all__ = ["TryPage"]
