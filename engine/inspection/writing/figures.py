"""writing_figures: how well a language model tells texts that it never saw, beside one that only counts."""

from __future__ import annotations

from collections.abc import Generator

import torch
from transformers import PreTrainedTokenizerFast

from engine.breath import telling
from engine.config.language_models import NGram
from engine.data.splitting.splits import load_splits
from engine.inspection.evaluation.score_rows import at_most, score_rows
from engine.inspection.writing.desk import desk, refuse_others
from engine.metrics.summed_figures import Statistics, figures, values
from engine.records import Progress, WritingFigures
from engine.runs.run import Run
from engine.tasks.material import Material
from engine.tasks.registry import encode_split, make_task
from engine.tasks.task import LearnsAtOnce, ScoresRows

_MOST_ROWS = 1200


def writing_figures(run: Run, checkpoint: str = "best") -> Generator[Progress, None, WritingFigures]:
    """On at most 1,200 rows of the test split where there is one, else validation. `partial` comes before the n-gram
    line. Raises InputError."""
    refuse_others(run)
    scored = yield from score_rows(run, checkpoint=checkpoint, most=_MOST_ROWS)
    told = figures(scored.statistics, run.config.seed)
    own = WritingFigures(scored.split, len(scored), told["perplexity"], told["bits_per_character"])
    yield Progress(1, 2, own)
    counting = _counted(run, scored.split, desk(run, checkpoint).tokenizer)
    counted = values((yield from telling(counting, Progress(1, 2, own))))
    return WritingFigures(
        scored.split,
        len(scored),
        own.perplexity,
        own.bits_per_character,
        counted["perplexity"],
        counted["bits_per_character"],
    )


def _counted(run: Run, split: str, tokenizer: PreTrainedTokenizerFast) -> Generator[object, None, Statistics]:
    """The same rows told by an n-gram model that counted the run's training tokens."""
    config = run.config.model_copy(update={"model": NGram()})
    splits = load_splits(config.data, config.task, config.seed)
    yield None
    train = encode_split(config, splits.splits["train"], tokenizer, ())
    yield None
    task = make_task(config, Material(splits, tokenizer, {"train": train}), torch.device("cpu"))
    assert isinstance(task, LearnsAtOnce) and isinstance(task, ScoresRows)
    task.fit(next(iter(task.fitted)), train)
    yield None
    scored = yield from task.score_rows(at_most(splits.splits[split], _MOST_ROWS), split)
    return scored.statistics
