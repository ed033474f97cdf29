"""snippet: a few lines of Python that ask an exported model."""

from __future__ import annotations

from engine.export.huggingface import must_be_divided
from engine.export.model_loading import ModelToExport
from engine.records import Format


def snippet(leaving: ModelToExport, format: Format, place: str) -> str:
    """`place` is the folder, as the reader of the snippet has it."""
    return _of_script(place) if format == "onnx" else _of_pipeline(leaving, place)


def _of_script(place: str) -> str:
    return f"""import sys
sys.path.insert(0, {literal(place)})
from predict import Model

print(Model().answers(["A text to try."]))
"""


def _of_pipeline(leaving: ModelToExport, place: str) -> str:
    lines = ["import engine.models  # Attune's own classes: pip install attune-studio"] if leaving.is_ours else []
    lines += [
        "from transformers import pipeline",
        "",
        f'classify = pipeline("text-classification", {literal(place)}, truncation=True)',
    ]
    if not leaving.target.is_categorical:
        lines.append('print(classify("A text to try.")[0]["score"])  # the number')
        return "\n".join(lines) + "\n"
    lines.append('scores = {one["label"]: one["score"] for one in classify("A text to try.", top_k=None)}')
    if must_be_divided(leaving):
        lines.append("scores = {label: score / sum(scores.values()) for label, score in scores.items()}")
    if leaving.decision.thresholds:
        lines.append('thresholds = classify.model.config.decision["thresholds"]  # below: leave it to a person')
    lines.append("print(scores)")
    return "\n".join(lines) + "\n"


def literal(place: str) -> str:
    """A path as Python reads it, whatever signs its folders' names have."""
    is_plain = not any(sign in '"\n\r' or not sign.isprintable() for sign in place) and not place.endswith("\\")
    return f'r"{place}"' if is_plain else repr(place)
