"""Probe texts: a few sentences whose attention is captured at every evaluation, so that one sees it move."""

from __future__ import annotations

from engine.errors import InputError
from engine.events import AttentionCaptured
from engine.models.capture import read_attention_in_training
from engine.records import AttentionRecord
from engine.runs.probes import write_probes
from engine.runs.run import Run
from engine.tasks.material import Material
from engine.tasks.task import Task

_NUM_DEFAULT = 3
_LONGEST_DEFAULT = 200


def choose_probes(chosen: tuple[str, ...], material: Material) -> tuple[str, ...]:
    """The person's texts; without any, short validation texts of different labels."""
    if chosen:
        return chosen
    split = material.splits.splits["validation"]
    if "text" not in split.column_names:
        return ()  # rows of several texts: what to look at, a person says
    head = split.select(range(min(500, len(split))))
    labels = head["label"] if "label" in head.column_names else [""] * len(head)
    rows = sorted(zip(head["text"], labels, strict=True), key=lambda row: len(row[0]) > _LONGEST_DEFAULT)
    found: dict[object, list[str]] = {}
    for text, label in rows:
        found.setdefault(tuple(label) if isinstance(label, list) else label, []).append(text)
    turns = (texts[index] for index in range(_NUM_DEFAULT) for texts in found.values() if index < len(texts))
    return tuple(text for text, _ in zip(turns, range(_NUM_DEFAULT), strict=False))


def capture_probes(
    run: Run, step: int, texts: tuple[str, ...], task: Task, best: int | None = None
) -> AttentionCaptured | None:
    """Look at every probe text with the weights of now; maps go to `probes/step-N.npz`, where the capture of the `best`
    step stays as long as it can. None without maps. Raises RunFailure when the disk refuses."""
    config = run.config
    length = min(config.data.max_length, config.training.probe_tokens)
    records = [record for text in texts if (record := _read(task, text, length)) is not None and record.maps]
    if not records:
        return None
    path = write_probes(run, step, records, room=config.training.probe_megabytes * 2**20, best=best)
    return AttentionCaptured(step=step, path=f"probes/{path.name}", probes=[_summary(record) for record in records])


def _read(task: Task, text: str, max_length: int) -> AttentionRecord | None:
    try:
        return read_attention_in_training(task.model, task.tokenizer, text, max_length)
    except InputError:
        return None  # a blank probe has nothing to show


def _summary(record: AttentionRecord) -> dict[str, object]:
    weights = record.received()
    shown = [index for index, special in enumerate(record.special) if not special]
    return {
        "text": record.text[:500],
        "tokens": [record.tokens[index] for index in shown][:128],
        "weights": [round(float(weights[index]), 5) for index in shown][:128],
        "label": record.prediction.label,
        "probability": max(record.prediction.probabilities.values(), default=0.0),
    }
