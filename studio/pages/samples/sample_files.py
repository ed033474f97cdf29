"""Sample files: invented texts as lines, as a table with the critic's score, or with all that is known of each."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

from engine.records import Sample
from engine.runs.spreadsheets import Sheet, digits
from studio.plots.export.files import save

SUFFIXES = (".txt", ".csv", ".jsonl")


def write_texts(path: Path, samples: Sequence[Sample]) -> None:
    """Write by the path's suffix, whole or not at all. Raises InputError for another one, or when the disk refuses."""
    save(path, {".txt": lambda: _lines(samples), ".csv": lambda: _table(samples), ".jsonl": lambda: _records(samples)})


def _lines(samples: Sequence[Sample]) -> bytes:
    """One text a line, as the training texts were."""
    return "".join(" ".join(one.text.split()) + "\n" for one in samples).encode()


def _table(samples: Sequence[Sample]) -> bytes:
    """UTF-8 as spreadsheets open it."""
    table = io.StringIO()
    sheet = Sheet(table)
    sheet.write(["text", "probability_real", "nearest_training_text", "overlap"])
    for one in samples:
        probability = "" if one.probability is None else digits(one.probability, ".6g")
        sheet.write([one.text, probability, one.nearest, digits(one.overlap, ".6g")])
    return table.getvalue().encode("utf-8-sig")


def _records(samples: Sequence[Sample]) -> bytes:
    return "".join(json.dumps(one.to_json(), ensure_ascii=False) + "\n" for one in samples).encode()
