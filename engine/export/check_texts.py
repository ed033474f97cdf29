"""check_texts: the texts on which an export is compared with the studio."""

from __future__ import annotations

import numpy as np
from datasets import Dataset

from engine.config.data import BuiltinTexts
from engine.data.builtin.samples import builtin_texts
from engine.errors import AttuneError
from engine.inspection.prediction.split_answers import own_rows
from engine.records import BUILT_IN
from engine.runs.model_folder import Subject
from engine.runs.run import Run

NUM_CHECKED = 100


def check_texts(subject: Subject) -> tuple[Dataset, str]:
    """(rows with "row" and "text", "test", "validation" or `BUILT_IN`): at most `NUM_CHECKED`, from the shortest to the
    longest, so that batches are padded and long texts cut. Built-in texts stand in where the data is not there."""
    if isinstance(subject, Run):
        try:
            table, split = own_rows(subject, None)
        except AttuneError:
            pass  # the files were moved or deleted since: a model can leave without them
        else:
            return evenly(table.select_columns(["row", "text"]), NUM_CHECKED), split
    return _builtin(), BUILT_IN


def evenly(table: Dataset, num: int) -> Dataset:
    """`num` rows of all lengths, the shortest and the longest too; a text that is blank is asked nobody."""
    texts = list(table["text"])
    readable = np.array([place for place, text in enumerate(texts) if text.strip()], dtype=np.int64)
    by_length = readable[np.argsort([len(texts[place]) for place in readable], kind="stable")]
    places = np.unique(np.linspace(0, len(by_length) - 1, min(num, len(by_length))).round().astype(int))
    return table.select(by_length[places])


def _builtin() -> Dataset:
    """English and Chinese, one to eight messages long."""
    texts = list(builtin_texts(BuiltinTexts(topic="messages", language="both", num_rows=NUM_CHECKED), seed=0)["text"])
    joined = [" ".join(texts[place : place + 1 + place % 8]) for place in range(len(texts))]
    return Dataset.from_dict({"row": list(range(1, len(joined) + 1)), "text": joined})
