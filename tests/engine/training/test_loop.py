"""The loop: what it tells, what it obeys, and that nothing it did is lost."""

from __future__ import annotations

import errno
import math
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import commands, events, verbs
from engine.commands import Command
from engine.config.run import RunConfig
from engine.data.tokens.batches import Batch
from engine.errors import InputError, RunFailure
from engine.events import Event
from engine.runs.checkpoints import verify
from engine.runs.history import History, open_history
from engine.runs.probes import captured_steps
from engine.runs.run import Run
from engine.tasks.classification.task import ClassificationTask
from engine.training import checkpoint as checkpoint_module
from engine.training.checkpoint import CheckpointScore, publish
from engine.training.stepper import Stepper
from tests.engine.training.conftest import follow
from tests.run_folders import started, write_run

MakeRun = Callable[..., Run]


def losses_of(run: Run) -> list[float]:
    steps, losses = open_history(run.journal)[0].steps()
    assert steps.tolist() == list(range(1, len(steps) + 1)), "every step is told once, in order"
    return [float(loss) for loss in losses]


def once(kind: type[Event], command: Command, after: int = 0) -> Callable[[Event | None], Command | None]:
    """Send `command` the first time an event of `kind` comes whose step is past `after`."""
    sent = []

    def answer(event: Event | None) -> Command | None:
        step = int(event.steps[-1]) if isinstance(event, events.StepsTaken) else getattr(event, "step", 0)
        if isinstance(event, kind) and step > after and not sent:
            sent.append(True)
            return command
        return None

    return answer


def test_a_run_tells_its_whole_story(make_run: MakeRun) -> None:
    run = make_run(training__baseline=True)
    told = follow(verbs.train(run))
    counts = Counter(type(event).__name__ for event in told)
    assert counts["RunStarted"] == 1 and counts["RunFinished"] == 1
    assert [event.step for event in told if isinstance(event, events.Evaluated)] == [
        6,
        12,
        18,
        24,
        told[-1].best["step"],
    ]  # type: ignore[attr-defined]
    assert {event.split for event in told if isinstance(event, events.BaselineEvaluated)} == {"validation", "test"}
    captured = [event.step for event in told if isinstance(event, events.AttentionCaptured)]
    assert captured == [0, 6, 12, 18, 24] == list(captured_steps(run))
    started = next(event for event in told if isinstance(event, events.RunStarted))
    assert sum(started.rows.values()) == 240 and started.labels == ["negative", "positive"]
    assert run.state == "finished"
    live = History()
    for event in told:
        live.append(event)
    stored = open_history(run.journal)[0]
    assert np.allclose(stored.steps()[1], live.steps()[1], rtol=1e-8) and len(stored.log) == len(live.log)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_losses(make_run: MakeRun) -> None:
    first, second, other = make_run("a"), make_run("b"), make_run("c", seed=1)
    for run in (first, second, other):
        follow(verbs.train(run))
    assert losses_of(first) == losses_of(second) != losses_of(other)


@pytest.mark.slow
@pytest.mark.parametrize("schedule", ["linear", "plateau"])
def test_stopped_and_resumed_equals_uninterrupted(make_run: MakeRun, schedule: str) -> None:
    whole = make_run("whole", training__schedule__name=schedule)
    follow(verbs.train(whole))
    halted = make_run("halted", training__schedule__name=schedule)
    told = follow(verbs.train(halted), once(events.CheckpointSaved, commands.Stop(), after=6))
    assert isinstance(told[-1], events.RunFinished) and told[-1].state == "stopped" and halted.state == "stopped"
    assert 12 <= told[-1].step < 24
    follow(verbs.resume(halted))
    assert losses_of(halted) == losses_of(whole)
    assert (
        open_history(halted.journal)[0].metric("f1")[1].tolist()
        == open_history(whole.journal)[0].metric("f1")[1].tolist()
    )


@pytest.mark.slow
def test_a_crash_loses_at_most_the_time_since_the_last_checkpoint(make_run: MakeRun) -> None:
    whole, crashed = make_run("whole"), make_run("crashed")
    follow(verbs.train(whole))
    training = verbs.train(crashed)
    for event in training:
        if isinstance(event, events.StepsTaken) and event.steps[-1] > 13:
            break
    training.close()
    assert crashed.state == "interrupted"
    told = follow(verbs.resume(crashed))
    resumed = next(event for event in told if isinstance(event, events.RunResumed))
    assert resumed.step >= 12
    assert losses_of(crashed) == losses_of(whole)


def test_pause_keeps_the_model_and_resume_goes_on(make_run: MakeRun) -> None:
    whole, paused = make_run("whole"), make_run("paused")
    follow(verbs.train(whole))
    waited = []

    def answer(event: Event | None) -> Command | None:
        if isinstance(event, events.Evaluated) and event.step == 6 and event.split == "validation":
            return commands.Pause()
        if isinstance(event, events.RunPaused):
            waited.append(paused.state)
            return None
        if waited and len(waited) < 4:
            waited.append(event)
            return commands.Resume() if len(waited) == 4 else None
        return None

    told = follow(verbs.train(paused), answer)
    assert waited == ["paused", None, None, None], "nothing happens during a pause"
    assert any(isinstance(event, events.RunResumed) and event.step == 6 for event in told)
    assert losses_of(paused) == losses_of(whole)


def test_a_pause_can_end_in_a_stop(make_run: MakeRun) -> None:
    run = make_run()

    def answer(event: Event | None) -> Command | None:
        if isinstance(event, events.Evaluated):
            return commands.Pause()
        return commands.Stop() if event is None or isinstance(event, events.RunPaused) else None

    told = follow(verbs.train(run), answer)
    assert isinstance(told[-1], events.RunFinished) and told[-1].state == "stopped"


def test_settings_change_while_it_runs(make_run: MakeRun) -> None:
    run = make_run(training__schedule__name="constant")
    wishes = [commands.SetLearningRate(1e-5), commands.SetAccumulation(3), commands.EvaluateNow()]

    def answer(event: Event | None) -> Command | None:
        return wishes.pop(0) if isinstance(event, events.Evaluated | events.SettingChanged) and wishes else None

    told = follow(verbs.train(run), answer)
    changed = {event.name: event.new for event in told if isinstance(event, events.SettingChanged)}
    assert changed == {"training.optimizer.learning_rate": 1e-5, "training.accumulation.steps": 3}
    history = open_history(run.journal)[0]
    assert history.steps("model", "learning_rate")[1][-1] == pytest.approx(1e-5)
    assert history.steps("model", "accumulation")[1][-1] == 3
    assert history.metric("f1")[0].tolist() != [6, 12, 18, 24], "an evaluation more was made"


def test_commands_reach_a_run_through_its_inbox(make_run: MakeRun) -> None:
    run = make_run()

    def answer(event: Event | None) -> Command | None:
        if isinstance(event, events.RunStarted):
            run.send(commands.Stop())
        return None

    told = follow(verbs.train(run), answer)
    assert told[-1].state == "stopped" and told[-1].step < 24  # type: ignore[attr-defined]


def test_early_stopping(make_run: MakeRun) -> None:
    run = make_run(training__best__patience=1, training__optimizer__learning_rate=1e-9, training__evaluate_every=2)
    told = follow(verbs.train(run))
    assert told[-1].step < 24 and "early" in told[-1].reason.english()  # type: ignore[attr-defined]


def test_a_loss_that_is_not_finite_names_step_rows_and_checkpoint(make_run: MakeRun, tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    file.write_text("text,label\n" + "".join(f"good number {index} of many,{index}.5\n" for index in range(120)))
    run = make_run(
        data__train=str(file),
        task__loss__name="mse",
        training__optimizer={"name": "sgd", "learning_rate": 50.0},
        training__clipping={"name": "none"},
        training__schedule__name="constant",
        training__max_steps=400,
        training__evaluate_every=400,
    )
    with pytest.raises(RunFailure, match="not a finite number") as caught:
        follow(verbs.train(run))
    assert "step" in caught.value.where.english() and "rows" in caught.value.where.english()
    assert "checkpoint" in caught.value.mend.english()
    assert run.state == "failed"
    failure = open_history(run.journal)[0].failure
    assert failure is not None and failure.what == caught.value.what


@pytest.mark.parametrize(
    ("loss", "value"),
    [("cross-entropy", math.nan), ("focal", math.inf), ("binary-cross-entropy", -math.inf), ("mse", math.nan)],
)
def test_a_number_that_is_none_at_an_evaluation_is_said_in_words(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch, loss: str, value: float
) -> None:
    """Every loss of the training is sound; what the model says of one validation text is not."""
    real = ClassificationTask.logits

    def broken(self: ClassificationTask, batch: Batch) -> torch.Tensor:
        logits = real(self, batch)
        return logits if self.model.training else torch.where(torch.arange(len(logits))[:, None] == 1, value, logits)

    monkeypatch.setattr(ClassificationTask, "logits", broken)
    run = make_run(task__loss__name=loss, data__builtin__topic="stars" if loss == "mse" else "reviews")
    with pytest.raises(RunFailure, match="measured at step 6 is not a finite number") as caught:
        follow(verbs.train(run))
    assert "Validation data, rows" in caught.value.where.english() and "checkpoint" in caught.value.mend.english()
    assert run.state == "failed" and not run.checkpoints.get("best")


def test_weights_that_an_update_blew_up_are_not_kept(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Stepper.take

    def blown(self: Stepper, step: int) -> object:
        taken = real(self, step)
        if step == 12:
            with torch.no_grad():
                self.main.optimizer.param_groups[0]["params"][0].fill_(math.inf)
        return taken

    monkeypatch.setattr(Stepper, "take", blown)
    run = make_run()
    with pytest.raises(RunFailure, match="weights are not finite") as caught:
        follow(verbs.train(run))
    assert "step 6" in caught.value.mend.english() and run.checkpoints["last"] == "step-6"


def test_full_disk_keeps_what_was_there(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run()
    real = checkpoint_module.save_file
    saved = []

    def fill_up(tensors: object, path: Path) -> None:
        saved.append(path)
        if len(saved) > 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(tensors, path)  # type: ignore[arg-type]

    monkeypatch.setattr(checkpoint_module, "save_file", fill_up)
    with pytest.raises(RunFailure, match="disk is full"):
        follow(verbs.train(run))
    assert run.state == "failed"
    named = run.checkpoints["last"]
    verify(run.path / "checkpoints" / named)
    monkeypatch.undo()
    follow(verbs.resume(run))
    assert run.state == "finished" and len(losses_of(run)) == 24


def flip_a_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_a_flipped_byte_is_noticed(make_run: MakeRun) -> None:
    run = make_run()
    follow(verbs.train(run))
    best = run.path / "checkpoints" / run.checkpoints["best"]
    flip_a_byte(best / "model.safetensors")
    with pytest.raises(InputError, match="damaged") as caught:
        verbs.predict(run, "good")
    assert str(best / "model.safetensors") in caught.value.where.english()


def test_resume_goes_on_from_the_newest_sound_checkpoint(make_run: MakeRun) -> None:
    run = make_run(training__keep_checkpoints=3)
    follow(verbs.train(run), once(events.CheckpointSaved, commands.Stop(), after=6))
    last = run.path / "checkpoints" / run.checkpoints["last"]
    flip_a_byte(last / "optimizer.safetensors")
    told = follow(verbs.resume(run))
    assert any(isinstance(event, events.Noticed) and "damaged" in event.message.english() for event in told)
    assert next(event.step for event in told if isinstance(event, events.RunResumed)) < int(last.name[5:])
    assert len(losses_of(run)) == 24


def test_resume_refuses_other_data(make_run: MakeRun, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    rows = [f"{'good' if index % 2 else 'bad'} thing {index},{index % 2}\n" for index in range(80)]
    file.write_text("text,label\n" + "".join(rows))
    run = make_run(data__train=str(file))
    follow(verbs.train(run), once(events.CheckpointSaved, commands.Stop()))
    file.write_text("text,label\n" + "".join(reversed(rows[:60])))
    with pytest.raises(InputError, match="not the same"):
        follow(verbs.resume(run))


def test_one_trainer_a_run(make_run: MakeRun) -> None:
    run = make_run()
    training = verbs.train(run)
    next(training)
    with pytest.raises(InputError, match="already"):
        next(verbs.resume(run))
    training.close()


def test_kept_checkpoints(make_run: MakeRun) -> None:
    run = make_run(training__keep_checkpoints=2)
    follow(verbs.train(run))
    on_disk = {path.name for path in (run.path / "checkpoints").iterdir()}
    named = run.checkpoints
    assert on_disk == {named["best"], named["last"], *named["kept"]}
    assert named["kept"] == ["step-12", "step-18"] and named["last"] == "step-24"


def test_what_is_named_stays_however_it_is_found_and_what_is_not_goes(tmp_path: Path) -> None:
    run = write_run(tmp_path, "run", RunConfig(), [started(("a", "b"))])
    folders = [run.path / "checkpoints" / f"step-{step}" for step in (1, 2, 3)]
    for step, folder in enumerate(folders, start=1):
        folder.mkdir(parents=True)  # without a manifest: it is damaged
        publish(run, step, best=step != 2, score=CheckpointScore("f1", 0.1 * step), num_kept=0)
        if step == 2:
            assert folders[0].is_dir(), "it is still the best"
    assert [folder.is_dir() for folder in folders] == [False, False, True]
