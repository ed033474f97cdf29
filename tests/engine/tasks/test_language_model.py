"""Language models as a task: streams in chunks, a state that is carried, figures that are the same however measured."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.breath import drain
from engine.commands import Stop
from engine.config.run import RunConfig, from_tree
from engine.data.splitting.splits import load_splits
from engine.data.tokens.batches import ConsecutiveBatches, side_by_side
from engine.data.tokens.encoding import LABELS, Ragged
from engine.errors import InputError
from engine.events import Evaluated, RunFinished, RunStarted, TextsAnswered
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.metrics.summed_figures import values
from engine.models.language_models import NGramLM, RecurrentLM
from engine.runs.run import Run
from engine.tasks.language_model.streams import chunked, stream_in, stream_of_rows
from engine.tasks.language_model.surprise import Teller, surprise_of
from engine.tasks.language_model.task import LanguageModelTask
from engine.tasks.material import make_tokenizer
from engine.tasks.registry import make_material, make_task
from engine.training.device import place
from engine.training.prepare import resume, train
from engine.training.stepper import Stepper
from engine.training.streams import Streams

SMALL: dict[str, dict[str, Any]] = {
    "n-gram": {"name": "n-gram", "order": 3},
    "recurrent-lm": {"name": "recurrent-lm", "embedding_size": 16, "hidden_size": 16, "num_layers": 1, "dropout": 0.0},
    "transformer-lm": {"name": "transformer-lm", "hidden_size": 16, "num_layers": 1, "num_heads": 2, "dropout": 0.0,
                       "feed_forward_size": 32},
}  # fmt: skip


def config(model: str, **training: Any) -> RunConfig:
    return from_tree(
        {
            "data": {
                "builtin": {"topic": "stories", "num_rows": 80},
                "max_length": 24,
                "tokenizer": {"name": "word", "min_frequency": 1},
            },
            "task": {"name": "language-model"},
            "model": SMALL[model],
            "training": {"max_steps": 6, "micro_batch_size": 4, "evaluate_every": 3, **training},
        }
    )


def made(model: str) -> tuple[LanguageModelTask, Any]:
    chosen = config(model)
    splits = load_splits(chosen.data, chosen.task, 0)
    material = make_material(chosen, splits, make_tokenizer(chosen, splits))
    torch.manual_seed(0)
    task = make_task(chosen, material, torch.device("cpu"))
    assert isinstance(task, LanguageModelTask)
    if isinstance(task.model, NGramLM):
        task.fit("model", material.encoded["train"])
    return task, material


# --- streams --------------------------------------------------------------------------------------------------------


def test_every_token_but_the_first_end_is_told_once() -> None:
    task, material = made("transformer-lm")
    rows = material.splits.splits["train"]
    stream, lengths = stream_of_rows(rows, task.tokenizer)
    encoded = material.encoded["train"]
    told = encoded.targets[LABELS]
    assert isinstance(told, Ragged)
    assert np.array_equal(stream_in(encoded), stream)
    assert np.array_equal(encoded.tokens.values, stream[:-1]) and np.array_equal(told.values, stream[1:])
    assert lengths.sum() + 1 == len(stream) and int((stream == task.end).sum()) == len(rows) + 1
    assert int(encoded.lengths.max()) == 24 and set(encoded.rows) <= set(rows["row"])


def test_batches_that_follow_on_go_on_where_the_last_one_ended() -> None:
    stream = np.arange(1, 202)
    encoded = chunked(stream, np.zeros_like(stream), 10, 0, follows_on=True)
    batches = ConsecutiveBatches(encoded, 3, seed=1)
    assert batches.batches_per_epoch == 20 // 3
    first, *later = [batches.at(index) for index in range(batches.batches_per_epoch)]
    assert not first.follows_on and all(batch.follows_on for batch in later)
    for before, after in itertools.pairwise([first, *later]):
        ends, starts = before.input_ids[:, -1], after.input_ids[:, 0]
        assert all(int(end) + 1 == int(start) or int(end) == 200 for end, start in zip(ends, starts, strict=True))
    assert not batches.at(batches.batches_per_epoch).follows_on
    again = ConsecutiveBatches(encoded, 3, seed=1).at(4)
    assert torch.equal(again.input_ids, batches.at(4).input_ids)


def test_each_chunk_is_measured_once() -> None:
    stream = np.arange(1, 175)
    encoded = chunked(stream, np.zeros_like(stream), 10, 0, follows_on=True)
    places = np.concatenate([found for found, _ in side_by_side(encoded, 4)])
    assert sorted(places) == list(range(len(encoded)))


def test_streams_are_in_order_only_where_examples_follow_on() -> None:
    _, carried = made("recurrent-lm")
    _, apart = made("transformer-lm")
    for material, is_in_order in ((carried, True), (apart, False)):
        streams = Streams(material.learned, 4, 0)
        drawn = [streams.draw(("train",)) for _ in range(3)]
        assert [batch.follows_on for batch in drawn] == [False, is_in_order, is_in_order]


# --- what is told ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", SMALL)
def test_the_figures_are_those_of_plain_reading(model: str) -> None:
    """Chunk by chunk, by transformers' own forward."""
    task, material = made(model)
    encoded = material.encoded["validation"]
    stream = stream_in(encoded)
    task.model.eval()
    told = drain(surprise_of(task.model, encoded, torch.device("cpu")))
    assert len(told) == len(stream) - 1
    with torch.inference_mode():
        if model == "transformer-lm":
            pieces = [stream[start : start + 24] for start in range(0, len(stream) - 1, 24)]
            logits = torch.cat([task.model(torch.tensor(piece)[None]).logits[0] for piece in pieces])[: len(told)]
        else:  # the state of a recurrent model goes on within a lane; an n-gram model sees a text at once
            size = len(stream) if model == "n-gram" else 24 * len(np.array_split(np.arange(len(encoded)), 8)[0])
            logits = task.model(torch.tensor(stream[:size])[None]).logits[0]
            told = told[: min(len(told), size)]
    expected = -logits.float().log_softmax(dim=-1)[torch.arange(len(told)), torch.tensor(stream[1 : len(told) + 1])]
    np.testing.assert_allclose(told, expected.double().numpy(), atol=2e-4)


@pytest.mark.parametrize("model", SMALL)
def test_live_figures_and_those_of_rows_agree(model: str) -> None:
    task, material = made(model)
    found = drain(task.evaluate(material.encoded["test"], "test"))
    scored = drain(task.score_rows(material.splits.splits["test"], "test"))
    assert values(scored.statistics) == pytest.approx(found.metrics, rel=1e-6)
    assert found.metrics["perplexity"] == pytest.approx(math.exp(found.metrics["loss"]))
    characters = sum(len(text) + 1 for text in material.splits.splits["test"]["text"])
    nats = found.metrics["loss"] * len(material.encoded["test"].tokens.values)
    assert found.metrics["bits_per_character"] == pytest.approx(nats / math.log(2) / characters)
    assert len(scored) == len(material.splits.splits["test"]) and found.num_rows == len(scored)


def test_a_step_carries_the_state_of_the_last_one() -> None:
    task, material = made("recurrent-lm")
    batches = ConsecutiveBatches(material.encoded["train"], 2, 0)
    assert isinstance(task.model, RecurrentLM)
    task.model.eval()
    carried, teller = Teller(task.model), Teller(task.model)
    with torch.inference_mode():
        carried.surprises(batches.at(0))
        after, _ = carried.surprises(batches.at(1))
        alone, _ = teller.surprises(batches.at(1))
        joined = torch.cat([batches.at(0).input_ids, batches.at(1).input_ids], dim=1)
        states, _ = task.model.states(joined)
        logs = task.model.lm_head(states[:, 24:]).log_softmax(dim=-1)
    expected = -logs.gather(-1, batches.at(1).targets[LABELS].clamp_min(0)[..., None]).flatten()
    torch.testing.assert_close(after, expected, atol=1e-5, rtol=1e-5)
    assert not torch.allclose(after, alone)


# --- whole runs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", SMALL)
def test_a_run_learns_shows_what_it_writes_and_ends(model: str, tmp_path: Path) -> None:
    run = Run.create(config(model), tmp_path, model)
    told = [event for event in train(run) if event is not None]
    steps = 1 if model == "n-gram" else 6
    started = next(event for event in told if isinstance(event, RunStarted))
    ended = told[-1]
    assert started.total_steps == steps and isinstance(ended, RunFinished) and ended.step == steps
    measured = [event for event in told if isinstance(event, Evaluated)]
    assert {"loss", "perplexity", "bits_per_character"} <= set(measured[0].metrics)
    shown = [event for event in told if isinstance(event, TextsAnswered)]
    assert len(shown) == (1 if model == "n-gram" else 2) and len(shown[0].rows) == 4
    assert all(row["read"][0] and row["wanted"] for row in shown[0].rows)
    assert loaded_task(run).judged_by == "perplexity"


def test_a_resumed_run_goes_on_bit_for_bit_with_what_it_remembered(tmp_path: Path) -> None:
    whole, halved = (Run.create(config("recurrent-lm"), tmp_path, name) for name in ("whole", "halved"))
    list(train(whole))
    going = train(halved)
    event = next(going)
    while True:
        stop = isinstance(event, Evaluated) and event.step == 3
        try:
            event = going.send(Stop() if stop else None)
        except StopIteration:
            break
    list(resume(halved))
    one, other = (loaded_task(run, "last").models()[""].state_dict() for run in (whole, halved))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_player_that_is_fitted_has_no_optimizer() -> None:
    chosen = config("n-gram")
    splits = load_splits(chosen.data, chosen.task, 0)
    material = make_material(chosen, splits, make_tokenizer(chosen, splits))
    stepper = Stepper(chosen, make_task(chosen, material, torch.device("cpu")), material, place(chosen.training))
    assert stepper.num_steps == 1 and not stepper.players.optimizers
    turn = stepper.take(1).turns["model"][0]
    assert float(turn.norm) == 0.0 and turn.num_tokens == len(material.encoded["train"].tokens.values)
    assert stepper.epoch == 1.0


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"training.adversary.name": "fgm"}, "training.adversary"),
        ({"training.pretraining.name": "language-model"}, "training.pretraining"),
        ({"model.name": "transformer"}, "model"),
        ({"model.name": "pretrained-causal", "model.adaptation.name": "head"}, "model.adaptation"),
    ],
)
def test_what_does_not_go_together_is_said(changes: dict[str, object], path: str) -> None:
    with pytest.raises(InputError) as refused:
        config("transformer-lm").with_values(changes)
    assert str(refused.value.where).startswith(path)


def test_something_is_written_behind_every_whole_row() -> None:
    task, material = made("n-gram")
    said = drain(task.answer_rows(material.splits.splits["test"]))
    assert said and all(one.answer for one in said)
