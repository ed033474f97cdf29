"""The page of a run that answers in a dialogue."""

from studio.pages.chat.page import ChatPage

__all__ = ["ChatPage"]
