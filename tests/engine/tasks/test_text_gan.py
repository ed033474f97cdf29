"""A text GAN: two players on the loop, its meters and samples, what it keeps, and what guards it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine import events, verbs
from engine.commands import Command, GoBack, SetTemperature
from engine.config.run import RunConfig
from engine.config.tasks.text_gan import (
    GanLoss,
    GumbelSoftmax,
    HingeLoss,
    Reinforce,
    RelativisticLoss,
    StandardLoss,
    TextGan,
    WassersteinLoss,
)
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.events import Event
from engine.inspection.subjects.loaded_models import trained
from engine.runs.history import open_history
from engine.runs.run import Run
from engine.runs.samples import kept_sweep, read_samples
from engine.tasks.material import Material, make_tokenizer
from engine.tasks.registry import make_material, make_task
from engine.tasks.text_gan.guard import GanGuard
from engine.tasks.text_gan.losses import critic_loss, writer_loss
from engine.tasks.text_gan.task import TextGanTask
from engine.training.streams import Streams

TINY: dict[str, Any] = {
    "data.builtin": {"topic": "captions", "num_rows": 120},
    "data.max_length": 20,
    "data.tokenizer.vocabulary_size": 200,
    "task.name": "text-gan",
    "task.num_samples": 50,
    "task.discriminator_steps": 2,
    "task.guard.action": "tell",
    "model": {
        "name": "text-gan",
        "generator": {"name": "attention-lstm", "embedding_size": 8, "hidden_size": 8},
        "discriminator": {"name": "recurrent", "embedding_size": 8, "hidden_size": 8},
    },
    "training.max_steps": 8,
    "training.micro_batch_size": 8,
    "training.evaluate_every": 4,
    "training.pretraining": {"name": "language-model", "steps": 4},
    "training.accumulation.steps": 2,
    "training.device": "cpu",
}
GENERATORS: list[dict[str, Any]] = [
    {"name": "attention-lstm", "embedding_size": 8, "hidden_size": 8},
    {"name": "transformer", "hidden_size": 8, "num_heads": 2, "num_layers": 1, "feed_forward_size": 8},
    {"name": "relational-memory", "embedding_size": 8, "head_size": 8},
]
CRITICS: list[dict[str, Any]] = [
    {"name": "recurrent", "embedding_size": 8, "hidden_size": 8},
    {
        "name": "transformer",
        "hidden_size": 8,
        "num_heads": 2,
        "num_layers": 1,
        "feed_forward_size": 8,
        "causal": True,
        "pooling": "last",
    },
    {"name": "convolutional", "embedding_size": 8, "num_filters": 4},
]
METERS = ("self_bleu_4", "bleu_4", "distinct_2", "nll_gen", "nll_div", "unique_share", "copied_share")


def config(**changes: Any) -> RunConfig:
    return RunConfig().with_values({**TINY, **{key.replace("__", "."): value for key, value in changes.items()}})


@pytest.fixture(scope="module")
def material() -> Material:
    chosen = config()
    splits = load_splits(chosen.data, chosen.task, 0)
    return make_material(chosen, splits, make_tokenizer(chosen, splits))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, list[Event]]:
    run = verbs.create(config(), tmp_path_factory.mktemp("runs"), "gan")
    return run, followed(verbs.train(run))


def followed(training: Iterator[Event | None], wishes: dict[int, Command] | None = None) -> list[Event]:
    """To the end; `wishes` are commands to send after the evaluation of a step."""
    told: list[Event] = []
    command: Command | None = None
    while True:
        try:
            event = training.send(command)  # type: ignore[attr-defined]
        except StopIteration:
            return told
        command = None
        if event is not None:
            told.append(event)
        if isinstance(event, events.SamplesWritten) and wishes:
            command = wishes.get(event.step)


def losses(told: list[Event]) -> list[tuple[int, str, float]]:
    return [
        (int(step), player, float(loss))
        for event in told
        if isinstance(event, events.StepsTaken)
        for player, series in event.losses.items()
        for step, loss in zip(event.steps, series, strict=True)
    ]


def test_first_it_rehearses_then_both_play(finished: tuple[Run, list[Event]]) -> None:
    players = {(step, player) for step, player, _ in losses(finished[1])}
    assert {step for step, player in players if player == "pretraining"} == {1, 2, 3, 4}
    for player in ("discriminator", "generator"):
        assert {step for step, one in players if one == player} == {5, 6, 7, 8}


def test_the_inverse_temperature_rises_from_first_to_last(finished: tuple[Run, list[Event]]) -> None:
    steps, values = open_history(finished[0].journal)[0].gauge("temperature")
    assert steps.tolist() == [5, 6, 7, 8]
    np.testing.assert_allclose(values, 100.0 ** (np.arange(4) / 3), rtol=1e-6)


def test_meters_stand_beside_those_of_real_text_and_of_maximum_likelihood(finished: tuple[Run, list[Event]]) -> None:
    history = open_history(finished[0].journal)[0]
    assert set(history.references) == {"real_text", "maximum_likelihood"}
    assert history.references["maximum_likelihood"].step == 4
    for name in METERS:
        assert np.isfinite(history.metric(name)[1]).all() and len(history.metric(name)[1]) == 2
    assert history.references["real_text"].metrics["distinct_2"] > 0


def test_samples_are_judged_with_a_look_and_a_near_text(finished: tuple[Run, list[Event]]) -> None:
    samples = read_samples(finished[0], 8)
    assert len(samples.invented) == 50 and samples.phase == "adversarial" and samples.real
    for sample in samples.invented:
        assert 0 <= (sample.probability or 0) <= 1
        if sample.tokens:
            assert sum(sample.weights) == pytest.approx(1, abs=1e-3) and len(sample.weights) == len(sample.tokens)
    assert any(sample.nearest for sample in samples.invented)


def test_both_models_lie_in_a_checkpoint_and_the_rehearsal_stays(finished: tuple[Run, list[Event]]) -> None:
    run, _ = finished
    assert run.checkpoints["milestones"] == ["step-4"]
    for name in ("step-4", run.checkpoints["last"]):
        folder = run.path / "checkpoints" / name
        assert (folder / "model.safetensors").is_file() and (folder / "discriminator" / "model.safetensors").is_file()
        assert "discriminator/model.safetensors" in json.loads((folder / "manifest.json").read_text())["sha256"]


@pytest.mark.slow
def test_a_resumed_game_repeats_the_losses(finished: tuple[Run, list[Event]], tmp_path: Path) -> None:
    run = verbs.create(config(), tmp_path, "again")
    training = verbs.train(run)
    for event in training:
        if isinstance(event, events.CheckpointSaved) and event.step == 4:
            break
    training.close()
    assert losses(followed(verbs.resume(run))) == [one for one in losses(finished[1]) if one[0] > 4]


def test_the_same_seed_writes_the_same_texts(finished: tuple[Run, list[Event]]) -> None:
    def texts(**how: Any) -> list[str]:
        return [one.text for one in _result(verbs.generate(finished[0], 6, checkpoint="last", judged=False, **how))]

    assert texts(seed=3) == texts(seed=3)
    assert texts(seed=3) != texts(seed=4)
    assert len(set(texts(seed=3, temperature=1e-6))) == 1, "hardly any chance is left"


def _result(writing: Any) -> Any:
    while True:
        try:
            next(writing)
        except StopIteration as end:
            return end.value.invented


@pytest.mark.parametrize(("num", "temperature"), [(0, 1.0), (3, 0.0), (3, -1.0)])
def test_impossible_wishes_are_refused(finished: tuple[Run, list[Event]], num: int, temperature: float) -> None:
    with pytest.raises(InputError, match="at least one text"):
        next(verbs.generate(finished[0], num, temperature))


def test_evaluate_measures_real_text_too(finished: tuple[Run, list[Event]]) -> None:
    tree = verbs.evaluate(finished[0]).to_json()
    for name in METERS:
        assert name in tree["metrics"]
    assert {"bleu_4", "self_bleu_4", "distinct_2"} <= set(tree["real_text"])


def test_the_maximum_likelihood_model_is_swept_through_temperatures(finished: tuple[Run, list[Event]]) -> None:
    sweeping = verbs.sweep(finished[0], "last", (1e-4, 1.0))
    for _ in sweeping:
        pass
    sweep = kept_sweep(finished[0])
    assert sweep is not None
    assert [(one.model, one.temperature) for one in sweep.points] == [
        ("real_text", 1.0),
        ("maximum_likelihood", 1e-4),
        ("maximum_likelihood", 1.0),
        ("gan", 1.0),
    ]
    cold, warm = (one.metrics["distinct_2"] for one in sweep.points[1:3])
    assert cold < warm, "a colder model is less varied"


def test_the_inspector_looks_into_the_critic(finished: tuple[Run, list[Event]]) -> None:
    record = verbs.attend(finished[0], "a man rides a horse")
    assert record.prediction.label in ("invented", "real") and record.maps
    assert trained(finished[0]).labels == ("invented", "real")


@pytest.mark.slow
def test_going_back_and_softening_are_obeyed(tmp_path: Path) -> None:
    run = verbs.create(config(training__max_steps=12), tmp_path, "obedient")
    told = followed(verbs.train(run), {4: GoBack(), 8: GoBack(), 12: SetTemperature(0.5)})
    answers = [one.message.english() for one in told if isinstance(one, events.Noticed) and one.step in (4, 8)]
    assert answers == ["There is no best checkpoint yet.", "You went back to the weights of step 4."]
    changed = next(one for one in told if isinstance(one, events.SettingChanged))
    assert (changed.name, changed.new) == ("temperature", pytest.approx(changed.old / 2))


@pytest.mark.slow
def test_a_collapse_is_seen_and_the_best_weights_come_back(tmp_path: Path) -> None:
    """A hasty writer soon repeats itself; it goes on from the best weights with smaller steps and softer words."""
    run = verbs.create(
        config(
            task__guard__action="go-back",
            task__guard__distinct_share=1.0,
            task__guard__self_bleu_margin=0.001,
            task__guard__max_returns=1,
            task__estimator={"name": "gumbel-softmax", "annealing": "none"},
            training__optimizer={"name": "adam", "learning_rate": 0.1},
            training__schedule={"name": "constant"},
            training__max_steps=16,
        ),
        tmp_path,
        "collapse",
    )
    told = followed(verbs.train(run))
    collapses = [one for one in told if isinstance(one, events.Collapsed)]
    assert collapses and collapses[0].action == "went-back" and collapses[0].best == 4 and collapses[0].signs
    history = open_history(run.journal)[0]
    assert [one.step for one in history.collapses] == [one.step for one in collapses]
    before = history.steps("generator")[0] <= collapses[0].step
    for values in (history.steps("generator", "learning_rate")[1], history.gauge("temperature")[1]):
        assert values[~before][0] == pytest.approx(values[before][-1] / 2)


@pytest.mark.parametrize("generator", GENERATORS, ids=lambda one: str(one["name"]))
@pytest.mark.parametrize("critic", CRITICS, ids=lambda one: str(one["name"]))
def test_every_pair_learns_in_both_turns(material: Material, generator: dict[str, Any], critic: dict[str, Any]) -> None:
    chosen = config(model={"name": "text-gan", "generator": generator, "discriminator": critic})
    _check_turns(make_task(chosen, material, torch.device("cpu")), material)


@pytest.mark.parametrize("loss", [StandardLoss(), RelativisticLoss(), HingeLoss(), WassersteinLoss()])
@pytest.mark.parametrize("estimator", [GumbelSoftmax(), Reinforce()])
def test_every_loss_reaches_both_players(material: Material, loss: Any, estimator: Any) -> None:
    chosen = config(task__loss=loss.model_dump(), task__estimator=estimator.model_dump())
    _check_turns(make_task(chosen, material, torch.device("cpu")), material)


def _check_turns(task: Any, material: Material) -> None:
    """Every player's turn moves its own weights, and no other's."""
    streams = Streams(material.learned, 8, 0)
    task.turns(5)
    for player in task.players:
        for model in task.models().values():
            model.zero_grad(set_to_none=True)
        batch = streams.draw(task.reads(player))
        total, weight = task.loss(player, batch)
        assert float(weight) == task.weight(player, batch)
        total.backward()
        assert torch.isfinite(total)
        learner = task.player(player)
        assert any(one.grad is not None and one.grad.abs().sum() > 0 for one in learner.parameters())
        others = [model for model in task.models().values() if model is not learner]
        assert all(one.grad is None for other in others for one in other.parameters())


@pytest.mark.parametrize("spec", [StandardLoss(), RelativisticLoss(), HingeLoss(), WassersteinLoss()])
def test_critic_and_writer_want_the_opposite(spec: GanLoss) -> None:
    real = torch.tensor([0.3, -0.2], requires_grad=True)
    invented = torch.tensor([0.1, 0.4], requires_grad=True)
    (wish_of_critic,) = torch.autograd.grad(critic_loss(spec, real, invented).sum(), invented)
    (wish_of_writer,) = torch.autograd.grad(writer_loss(spec, real, invented).sum(), invented)
    assert (wish_of_critic > 0).all() and (wish_of_writer < 0).all()


def test_a_critic_that_always_wins_rests_and_is_told(material: Material) -> None:
    spec = TextGan()
    guard = GanGuard(spec)
    told = guard.watch_critic(100, {"discriminator_accuracy": 0.99})
    assert told is not None and guard.critic_wins and told.level == "warning"
    assert guard.watch_critic(150, {"discriminator_accuracy": 0.95}) is None and guard.critic_wins
    assert guard.watch_critic(200, {"discriminator_accuracy": 0.7}) is not None and not guard.critic_wins
    task = make_task(config(), material, torch.device("cpu"))
    assert isinstance(task, TextGanTask)
    assert task.turns(5) == ("discriminator", "discriminator", "generator")


def test_the_guard_does_what_was_chosen() -> None:
    real, bad = {"self_bleu_4": 0.3, "distinct_2": 0.5}, {"self_bleu_4": 0.7, "distinct_2": 0.2}
    for chosen, done in (("soften", "softened"), ("stop", "stopped"), ("tell", "told")):
        guard = GanGuard(TextGan.model_validate({"guard": {"action": chosen}}))
        found = guard.judge(9, bad, real, (("a man", 0.4, 0.1),), 200, 5)
        assert found is not None and found.action == done
        assert guard.softness == (0.5 if done == "softened" else 1.0)
        assert guard.judge(9, real, real, (), 200, 5) is None
    tired = GanGuard(TextGan.model_validate({"guard": {"max_returns": 1}}))
    done = [tired.judge(step, bad, real, (), 200, 5) for step in (8, 12)]
    assert [one.action for one in done if one] == ["went-back", "stopped"]
    again = GanGuard(TextGan())
    again.restore(guard.state())
    assert again.state() == guard.state()


def test_one_sentence_is_too_little(tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    file.write_text("a man rides a horse\n", encoding="utf-8")
    run = verbs.create(config(data__train=str(file)), tmp_path, "one")
    with pytest.raises(InputError):
        followed(verbs.train(run))


def test_a_relativistic_critic_has_its_zero_between_real_and_invented(finished: tuple[Run, list[Event]]) -> None:
    """Its loss sees differences alone; without a common zero "real" would be any score above chance's constant."""
    samples = read_samples(finished[0], 8)
    logits = [
        float(np.mean([np.log(p / (1 - p)) for one in texts if (p := one.probability or 0.5)]))
        for texts in (samples.invented, samples.real)
    ]
    assert sum(logits) / 2 == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("spec", [RelativisticLoss(), WassersteinLoss()])
def test_such_a_loss_is_not_changed_by_a_constant(spec: GanLoss) -> None:
    real, invented = torch.randn(5), torch.randn(5)
    for loss in (critic_loss, writer_loss):
        if isinstance(spec, WassersteinLoss) and loss is writer_loss:
            continue  # it is moved by the constant, its gradient is not
        torch.testing.assert_close(loss(spec, real + 3, invented + 3), loss(spec, real, invented))
