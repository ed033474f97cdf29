"""A run that sorts texts in one paragraph of plain words."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from engine.config.classifiers import Convolutional, Fusion, Recurrent, Transformer
from engine.config.counting import WideAndDeep, WordCounting
from engine.config.data import DataConfig
from engine.config.gan import TextGanPair
from engine.config.model import Model
from engine.config.pretrained import HeadOnly, LastLayers, LoRA, Pretrained, WholeModel
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from engine.targets import target_of
from studio.numbers import duration
from studio.tasks.classification.auxiliary_losses import adversary, beside, unlabelled
from studio.tasks.run_words import (
    batch_size,
    batch_words,
    corrected,
    extreme_kept,
    is_found,
    mended,
    passes,
    reading,
    size,
    source_name,
)

MOST_LABELS = 4


def paragraph(
    config: RunConfig, report: DataReport | None, estimate: Estimate | None, *, also: tuple[Message, ...] = ()
) -> tuple[Message, ...]:
    """Sentences in their order: goal and data, mends, model, training, what it learns beside it (`also`: what a task
    adds to that), what is kept, what stands beside it."""
    sentences = [_goal(report), _data(config.data, report), *mended(report), *corrected(config.data)]
    if isinstance(config.model, WordCounting):
        line = message("It is itself the line that other models have to pass, so none is drawn beside it.")
        return (*sentences, _model(config.model), _fitting(config, estimate), line)
    sentences += [_model(config.model), *size(estimate), _training(config, report, estimate)]
    sentences += [*beside(config), *also, *adversary(config), *unlabelled(config), *_kept(config)]
    if config.training.baseline:
        sentences.append(message("Word counting is trained beside it, as the line that it has to pass."))
    return tuple(sentences)


def best_sentence(config: RunConfig) -> Message:
    """In words: which checkpoint is kept, and what recall it must have."""
    best = config.training.best
    metric = judged_by(config.task, best)
    if config.task.is_numeric and metric in ("loss", "mse"):
        return message("The checkpoint with the least squared error is kept.")
    if metric == "precision":
        return message(
            "Of all checkpoints that find at least {floor:.0%} of what should be found (recall), "
        "the one that is right most often (precision) is kept.",
            floor=best.recall_floor,
        )  # fmt: skip
    return _BEST[metric] if metric in _BEST else extreme_kept(metric)


_BEST: dict[str, Message] = {
    "f1": message("The checkpoint with the best balance of precision and recall (F1) is kept."),
    "recall": message("The checkpoint that finds most (recall) is kept; look at its precision beside it."),
    "accuracy": message("The checkpoint that is right most often over all texts (accuracy) is kept."),
    "loss": message("The checkpoint with the least loss is kept."),
}


def _goal(report: DataReport | None) -> Message:
    if report is not None and report.is_numeric:
        return message("It learns to give every text a number.")
    labels = list(report.balance) if report else []
    if report is not None and target_of(report.kind).may_have_several:
        return _goal_of_several(labels)
    if not labels:
        return message("It learns to give every text one of your labels.")
    if len(labels) > MOST_LABELS:
        return message("It learns to give every text one of {count} labels.", count=len(labels))
    return message("It learns to give every text one of {count} labels: {labels}.", count=len(labels), labels=labels)


def _goal_of_several(labels: list[str]) -> Message:
    if len(labels) > MOST_LABELS or not labels:
        return message(
            "It learns to say of {count} labels which a text has: any number of them, or none.", count=len(labels)
        )
    return message(
        "It learns to say which of {count} labels a text has, any number of them or none: {labels}.",
        count=len(labels), labels=labels,
    )  # fmt: skip


def _data(data: DataConfig, report: DataReport | None) -> Message:
    rows, source = report.num_rows if report else {}, data.train
    if source == "builtin" and data.builtin.topic == "messages":
        return message(
            "It reads {train:plural:invented message:invented messages}, is checked on {validation} others "
            "while it learns, and {test} are kept for the final test.",
            train=rows.get("train", 0), validation=rows.get("validation", 0), test=rows.get("test", 0),
        )  # fmt: skip
    if source == "builtin":
        return message(
            "It reads {train:plural:invented review:invented reviews}, is checked on {validation} others "
            "while it learns, and {test} are kept for the final test.",
            train=rows.get("train", 0), validation=rows.get("validation", 0), test=rows.get("test", 0),
        )  # fmt: skip
    return message(
        "It reads {train:plural:text:texts} of “{name}”, is checked on {validation} others while it learns, "
        "and {test} are kept for the final test.",
        name=source_name(source), train=rows.get("train", 0), validation=rows.get("validation", 0),
        test=rows.get("test", 0),
    )  # fmt: skip


_CELLS = {"rnn": message("a plain recurrent network"), "lstm": message("an LSTM"), "gru": message("a GRU")}
_POOLINGS = {
    "last": message("answers from what it remembers at the end"),
    "max": message("answers from the strongest signal of each kind"),
    "mean": message("answers from the mean over all words"),
    "additive": message("looks back at every word with additive attention"),
    "dot": message("looks back at every word with dot attention"),
    "general": message("looks back at every word with general attention"),
    "concat": message("looks back at every word with concat attention"),
    "multi-head": message("looks back at every word with several attentions"),
}


def _model(model: Model) -> Message:
    match model:
        case Recurrent(bidirectional=True):
            return message("The model is {cell} that reads in both directions and {pooling}.", **_recurrent(model))
        case Recurrent():
            return message("The model is {cell} that reads from left to right and {pooling}.", **_recurrent(model))
        case Transformer():
            return message(
                "The model is a Transformer of {layers:plural:layer:layers} "
                "in which every word looks at every other one, {heads:plural:way:ways} at once.",
                layers=model.num_layers, heads=model.num_heads,
            )  # fmt: skip
        case Fusion():
            return message(
                "The model is a Transformer block of {heads:plural:head:heads}, followed by {cell} that {pooling}.",
                heads=model.num_heads, **_recurrent(model),
            )  # fmt: skip
        case Convolutional():
            return message(
                "The model is a convolutional network that looks for telling runs of {widths} words.",
                widths=[str(one) for one in model.widths],
            )
        case WordCounting():
            return message("The model counts which words and short runs of words a text holds; it has no layers.")
        case WideAndDeep():
            return message(
                "The model counts words, which is fitted first; beside it {cell} that {pooling} learns what counting "
                "leaves.",
                **_recurrent(model.network),
            )
        case TextGanPair():
            return message("Two models play against each other.")
        case Pretrained():
            return message(
                "The model is “{name}”, which has read much already; {learns}.",
                name=encoder_name(model.source), learns=_learns(model),
            )  # fmt: skip
        case _:
            assert_never(model)


def _recurrent(model: Recurrent | Fusion) -> dict[str, Message]:
    return {"cell": _CELLS[model.cell], "pooling": _POOLINGS[model.pooling.name]}


def encoder_name(source: str) -> str:
    """A hub name as it is; of a folder its last part."""
    path = Path(source)
    return path.name if path.is_absolute() else source


def _learns(model: Pretrained) -> Message:
    match model.adaptation:
        case WholeModel() if model.layer_decay < 1:
            return message("all of it goes on learning, its lower layers more slowly")
        case WholeModel():
            return message("all of it goes on learning")
        case HeadOnly():
            return message("it stays as it is, and only the answer on top of it is learned")
        case LastLayers():
            return message(
                "its last {count:plural:layer:layers} and the answer on top go on learning",
                count=model.adaptation.num_layers,
            )
        case LoRA():
            return message(
                "it stays as it is, and small matrices of rank {rank} learn beside its weights (LoRA)",
                rank=model.adaptation.rank,
            )
        case _:
            assert_never(model.adaptation)


def _training(config: RunConfig, report: DataReport | None, estimate: Estimate | None) -> Message:
    updates, batch, times = config.training.max_steps, batch_size(config), passes(config, report)
    if is_found(config):
        return message(
            "Its weights change {updates:plural:time:times}, each after {batch}: how many is found as it learns.",
            updates=updates,
            batch=batch_words(config),
        )
    if times is None or estimate is None:
        return message(
            "Its weights change {updates:plural:time:times}, each after {batch:plural:text:texts}.",
            updates=updates,
            batch=batch,
        )
    return message(
        "Its weights change {updates:plural:time:times}, each after {batch:plural:text:texts}: {reading}, "
        "which takes {time} on {device}.",
        updates=updates, batch=batch, reading=reading(times), time=duration(estimate.total_seconds),
        device=estimate.device,
    )  # fmt: skip


def _fitting(config: RunConfig, estimate: Estimate | None) -> Message:
    if estimate is None:
        return message("It is fitted to all training texts at once; what is left open is chosen by cross-validation.")
    return message(
        "It is fitted to all training texts at once, what is left open chosen by cross-validation: about {time} on "
        "{device}.",
        time=duration(estimate.total_seconds),
        device=estimate.device,
    )


def _kept(config: RunConfig) -> tuple[Message, ...]:
    best = config.training.best
    check = message("Every {every:plural:update:updates} it is checked.", every=config.training.evaluate_every)
    if best.patience is None:
        return check, best_sentence(config)
    stop = message("It ends early after {count:plural:check:checks} without a better one.", count=best.patience)
    return check, best_sentence(config), stop
