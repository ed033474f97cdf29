"""The Evaluation page of runs that answer in words."""

from studio.pages.scores.page import ScoresPage

__all__ = ["ScoresPage"]
