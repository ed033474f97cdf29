"""Windows: pieces of a passage that overlap, the tokens of an answer in them, and rows as examples."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from datasets import Dataset

from engine.config.data import WordTokenizer
from engine.data.columns.answer_cells import Answer
from engine.data.tokens.question_windows import BEGINS, ENDS, PASSAGE, TOKEN_TYPES, encode_questions, windows_of
from engine.data.tokens.tokenizer import train_tokenizer

QUESTION = "which word is number seventeen ?"
WORDS = [f"word{number}" for number in range(60)]
CONTEXT = " ".join(WORDS)
TOKENIZER = train_tokenizer(WordTokenizer(min_frequency=1), [QUESTION, CONTEXT, "long " * 40], 512)


def test_a_short_passage_is_one_window() -> None:
    (window,) = windows_of(TOKENIZER, [QUESTION], [CONTEXT], 100, 8)[0]
    assert len(window.ids) == 6 + 60 + 3
    assert window.passage.sum() == 60 and window.question.sum() == 6
    begin, end = window.tokens_of(Answer("word17 word18", CONTEXT.index("word17")))
    assert CONTEXT[window.offsets[begin, 0] : window.offsets[end, 1]] == "word17 word18"


def test_a_long_one_is_read_in_pieces_that_overlap() -> None:
    windows = windows_of(TOKENIZER, [QUESTION], [CONTEXT], 40, 8)[0]
    assert len(windows) > 1 and all(len(one.ids) <= 40 for one in windows)
    seen = [{tuple(pair) for pair in one.offsets[one.passage].tolist()} for one in windows]
    assert set().union(*seen) == {(CONTEXT.index(word), CONTEXT.index(word) + len(word)) for word in WORDS}
    assert all(len(first & second) == 8 for first, second in pairwise(seen))


def test_an_answer_that_is_not_whole_in_a_window_is_none_there() -> None:
    windows = windows_of(TOKENIZER, [QUESTION], [CONTEXT], 40, 8)[0]
    last_of_first = int(windows[0].offsets[windows[0].passage][-1, 1])
    start = CONTEXT.rindex(" ", 0, last_of_first) + 1
    answer = Answer(CONTEXT[start : last_of_first + 8].strip(), start)
    assert windows[0].tokens_of(answer) == (0, 0)
    assert windows[1].tokens_of(answer) != (0, 0)


def test_a_question_takes_a_third_of_the_room_at_most() -> None:
    (window, *_) = windows_of(TOKENIZER, ["long " * 40], [CONTEXT], 60, 8)[0]
    assert window.question.sum() == 20 and window.passage.any()


def test_rows_as_examples() -> None:
    rows = Dataset.from_dict(
        {
            "row": [1, 2, 3],
            "question": [QUESTION] * 3,
            "context": [CONTEXT, "nothing here", CONTEXT],
            "answer": ["word17", "", "word99"],
        }
    )
    encoded = encode_questions(rows, TOKENIZER, 100, 8)
    assert encoded.rows.tolist() == [1, 2], "an answer that stands nowhere teaches nothing"
    begins, ends = encoded.targets[BEGINS], encoded.targets[ENDS]
    assert isinstance(begins, np.ndarray) and begins.tolist() == [1 + 6 + 1 + 17, 0] == ends.tolist()  # type: ignore[union-attr]
    values, is_real = encoded.targets[PASSAGE].padded(np.array([0, 1]))  # type: ignore[union-attr]
    assert values.sum(axis=1).tolist() == [60, 2] and is_real.sum(axis=1).tolist() == [69, 11]
    assert encoded.inputs[TOKEN_TYPES].padded(np.array([1]))[0].sum() == 3  # type: ignore[union-attr]
