"""Cells that are lists, as every tool writes them, and cells that merely look so."""

from __future__ import annotations

import pytest

from engine.data.columns.label_lists import BY_PLACE, IN_BRACKETS, labels_in, place_names, separator_of, single_labels
from engine.data.columns.list_cells import items_of

LISTS = {
    "['comedy' 'drama']": ("comedy", "drama"),
    "['comedy'\n 'science fiction']": ("comedy", "science fiction"),
    "[0 1 12]": ("0", "1", "12"),
    "[0. 1.]": ("0", "1"),
    "array(['a', 'b'], dtype=object)": ("a", "b"),
    "array(['a'],\n      dtype='<U5')": ("a",),
    "np.array([1, 2])": ("1", "2"),
    "Index(['a', 'b'], dtype='object')": ("a", "b"),
    "tensor([1, 0])": ("1", "0"),
    "[np.str_('a'), np.int64(3)]": ("a", "3"),
    "{'a', 'b'}": ("a", "b"),
    "frozenset({'a', 'b'})": ("a", "b"),
    "('a', 'b')": ("a", "b"),
    "('a',)": ("a",),
    '["a, b", "it\'s"]': ("a, b", "it's"),
    "[\"it's\" 'x']": ("it's", "x"),
    r"['don\'t']": ("don't",),
    '["\\u00e9\\"x"]': ('é"x',),
    '[{"label": "x"}, {"name": "y"}]': ("x", "y"),
    "{'SPAM': 1.0, 'HAM': 0.0}": ("SPAM",),
    '{"choices": ["a", "b"]}': ("a", "b"),
    "[['a', 'b']]": ("a", "b"),
    "[None, 'a', nan]": ("a",),
    "[True False]": ("True", "False"),
    "[]": (),
    "{}": (),
    "()": (),
    "set()": (),
    "frozenset()": (),
    "['']": (),
}


@pytest.mark.parametrize("cell", LISTS)
def test_a_list_is_read(cell: str) -> None:
    assert items_of(cell) == LISTS[cell]
    assert items_of(f"  {cell}\n") == LISTS[cell]


@pytest.mark.parametrize(
    "cell", ["[deleted]", "{x}", "(none)", "(1)", '["a"] x', "[1, 2", "x", "", "[a](b)", "[[0, 4, 'ORG']]"]
)
def test_one_label_is_no_list(cell: str) -> None:
    assert items_of(cell) is None
    assert labels_in(cell, "") == ([cell] if cell else [])


@pytest.mark.parametrize(
    ("cell", "labels"),
    [('{a,b,"c d"}', ["a", "b", "c d"]), ("{NULL,a}", ["a"]), ("[drama, war film]", ["drama", "war film"]), ("{}", [])],
)
def test_words_without_quotes_are_items_where_the_column_holds_lists(cell: str, labels: list[str]) -> None:
    assert labels_in(cell, IN_BRACKETS) == labels


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (("['a' 'b']", "['a']", "[]"), IN_BRACKETS),
        (("{a,b}", "{a}", "{}"), IN_BRACKETS),
        (("{'a'}", "set()", "{'a', 'b'}", "nan"), IN_BRACKETS),
        (("[0 1 0]", "[1 1 0]", "[0 0 0]"), BY_PLACE),
        (("[True, False]", "[False, True]"), BY_PLACE),
        (("[0]", "[1]", "[0 1]"), IN_BRACKETS),
        (("[deleted]", "[removed]", "spam"), ""),
        (("{x}", "{y}"), ""),
    ],
)
def test_what_a_column_holds(cells: tuple[str, ...], sign: str) -> None:
    assert separator_of(cells) == sign


def test_numbers_of_labels_are_no_places() -> None:
    assert separator_of(("[0 1]", "[1 0]"), known=("0", "1", "2")) == IN_BRACKETS


def test_places_are_called_by_number_or_as_the_column_says() -> None:
    assert labels_in("[0, 1, 1]", BY_PLACE) == ["2", "3"]
    names = place_names("comedy|drama|war", ["[0, 1, 1]"])
    assert labels_in("[0, 1, 1]", BY_PLACE, names) == ["drama", "war"]
    assert place_names("labels", ["[0, 1, 1]"]) == ()


def test_lists_of_one_are_single_labels() -> None:
    assert single_labels(["['spam']", "['ham']", "[]"]) == {"['spam']": "spam", "['ham']": "ham", "[]": ""}
    assert single_labels(["[0 1]", "[1 0]"]) == {"[0 1]": "2", "[1 0]": "1"}
    assert single_labels(["['a', 'b']", "['a']"]) == {}
    assert single_labels(["spam", "[ham]"]) == {}
