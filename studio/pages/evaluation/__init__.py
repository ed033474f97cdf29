"""How good is it, and where does it fail?"""

from studio.pages.evaluation.page import EvaluationPage

__all__ = ["EvaluationPage"]
