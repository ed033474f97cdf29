"""How do I use it elsewhere?"""

from studio.pages.export.page import ExportPage

__all__ = ["ExportPage"]
