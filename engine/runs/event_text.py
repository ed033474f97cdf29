"""The log in words: what each event means to a person."""

from __future__ import annotations

from dataclasses import dataclass

from engine import events
from engine.events import Event
from engine.messages import Message, message
from engine.metrics.registry import metric_of


@dataclass(frozen=True)
class LogLine:
    """`kind` chooses the icon: start, resume, best, checkpoint, change, pause, finish, info, warning, error."""

    time: float
    step: int
    kind: str
    message: Message


def line_of(event: Event) -> LogLine | None:
    """None for events that are curves, not news."""
    told = _tell(event)
    if told is None:
        return None
    kind, text = told
    return LogLine(event.time, getattr(event, "step", 0), kind, text)


def _tell(event: Event) -> tuple[str, Message] | None:
    if isinstance(event, events.RunStarted):
        return "start", message(
            "Training begins: {count:plural:row:rows}, {parameters} parameters, on {device}.",
            count=event.rows.get("train", 0),
            parameters=event.num_parameters,
            device=event.device,
        )
    if isinstance(event, events.RunResumed):
        return "resume", message("Training goes on after step {step}.", step=event.step)
    if isinstance(event, events.BaselineEvaluated) and event.split == "validation":
        return "info", _baseline(event)
    if isinstance(event, events.Attacked):
        return "info", _attack(event)
    if isinstance(event, events.CheckpointSaved) and event.is_best and event.value is not None:
        metric = metric_of(event.metric)
        value = metric.in_log(event.value)
        return "best", message(
            "New best: {metric} {value}. Saved as “step {step}”.", metric=metric.title, value=value, step=event.step
        )
    if isinstance(event, events.Collapsed):
        return "warning", _collapse(event)
    if isinstance(event, events.SettingChanged):
        return "change", _change(event)
    if isinstance(event, events.RunPaused):
        return "pause", message("Paused after step {step}. The model stays in memory.", step=event.step)
    if isinstance(event, events.RunFinished):
        return "finish", event.reason
    if isinstance(event, events.RunFailed):
        return "error", event.what
    if isinstance(event, events.Noticed):
        return event.level, event.message
    return None


def _baseline(event: events.BaselineEvaluated) -> Message:
    if "mae" in event.metrics:
        return message(
            "Word counting is off by {error} on average: the line to pass.",
            error=metric_of("mae").in_log(event.metrics["mae"]),
        )
    if "f1" not in event.metrics:
        return message("Word counting is trained as the line to pass.")
    return message(
        "Word counting reaches precision {precision}, recall {recall}: the line to pass.",
        precision=metric_of("precision").in_log(event.metrics["precision"]),
        recall=metric_of("recall").in_log(event.metrics["recall"]),
    )


def _collapse(event: events.Collapsed) -> Message:
    done = {
        "went-back": message("It went back to step {step} and goes on with softer words.", step=event.best or 0),
        "softened": message("It goes on with softer words."),
        "stopped": message("It stopped; the best checkpoint is kept."),
    }.get(event.action, message("Nothing was changed."))
    return message("The writer begins to repeat itself. {sign} {done}", sign=event.signs[0], done=done)


def _attack(event: events.Attacked) -> Message:
    figures = {
        f"{name}_{when}": metric_of(name).in_log(metrics[name])
        for name in ("precision", "recall")
        for when, metrics in (("before", event.before), ("after", event.after))
    }
    if event.method == "character":
        return message(
            "Misspelled on purpose: precision {precision_before} → {precision_after}, "
            "recall {recall_before} → {recall_after}.",
            **figures,
        )
    return message(
        "Reworded on purpose: precision {precision_before} → {precision_after}, "
        "recall {recall_before} → {recall_after}.",
        **figures,
    )


def _change(event: events.SettingChanged) -> Message:
    if event.name == "training.accumulation.steps":
        return message(
            "You changed the accumulation from {old} to {new} at step {step}.",
            old=int(event.old),
            new=int(event.new),
            step=event.step,
        )
    if event.name == "temperature":
        return message(
            "The inverse temperature went from {old} to {new} at step {step}.",
            old=f"{event.old:.3g}",
            new=f"{event.new:.3g}",
            step=event.step,
        )
    return message(
        "You changed the learning rate from {old} to {new} at step {step}.",
        old=f"{event.old:.3g}",
        new=f"{event.new:.3g}",
        step=event.step,
    )
