"""Samples: what does the generator write?"""

from studio.pages.samples.page import SamplesPage

__all__ = ["SamplesPage"]
