"""The Attention page: why does it say so?"""

from studio.pages.attention.page import AttentionPage

__all__ = ["AttentionPage"]
