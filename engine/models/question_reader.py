"""QuestionReader: a model that points at answers, asked with its tokenizer: windows in, odds of every span out."""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.data.tokens.question_windows import TOKEN_TYPES, Window, windows_of
from engine.models.answer_spans import SpanOdds
from engine.models.reader import BidafModel
from engine.records import Silence

_BATCH_TOKENS = 8192
SILENCE = "silence"
"""Under this name a model's config holds from when on it stays silent."""


@dataclass(frozen=True)
class WindowMaps:
    """Where a model looks while it reads one window: by name float32 [tokens, tokens], or [1, tokens] where the whole
    question looks."""

    window: Window
    maps: dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class QuestionReader:
    """`limit` tokens are read at once, pieces of a passage share `stride`, an answer has at most `longest`."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerFast
    limit: int
    stride: int
    longest: int
    device: torch.device

    @property
    def silence(self) -> Silence | None:
        """From when on it stays silent; None where it always answers."""
        found = getattr(self.model.config, SILENCE, None)
        return Silence.from_json(found) if found else None

    @property
    def stand_in(self) -> int:
        """The token that a masked word becomes: of a model that learned to guess masked words their mark, else that of
        an unknown word, which it has met."""
        own = isinstance(self.model, BidafModel)
        masks = (
            None if own else self.tokenizer.mask_token_id,
            self.tokenizer.unk_token_id,
            self.tokenizer.pad_token_id,
        )
        return int(next(one for one in masks if one is not None))

    def windows(self, questions: Sequence[str], contexts: Sequence[str]) -> list[list[Window]]:
        """Of every row."""
        return windows_of(self.tokenizer, questions, contexts, self.limit, self.stride)

    def odds(self, rows: Sequence[Sequence[Window]]) -> Generator[None, None, list[SpanOdds]]:
        """Of every row's windows, longest windows first. Breathes between batches."""
        flat = [(row, place) for row, windows in enumerate(rows) for place in range(len(windows))]
        flat.sort(key=lambda at: -len(rows[at[0]][at[1]].ids))
        logits: dict[tuple[int, int], tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
        start = 0
        while start < len(flat):
            length = len(rows[flat[start][0]][flat[start][1]].ids)
            chunk = flat[start : start + max(1, _BATCH_TOKENS // length)]
            begins, ends = self.logits([rows[row][place] for row, place in chunk])
            for at, begin, end in zip(chunk, begins, ends, strict=True):
                logits[at] = (begin, end)
            start += len(chunk)
            yield
        found = []
        for row, windows in enumerate(rows):
            pairs = [logits[row, place] for place in range(len(windows))]
            found.append(SpanOdds(windows, [one[0] for one in pairs], [one[1] for one in pairs], self.longest))
        return found

    def logits(self, windows: Sequence[Window]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Of one batch: begins and ends, both [windows, longest]."""
        with torch.inference_mode():
            output = self.model(**self.inputs(windows))
        return output.start_logits.double().cpu().numpy(), output.end_logits.double().cpu().numpy()

    def maps(self, window: Window) -> WindowMaps:
        """Where the model looks in one window; its own attention of question and passage, else the mean over the heads
        of each layer. Empty for a model without attention."""
        with torch.inference_mode(), _eager(self.model):
            output = self.model(**self.inputs([window]), output_attentions=True)
        found: dict[str, NDArray[np.float32]] = {}
        names = getattr(self.model, "attention_names", ())
        for place, one in enumerate(output.attentions or ()):
            name = names[place] if names else str(place + 1)
            found[name] = one[0].float().mean(dim=0).cpu().numpy()
        return WindowMaps(window, found)

    def masked(self, window: Window, places: Collection[int]) -> Window:
        """The same window with other tokens at these places."""
        ids = tuple(self.stand_in if place in places else one for place, one in enumerate(window.ids))
        return Window(ids, window.types, window.sides, window.offsets)

    def inputs(self, windows: Sequence[Window]) -> dict[str, Tensor]:
        """What the model is given of one batch, each [windows, longest], by name."""
        longest = max(len(one.ids) for one in windows)
        ids = torch.full((len(windows), longest), int(self.tokenizer.pad_token_id), dtype=torch.long)
        mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
        for row, one in enumerate(windows):
            ids[row, : len(one.ids)] = torch.tensor(one.ids)
            mask[row, : len(one.ids)] = 1
            types[row, : len(one.ids)] = torch.tensor(one.types)
        return on_device(
            model_inputs(self.model, {"input_ids": ids, "attention_mask": mask, TOKEN_TYPES: types}), self.device
        )


def model_inputs(model: PreTrainedModel, fields: dict[str, Any]) -> dict[str, Any]:
    """Without token types, where the model knows none: RoBERTa has a single one, DistilBERT takes none."""
    if isinstance(model, BidafModel) or (getattr(model.config, "type_vocab_size", 0) or 0) > 1:
        return fields
    return {name: value for name, value in fields.items() if name != TOKEN_TYPES}


def on_device(fields: dict[str, Tensor], device: torch.device) -> dict[str, Tensor]:
    """The same tensors, whatever their shapes [B, …], on a device."""
    return {name: value.to(device, non_blocking=True) for name, value in fields.items()}


class _eager:  # noqa: N801 - a context, as contextlib writes them
    """A model of transformers gives its attention only when it computes it step by step."""

    def __init__(self, model: PreTrainedModel) -> None:
        self._model = model
        self._before = "" if isinstance(model, BidafModel) else model.config._attn_implementation

    def __enter__(self) -> None:
        if self._before and self._before != "eager":
            self._model.set_attn_implementation("eager")

    def __exit__(self, *_error: object) -> None:
        if self._before and self._before != "eager":
            self._model.set_attn_implementation(self._before)
