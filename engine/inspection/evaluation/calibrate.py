"""calibrate: one temperature that makes a model's probabilities believable, before and after."""

from __future__ import annotations

from collections.abc import Generator

from engine.errors import InputError
from engine.inspection.evaluation.examine import examine
from engine.inspection.evaluation.measure import truths_needed
from engine.messages import message
from engine.metrics.calibration import reliability
from engine.records import Answers, Calibration, Progress, Reliability
from engine.runs.run import Run
from engine.targets import probabilities_of, target_of, with_unknown_labels


def calibrate(run: Run, checkpoint: str = "best", split: str | None = None) -> Generator[Progress, None, Calibration]:
    """Fitted on the validation rows; shown on test or, where the run has none, on validation. Raises InputError for a
    run that gives numbers, and as `examine` does."""
    fitted_on = yield from examine(run, None, "validation", checkpoint)
    target = target_of(fitted_on.kind)
    if not target.is_categorical:
        raise InputError(
            message("This run gives numbers, not probabilities: there is nothing to calibrate."),
            str(run.path),
            message("Choose a run that sorts texts."),
        )
    yield Progress(1, 3)
    truths = truths_needed(fitted_on)
    temperature = target.fitted_temperature(fitted_on.logits, truths, fitted_on.loss)
    yield Progress(2, 3)
    shown = yield from examine(run, None, split, checkpoint)
    before, loss_before = _state(shown, 1.0)
    after, loss_after = _state(shown, temperature)
    return Calibration(temperature, shown.split, len(shown), before, after, (loss_before, loss_after))


def _state(answers: Answers, temperature: float) -> tuple[Reliability, float]:
    truths_needed(answers)
    target, rows = target_of(answers.kind), with_unknown_labels(answers)
    found = rows.widened(probabilities_of(answers, temperature))
    return reliability(*target.confidences(found, rows.truths)), target.log_loss(found, rows.truths)
