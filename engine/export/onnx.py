"""write_onnx: a classifier as an ONNX file, and what an answer needs beside it.

The exporter that traces is used: it takes every classifier of ours with batch and length left open, in a second or
less; the newer one fixes the length of a recurrent layer, or takes ten seconds. Nothing is packed: our recurrent layers
read a row backwards within its own length, which is the same for padded and for single rows.

Shapes: B rows, L tokens.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import torch
from tokenizers import Tokenizer as Backend
from torch import Tensor, nn
from torch.nn import functional

from engine.config.data import BuiltinTexts
from engine.data.builtin.samples import builtin_texts
from engine.errors import InputError
from engine.export.model_loading import ModelToExport
from engine.messages import message
from engine.models.quiet_libraries import quiet
from engine.resources import resource

MODEL, TOKENIZER, LABELS, SCRIPT = "model.onnx", "tokenizer.json", "labels.json", "predict.py"
TEMPLATE = resource("export", SCRIPT)
_OPSET = 17
"""Read by onnxruntime from 1.12 on."""
TEXTS: Mapping[int, str] = {0: "batch", 1: "length"}
"""The open axes of [B, L]."""


class Answering(nn.Module):
    """A classifier and what follows it: logits [B, labels] as the model says them, and the probabilities of the studio,
    temperature included. A number is said as it is."""

    def __init__(self, leaving: ModelToExport) -> None:
        super().__init__()
        self.model = leaving.model
        self.pad_token_id = leaving.pad_token_id
        self.target, self.loss = leaving.target, leaving.loss
        self.temperature = leaving.decision.temperature

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        ids = torch.where(attention_mask == 0, self.pad_token_id, input_ids)
        logits: Tensor = self.model(input_ids=ids, attention_mask=attention_mask).logits
        return (logits, self._probabilities(logits / self.temperature)) if self.target.is_categorical else (logits,)

    def _probabilities(self, logits: Tensor) -> Tensor:
        """As `engine.metrics.probabilities` has them."""
        if self.target.may_have_several:
            return logits.sigmoid()
        return (functional.logsigmoid(logits) if self.loss == "binary-cross-entropy" else logits).softmax(dim=-1)


def write_onnx(leaving: ModelToExport, file: Path) -> None:
    """Inputs "input_ids" and "attention_mask" int64 [B, L]; outputs "logits" and "probabilities" float32 [B, labels],
    of a number "number" [B, 1]. Raises InputError where an operation of the model has no counterpart in ONNX."""
    outputs = ["logits", "probabilities"] if leaving.target.is_categorical else ["number"]
    inputs = dict(zip(("input_ids", "attention_mask"), _example(leaving), strict=True))
    write_graph(Answering(leaving), inputs, {name: {0: "batch"} for name in outputs}, file)


def write_graph(
    model: nn.Module, inputs: Mapping[str, Tensor], outputs: Mapping[str, Mapping[int, str]], file: Path
) -> None:
    """`model` takes the example `inputs` [B, L] in their order, B and L left open, and gives a tensor for each of the
    `outputs`, whose open axes are named. Raises InputError where an operation has no counterpart in ONNX."""
    try:
        with quiet():
            torch.onnx.export(
                model.eval(),
                tuple(inputs.values()),
                str(file),
                input_names=list(inputs),
                output_names=list(outputs),
                dynamic_axes={**dict.fromkeys(inputs, TEXTS), **outputs},
                opset_version=_OPSET,
                dynamo=False,
            )
    except (torch.onnx.OnnxExporterError, RuntimeError) as error:
        raise InputError(
            message("This model cannot be written as ONNX: {reason}", reason=str(error).strip().splitlines()[-1][:200]),
            type(getattr(model, "model", model)).__name__,
            message("Export it as a Hugging Face folder instead."),
        ) from error


def write_beside(leaving: ModelToExport, folder: Path) -> None:
    """The tokenizer, which cuts texts at the model's length by itself; labels and decision; the script that asks."""
    backend = Backend.from_str(leaving.tokenizer.backend_tokenizer.to_str())
    backend.no_padding()
    backend.enable_truncation(leaving.max_length)
    backend.save(str(folder / TOKENIZER))
    about = {
        "kind": leaving.target.name,
        "labels": list(leaving.labels),
        "max_length": leaving.max_length,
        "pad_token_id": int(leaving.tokenizer.pad_token_id),
        "decision": leaving.decision.to_json(),
    }
    (folder / LABELS).write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    shutil.copyfile(TEMPLATE, folder / SCRIPT)


def refuse_without_packages() -> None:
    """Raises InputError where onnx or onnxruntime is not installed."""
    missing = [name for name in ("onnx", "onnxruntime") if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(
            message("To export a model as ONNX, {names} must be installed first.", names=missing),
            "ONNX",
            message('Run: pip install "attune-studio[onnx]"'),
        )


def _example(leaving: ModelToExport) -> tuple[Tensor, Tensor]:
    """Three texts of different lengths, so that nothing takes the batch for one row or the rows for equally long."""
    texts = list(builtin_texts(BuiltinTexts(topic="messages", num_rows=60), seed=0)["text"])[:3]
    ids: list[list[int]] = leaving.tokenizer([f"{texts[0]} {texts[1]}", *texts[1:]])["input_ids"]
    lengths = [min(len(ids[0]), leaving.max_length), 3, 2]
    mask = (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).long()
    padded = torch.full(mask.shape, leaving.pad_token_id)
    for row, (one, length) in enumerate(zip(ids, lengths, strict=True)):
        found = torch.tensor(one[:length])
        padded[row, : len(found)] = found
    return padded, mask
