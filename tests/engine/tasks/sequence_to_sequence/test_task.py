"""Translate or summarise, engine side: what is learned of a pair, what it costs, how it is measured, what is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from datasets import Dataset
from torch.nn import functional

from engine.breath import drain
from engine.config.run import RunConfig, from_tree
from engine.data.splitting.splits import Splits, load_splits
from engine.data.tokens.batches import collate
from engine.data.tokens.encoding import LABELS, Ragged
from engine.events import Evaluated, TextsAnswered
from engine.metrics.summed_figures import values
from engine.models.seq2seq import IGNORED
from engine.records import Decoding
from engine.runs.run import Run
from engine.tasks.material import Material, make_tokenizer
from engine.tasks.registry import make_material, make_task
from engine.tasks.sequence_to_sequence.examples import end_token, num_cut_targets
from engine.tasks.sequence_to_sequence.losses import token_losses
from engine.tasks.sequence_to_sequence.task import SequenceToSequenceTask
from engine.training.prepare import train
from tests.engine.translated_runs import TREE, small_config, trained_run


def material_of(config: RunConfig) -> Material:
    splits = load_splits(config.data, config.task, config.seed)
    return make_material(config, splits, make_tokenizer(config, splits))


def task_of(config: RunConfig, material: Material | None = None) -> SequenceToSequenceTask:
    torch.manual_seed(0)
    task = make_task(config, material or material_of(config), torch.device("cpu"))
    assert isinstance(task, SequenceToSequenceTask)
    return task


def test_a_tokenizer_gives_texts_back_and_signs_stand_alone() -> None:
    config = small_config()
    both = config.model_copy(
        update={
            "data": config.data.model_copy(
                update={"builtin": config.data.builtin.model_copy(update={"language": "both"})}
            )
        }
    )
    splits = load_splits(both.data, both.task, 0)
    tokenizer = make_tokenizer(both, splits)
    for text in [*splits.splits["train"]["source"][:50], *splits.splits["train"]["target"][:50]]:
        ids = tokenizer(text)["input_ids"]
        assert tokenizer.decode(ids, skip_special_tokens=True) == text
    assert len(tokenizer("三月十四日", add_special_tokens=False)["input_ids"]) == 5


def test_a_target_ends_and_a_cut_one_does_not() -> None:
    material = material_of(small_config())
    field = material.encoded["train"].targets[LABELS]
    assert isinstance(field, Ragged)
    first = field.values[: field.offsets[1]]
    wanted = material.splits.splits["train"]["target"][0]
    assert material.tokenizer.decode(first[:-1]) == wanted and first[-1] == end_token(material.tokenizer)
    short = from_tree({**TREE, "task": {**TREE["task"], "max_target_length": 3}})
    cut = material_of(short)
    count = num_cut_targets(cut.encoded["train"], cut.tokenizer)
    assert count == len(cut.encoded["train"])
    assert str(count) in task_of(short, cut).notes[0].english()


def test_the_loss_is_the_cross_entropy_of_the_right_words() -> None:
    task = task_of(small_config())
    batch = collate(material_of(small_config()).encoded["train"], np.arange(5))
    labels = batch.labels
    before = torch.cat([torch.full((5, 1), task.tokenizer.cls_token_id), labels[:, :-1].clamp_min(0)], dim=1)
    logits = task.model(batch.input_ids, batch.attention_mask, before).logits
    for smoothing in (0.0, 0.2):
        found = token_losses(task.model, batch, smoothing).losses.sum()
        wanted = functional.cross_entropy(
            logits.flatten(0, 1), labels.flatten(), ignore_index=IGNORED, reduction="sum", label_smoothing=smoothing
        )
        assert found.item() == pytest.approx(wanted.item(), rel=1e-5)
    assert task.weight("model", batch) == (labels != IGNORED).sum()


def test_own_words_stand_in_for_the_right_ones() -> None:
    """All of them: the first word is told from the start token as before, later ones from what it would say."""
    task = task_of(small_config())
    batch = collate(material_of(small_config()).encoded["train"], np.arange(4))
    plain, own = token_losses(task.model, batch), token_losses(task.model, batch, own_share=1.0)
    firsts = torch.unique(plain.rows, return_inverse=True)[1].diff(prepend=torch.tensor([-1])) != 0
    assert own.losses[firsts].allclose(plain.losses[firsts], atol=1e-6)
    assert not own.losses[~firsts].allclose(plain.losses[~firsts], atol=1e-3)


def test_coverage_is_part_of_the_loss() -> None:
    with_it = task_of(small_config(coverage=True, coverage_weight=2.0))
    batch = collate(material_of(small_config()).encoded["train"], np.arange(4))
    found = token_losses(with_it.model, batch)
    assert found.coverage is not None
    total = float(with_it.loss("model", batch)[0].detach())
    assert total == pytest.approx(float((found.losses.sum() + 2.0 * found.coverage.sum()).detach()), rel=1e-5)


def test_training_measures_and_shows_texts(tmp_path: Path) -> None:
    run = Run.create(small_config(), tmp_path)
    events = [event for event in train(run) if event is not None]
    measured = [event for event in events if isinstance(event, Evaluated) and event.split == "validation"]
    assert len(measured) == 2 and measured[1].metrics["loss"] < measured[0].metrics["loss"]
    assert {"bleu", "chrf", "rouge_1", "rouge_2", "rouge_l", "em", "perplexity"} < set(measured[0].metrics)
    assert measured[0].metrics["perplexity"] == pytest.approx(np.exp(measured[0].metrics["loss"]), rel=1e-6)
    shown = [event for event in events if isinstance(event, TextsAnswered)]
    rows = run_rows(run)
    assert [row["wanted"] for row in shown[0].rows] == [row["wanted"] for row in shown[1].rows]
    assert all(row["wanted"] == rows[row["read"][0]] for row in shown[0].rows)


def run_rows(run: Run) -> dict[str, str]:
    rows = load_splits(run.config.data, run.config.task, run.config.seed).splits["validation"]
    return dict(zip(rows["source"], rows["target"], strict=True))


def test_a_checkpoint_alone_answers_rows(tmp_path: Path) -> None:
    run = trained_run(tmp_path)
    from engine.inspection.subjects.loaded_tasks import loaded_task

    task = loaded_task(run)
    assert isinstance(task, SequenceToSequenceTask)
    rows = load_splits(run.config.data, run.config.task, run.config.seed).splits["test"].select(range(6))
    scored = drain(task.score_rows(rows, "test"))
    assert [one.row for one in scored.rows] == list(rows["row"])
    assert [one.said for one in scored.rows] == drain(task.write_rows(rows, Decoding()))
    figures = values(scored.statistics)
    assert figures["perplexity"] > 1 and set(scored.baseline) >= {"bleu", "rouge_l"}
    assert scored.signature.startswith("nrefs:1")


@pytest.mark.parametrize(
    "model",
    [
        {"attention": "luong-concat", "window": "predictive", "copying": True},
        {"attention": "bahdanau", "input_feeding": True, "coverage": True, "copying": True, "cell": "lstm"},
        {"name": "transformer-seq2seq", "hidden_size": 16, "num_heads": 2, "num_layers": 1, "feed_forward_size": 16},
    ],
    ids=["concat", "pointer", "transformer"],
)
def test_every_kind_learns(model: dict[str, object], tmp_path: Path) -> None:
    base = {} if "name" in model else TREE["model"]
    config = from_tree({**TREE, "model": {**base, **model}, "task": {**TREE["task"], "scheduled_sampling": 0.5}})
    events = [event for event in train(Run.create(config, tmp_path)) if event is not None]
    losses = [one.metrics["loss"] for one in events if isinstance(one, Evaluated) and one.split == "validation"]
    assert losses[-1] < losses[0]


def test_rows_can_be_any_data_set() -> None:
    material = material_of(small_config())
    rows = Dataset.from_dict({"row": [1, 2], "source": ["a", "b"], "target": ["c", "d"]})
    task = task_of(small_config(), Material(Splits({}, (), None, {}, []), material.tokenizer, {}))
    assert len(drain(task.score_rows(rows, "data"))) == 2
