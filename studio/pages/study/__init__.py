"""The Study page: many runs as one question."""

from studio.pages.study.page import StudyPage

__all__ = ["StudyPage"]
