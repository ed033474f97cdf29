"""Cutting texts, misspelling and rewording words: readable, and only what may be touched."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.tasks.attacks.misspelling import misspelled
from engine.tasks.attacks.rewording import reworded
from engine.tasks.attacks.usage import Usage
from engine.tasks.attacks.word_list import is_function_word, is_negation, phrases, word_list
from engine.tasks.attacks.words import cut


def _no_word(word: str) -> bool:
    return False


def _ways(word: str) -> set[str]:
    return {way for seed in range(40) for way in misspelled(word, Random(seed), _no_word)}


@given(st.text())
def test_a_cut_text_can_be_put_together_again(text: str) -> None:
    assert cut(text).text({}) == text
    assert cut(text, phrases()).text({}) == text


def test_words_of_both_scripts() -> None:
    assert cut("Don't call, 免费!").words == ("Don't", "call", "免", "费")
    assert cut("点击链接", phrases()).words == ("点击", "链接")


def test_a_word_that_becomes_nothing_takes_its_space_along() -> None:
    assert cut("win the prize now").without([1]) == "win prize now"
    assert cut("win the prize now").text({0: "get", 2: ""}) == "get the now"


def test_every_kind_of_misspelling() -> None:
    ways = _ways("prize")
    assert {"przie", "prze", "prrize", "pr-ize", "pr1ze", "рrize", "prizé"} <= ways
    assert all(way[0] in "pр" and way[-1] in "e3еé" for way in ways), "the first and the last letter stay"
    assert _ways("FREE") >= {"FRE3", "FRÉE"} and _ways("a") == set()


def test_numbers_keep_their_digits() -> None:
    assert all(
        way.translate(str.maketrans("", "", "-._"))
        in ("0800123", "O800123", "08O0123", "080O123", "0800l23", "0B00123")
        for way in _ways("0800123")
    )


def test_chinese_look_alikes_and_marks() -> None:
    ways = _ways("免")
    assert "兔" in ways and any(way.startswith("免") and len(way) == 2 for way in ways)
    assert "力口" in _ways("加")


def test_another_word_is_no_misspelling() -> None:
    known = {"form"}
    assert "form" in _ways("from")
    assert not any("form" in misspelled("from", Random(seed), known.__contains__) for seed in range(40))


def _reviews() -> Usage:
    """ "fine" and "nice" praise, "dull" and "drab" blame, all in the same places; "red" and "blue" say nothing."""
    chance = Random(0)
    texts, truths = [], []
    nouns = [f"thing{first}{second}" for first in "abcdefghij" for second in "abcdefgh"]
    for index in range(1500):
        good = index % 2
        word = chance.choice(("fine", "nice") if good else ("dull", "drab"))
        texts.append(f"the {chance.choice(('red', 'blue'))} {chance.choice(nouns)} was truly {word} and i said so")
        truths.append(good)
    return Usage(texts, np.array(truths), 2)


@pytest.fixture(scope="module")
def usage() -> Usage:
    return _reviews()


def test_usage_tells_what_words_speak_for(usage: Usage) -> None:
    assert usage.side("fine", 1) == 1 and usage.side("fine", 0) == -1
    assert usage.side("red", 1) == 0 and usage.side("unheard", 1) == 0
    assert usage.knows("dull") and not usage.knows("unheard")


def test_nothing_is_offered_that_only_stands_in_the_same_places(usage: Usage) -> None:
    text = cut("the red phone was fine")
    assert not {"nice", "dull", "drab"} & set(reworded(text, 4, 1, Random(0), usage))


def test_a_function_word_that_speaks_for_a_label_stays() -> None:
    usage = Usage(["so good"] * 40 + ["good"] * 40, np.array([1] * 40 + [0] * 40), 2)
    assert usage.side("so", 1) == 1 and "" not in reworded(cut("so good"), 0, 1, Random(0), usage)
    assert "" in reworded(cut("so good"), 0, 1, Random(0), None)


def test_fillers_part_no_number_and_no_address() -> None:
    text = cut("pay 8.59 at my-bank.com")
    offered = [[way for way in reworded(text, place, 0, Random(0), None) if " " in way] for place in range(7)]
    assert [bool(ways) for ways in offered] == [True, True, False, True, True, False, False]


def test_a_list_knows_synonyms_in_the_case_of_the_word() -> None:
    text = cut("FREE prize, Call 0800")
    assert "COMPLIMENTARY" in reworded(text, 0, 0, Random(0), None)
    assert "Ring" in reworded(text, 2, 0, Random(0), None)
    assert all(way.endswith("0800") and " " in way for way in reworded(text, 3, 0, Random(0), None)), "only a filler"
    assert "不要钱" in reworded(cut("免费", phrases()), 0, 0, Random(0), None)


def test_negations_stay_and_nothing_stands_behind_them() -> None:
    text = cut("it was not good")
    assert reworded(text, 2, 0, Random(0), None) == []
    assert set(reworded(text, 3, 0, Random(0), None)) == {"fine", "decent", "gud"}
    assert reworded(cut("don't"), 0, 0, Random(0), None) == []
    assert "" in reworded(cut("the end"), 0, 0, Random(0), None), "a function word may go"
    assert "" not in reworded(cut("prize end"), 0, 0, Random(0), None)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_word_list_holds_what_differs_and_touches_no_negation(language: str) -> None:
    known = word_list(language)
    assert all(word and word == word.lower() and word not in others for word, others in known.synonyms.items())
    assert all(len(sign) == 1 and sign not in others for sign, others in known.lookalikes.items())
    assert all(len(sign) == 1 and len(parts) > 1 for sign, parts in known.parts.items())
    assert all(map(is_negation, known.negations)) and not any(map(is_function_word, known.negations))
    assert not any(map(is_negation, [*known.function_words, *known.fillers]))


def test_a_negation_is_known_by_its_end() -> None:
    assert is_negation("doesn’t") and is_negation("couldn't") and not is_negation("nothingness")
