"""answer_question: what a run answers to a question about a passage, and where it looks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.breath import drain
from engine.data.tokens.question_windows import Window
from engine.errors import InputError
from engine.inspection.reading.words import is_word, placed, tokens_of, words_of
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.messages import message
from engine.models.answer_spans import SpanOdds
from engine.models.question_reader import QuestionReader
from engine.records import AnswerSpan, MeetingMap, ReadAnswer, Word
from engine.runs.run import Run
from engine.tasks.task import FindsAnswers

_BEST = 5
_LONGEST_PASSAGE = 100_000
_TO_QUESTION, _TO_PASSAGE = "passage to question", "question to passage"


def answer_question(
    run: Run, question: str, context: str, checkpoint: str = "best", masked: Sequence[int] = ()
) -> ReadAnswer:
    """`masked` are numbers of the question's words that are hidden. Raises InputError for a run that answers no
    questions, and for an empty question or passage."""
    reader = reader_of(run, checkpoint)
    windows, odds = read(reader, question, context, masked)
    found = odds.best(_BEST)
    best = tuple(placed(context, one.start, one.end, one.score) for one in found.spans)
    words, passage = question_words(question), words_of(context)
    chosen = _window_of(windows, best[0]) if best else windows[0]
    return ReadAnswer(
        question=question,
        context=context,
        best=best,
        no_answer=found.silence,
        silence=reader.silence,
        question_words=words,
        passage_words=passage,
        maps=maps_of(reader, chosen, words, passage),
        num_windows=len(windows),
        masked=tuple(masked),
    )


def reader_of(run: Run, checkpoint: str) -> QuestionReader:
    """Raises InputError for a run that answers no questions."""
    task = loaded_task(run, checkpoint)
    if not isinstance(task, FindsAnswers):
        raise InputError(
            message("This run finds no answers in passages."),
            str(run.path),
            message("Choose a run whose goal is to find answers."),
        )
    return task.reader


def question_words(question: str) -> tuple[Word, ...]:
    """Those that can be masked."""
    return tuple(one for one in words_of(question) if is_word(one))


def read(
    reader: QuestionReader, question: str, context: str, masked: Sequence[int] = ()
) -> tuple[list[Window], SpanOdds]:
    """The windows of the passage, words of the question masked in all of them, and the odds of every span. Raises
    InputError."""
    refuse_nothing(question, context)
    windows = with_masked(reader, reader.windows([question], [context])[0], question, masked)
    return windows, drain(reader.odds([windows]))[0]


def with_masked(
    reader: QuestionReader, windows: Sequence[Window], question: str, masked: Sequence[int]
) -> list[Window]:
    """The same windows without these words of the question."""
    words = question_words(question)
    chosen = [words[place] for place in masked if 0 <= place < len(words)]
    if not chosen:
        return list(windows)
    return [
        reader.masked(one, {place for tokens in tokens_of(one, one.question, chosen) for place in tokens})
        for one in windows
    ]


def refuse_nothing(question: str, context: str) -> None:
    """Raises InputError where there is nothing to ask, or nothing to ask about, or too much."""
    if not question.strip():
        raise InputError(message("There is no question."), "question", message("Type a question about the passage."))
    if not context.strip():
        raise InputError(message("There is no passage."), "context", message("Give the text that holds the answer."))
    if len(context) > _LONGEST_PASSAGE:
        raise InputError(
            message(
                "The passage has {count} characters; at most {limit} are read.",
                count=len(context),
                limit=_LONGEST_PASSAGE,
            ),
            "context",
            message("Give the part of it that the question is about."),
        )


def maps_of(
    reader: QuestionReader, window: Window, words: Sequence[Word], passage: Sequence[Word]
) -> tuple[MeetingMap, ...]:
    """Which words meet in a window, by words instead of tokens; () for a model without attention."""
    found = reader.maps(window).maps
    asked, told = tokens_of(window, window.question, words), tokens_of(window, window.passage, passage)
    if _TO_QUESTION in found or _TO_PASSAGE in found:
        return (_of_bidaf(found, asked, told),)
    return tuple(_of_layer(name, one, asked, told) for name, one in found.items())


def _of_bidaf(found: dict[str, np.ndarray], asked: list[list[int]], told: list[list[int]]) -> MeetingMap:
    """One map: the passage's looks at the question's words, and what the question looks at in all."""
    looked = _summed(found[_TO_PASSAGE][0], told) if _TO_PASSAGE in found else None
    if _TO_QUESTION not in found:
        assert looked is not None
        return MeetingMap(_TO_PASSAGE, looked[None, :], looked)
    weights = np.zeros((len(asked), len(told)), dtype=np.float32)
    for column, tokens in enumerate(told):
        if tokens:
            mean = found[_TO_QUESTION][tokens].mean(axis=0)
            weights[:, column] = [float(mean[places].sum()) for places in asked]
    if looked is None:
        looked = weights.max(axis=0) if len(asked) else np.zeros(len(told), dtype=np.float32)
    return MeetingMap(_TO_QUESTION, weights, looked)


def _of_layer(name: str, weights: np.ndarray, asked: list[list[int]], told: list[list[int]]) -> MeetingMap:
    rows = [
        _summed(weights[tokens].mean(axis=0), told) if tokens else np.zeros(len(told), dtype=np.float32)
        for tokens in asked
    ]
    whole = np.stack(rows).astype(np.float32) if rows else np.zeros((0, len(told)), dtype=np.float32)
    return MeetingMap(name, whole, whole.mean(axis=0) if rows else np.zeros(len(told), dtype=np.float32))


def _summed(weights: np.ndarray, told: list[list[int]]) -> np.ndarray:
    return np.array([float(weights[tokens].sum()) if tokens else 0.0 for tokens in told], dtype=np.float32)


def _window_of(windows: Sequence[Window], span: AnswerSpan) -> Window:
    """The one in which the span stands farthest from both ends."""

    def margin(window: Window) -> int:
        places = np.flatnonzero(window.passage)
        if not len(places):
            return -1
        first, last = int(window.offsets[places[0], 0]), int(window.offsets[places[-1], 1])
        return min(span.start - first, last - span.end)

    return max(windows, key=margin)
