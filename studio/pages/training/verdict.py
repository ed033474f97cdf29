"""The answer to "is it learning?" in one sentence: what holds for every run, else what its task says."""

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
