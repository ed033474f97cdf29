"""Reader: a classifier that answers many texts together, breathing between batches."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.models.answering import answers_of, logits_of
from engine.models.layers import num_weights

_TEXTS_AT_ONCE = 128
_MULTIPLICATIONS = 2**33
_LEAST_TOKENS, _MOST_TOKENS = 256, 2048
"""A batch takes about a tenth of a second on two cores. By the model's size, not by the clock: other batches would give
other last bits."""

Answers = NDArray[np.float64]
Reading = Generator[None, None, Answers]


class Reader:
    """Reads with the model as it is: whoever attacks puts it into evaluation mode."""

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, max_length: int) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._max_length = min(max_length, tokenizer.model_max_length)
        padding = model.config.pad_token_id  # a decoder finds its last word by it
        self._tokens_a_batch = min(_MOST_TOKENS, max(_LEAST_TOKENS, _MULTIPLICATIONS // num_weights(model)))
        self._padding = int(tokenizer.pad_token_id if padding is None else padding)

    def answers(self, texts: Sequence[str]) -> Reading:
        """Probabilities [texts, labels]. Texts that the tokenizer does not tell apart are read once, and those of about
        one length together; a text without any token is one padding token."""
        if not texts:
            return np.empty((0, 0))
        wanted: list[tuple[int, ...]] = []
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            wanted += self._ids(texts[start : start + _TEXTS_AT_ONCE])
            yield
        found: dict[tuple[int, ...], Answers] = {}
        left = sorted(set(wanted), key=lambda one: (len(one), one))
        while left:
            count = max(1, self._tokens_a_batch // len(left[-1]))
            batch, left = left[-count:], left[:-count]
            found |= dict(zip(batch, self._read(batch), strict=True))
            yield
        return np.array([found[one] for one in wanted])

    def _ids(self, texts: Sequence[str]) -> list[tuple[int, ...]]:
        encoded = self._tokenizer(
            list(texts), truncation=True, max_length=self._max_length, return_attention_mask=False, verbose=False
        )
        return [tuple(ids) or (self._padding,) for ids in encoded["input_ids"]]

    def _read(self, batch: list[tuple[int, ...]]) -> Answers:
        longest = len(batch[-1])
        ids = torch.full((len(batch), longest), self._padding)
        mask = torch.zeros((len(batch), longest), dtype=torch.long)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            mask[row, : len(tokens)] = 1
        ids, mask = ids.to(self._model.device), mask.to(self._model.device)
        with torch.inference_mode():
            logits = logits_of(self._model(input_ids=ids, attention_mask=mask), mask)
            assert logits is not None, "a classifier answers"
            answers: Answers = answers_of(self._model, logits).double().cpu().numpy()
        return answers
