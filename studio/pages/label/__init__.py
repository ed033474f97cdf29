"""The page on which a person gives labels to texts that have none."""

from __future__ import annotations

from studio.pages.label.page import LabelPage

__all__ = ["LabelPage"]
