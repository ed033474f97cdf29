"""What generators return, and texts to measure."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

from hypothesis import strategies as st

Result = TypeVar("Result")
texts = st.lists(st.lists(st.sampled_from("abcd"), max_size=9), max_size=8)
"""A few words only, so that they meet again; some texts are empty or alike."""


def finished(work: Generator[None, None, Result]) -> Result:
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: Result = end.value
            return result
