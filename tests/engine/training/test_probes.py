"""Probe texts of real runs: captured from step 0 on, bounded, undone with what is undone, and without any influence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import commands, events, verbs
from engine.config.classifiers import Recurrent, Transformer
from engine.config.model import Model
from engine.config.run import RunConfig
from engine.records import AttentionRecord
from engine.runs.history import open_history
from engine.runs.probes import captured_steps, read_probe
from engine.runs.run import Run
from engine.tasks import probes as probes_module
from engine.tasks.classification.task import ClassificationTask
from engine.tasks.probes import capture_probes
from engine.training import loop as loop_module
from tests.engine.models.tiny import TOKENIZER, ids, tiny
from tests.engine.training.conftest import TINY, follow
from tests.engine.training.test_loop import losses_of, once

pytestmark = pytest.mark.slow

MakeRun = Callable[..., Run]


def test_captures_hold_what_the_model_said_then(make_run: MakeRun) -> None:
    run = make_run(training__probes=("a dull film", "great " * 40), training__probe_tokens=16)
    told = follow(verbs.train(run))
    captured = [event for event in told if isinstance(event, events.AttentionCaptured)]
    assert [event.step for event in captured] == list(captured_steps(run)) == [0, 6, 12, 18, 24]
    for event in captured:
        for index, probe in enumerate(event.probes):
            found = read_probe(run, event.step, index)
            assert found.prediction.label == probe["label"]
            assert found.prediction.probabilities[found.prediction.label] == pytest.approx(probe["probability"])
            shown = [one for one, special in zip(found.tokens, found.special, strict=True) if not special]
            assert shown == probe["tokens"]
            weights = [float(one) for one, special in zip(found.received(), found.special, strict=True) if not special]
            assert weights == pytest.approx(probe["weights"], abs=1e-3)
    long = read_probe(run, 24, 1)
    assert len(long.tokens) == 16 and long.truncated == 40 - 14
    last = verbs.attend(run, "a dull film", "last")
    np.testing.assert_allclose(read_probe(run, 24, 0).maps[0].weights, last.maps[0].weights, atol=1e-3)
    assert not np.array_equal(read_probe(run, 0, 0).maps[0].weights, read_probe(run, 24, 0).maps[0].weights)


@pytest.mark.slow
def test_the_room_of_a_run_is_kept(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run(training__evaluate_every=1, training__probe_megabytes=1)
    write = probes_module.write_probes
    monkeypatch.setattr(
        probes_module, "write_probes", lambda *given, room, best: write(*given, room=room // 40, best=best)
    )
    follow(verbs.train(run))
    steps = captured_steps(run)
    best = run.checkpoints["best"].removeprefix("step-")
    assert steps[0] == 0 and steps[-1] == 24 and int(best) in steps and len(steps) < 24
    assert sum(path.stat().st_size for path in (run.path / "probes").iterdir()) <= 2**20 // 40


def test_a_resume_drops_what_was_undone(make_run: MakeRun) -> None:
    run = make_run(training__checkpoint_every=12, training__best__metric="precision", training__best__recall_floor=1.0)
    training = verbs.train(run)
    for event in training:
        if isinstance(event, events.AttentionCaptured) and event.step == 18:
            break
    training.close()
    assert captured_steps(run)[-1] == 18
    base = int(run.checkpoints["last"].removeprefix("step-"))
    resumed = verbs.resume(run)
    while not isinstance(next(resumed), events.RunResumed):
        pass
    assert captured_steps(run)[-1] == base < 18 or base == 18
    follow(resumed)
    assert captured_steps(run) == (0, 6, 12, 18, 24)
    assert [one.step for one in open_history(run.journal)[0].captures] == [0, 6, 12, 18, 24]


def test_a_run_that_begins_anew_has_no_old_captures(make_run: MakeRun) -> None:
    run = make_run()
    training = verbs.train(run)
    for event in training:
        if isinstance(event, events.StepsTaken):
            break
    training.close()
    assert captured_steps(run) == (0,) and not run.checkpoints
    follow(verbs.resume(run))
    history = open_history(run.journal)[0]
    assert [one.step for one in history.captures] == [0, 6, 12, 18, 24]
    assert history.steps()[0].tolist() == list(range(1, 25)), "the steps that died with it are not counted twice"
    assert losses_of(run)


def test_a_pause_before_the_first_step_keeps_step_0(make_run: MakeRun) -> None:
    run = make_run()

    def answer(event: events.Event | None) -> commands.Command | None:
        if isinstance(event, events.AttentionCaptured) and event.step == 0:
            return commands.Pause()
        return commands.Resume() if isinstance(event, events.RunPaused) else None

    follow(verbs.train(run), answer)
    assert [one.step for one in open_history(run.journal)[0].captures] == [0, 6, 12, 18, 24]


@pytest.mark.parametrize("spec", [Recurrent(hidden_size=8), Transformer(hidden_size=8, num_heads=2, num_layers=2)])
def test_probes_change_no_loss(spec: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = {key: value for key, value in TINY.items() if not key.startswith("model.")}
    config = RunConfig(model=spec).with_values(plain)
    seen, blind = verbs.create(config, tmp_path, "seen"), verbs.create(config, tmp_path, "blind")
    follow(verbs.train(seen))
    monkeypatch.setattr(loop_module, "capture_probes", lambda *_: None)
    follow(verbs.train(blind))
    assert captured_steps(seen) and not captured_steps(blind)
    assert losses_of(seen) == losses_of(blind)


def test_stopped_and_resumed_has_the_same_captures(make_run: MakeRun) -> None:
    whole, halted = make_run("whole"), make_run("halted")
    follow(verbs.train(whole))
    follow(verbs.train(halted), once(events.CheckpointSaved, commands.Stop(), after=6))
    follow(verbs.resume(halted))
    assert captured_steps(whole) == captured_steps(halted)
    for step in captured_steps(whole):
        first, second = read_probe(whole, step, 1), read_probe(halted, step, 1)
        assert first.prediction == second.prediction
        assert np.array_equal(first.maps[0].weights, second.maps[0].weights)


@pytest.mark.parametrize("name", ["bert", "modernbert", "deberta", "xlnet"])
def test_a_pretrained_model_in_training_is_not_touched(name: str, make_run: MakeRun) -> None:
    """The same losses with captures between the updates and without; the same attention, mode and gradients after."""

    def losses(is_captured: bool) -> tuple[list[float], list[AttentionRecord]]:
        run = make_run(f"{name}-{is_captured}", training__probe_tokens=16)
        model = tiny(name).train()
        task = ClassificationTask(run.config, model, TOKENIZER, ("a", "b"), "b", torch.device("cpu"))
        implementation = model.config._attn_implementation
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
        torch.manual_seed(3)
        found, records = [], []
        for step in range(4):
            batch = ids(9, 6, 7, seed=10 + step)
            torch.manual_seed(step)
            loss = model(**batch, labels=torch.tensor([0, 1, 1])).loss
            loss.backward()
            if is_captured:
                assert capture_probes(run, step, ("the film was good", "a dull town"), task) is not None
                records.append(read_probe(run, step, 1))
                assert model.training and model.config._attn_implementation == implementation
            optimizer.step()
            optimizer.zero_grad()
            found.append(loss.item())
        assert not any(module._forward_hooks for module in model.modules() if "SelfAttention" in type(module).__name__)
        return found, records

    with_probes, records = losses(True)
    assert with_probes == losses(False)[0] and len(set(with_probes)) == 4
    assert all(record.maps[0].weights.shape[:2] == (3, 4) for record in records)
    assert not np.allclose(records[0].maps[0].weights, records[-1].maps[0].weights, atol=1e-3)


def test_a_blank_probe_shows_nothing(make_run: MakeRun, tmp_path: Path) -> None:
    run = make_run(training__probes=("  ", "a dull film"))
    told = follow(verbs.train(run))
    captured = next(event for event in told if isinstance(event, events.AttentionCaptured))
    assert [probe["text"] for probe in captured.probes] == ["a dull film"]
    assert read_probe(run, 0, 0).text == "a dull film"
