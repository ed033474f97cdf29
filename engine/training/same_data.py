"""Whether a resumed run sees the data with which it began."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.messages import Message, message
from engine.runs.history import open_history
from engine.runs.run import Run
from engine.tasks.fingerprint import differences, other_names
from engine.tasks.material import Material

_MOST_TOLD = 4


def refuse_other_data(run: Run, checkpoint: Path, trainer: dict[str, Any], material: Material) -> Message | None:
    """Raises InputError that says what is other. What a checkpoint of an older version cannot tell is returned in
    words; None where all was compared."""
    if "data" in trainer:
        found = differences(trainer["data"], material.fingerprint())
    else:
        found = _of_older(run, checkpoint, trainer, material)
    if found:
        raise InputError(
            message("The training data are not the same as when the run began: {found}.", found=_joined(found)),
            _place(run),
            message("Put the old data back to resume, or start a new run on the new data."),
        )
    if "data" in trainer:
        return None
    return message(
        "This run was begun by an older version, which kept no sum of the labels: whether each text has the label that "
        "it had then could not be checked."
    )


def _of_older(run: Run, checkpoint: Path, trainer: dict[str, Any], material: Material) -> list[Message]:
    """By its training tokens, by the labels that the model knows, and by what the journal says of the rows."""
    known = _names_of_model(checkpoint)
    found = [] if known is None or not material.labels else other_names(known, material.labels)
    if trainer.get("fingerprint") != material.token_sum:
        found.append(message("some training texts are others"))
    started = open_history(run.journal)[0].started
    rows = {} if started is None else started.rows
    counts = {name: len(encoded) for name, encoded in material.encoded.items()}
    if rows and rows != counts and not found:
        told = {"now": sum(counts.values()), "before": sum(rows.values())}
        found.append(message("there are {now} rows, there were {before}", **told))
    return found


def _names_of_model(checkpoint: Path) -> Sequence[str] | None:
    """None where the model's config names none of its own."""
    try:
        tree = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
        named = {int(number): str(name) for number, name in tree["id2label"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    names = [named[number] for number in sorted(named)]
    return None if all(name == f"LABEL_{number}" for number, name in enumerate(names)) else names


def _place(run: Run) -> str:
    source = run.config.data.train
    return source if isinstance(source, str) else ", ".join(source)


def _joined(found: Sequence[Message]) -> Message:
    told = found[0]
    for one in found[1:_MOST_TOLD]:
        told = message("{before}; {after}", before=told, after=one)
    return told
