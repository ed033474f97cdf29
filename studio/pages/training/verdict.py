"""Is it learning? The answer in one sentence, and what may follow a run that is over."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.tasks.judgement import Verdict
from studio.tasks.registry import view_of
from studio.translation import tr, words


def verdict(history: History, config: RunConfig, state: str) -> Verdict:
    """What a person should think of the run now. `state` is that of its folder ("running", "interrupted", ...)."""
    view = view_of(config.task).training
    if state == "failed":
        return _failed(history)
    if state in ("finished", "stopped"):
        return view.ended(history, config, state)
    if state == "interrupted":
        sentence = tr(
            "It was interrupted after step {step}; it can go on from its last checkpoint.",
            step=history.last_step,
        )
        return Verdict("halted", sentence)
    if state == "paused":
        return Verdict("paused", tr("It waits after step {step}; the model stays in memory.", step=history.last_step))
    if not history.last_step:
        return Verdict("waiting", tr("It is getting ready: the first steps appear in a moment."))
    return view.running(history, config)


def _failed(history: History) -> Verdict:
    if history.failure is None:
        return Verdict("failed", tr("It stopped with an error."))
    what = words(history.failure.what)
    return Verdict("failed", tr("It stopped at step {step}: {what}", step=history.failure.step, what=what))


_OVER = ("finished", "stopped")
_SCORES = "scores"
_MOST = 10_000_000


def ways_on(history: History, config: RunConfig, state: str) -> tuple[str, ...]:
    """What to offer: the task's result page and, of answers in words, their "scores", where there is a checkpoint to
    look into; "longer", with more updates, unless it was stopped and can go on itself; "model", another one. Nothing
    before its end."""
    if state not in _OVER:
        return ()
    view = view_of(config.task)
    pages = dict.fromkeys((*(one for one in view.stages if one == _SCORES), view.result_page))
    looked_into = tuple(pages) if history.checkpoints else ()
    return (*looked_into, *(("longer",) if state == "finished" else ()), "model", "settings")


def longer(history: History, config: RunConfig) -> RunConfig:
    """Twice the updates; where waiting for a better value ended the run, it also waits twice as long."""
    training = config.training
    values: dict[str, int] = {"training.max_steps": min(2 * training.max_steps, _MOST)}
    if training.best.patience is not None and history.last_step < training.max_steps:
        values["training.best.patience"] = min(2 * training.best.patience, 10_000)
    return config.with_values(values)
