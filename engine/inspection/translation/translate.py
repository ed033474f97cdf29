"""translate: a text written for another one by a run's checkpoint, with all that can be seen of how it came about.

Shapes: S tokens of the source, T tokens that were written (the end included), V words.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence

import numpy as np

from engine.data.tokens.detokenize import written_text
from engine.errors import InputError
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.inspection.translation.beam_tree import Beginning, Watcher, beam_tree
from engine.inspection.translation.pieces import Group, last_piece, source_groups, written_groups
from engine.inspection.translation.searching import GREEDY, Floats, Told, search
from engine.messages import message
from engine.records import BeamNode, Decoding, Hypothesis, OtherWord, Progress, SourceWord, Translation, WrittenWord
from engine.runs.checkpoints import checkpoint_path, step_of
from engine.runs.run import Run
from engine.tasks.task import Transforms

_NUM_ALTERNATIVES = 3


def translate(
    run: Run,
    text: str,
    decoding: Decoding = GREEDY,
    checkpoint: str = "best",
    prefix: Sequence[int] = (),
    seed: int = 0,
) -> Generator[Progress, None, Translation]:
    """With a `prefix` of token ids it goes on behind those. Drawn texts follow from the `seed`. Raises InputError for a
    text of nothing but blanks, and a run that writes no text for another."""
    yield Progress(0, 2)
    task = transforming(run, checkpoint)
    if not text.strip():
        raise InputError(message("There is no text."), "text", message("Type one."))
    read = task.read_source(text)
    began = time.perf_counter()
    searched = search(task, read, decoding, prefix, seed)
    seconds = time.perf_counter() - began
    yield Progress(1, 2)
    found, watcher = searched.found, searched.watcher
    best = found[0]
    greedy = searched.greedy or (best if decoding == GREEDY else search(task, read, GREEDY, prefix, seed).found[0])
    groups = source_groups(read, task.tokenizer.unk_token_id)
    return Translation(
        source=text,
        source_words=tuple(word for word, _ in groups),
        text=said(task, best.ids),
        words=_words(task, best, tuple(prefix)),
        score=best.score,
        alignment=_by_words(task, best, groups),
        others=tuple(Hypothesis(said(task, one.ids), one.score) for one in _different(found)[1:]),
        greedy=Hypothesis(said(task, greedy.ids), greedy.score),
        tree=() if watcher is None else _tree(task, watcher, found, len(prefix)),
        decoding=decoding,
        num_tokens=read.num_tokens,
        num_read=read.ids.shape[1],
        seconds=seconds,
        step=step_of(checkpoint_path(run, checkpoint)),
        cut_at=read.cut_at,
    )


def transforming(run: Run, checkpoint: str) -> Transforms:
    """The run's task, where it writes a text for another. Raises InputError."""
    task = loaded_task(run, checkpoint)
    if not isinstance(task, Transforms):
        raise InputError(
            message("This run writes no text for another."), str(run.path), message("Choose one that translates.")
        )
    return task


def said(task: Transforms, ids: Sequence[int]) -> str:
    """The text of token ids."""
    return written_text(task.tokenizer, ids)


def _words(task: Transforms, told: Told, prefix: Beginning) -> tuple[WrittenWord, ...]:
    log_p = told.token_log_p
    found = []
    for group in written_groups(task.tokenizer, told.ids):
        probability = float(np.exp(log_p[group.first : group.last].sum()))
        found.append(
            WrittenWord(
                group.text,
                probability,
                group.last - group.first,
                _alternatives(task, told, group),
                is_given=group.last <= len(prefix),
            )
        )
    return tuple(found)


def _alternatives(task: Transforms, told: Told, group: Group) -> tuple[OtherWord, ...]:
    """The likeliest other tokens where the word begins; a token of which nothing is seen is none."""
    values, ids = told.log_p[group.first].topk(min(_NUM_ALTERNATIVES + 8, told.log_p.shape[1]))
    before, written = told.ids[: group.first], told.ids[group.first]
    found = []
    for value, one in zip(values.tolist(), ids.tolist(), strict=True):
        if one == written or one in _unseen(task):
            continue
        text = last_piece(task.tokenizer, [*before, one]).strip()
        if text:
            found.append(OtherWord(text, float(np.exp(value)), (*before, one)))
        if len(found) == _NUM_ALTERNATIVES:
            break
    return tuple(found)


def _by_words(task: Transforms, told: Told, groups: Sequence[tuple[SourceWord, list[int]]]) -> Floats | None:
    """[words, source words]: a source word's tokens together, the mean of a written word's tokens. What looks at the
    ends of the text is in no word."""
    if told.alignment is None:
        return None
    written = written_groups(task.tokenizer, told.ids)
    rows = [told.alignment[one.first : one.last].mean(axis=0) for one in written]
    found = [[row[places].sum() for _, places in groups] for row in rows]
    return np.array(found, dtype=np.float64).reshape(len(written), len(groups))


def _tree(task: Transforms, watcher: Watcher, found: Sequence[Told], num_given: int) -> tuple[BeamNode, ...]:
    finished = [
        (one.ids[num_given:], float(one.token_log_p[num_given:].mean()))
        for one in found
        if one.ended and len(one.ids) > num_given
    ]
    return beam_tree(watcher, task.tokenizer, finished, found[0].ids[num_given:], found[0].ids[:num_given])


def _different(found: Sequence[Told]) -> list[Told]:
    return list({one.ids: one for one in reversed(found)}.values())[::-1]


def _unseen(task: Transforms) -> set[int]:
    return set(task.tokenizer.all_special_ids) - {task.tokenizer.unk_token_id}
