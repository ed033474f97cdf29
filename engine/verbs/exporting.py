"""What leaves the house: answers to a file, the model itself."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from engine.config.data import Source
from engine.export.export import export as export_model
from engine.inspection.prediction import batch_answers
from engine.records import (
    BatchPredicted,
    Exported,
    Format,
    Progress,
)
from engine.runs.model_folder import Subject


def predict_file(
    subject: Subject, data: Source, out: Path, checkpoint: str = "best", *, for_spreadsheets: bool = False
) -> Generator[Progress, None, BatchPredicted]:
    """The answers to every text of a file as a CSV; whole when this ends, none when it is closed before."""
    answering = batch_answers.predict_file(subject, data, out, checkpoint, for_spreadsheets=for_spreadsheets)
    return (yield from answering)


def export(
    subject: Subject, format: Format, out: Path, checkpoint: str = "best"
) -> Generator[Progress, None, Exported]:
    """A folder that works without the studio ("hf": transformers opens it; "onnx": onnxruntime does), compared with the
    studio's own answers before it is called done. `Progress.partial` says in words what is being done."""
    return (yield from export_model(subject, format, out, checkpoint))
