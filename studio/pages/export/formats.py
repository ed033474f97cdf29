"""What each format is for, what it needs, and what lies in its folder: in words."""

from __future__ import annotations

from engine.records import Format
from studio.translation import tr

FORMATS: tuple[Format, ...] = ("hf", "onnx")
ICONS: dict[Format, str] = {"hf": "ph.brackets-curly", "onnx": "ph.cube"}


def title_of(format: Format) -> str:
    return tr("Hugging Face folder") if format == "hf" else tr("ONNX file")


def purpose_of(format: Format) -> str:
    """One sentence."""
    if format == "hf":
        return tr("For Python programs and the Hugging Face hub: transformers opens it, and it can be trained further.")
    return tr("For everything else: runs without PyTorch and without Attune, quick to start, in many languages.")


def needs_of(format: Format, *, is_ours: bool) -> str:
    """What whoever opens it must have installed."""
    if format == "onnx":
        return tr("Needs: onnxruntime, tokenizers, numpy")
    if is_ours:
        return tr("Needs: transformers and Attune itself, for this kind of model")
    return tr("Needs: transformers, nothing of Attune")


def files_of(format: Format) -> dict[str, str]:
    """{file: what it is}."""
    card = {"README.md": tr("the model card: data, figures, limits")}
    if format == "hf":
        return {
            "model.safetensors": tr("the weights"),
            "config.json": tr("layers, labels and thresholds"),
            "tokenizer.json": tr("how texts are cut into tokens"),
            "tokenizer_config.json": tr("the longest text, special tokens"),
            **card,
        }
    return {
        "model.onnx": tr("weights and all that is computed, probabilities too"),
        "labels.json": tr("labels, thresholds, the longest text"),
        "tokenizer.json": tr("how texts are cut into tokens"),
        "predict.py": tr("answers a text or a CSV file"),
        **card,
    }
