"""The verb that measures: evaluate, with a precision target if one is asked for."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.command_line.console import say
from engine.command_line.leaving_out import add_label_arguments, rule_of, tell_left_out
from engine.command_line.measuring import measures_tree
from engine.command_line.parser import add_verb
from engine.command_line.printing import answered, print_json
from engine.errors import InputError
from engine.messages import message
from engine.records import CheckedPromise, Evaluation
from engine.runs.checkpoints import checkpoint_path
from engine.runs.decision import checked_decision, save_decision
from engine.runs.event_text import metric_value
from engine.runs.run import Run
from engine.targets import target_of


def add_evaluating_verb(verbs: Any) -> None:
    """Put the verb of this file into the parser."""
    verb = add_verb(verbs, "evaluate", _evaluate, "measure a run's best checkpoint, and promise a precision")
    verb.add_argument("run", type=Path, metavar="RUN", help="the run's folder")
    verb.add_argument("--data", metavar="FILE", default=None, help="a labelled file instead of the run's own splits")
    verb.add_argument("--split", choices=("validation", "test"), default=None)
    verb.add_argument("--checkpoint", default="best", metavar="C", help="best, last or step-N (best)")
    add_label_arguments(verb)
    target = verb.add_argument_group("a precision target, made on validation and checked on the rows measured")
    target.add_argument("--target-precision", type=float, metavar="P", help="how often what it says must be right: .95")
    target.add_argument("--confidence", type=float, metavar="C", help="of the promise (.95)")
    target.add_argument("--label", metavar="L", help="the label that must be right (the positive one of two)")
    target.add_argument("--save", action="store_true", help="keep the threshold in the checkpoint")


def _evaluate(asked: argparse.Namespace) -> None:
    from engine import verbs

    run = Run.open(asked.run)
    _refuse_without_target(asked)
    targets = _targets(run, asked)
    is_saved = _saved(run, asked.checkpoint, targets) if asked.save else None
    found = verbs.evaluate(run, asked.data, asked.split, asked.checkpoint, rule_of(asked))
    if asked.json:
        print_json({**evaluation_tree(found, targets, is_saved), **_measured(run, asked)})
    else:
        for line in (*_figure_lines(found), *_decision_lines(found), *_target_lines(targets, is_saved)):
            say(line)
    tell_left_out(found.left_out, found.strangers, is_json=asked.json)


def evaluation_tree(
    found: Evaluation, targets: Sequence[CheckedPromise] = (), is_saved: bool | None = None
) -> dict[str, Any]:
    """All that `evaluate --json` prints. The first target is what was asked for; where no label of many was named,
    those of each label follow."""
    tree = found.to_json()
    if targets:
        tree["target"] = targets[0].to_json()
    if len(targets) > 1:
        tree["targets"] = [one.to_json() for one in targets if one.promise.label]
    return tree if is_saved is None else {**tree, "saved": is_saved}


def _measured(run: Run, asked: argparse.Namespace) -> dict[str, Any]:
    """Every figure with its interval, and the baselines; a text GAN has meters instead."""
    from engine import verbs

    if not run.config.task.has_labels:
        return {}
    return measures_tree(answered(verbs.measure(run, asked.data, asked.split, asked.checkpoint, rule=rule_of(asked))))


# --- the precision target ---------------------------------------------------------------------------------------


def _refuse_without_target(asked: argparse.Namespace) -> None:
    words = {"--confidence": asked.confidence, "--label": asked.label, "--save": asked.save or None}
    given = [word for word, value in words.items() if value is not None]
    if given and asked.target_precision is None:
        raise InputError(
            message("There is no precision to promise."),
            given[0],
            message("Name it as well, as in --target-precision .95."),
        )


def _targets(run: Run, asked: argparse.Namespace) -> tuple[CheckedPromise, ...]:
    """What was asked for first; of several labels a text the one that is hardest to promise."""
    from engine import verbs

    if asked.target_precision is None:
        return ()
    confidence = 0.95 if asked.confidence is None else asked.confidence

    def made(label: str | None) -> CheckedPromise:
        promising = verbs.promise(
            run, asked.target_precision, confidence, label, asked.checkpoint, asked.data, asked.split, rule_of(asked)
        )
        return answered(promising)

    if asked.label is not None:
        return (made(asked.label),)
    labels, has_several = _labels(run, asked.checkpoint)
    if has_several:
        return tuple(sorted((made(label) for label in labels), key=_ease))
    whole = made(None)
    return (whole,) if whole.promise.label else (whole, *(made(label) for label in labels))


def _labels(run: Run, checkpoint: str) -> tuple[tuple[str, ...], bool]:
    """(the model's labels, whether a text may have several)."""
    from engine import verbs

    if not run.config.task.has_labels:
        return (), False
    answers = answered(verbs.examine(run, None, "validation", checkpoint))
    return answers.labels, target_of(answers.kind).may_have_several


def _ease(one: CheckedPromise) -> tuple[bool, float, float]:
    needed = one.promise.rows_needed
    return one.promise.threshold is not None, -float("inf" if needed is None else needed), one.recall


def _saved(run: Run, checkpoint: str, targets: Sequence[CheckedPromise]) -> bool:
    """Of many labels of which none was named the one threshold of them all, of several a text every label's."""
    chosen = targets if targets[0].promise.label else targets[:1]
    kept = [one.promise for one in chosen if one.promise.threshold is not None]
    folder = checkpoint_path(run, checkpoint)
    decision = checked_decision(folder)
    labels, has_several = _labels(run, checkpoint)
    for promise in kept:
        decision = decision.with_promise(promise, labels, several=has_several)
    if kept:
        save_decision(folder, decision)
    return bool(kept)


# --- in words ---------------------------------------------------------------------------------------------------


def _figure_lines(found: Evaluation) -> Iterator[str]:
    if found.real_text:
        yield f"{found.num_rows:,} invented texts beside real ones of {found.split}"
    else:
        yield f"{found.num_rows:,} rows of {found.split}"
    for name, value in found.metrics.items():
        beside = f"   real text {metric_value(name, found.real_text[name])}" if name in found.real_text else ""
        yield f"{name:22} {metric_value(name, value)}{beside}"


def _decision_lines(found: Evaluation) -> Iterator[str]:
    """Whose figures these are, where a decision was saved, and the likeliest label's beside them."""
    if not found.decision:
        return
    thresholds = ", ".join(f"{label} from {value:.4f} on" for label, value in found.decision["thresholds"].items())
    yield ""
    yield f"These are the figures of the saved decision ({thresholds}), which answers"
    yield f"{found.decision['num_answered']:,} of {found.num_rows:,} texts and leaves the others to a person."
    yield "Of the likeliest label they would be:"
    for name, value in found.likeliest.items():
        yield f"  {name:20} {metric_value(name, value)}"


def _target_lines(targets: Sequence[CheckedPromise], is_saved: bool | None) -> Iterator[str]:
    """The promise in full sentences, then a line for each label."""
    if not targets:
        return
    yield ""
    yield from _promise_lines(targets[0])
    if len(targets) > 1:
        yield ""
        yield from (_label_line(one) for one in targets if one.promise.label)
    if is_saved is not None:
        yield ""
        yield "Saved: predict and export use it from now on." if is_saved else "Nothing was saved."


def _promise_lines(one: CheckedPromise) -> Iterator[str]:
    promise = one.promise
    what = f"“{promise.label}”" if promise.label else "whatever it says"
    precision, confidence = _share(promise.precision), _share(promise.confidence)
    if promise.threshold is None:
        yield f"A precision of {precision} for {what} cannot be promised with {confidence} confidence."
        yield f"There are {promise.num_rows:,} validation rows; {_needed(promise.rows_needed)}."
        return
    yield f"From a probability of {promise.threshold:.4f} on, {what} is right at least {precision} of the time, with"
    yield f"{confidence} confidence, by {promise.num_rows:,} validation rows; below, the text is left to a person."
    measured = one.measured
    if math.isnan(measured.value):
        yield f"On {one.num_rows:,} rows of {one.split} it was never said."
    else:
        interval = f"({_share(measured.low)} to {_share(measured.high)})"
        yield f"On {one.num_rows:,} rows of {one.split}: precision {_share(measured.value)} {interval}, recall"
        yield f"{_share(one.recall)}; {_share(one.coverage)} of the texts get an answer."
    yield from (note.english() for note in one.notes)


def _label_line(one: CheckedPromise) -> str:
    promise = one.promise
    if promise.threshold is None:
        return f"  {promise.label:30} cannot be promised: {_needed(promise.rows_needed)}"
    return (
        f"  {promise.label:30} from {promise.threshold:.4f} on: precision {_share(one.measured.value)}, "
        f"recall {_share(one.recall)}"
    )


def _needed(rows: int | None) -> str:
    if rows is None:
        return "no number of rows like these would do: its precision is too low at every threshold"
    return f"about {rows:,} rows like these would be needed"


def _share(value: float) -> str:
    return metric_value("precision", value)
