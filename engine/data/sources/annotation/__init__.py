"""Exports of annotation tools: each tool's file recognises its rows and says which text has which labels."""

from engine.data.sources.annotation.recognition import recognised

__all__ = ["recognised"]
