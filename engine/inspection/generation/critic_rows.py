"""critic_rows: texts with the label that a critic should give them: invented ones of the best step, and real ones."""

from __future__ import annotations

from datasets import Dataset

from engine.errors import InputError
from engine.messages import message
from engine.runs.run import Run
from engine.runs.samples import read_samples
from engine.tasks.text_gan.pair import INVENTED, REAL


def critic_rows(run: Run) -> Dataset:
    """As many of each as there are, at most 100, with the columns row, text and label. Raises InputError."""
    named = run.checkpoints
    best = named.get("best") or named.get("last")
    if not best:
        raise InputError(
            message("The run has no checkpoint yet."), str(run.path), message("Train it until its first evaluation.")
        )
    samples = read_samples(run, int(best.removeprefix("step-")))
    count = min(len(samples.invented), len(samples.real))
    invented = [one.text for one in samples.invented[:count]]
    texts = [*invented, *(one.text for one in samples.real[:count])]
    return Dataset.from_dict(
        {"row": list(range(1, len(texts) + 1)), "text": texts, "label": [INVENTED] * count + [REAL] * count}
    )
