"""Grammars: the files of built-in texts, what is refused of a spoilt one, and how sentences are made of one."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from engine.data.builtin.grammar import Grammar, read_grammar, read_marks, unmarked, with_articles
from engine.data.builtin.topics import grammar_of
from engine.errors import InputError
from engine.resources import resource

STARTS = {
    "reviews": (
        *("positive", "negative", "affirmed", "negated", "verdict", "negated_verdict", "elsewhere", "turn", "filler"),
    ),
    "aspects": ("adjective", "affirmed", "negated", "elsewhere", "opener", "filler"),
    "messages": ("fraud_plain", "fraud_alike", "honest_plain", "honest_alike"),
    "captions": ("caption",),
}
CHOSEN = {
    "reviews": {"thing", "aspect", "adjective", "other", "own"},
    "stars": {"thing", "aspect", "adjective"},
    "aspects": {"noun", "adjective"},
}
LANGUAGES = ("en", "zh")


def patterns(grammar: Grammar) -> list[str]:
    sections = [grammar.rules, *grammar.subjects.values()]
    return [one for rules in sections for alternatives in rules.values() for one in alternatives]


def fields(grammar: Grammar) -> set[str]:
    return {name for pattern in patterns(grammar) for name in re.findall(r"\{(\w+)\}", pattern)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", STARTS)
def test_every_field_has_a_rule_and_every_rule_is_used(topic: str, language: str) -> None:
    grammar = grammar_of(topic, language)
    chosen = CHOSEN.get(topic, set())
    assert (fields(grammar) | set(STARTS[topic])) - chosen == {*grammar.rules, *grammar.words} - chosen


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", [*STARTS, "stars"])
def test_a_file_says_on_top_how_it_is_read_and_both_languages_have_the_same_rules(topic: str, language: str) -> None:
    assert resource("builtin", language, f"{topic}.yaml").read_text(encoding="utf-8").startswith("# ")
    one, other = grammar_of(topic, language), grammar_of(topic, "en")
    assert list(one.subjects) == list(other.subjects)
    assert list(one.words) == list(other.words)
    if topic not in ("messages", "captions"):
        assert list(one.rules) == list(other.rules)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_what_counts_is_marked(language: str) -> None:
    """An opinion of the author has evidence in it, all of it; one of somebody else, and what is none, has none."""
    for topic in ("reviews", "stars", "aspects"):
        grammar = grammar_of(topic, language)
        for rule in ("affirmed", "negated", "verdict", "negated_verdict"):
            for pattern in grammar.rules.get(rule, ()):
                assert "[{adjective}]" in pattern and "{adjective}" not in re.sub(r"\[[^\]]*\]", "", pattern)
                assert pattern.count("[") >= (2 if "negated" in rule else 1), pattern
        quiet = [*grammar.rules["elsewhere"], *grammar.rules["filler"]]
        for subject in grammar.subjects.values():
            quiet += [*subject.get("opener", ()), *subject.get("filler", ()), *subject.get("neutral", ())]
            assert all("[" in implied for implied in subject.get("implied", ()))
        assert not any("[" in pattern for pattern in quiet)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_adjective_has_one_side(language: str) -> None:
    reviews, stars = grammar_of("reviews", language), grammar_of("stars", language)
    assert not set(reviews.rules["positive"]) & set(reviews.rules["negative"])
    graded = Counter(word for grade in "12345" for word in stars.rules[grade])
    assert set(graded.values()) == {1} and all(len(stars.rules[grade]) == 6 for grade in "12345")


def test_stars_are_written_like_reviews_but_for_their_own_rules() -> None:
    reviews, stars = grammar_of("reviews", "en"), grammar_of("stars", "en")
    assert (stars.full_stop, stars.space, stars.words) == (reviews.full_stop, reviews.space, reviews.words)
    assert stars.subjects == reviews.subjects and stars.rules["filler"] == reviews.rules["filler"]
    assert not set(stars.rules["affirmed"]) & set(reviews.rules["affirmed"])


GOOD = 'rules:\n  start: ["{animal} and [{animal}]"]\n  animal: [cat, dog, cow]\n'
SPOILT = {
    "no YAML": ("rules: [", "not valid YAML", ""),
    "no rules at all": ("only words", "does not fit", ""),
    "a number for a word": (GOOD.replace("cow", "7"), "does not fit", "rules.animal.2"),
    "a word for a list": (GOOD.replace("[cat, dog, cow]", "cat"), "does not fit", "rules.animal"),
    "an empty list": (GOOD.replace("[cat, dog, cow]", "[]"), "does not fit", "rules.animal"),
    "an unknown section": (GOOD.replace("rules", "rulez"), "does not fit", "rulez"),
    "a rule that is needed": (GOOD.replace("start", "begin"), "no rule “start”", "rules"),
    "a field without a rule": (GOOD.replace("{animal} and", "{beast} and"), "no rule “beast”", "{beast} and"),
    "a bracket left open": (GOOD.replace(']"]', '"]'), "bracket stands alone", "[{animal}"),
    "a brace left open": (GOOD.replace("{animal} and", "{animal and"), "bracket stands alone", "{animal and"),
    "like a file that is not there": ("like: nothing\n" + GOOD, "cannot be read", "nothing.yaml"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_spoilt_file_is_refused_with_its_place(case: str, tmp_path: Path) -> None:
    text, what, where = SPOILT[case]
    path = tmp_path / "texts.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_grammar(path, ("start",))
    assert what in caught.value.what.english()
    assert where in caught.value.where.english() and str(tmp_path) in caught.value.where.english()
    assert "files beside it" in caught.value.mend.english()


def test_a_rule_missing_in_a_subject_is_named(tmp_path: Path) -> None:
    path = tmp_path / "texts.yaml"
    path.write_text(GOOD + "subjects:\n  phone: {thing: [phone]}\n", encoding="utf-8")
    assert read_grammar(path, ("start",), ("thing",)).subjects["phone"]["thing"] == ("phone",)
    with pytest.raises(InputError, match=r"no rule “opener”.*subjects\.phone"):
        read_grammar(path, ("start",), ("thing", "opener"))


def test_words_that_a_person_adds_are_written(tmp_path: Path) -> None:
    shutil.copytree(resource("builtin", "en"), tmp_path, dirs_exist_ok=True)
    path = tmp_path / "stars.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("[good, nice", "[swell, nice"), encoding="utf-8")
    grammar = read_grammar(path, ("4",))
    assert "swell" in grammar.rules["4"] and grammar.subjects == grammar_of("reviews", "en").subjects


def test_words_of_rules_are_hardly_repeated_and_digits_may_be() -> None:
    grammar = Grammar(rules={"start": ("{animal} and {animal}, {d}{d}",), "animal": ("cat", "dog", "cow"), "d": ("1",)})
    texts = [grammar.write("start", random.Random(seed)) for seed in range(300)]
    assert sum(text.startswith(("cat and cat", "dog and dog", "cow and cow")) for text in texts) < 15
    assert all(text.endswith("11") for text in texts)


def test_words_are_chosen_in_their_order_and_what_is_given_is_taken() -> None:
    grammar = Grammar(words={"late": ("a", "b", "c"), "early": ("x", "y", "z")})
    for seed in range(20):
        chance, same = random.Random(seed), random.Random(seed)
        late, early = same.choice("abc"), same.choice("xyz")
        assert grammar.fill("{early} {thing} {late}", chance, {"thing": "[bed]"}) == f"{early} [bed] {late}"


def test_marks_are_taken_out_and_remembered() -> None:
    text = read_marks("[not] a [good] bed", "negative", "plain")
    assert (text.text, text.evidence, text.starts) == ("not a good bed", ("not", "good"), (0, 6))
    assert unmarked("[not] a [good] bed") == text.text
    joined = Grammar(full_stop=".", space=" ").marked_text(["[a] awful bed", "a [easy] walk"], "negative", "plain")
    assert joined.text == "A awful bed. An easy walk." and joined.evidence == ("A", "easy")


def test_articles_agree() -> None:
    assert with_articles("a [awful] day, a useful hour, a one-off, A old bed") == (
        "an [awful] day, a useful hour, a one-off, An old bed"
    )


def test_a_length_is_counted_in_words_or_characters() -> None:
    assert [Grammar(num_words=(2, 3)).allows(text) for text in ("one", "one two", "a b c", "a b c d")] == [0, 1, 1, 0]
    assert [Grammar(num_characters=(2, 3)).allows(text) for text in ("床", "一张床", "一张大床")] == [0, 1, 0]
    assert Grammar().allows("")
