"""The Training page: is it learning?"""

from studio.pages.training.page import TrainingPage

__all__ = ["TrainingPage"]
