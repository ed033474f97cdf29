"""score_questions: every row answered, by the official SQuAD scores, beside what could be reached at best."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
from datasets import Dataset

from engine.data.columns.answer_cells import Answer, answers_of, located
from engine.data.tokens.question_windows import Window, chunks_of
from engine.messages import Message, message
from engine.metrics.squad import exact_match, f1
from engine.models.answer_spans import SpanOdds
from engine.models.question_reader import QuestionReader
from engine.records import RowAnswer, ScoredRow, ScoredRows

_CHUNK = 64
_ROLES = ("question", "context")


def answered_questions(reader: QuestionReader, rows: Dataset) -> Generator[None, None, list[RowAnswer]]:
    """`rows` has the columns question and context. Breathes between batches."""
    silence = reader.silence
    said: list[RowAnswer] = []
    for chunk in chunks_of(rows, _CHUNK):
        odds = yield from reader.odds(reader.windows(chunk["question"], chunk["context"]))
        for context, chances in zip(chunk["context"], odds, strict=True):
            found = chances.best(1)
            if not found.spans or (silence is not None and found.silence >= silence.threshold):
                said.append(RowAnswer("", found.silence, {"start": "", "end": "", "no_answer": found.silence}))
                continue
            best = found.spans[0]
            place: dict[str, str | float] = {"start": best.start, "end": best.end, "no_answer": found.silence}
            said.append(RowAnswer(context[best.start : best.end], best.score, place))
    return said


def score_questions(reader: QuestionReader, rows: Dataset, split: str) -> Generator[int | None, None, ScoredRows]:
    """Statistics "em", "f1" and "loss" [rows, 2]: value, weight. The loss is half of -log of how likely the first right
    answer is (silence where there is none): the mean over its two ends, as training has it. Rows whose
    answer no span can be weigh nothing in it. Breathes between batches, and yields how many rows are answered."""
    silence = reader.silence
    scored: list[ScoredRow] = []
    figures: list[tuple[float, float, float, float]] = []
    ceilings: list[tuple[float, float]] = []
    missing: list[int] = []
    for chunk in chunks_of(rows, _CHUNK):
        contexts: list[str] = chunk["context"]
        windows = reader.windows(chunk["question"], contexts)
        odds = yield from reader.odds(windows)
        cells = chunk.get("answer") or [""] * len(contexts)
        read = zip(chunk["row"], chunk["question"], contexts, cells, windows, odds, strict=True)
        for row, question, context, cell, pieces, chances in read:
            wanted = answers_of(cell)
            right = located(context, wanted).answers
            found = chances.best(1)
            is_silent = not found.spans or (silence is not None and found.silence >= silence.threshold)
            said = "" if is_silent else context[found.spans[0].start : found.spans[0].end]
            texts = tuple(dict.fromkeys(one.text for one in wanted))
            if wanted and not right:
                missing.append(int(row))
            likely = _likelihood(chances, wanted, right)
            loss = -np.log(max(likely, 1e-12)) / 2 if likely is not None else 0.0
            own = {"em": exact_match(said, texts), "f1": f1(said, texts)}
            sure = found.silence if is_silent else found.spans[0].score
            figures.append((own["em"], own["f1"], loss, float(likely is not None)))
            ceilings.append(_reachable(pieces, context, texts, right, reader.longest))
            scores = {**own, "score": sure, "no_answer": found.silence}
            scored.append(ScoredRow(int(row), (question, context), texts, said, scores))
        yield len(scored)
    table = np.array(figures, dtype=np.float64).reshape(-1, 4)
    ones = np.ones(len(table))
    reached = np.array(ceilings, dtype=np.float64).reshape(-1, 2)
    return ScoredRows(
        split,
        _ROLES,
        scored,
        {
            "f1": np.stack([table[:, 1], ones], axis=1),
            "em": np.stack([table[:, 0], ones], axis=1),
            "loss": table[:, 2:4],
        },
        leading="f1",
        sort_by="f1",
        ceiling={"em": float(reached[:, 0].mean()), "f1": float(reached[:, 1].mean())} if len(reached) else {},
        notes=_notes(missing),
    )


def _notes(missing: Sequence[int]) -> tuple[Message, ...]:
    if not missing:
        return ()
    return (
        message(
            "Of {count:plural:question:questions} the answer does not stand in the passage and cannot be found (first: "
            "row {row}).",
            count=len(missing),
            row=missing[0],
        ),
    )


def _likelihood(chances: SpanOdds, wanted: Sequence[Answer], right: Sequence[Answer]) -> float | None:
    """How likely the first right answer is; None where no span can be it."""
    if not wanted:
        return chances.silence
    if not right or right[0].start is None:
        return None
    text = right[0].text
    start = right[0].start + len(text) - len(text.lstrip())
    return chances.of(start, start + len(text.strip())) or None


def _reachable(
    pieces: Sequence[Window], context: str, texts: Sequence[str], right: Sequence[Answer], longest: int
) -> tuple[float, float]:
    """The best EM and F1 of the spans that cover a right answer most closely."""
    if not texts:
        return 1.0, 1.0
    best = (0.0, 0.0)
    for answer in right:
        for window in pieces:
            begin, end = window.tokens_of(answer)
            if not end:
                continue
            end = min(end, begin + longest - 1)
            said = context[int(window.offsets[begin, 0]) : int(window.offsets[end, 1])]
            best = max(best, (exact_match(said, texts), f1(said, texts)))
            break
    return best
