"""A throw-away task that answers in words: it turns the words of a text round, with so many mistakes as it is told.

It stands in the registries only within `registered`; its model is transformers' own smallest encoder-decoder, with
chance weights, which a checkpoint holds as any other's.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import torch
from datasets import Dataset
from pydantic import Field
from transformers import PreTrainedModel, PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

from engine import events
from engine.config.choice import setting
from engine.config.data import WordTokenizer
from engine.config.roles import SOURCE, TARGET
from engine.config.run import RunConfig, from_tree
from engine.config.run import paths as known_paths
from engine.config.tasks import registry as types
from engine.config.tasks.task_type import Ability, TaskSpec, TaskType
from engine.data.tokens.tokenizer import train_tokenizer
from engine.messages import message
from engine.records import Evaluation, ScoredRow, ScoredRows
from engine.runs.run import Run
from engine.tasks import registry as makers
from engine.tasks.material import Material
from engine.tasks.task import Task
from engine.training.checkpoint import CheckpointScore, publish, save_checkpoint
from tests.run_folders import started, write_run

_ADJECTIVES = ("red", "blue", "green", "old", "new", "small", "big", "quick", "slow", "calm")
_NOUNS = ("dog", "cat", "bird", "fish", "house", "tree", "road", "river", "sun", "moon")
WORDS = (*_ADJECTIVES, *_NOUNS)


class Reversing(TaskSpec):
    """Turn the words round."""

    name: Literal["reversing"] = "reversing"
    mistakes: float = setting(0.2, ge=0.0, le=1.0, title="Mistakes", help="The share of texts that it gets wrong.")

    @property
    def validated(self) -> tuple[str, ...]:
        return ("em",)


REVERSING: TaskType[Reversing] = TaskType(
    spec=Reversing,
    roles=(SOURCE, TARGET),
    abilities=frozenset[Ability](("transform", "evaluate", "export")),
    misfit=lambda *_: None,
    measures_repeats=True,
)


class ReversingTask:
    """Answers by rule; which texts it gets wrong is drawn by the run's seed."""

    players = ("model",)
    judged_by = "em"
    labels: tuple[str, ...] = ()
    positive_label = None
    asked: ClassVar[list[int]] = []
    """How many rows each call was asked for."""

    def __init__(self, config: RunConfig, tokenizer: PreTrainedTokenizerFast, model: PreTrainedModel) -> None:
        self.config, self.tokenizer, self.model = config, tokenizer, model

    def models(self) -> Mapping[str, PreTrainedModel]:
        return {"": self.model}

    def evaluate(self, encoded: object, split: str) -> Generator[None, None, Evaluation]:
        raise NotImplementedError

    def said_to(self, text: str) -> str:
        is_wrong = _chance(text, self.config.seed) < self.config.task.mistakes
        return text if is_wrong else " ".join(reversed(text.split()))

    def score_rows(self, rows: Dataset, split: str) -> Generator[None, None, ScoredRows]:
        self.asked.append(len(rows))
        found = []
        for row in rows:
            wanted, said = row["target"], self.said_to(row["source"])
            found.append(ScoredRow(row["row"], (row["source"],), (wanted,), said, {"em": float(said == wanted)}))
            yield
        right = np.array([one.scores["em"] for one in found])
        shared = np.array([_shared(one) for one in found])
        ones = np.ones(len(found))
        return ScoredRows(
            split=split,
            roles=("source",),
            rows=found,
            statistics={"em": np.stack([right, ones], 1), "f1": np.stack([shared, ones], 1)},
            leading="em",
            sort_by="f1",
            signature="whole texts",
            baseline={"em": 0.05, "f1": 0.3},
            baseline_name=message("the text as it is"),
        )


def _shared(row: ScoredRow) -> float:
    """The share of places with the right word."""
    said, wanted = row.said.split(), row.wanted[0].split()
    return sum(one == other for one, other in zip(said, wanted, strict=False)) / max(1, len(wanted))


def _chance(text: str, seed: int) -> float:
    return zlib.crc32(f"{seed} {text}".encode()) / 2**32


def _make(config: RunConfig, material: Material, device: torch.device, checkpoint: Path | None) -> Task:
    assert checkpoint is not None
    model = T5ForConditionalGeneration.from_pretrained(checkpoint)
    return ReversingTask(config, material.tokenizer, model)  # type: ignore[return-value]


@contextmanager
def registered(task_type: TaskType[Any] = REVERSING, make: Any = _make) -> Iterator[None]:
    """The task is known as long as this lasts."""
    field = RunConfig.model_fields["task"]
    before, known = field.annotation, (dict(types.TASK_TYPES), dict(makers.MAKERS))
    types.TASK_TYPES[task_type.name] = task_type  # type: ignore[index]
    makers.MAKERS[task_type.name] = makers.Maker(make, lambda *_: None)  # type: ignore[index, arg-type, return-value]
    union = reduce(or_, [one.spec for one in types.TASK_TYPES.values()])
    _with_tasks(Annotated[union, Field(discriminator="name")])
    try:
        yield
    finally:
        for registry, entries in zip((types.TASK_TYPES, makers.MAKERS), known, strict=True):
            registry.clear()  # type: ignore[attr-defined]
            registry.update(entries)  # type: ignore[attr-defined]
        _with_tasks(before)


def _with_tasks(annotation: Any) -> None:
    RunConfig.model_fields["task"].annotation = annotation
    RunConfig.model_rebuild(force=True)
    known_paths.cache_clear()


def pairs(count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Different texts of two to six words, and the same turned round."""
    chance = np.random.default_rng(seed)
    texts = [" ".join(chance.choice(WORDS, size=chance.integers(2, 7))) for _ in range(2 * count)]
    return [(text, " ".join(reversed(text.split()))) for text in list(dict.fromkeys(texts))[:count]]


def table(path: Path, rows: Sequence[tuple[str, ...]], heads: Sequence[str] = ("source", "target")) -> Path:
    path.write_text("\n".join([",".join(heads), *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


def words_run(
    folder: Path, name: str, mistakes: float = 0.2, seed: int = 0, changes: Mapping[str, Any] | None = None
) -> Run:
    """A run with a checkpoint; its data are the same for all runs of a folder."""
    source = folder / "pairs.csv"
    if not source.exists():
        folder.mkdir(parents=True, exist_ok=True)
        table(source, pairs(400))
        table(folder / "test.csv", pairs(150, seed=9))
    tree = {
        "task": {"name": "reversing", "mistakes": mistakes},
        "data": {"train": str(source), "test": str(folder / "test.csv")},
        "seed": seed,
    }
    config = from_tree(tree).with_values(dict(changes or {}))
    told = [
        started((), total_steps=10, rows={"train": 360, "validation": 40, "test": 150}),
        events.Evaluated(step=10, split="validation", metrics={"em": 1 - mistakes, "loss": mistakes}, num_rows=40),
    ]
    run = write_run(folder, name, config, told, "finished", step=10, best={"metric": "em", "value": 1 - mistakes})
    tokenizer = train_tokenizer(WordTokenizer(), iter(3 * WORDS), 32)
    torch.manual_seed(0)
    size = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}
    pad = tokenizer.pad_token_id
    model = T5ForConditionalGeneration(
        T5Config(vocab_size=len(tokenizer), decoder_start_token_id=pad, pad_token_id=pad, eos_token_id=3, **size)
    )
    task = ReversingTask(config, tokenizer, model)
    save_checkpoint(run, 10, task, {}, {"score": None})
    publish(run, 10, best=True, score=CheckpointScore("em", 1 - mistakes), num_kept=0)
    return run
