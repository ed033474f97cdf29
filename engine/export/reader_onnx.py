"""write_reader: a model that answers questions as an ONNX file, with the tokenizer and the script that asks it.

The graph reads a batch of windows once and says where answers begin and end; windows, odds of spans and silence stand
in `answering.py`, the same file as in a folder of transformers.

Shapes: B windows, L tokens.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer as Backend
from torch import Tensor, nn

from engine.export.in_words import LeavingInWords, write_script
from engine.export.onnx import TEXTS, TOKENIZER, write_graph
from engine.models.question_reader import QuestionReader
from engine.tasks.task import FindsAnswers

_EXAMPLES = (
    ("Who came?", "Nobody came."),
    ("How often must the filter be cleaned?", "Clean the filter once a week. Oil the hinge, if there is one, daily."),
    ("When?", "In the evening, when it was late and all the others were gone."),
)
"""Of different lengths, so that nothing takes the batch for one row or the rows for equally long."""


class Pointing(nn.Module):
    """(start logits, end logits), both [B, L], of inputs in the order of their `names`."""

    def __init__(self, model: nn.Module, names: tuple[str, ...]) -> None:
        super().__init__()
        self.model, self.names = model, names

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        output: Any = self.model(**dict(zip(self.names, inputs, strict=True)))
        return output.start_logits, output.end_logits


def write_reader(leaving: LeavingInWords, file: Path) -> None:
    """Inputs "input_ids", "attention_mask" and, where the model knows sides, "token_type_ids", int64 [B, L]; outputs
    "start_logits" and "end_logits", float32 [B, L]. Raises InputError where an operation has no counterpart in ONNX."""
    reader = _reader(leaving)
    questions, contexts = zip(*_EXAMPLES, strict=True)
    inputs = reader.inputs([windows[0] for windows in reader.windows(questions, contexts)])
    outputs = dict.fromkeys(("start_logits", "end_logits"), TEXTS)
    write_graph(Pointing(leaving.model, tuple(inputs)), inputs, outputs, file)


def write_beside_reader(leaving: LeavingInWords, folder: Path) -> None:
    """The tokenizer as the library of that name reads it, and the script with what it must know."""
    backend = Backend.from_str(leaving.tokenizer.backend_tokenizer.to_str())
    backend.no_padding()
    backend.no_truncation()
    backend.save(str(folder / TOKENIZER))
    write_script(leaving, folder)


def _reader(leaving: LeavingInWords) -> QuestionReader:
    assert isinstance(leaving.task, FindsAnswers)
    return leaving.task.reader
