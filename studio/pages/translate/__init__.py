"""Translate: a text in, another one out, and how it came about."""

from studio.pages.translate.page import TranslatePage

__all__ = ["TranslatePage"]
