"""alignment_trust: how often the attention looks where a word really comes from, on dates whose alignment is known.

Shapes: T tokens that are written, S tokens of the source.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import torch
from numpy.typing import NDArray

from engine.data.builtin.dates import TARGET_SPANS, true_spans
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.inspection.translation.searching import read_again
from engine.inspection.translation.translate import transforming
from engine.messages import message
from engine.metrics.confidence_intervals import wilson_figure
from engine.models.seq2seq import Seq2SeqModel
from engine.records import AlignmentTrust, Progress
from engine.runs.run import Run
from engine.tasks.source_text import SourceText
from engine.tasks.task import Transforms

MOST_ROWS = 200


def alignment_trust(
    run: Run, checkpoint: str = "best", most: int = MOST_ROWS
) -> Generator[Progress, None, AlignmentTrust]:
    """Of held-out built-in dates: each token of the year, the month and the day is right where the source token that it
    looks at most lies in the words that say it. The right date is written for it, so that all runs are asked the same.
    Raises InputError for a run without such texts or without attention."""
    task = transforming(run, checkpoint)
    model = task.model
    if not isinstance(model, Seq2SeqModel) or not model.attention_names:
        raise InputError(
            message("This model has no attention to check."), str(run.path), message("Choose one that has.")
        )
    splits = load_splits(run.config.data, run.config.task, run.config.seed).splits
    rows = splits.get("test", splits["validation"])
    pairs = [(row["source"], row["target"]) for row in rows if true_spans(row["source"]) is not None][:most]
    if not pairs:
        raise InputError(
            message("Where each word comes from is known of the built-in dates alone."),
            str(run.path),
            message("Train a run on them: choose “Built-in texts”, “Dates”."),
        )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(run.config.seed)
        fresh = type(model)(model.config)
    fresh.train(False)
    right, chance, untrained = 0, 0.0, 0
    num_words = 0
    for count, (source, target) in enumerate(pairs):
        yield Progress(count, len(pairs))
        for is_right, share, by_fresh in _looks(task, fresh, source, target):
            right, chance, untrained, num_words = right + is_right, chance + share, untrained + by_fresh, num_words + 1
    return AlignmentTrust(
        wilson_figure(right, num_words), chance / num_words, untrained / num_words, num_words, len(pairs)
    )


def _looks(task: Transforms, fresh: Seq2SeqModel, source: str, target: str) -> list[tuple[bool, float, bool]]:
    """Of each token with a known source: whether the strongest look is right, the share of the tokens that would be,
    and whether an untrained model's is."""
    read = task.read_source(source)
    truth = true_spans(source)
    assert truth is not None
    encoded = task.tokenizer(target, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    start = task.first_ids()
    before = torch.tensor([[*start, *encoded["input_ids"]]], device=read.ids.device)
    maps = [read_again(one, read, before, len(start))[1][0].numpy() for one in (task.model, fresh)]
    real = sum(end > begin for begin, end in read.spans)
    found = []
    for place, span in enumerate(encoded["offset_mapping"]):
        part = next((name for name, whole in TARGET_SPANS.items() if _overlap(span, whole)), None)
        if part is None:
            continue
        is_true = _tokens_in(read, truth[part])
        looks = [bool(is_true[int(one[place].argmax())]) for one in maps]
        found.append((looks[0], float(is_true.sum() / max(1, real)), looks[1]))
    return found


def _tokens_in(read: SourceText, span: tuple[int, int]) -> NDArray[np.bool_]:
    """[S]"""
    return np.array([end > begin and _overlap((begin, end), span) for begin, end in read.spans], dtype=np.bool_)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
