"""What can be said of any run before it begins, in plain words: its data, its batch, its size."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from engine.config.data import DataConfig, Source
from engine.config.run import RunConfig
from engine.config.tasks.registry import type_of
from engine.config.tasks.task_type import TaskSpec
from engine.messages import Message, message
from engine.metrics.registry import METRICS
from engine.records import DataReport, Estimate, Finding
from studio.numbers import duration, file_size


def is_mended(finding: Finding) -> bool:
    return finding.chosen != "keep"


def source_name(source: Source) -> str:
    """The last part of a path or a hub name, without its endings (“v1.1” is none)."""
    first = source if isinstance(source, str) else source[0]
    return first if first == "builtin" else re.split(r"\.(?=[^\W\d])", Path(first).name)[0] or first


def mended(report: DataReport | None) -> tuple[Message, ...]:
    count = sum(is_mended(one) for one in report.findings) if report else 0
    if not count:
        return ()
    return (message("{count:plural:finding of the doctor is:findings of the doctor are} mended first.", count=count),)


def corrected(data: DataConfig) -> tuple[Message, ...]:
    if not data.corrections:
        return ()
    return (message("Labels that were corrected on the evaluation page count as corrected."),)


def split_sentence(report: DataReport) -> Message:
    """How many rows go where, after mending."""
    train, validation, test = (report.num_rows.get(split, 0) for split in ("train", "validation", "test"))
    total = train + validation + test
    if test:
        return message(
            "{total:plural:row:rows} will be used: {train} to learn from, {validation} to check while learning, "
            "{test} kept for the final test",
            total=total, train=train, validation=validation, test=test,
        )  # fmt: skip
    return message(
        "{total:plural:row:rows} will be used: {train} to learn from, {validation} to check while learning",
        total=total, train=train, validation=validation,
    )  # fmt: skip


def batch_size(config: RunConfig) -> int:
    """Texts that make the first update."""
    return config.training.micro_batch_size * config.training.accumulation.first


def is_found(config: RunConfig) -> bool:
    """Whether the texts of an update are found as it learns."""
    return config.training.accumulation.name != "fixed"


def read_words(task: TaskSpec, count: int) -> Message:
    """So many of what the task reads at once: whole texts, or what it makes of them."""
    kind = type_of(task)
    if kind.can("write on"):
        return message("{count:plural:piece of text:pieces of text}", count=count)
    if kind.can("answer questions"):
        return message("{count:plural:question:questions}", count=count)
    if kind.can("chat"):
        return message("{count:plural:dialogue:dialogues}", count=count)
    return message("{count:plural:text:texts}", count=count)


def batch_words(config: RunConfig) -> Message:
    """Texts that make one update, or from how many to how many."""
    accumulation = config.training.accumulation
    if accumulation.name == "fixed":
        return read_words(config.task, batch_size(config))
    most = read_words(config.task, config.training.micro_batch_size * accumulation.maximum)
    return message("{least} to {most}", least=batch_size(config), most=most)


def passes(config: RunConfig, report: DataReport | None) -> float | None:
    """How often every training text is read by the task; None while the rows are not counted, and where the texts of an
    update are only found as it learns."""
    rows = report.num_rows.get("train", 0) if report else 0
    if not rows or is_found(config):
        return None
    return (config.training.max_steps - config.training.pretraining.steps) * batch_size(config) / rows


def reading(times: float) -> Message:
    """How often a text is read, in words that also suit less than once."""
    if times < 0.95:
        return message("{share:.0%} of all texts are read", share=times)
    return message("every text is read about {times:.2g} times", times=times)


USUAL_LENGTHS: Mapping[str, Message] = {
    "quick": message("A quarter of the usual length: enough to see whether it learns at all."),
    "balanced": message("The recipe's own length. It ends early when nothing gets better."),
    "best": message("Two and a half times the usual length, and more patience before it ends early."),
    "own": message("The length was typed by hand."),
}
"""What "quick", "balanced", "best" and "own" mean for a training that may end early."""


def read_in_updates(config: RunConfig, report: DataReport | None) -> Message | None:
    """How often every text is read by all updates; None while that is not known."""
    times = passes(config, report)
    return reading(times) if times else None


def cost_of_reading(estimate: Estimate) -> Message:
    """Numbers, memory, and the time of one pass."""
    return message(
        "{parameters} parameters, {memory} of memory, {time} to read all texts once",
        parameters=estimate.num_parameters,
        memory=file_size(estimate.memory_bytes),
        time=duration(estimate.seconds_per_step * estimate.steps_per_epoch),
    )


def size(estimate: Estimate | None) -> tuple[Message, ...]:
    if estimate is None:
        return ()
    learning = estimate.num_learning
    if learning is not None and learning < estimate.num_parameters:
        return (message("Of its {total} numbers, {learning} learn.", total=estimate.num_parameters, learning=learning),)
    return (message("It has {count} numbers to learn.", count=estimate.num_parameters),)


def extreme_kept(key: str) -> Message:
    """Which checkpoint a metric chooses."""
    metric = METRICS[key]
    if key == "reverse_perplexity":
        return message("The checkpoint is kept from whose texts real ones can be foreseen best (reverse perplexity).")
    if metric.lower_is_better:
        return message("The checkpoint with the lowest value is kept: {metric}.", metric=metric.title)
    return message("The checkpoint with the highest value is kept: {metric}.", metric=metric.title)
