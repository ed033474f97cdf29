"""Which words of an answer are too many, and which it lacks."""

from __future__ import annotations

import pytest

from studio.plots.attention.difference_text import difference, nearest


@pytest.mark.parametrize(
    ("wanted", "said", "missing", "extra"),
    [
        ("a red bicycle", "a red bicycle", [], []),
        ("a red bicycle", "a bicycle", ["red"], []),
        ("the snow", "the deep snow!", [], ["deep", "!"]),
        ("Paris", "", ["Paris"], []),
        ("", "Paris", [], ["Paris"]),
        ("it's here", "its here", ["it's"], ["its"]),
        ("我爱北京", "我爱南京", ["北"], ["南"]),
    ],
)
def test_words_that_differ(wanted: str, said: str, missing: list[str], extra: list[str]) -> None:
    found = difference(wanted, said)
    assert [wanted[slice(*found.wanted[one])] for one in sorted(found.missing)] == missing
    assert [said[slice(*found.said[one])] for one in sorted(found.extra)] == extra


def test_the_nearest_of_several_right_answers() -> None:
    assert nearest(("the Eiffel tower", "in Paris"), "Paris") == "in Paris"
    assert nearest((), "Paris") == ""
