"""Write: a language model writes on whatever is begun, and says how surprising a text is."""

from studio.pages.write.page import WritePage

__all__ = ["WritePage"]
