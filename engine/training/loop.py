"""The loop: a generator that trains and tells. `event = loop.send(command_or_none)`.

    prepare -> RunStarted -> AttentionCaptured (step 0) | RunResumed
    for each step:  for player in task.turns(step): draw micro-batches -> take_turn
                    StepsTaken (about every 50 ms) · Progressed (every 0.5 s)
                    every evaluate_every: Evaluated -> SamplesWritten -> AttentionCaptured -> CheckpointSaved
    at the end:     best weights on the test split -> Attacked -> RunFinished

It yields None where it only breathes, so that commands are taken while it measures. Writing the journal is the
caller's job; the loop itself writes checkpoints and probes alone.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Generator, Sequence
from typing import Any, TypeVar, assert_never

import torch

from engine import commands, events
from engine.breath import GivenUp
from engine.commands import Command
from engine.config.tasks.registry import type_of
from engine.errors import NotFinite
from engine.events import Event
from engine.messages import Message, message
from engine.metrics.registry import metric_of
from engine.models.layers import num_weights
from engine.records import Evaluation
from engine.runs.checkpoints import checkpoint_path, verify
from engine.runs.probes import drop_captures_after
from engine.runs.run import Run
from engine.tasks.attacks.rows import attack_rows
from engine.tasks.material import Material
from engine.tasks.probes import capture_probes, choose_probes
from engine.tasks.task import (
    HasGuard,
    HasMilestones,
    HasNews,
    HasPretraining,
    HasState,
    HasTemperature,
    ShowsSamples,
    Task,
)
from engine.training.background_preparation import in_background
from engine.training.baseline_thread import BaselineThread
from engine.training.best import BestSoFar
from engine.training.checkpoint import publish, restore_randomness, save_checkpoint
from engine.training.device import Placement
from engine.training.step_buffer import StepBuffer, lost_weights, measured_no_number
from engine.training.stepper import Stepper
from engine.training.throughput import Throughput

Result = TypeVar("Result")
Talk = Generator[Event | None, Command | None, None]
_BREATH = 0.05
_SMALLER = 0.5
"""The steps after a collapse, as a share of those that led to it."""


class Loop:
    """One run being trained. Made by `engine.training.prepare`; `run()` is the generator."""

    def __init__(self, run: Run, task: Task, material: Material, placement: Placement) -> None:
        config = run.config
        training = config.training
        self._run, self._config, self._task, self._material = run, config, task, material
        self._placement = placement
        self._stepper = Stepper(config, task, material, placement)
        self._best = BestSoFar(training.best, metric=task.judged_by)
        self._ledger = StepBuffer()
        self._pace = Throughput(self._stepper.num_steps)
        self._beside = BaselineThread(
            material.splits, task, config.seed, is_wanted=training.baseline and config.task.has_labels
        )
        self._probes = choose_probes(training.probes, material) if type_of(config.task).can("attend") else ()
        self._step = 0
        self._last_saved: int | None = None
        self._evaluated_step: int | None = None
        self._is_stopping = self._is_given_up = False
        self._evaluation_wanted = False

    # --- going on where a checkpoint left off -------------------------------------------------------------------

    def restore(self, trainer: dict[str, Any], checkpoint: str) -> None:
        """Take over a checkpoint's state, all but the weights, which the task's model has already."""
        path = self._run.path / "checkpoints" / checkpoint
        self._stepper.restore(trainer, path)
        if isinstance(self._task, HasState):
            self._task.restore(trainer.get("task", {}))
        self._best.restore(trainer["best"])
        self._last_saved = self._evaluated_step = self._step = trainer["step"]
        self._beside.is_known = trainer["baseline_known"]
        self._pace.restore(trainer["seconds"])
        restore_randomness(path)

    def _state(self) -> dict[str, Any]:
        return {
            "step": self._step,
            **self._stepper.state(),
            "task": self._task.state() if isinstance(self._task, HasState) else {},
            "best": self._best.state(),
            "baseline_known": self._beside.is_known,
            "fingerprint": self._material.token_sum,
            "data": self._material.fingerprint(),
            "seconds": self._pace.seconds,
        }

    # --- the run, from its first word to its last ---------------------------------------------------------------

    def run(self, wishes: Sequence[Command] = ()) -> Talk:
        """The run from here on; `wishes` are commands that came before it could begin."""
        drop_captures_after(self._run, self._step if self._step else -1)
        yield from self._say(self._resumed() if self._step else self._started())
        for wish in wishes:
            yield from self._obey_all(wish)
        if self._step == 0:
            yield from self._capture()  # where a model looks that has learned nothing yet
        self._beside.begin()
        for model in self._task.models().values():
            model.train()
        while self._step < self._stepper.num_steps and not self._is_over:
            if self._stepper.is_fitted_at(self._step + 1):
                yield from self._fit()
            else:
                self._take_step()
            yield from self._tell_progress()
            if self._is_evaluation_due():
                yield from self._evaluate()
            yield from self._tell_baseline()
        yield from self._finish()

    @property
    def _is_over(self) -> bool:
        return self._is_stopping or self._is_given_up or self._best.is_over

    def _started(self) -> events.RunStarted:
        return events.RunStarted(
            total_steps=self._stepper.num_steps,
            steps_per_epoch=self._stepper.streams.per_epoch("train") / self._stepper.accumulation.num_micro_batches,
            num_parameters=sum(num_weights(one, learning=True) for one in self._task.models().values()),
            rows={name: len(encoded) for name, encoded in self._material.encoded.items()},
            labels=list(self._material.labels),
            positive_label=self._task.positive_label,
            device=self._placement.name,
            precision=self._placement.precision,
            process=os.getpid(),
        )

    def _resumed(self) -> events.RunResumed:
        return events.RunResumed(step=self._step, process=os.getpid())

    def _finish(self) -> Talk:
        yield from self._tell_steps()
        if self._is_unmeasured and not (self._is_stopping and self._best.step):
            yield from self._evaluate()
        if self._last_saved != self._step and self._step:
            yield from self._save(is_best=False)
        if not self._is_stopping:
            while self._beside.is_busy and not self._is_stopping:
                time.sleep(_BREATH)
                yield from self._say(None)
            yield from self._tell_baseline()
            yield from self._test()
        state = "stopped" if self._is_stopping else "finished"
        yield events.RunFinished(step=self._step, state=state, best=self._best.to_json(), reason=self._reason())

    @property
    def _is_unmeasured(self) -> bool:
        return self._step > 0 and self._evaluated_step != self._step and self._is_measured

    @property
    def _is_measured(self) -> bool:
        return not isinstance(self._task, HasPretraining) or self._task.is_measured(self._step)

    @property
    def _is_milestone(self) -> bool:
        return isinstance(self._task, HasMilestones) and self._step in self._task.milestones

    def _reason(self) -> Message:
        if self._is_stopping:
            return message("Stopped by you after step {step}; everything is kept.", step=self._step)
        if self._is_given_up:
            return message("Stopped: the texts had lost their variety. The best checkpoint is kept.")
        if self._best.is_over:
            return message(
                "Stopped early: {metric} did not get better in {count:plural:evaluation:evaluations}.",
                metric=metric_of(self._best.metric).title,
                count=self._config.training.best.patience,
            )
        return message("Finished: {count:plural:update:updates} done.", count=self._step)

    # --- one step -----------------------------------------------------------------------------------------------

    def _take_step(self) -> None:
        self._step += 1
        step = self._stepper.take(self._step)
        self._ledger.enter(self._step, step.num_micro_batches, step.turns, step.gauges)
        for turn in (turn for turns in step.turns.values() for turn in turns):
            self._pace.count(turn.num_tokens, turn.padding_share)

    def _fit(self) -> Talk:
        """A step in which a player is fitted at once, which takes long: commands are taken meanwhile. Stopped, it was
        not taken."""
        wishes: list[Command] = []
        before = self._step
        try:
            yield from in_background(self._take_step, wishes)
        except GivenUp:
            self._step, self._is_stopping = before, True
            return
        for wish in wishes:
            yield from self._obey_all(wish)
        for news in self._task.news() if isinstance(self._task, HasNews) else ():
            yield from self._say(events.Noticed(message=news, step=self._step))

    def _is_evaluation_due(self) -> bool:
        if self._is_milestone:
            return True
        return self._evaluation_wanted or self._step % self._config.training.evaluate_every == 0

    # --- telling and obeying ------------------------------------------------------------------------------------

    def _say(self, event: Event | None) -> Talk:
        yield from self._obey_all((yield event))

    def _obey_all(self, command: Command | None) -> Talk:
        while command is not None:
            command = yield from self._obey(command)

    def _tell_steps(self) -> Talk:
        for event in self._ledger.tell(self._last_good(), norms_must_be_finite=self._stepper.norms_must_be_finite):
            yield from self._say(event)

    def _tell_progress(self) -> Talk:
        if not self._ledger.is_due:
            return
        yield from self._tell_steps()
        if self._pace.is_due:
            yield from self._say(self._progressed())

    def _progressed(self) -> events.Progressed:
        memory, total = self._placement.memory()
        return self._pace.tell(self._step, self._stepper.epoch, memory, total)

    def _obey(self, command: Command) -> Generator[Event | None, Command | None, Command | None]:
        """Carry a command out; returns the command that came back with the answer, if any."""
        match command:
            case commands.Pause():
                return (yield from self._pause())
            case commands.Stop():
                self._is_stopping = True
            case commands.EvaluateNow():
                self._evaluation_wanted = True
            case commands.SetLearningRate():
                return (yield self._set_rate(command.learning_rate))
            case commands.SetAccumulation():
                return (yield self._set_accumulation(command.steps))
            case commands.GoBack():
                return (yield self._go_back())
            case commands.SetTemperature():
                return (yield self._set_temperature(command.factor))
            case commands.Resume():
                pass
            case _:
                assert_never(command)
        return None

    def _pause(self) -> Generator[Event | None, Command | None, Command | None]:
        """Wait with the model in memory. The caller waits too: it sends when it has a command."""
        self._pace.pause()
        command = yield events.RunPaused(step=self._step)
        while not isinstance(command, commands.Resume | commands.Stop):
            if command is not None and not isinstance(command, commands.Pause):
                command = yield from self._obey(command)
                continue
            command = yield None
        self._pace.go_on()
        self._is_stopping = self._is_stopping or isinstance(command, commands.Stop)
        return (yield self._resumed())

    def _set_rate(self, rate: float) -> Event:
        coming = self._step + 1
        player = self._stepper.main
        old = player.rate(coming)
        player.set_rate(coming, rate)
        return events.SettingChanged(step=self._step, name="training.optimizer.learning_rate", old=old, new=rate)

    def _set_accumulation(self, count: int) -> Event:
        old, self._stepper.accumulation.num_micro_batches = self._stepper.accumulation.num_micro_batches, max(1, count)
        return events.SettingChanged(step=self._step, name="training.accumulation.steps", old=old, new=max(1, count))

    def _set_temperature(self, factor: float) -> Event:
        changed = self._task.soften(factor) if isinstance(self._task, HasTemperature) else None
        if changed is None:
            return events.Noticed(message=message("This run has no temperature."), level="warning", step=self._step)
        return events.SettingChanged(step=self._step, name="temperature", old=changed[0], new=changed[1])

    def _go_back(self) -> Event:
        if self._best.step is None:
            return events.Noticed(message=message("There is no best checkpoint yet."), level="warning", step=self._step)
        self._take_best()
        return events.Noticed(
            message=message("You went back to the weights of step {step}.", step=self._best.step), step=self._step
        )

    def _take_best(self) -> None:
        path = checkpoint_path(self._run, "best")
        verify(path)
        self._task.load_weights(path)
        self._stepper.players.restore_optimizers(path)

    # --- measuring and keeping ----------------------------------------------------------------------------------

    def _evaluate(self) -> Talk:
        """Where there is nothing to measure yet, the weights are kept all the same."""
        with self._pace.measuring():
            yield from self._measure_and_keep()
        if self._evaluated_step == self._step:
            yield from self._say(self._progressed())

    def _measure_and_keep(self) -> Talk:
        yield from self._tell_steps()
        self._refuse_lost_weights()
        self._evaluation_wanted = False
        if not self._is_measured:
            yield from self._save(is_best=False)
            return
        found = yield from self._measure("validation")
        self._evaluated_step = self._step
        yield from self._say(_evaluated(found, self._step))
        for event in self._task.show(self._run, self._step) if isinstance(self._task, ShowsSamples) else ():
            yield from self._say(event)
        for player in self._stepper.players:
            player.schedule.observe(found.metrics["loss"])
        is_best = self._best.take(self._step, found.metrics)
        yield from self._capture()
        every = self._config.training.checkpoint_every or self._config.training.evaluate_every
        if is_best or self._step % every == 0 or self._is_milestone:
            yield from self._save(is_best)
        yield from self._keep_from_harm(found)

    def _keep_from_harm(self, found: Evaluation) -> Talk:
        """What the task's guard wants done about a training that goes wrong."""
        collapsed = self._task.guard(self._step, found, self._best.step) if isinstance(self._task, HasGuard) else None
        if collapsed is None:
            return
        if collapsed.action in ("went-back", "stopped") and self._best.step is not None:
            self._take_best()
        if collapsed.action == "went-back":
            player, coming = self._stepper.main, self._step + 1
            player.set_rate(coming, player.rate(coming) * _SMALLER)
        self._is_given_up = self._is_given_up or collapsed.action == "stopped"
        yield from self._say(collapsed)

    def _capture(self) -> Talk:
        captured = capture_probes(self._run, self._step, self._probes, self._task, self._best.step)
        if captured is not None:
            yield from self._say(captured)

    def _measure(self, split: str) -> Generator[Event | None, Command | None, Evaluation]:
        """Raises RunFailure where figures come out that are no numbers, before anything is kept of this step."""
        try:
            found = yield from self._breathing(self._task.evaluate(self._material.encoded[split], split))
        except NotFinite as error:
            raise measured_no_number(self._step, split, error.rows, self._last_good()) from error
        if not math.isfinite(found.metrics["loss"]):
            raise measured_no_number(self._step, split, (), self._last_good())
        return found

    def _breathing(self, working: Generator[None, None, Result]) -> Generator[Event | None, Command | None, Result]:
        """Commands are taken while it works."""
        breathed = time.perf_counter()
        while True:
            try:
                next(working)
            except StopIteration as end:
                found: Result = end.value
                return found
            if time.perf_counter() - breathed > _BREATH:
                breathed = time.perf_counter()
                yield from self._say(None)

    def _refuse_lost_weights(self) -> None:
        """The losses before were finite; the last update may still have blown the weights up. Raises RunFailure."""
        for model in self._task.models().values():
            if not all(bool(torch.isfinite(weight).all()) for weight in model.parameters()):
                raise lost_weights(self._step, self._last_good())

    def _save(self, is_best: bool) -> Talk:
        self._refuse_lost_weights()
        score, is_milestone = self._best.score, self._is_milestone
        own = {"metric": score.metric, "value": score.value if is_best else None}
        state = {**self._state(), "score": {**own, "is_best": is_best, "is_milestone": is_milestone}}
        path = save_checkpoint(self._run, self._step, self._task, self._stepper.players.optimizers, state)
        publish(
            self._run,
            self._step,
            best=is_best,
            score=score,
            num_kept=self._config.training.keep_checkpoints,
            is_milestone=is_milestone,
        )
        self._last_saved = self._step
        yield from self._say(
            events.CheckpointSaved(
                step=self._step,
                path=str(path.relative_to(self._run.path)),
                is_best=is_best,
                metric=score.metric,
                value=score.value if is_best else None,
            )
        )

    def _test(self) -> Talk:
        """The final word: the best weights on the test split."""
        if "test" not in self._material.encoded or not self._run.checkpoints:
            return
        path = checkpoint_path(self._run, "best")
        verify(path)
        self._task.load_weights(path)
        found = yield from self._measure("test")
        step = self._best.step or self._step
        yield from self._say(_evaluated(found, step))
        if self._config.task.has_classes:
            yield from self._attack(step)

    def _attack(self, step: int) -> Talk:
        """What is left when texts are changed against the best weights."""
        attacking = attack_rows(
            self._task, self._material, self._config.training.attacked_rows, self._config.seed, step
        )
        for event in (yield from self._breathing(attacking)):
            yield from self._say(event)

    def _last_good(self) -> Message:
        if self._last_saved is None:
            return message("No checkpoint was written yet.")
        return message("The last good checkpoint is step {step}.", step=self._last_saved)

    def _tell_baseline(self) -> Talk:
        for event in self._beside.take():
            yield from self._say(event)


def _evaluated(found: Evaluation, step: int) -> events.Evaluated:
    return events.Evaluated(
        step=step, split=found.split, metrics=found.metrics, num_rows=found.num_rows, intervals=found.intervals
    )
