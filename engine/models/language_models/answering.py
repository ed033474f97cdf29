"""Answering: a causal language model in a dialogue: how surprising an answer is, and what it answers itself.

Shapes: B examples, L tokens, N tokens of answers, V tokens of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.data.tokens.batches import Batch
from engine.data.tokens.chat_template import Fitted, end_token_id, fitted
from engine.data.tokens.dialogue_encoding import IGNORED
from engine.models.language_models import NeuralLanguageModel, unwritten_token_ids
from engine.models.language_models.streaming import write_tokens
from engine.models.train_eval_mode import evaluating
from engine.records import Turn, WritingSettings, WrittenToken

_BATCH = 16
"""Answers that are written side by side."""


def answer_losses(model: PreTrainedModel, batch: Batch) -> tuple[Tensor, Tensor]:
    """(-log p of each token of an answer in nats [N], which example of the batch it belongs to [N])."""
    labels = batch.labels[:, 1:]
    where = labels != IGNORED
    if isinstance(model, NeuralLanguageModel):  # logits where an answer is told, and nowhere else
        states, _ = model.states(batch.input_ids, batch.attention_mask)
        logits = model.lm_head(states[:, :-1][where])
    else:
        logits = model(input_ids=batch.input_ids, attention_mask=batch.attention_mask).logits[:, :-1][where]
    losses = functional.cross_entropy(logits.float(), labels[where], reduction="none")
    return losses, where.nonzero()[:, 0]


@dataclass(frozen=True)
class Answering:
    """A model with its tokenizer. It reads at most `max_length` tokens, its answer of at most `max_new_tokens`
    included."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerFast
    max_length: int
    max_new_tokens: int

    @property
    def suppressed(self) -> tuple[int, ...]:
        """Tokens that are never written: the names of the roles, what fills up."""
        return tuple(one for one in unwritten_token_ids(self.tokenizer) if one < self.num_tokens)

    @property
    def num_tokens(self) -> int:
        return int(self.model.config.vocab_size)

    def read(self, turns: Sequence[Turn], max_new_tokens: int | None = None) -> Fitted:
        """What is read of the turns, so that an answer fits behind them; the last one is a question."""
        room = min(self.max_new_tokens if max_new_tokens is None else max_new_tokens, self.max_length // 2)
        return fitted(self.tokenizer, turns, self.max_length - room, with_prompt=True)

    def write(self, found: Fitted, settings: WritingSettings, begun: Sequence[int] = ()) -> Iterator[WrittenToken]:
        """Token by token; close it to stop. `begun` are the ids that the answer begins with already."""
        ids = [*found.rendered.ids.tolist(), *begun]
        most = min(settings.max_tokens, self.max_length - len(ids))
        if most <= 0:
            return
        yield from write_tokens(
            self.model,
            self.tokenizer,
            ids,
            WritingSettings(**{**vars(settings), "max_tokens": most, "stops_at_end": True}),
            ends={end_token_id(self.tokenizer)},
            suppressed=self.suppressed,
        )

    def likeliest(self, dialogues: Sequence[Sequence[Turn]]) -> Generator[int, None, list[str]]:
        """The answer to each, always the likeliest token next; the dialogues end with a question. Breathes between
        batches, yielding how many are answered."""
        found = [""] * len(dialogues)
        prompts = [self.read(turns).rendered.ids.tolist() for turns in dialogues]
        order = sorted(range(len(prompts)), key=lambda place: len(prompts[place]))
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            for place, text in zip(places, self._answered([prompts[one] for one in places]), strict=True):
                found[place] = text
            yield start + len(places)
        return found

    def _answered(self, prompts: Sequence[list[int]]) -> list[str]:
        longest = max(map(len, prompts))
        device = next(self.model.parameters()).device
        ids = torch.full((len(prompts), longest), int(self.tokenizer.pad_token_id), device=device)
        mask = torch.zeros_like(ids)
        for row, prompt in enumerate(prompts):  # on the right, where the answer goes on
            ids[row, longest - len(prompt) :] = torch.tensor(prompt, device=device)
            mask[row, longest - len(prompt) :] = 1
        with torch.inference_mode(), evaluating(self.model):
            generate: Any = self.model.generate
            written = generate(
                input_ids=ids,
                attention_mask=mask,
                max_new_tokens=max(1, min(self.max_new_tokens, self.max_length - longest)),
                do_sample=False,
                num_beams=1,
                eos_token_id=end_token_id(self.tokenizer),
                pad_token_id=int(self.tokenizer.pad_token_id),
                suppress_tokens=list(self.suppressed) or None,
            )
        return [self.text(row) for row in written[:, longest:].tolist()]

    def text(self, ids: Sequence[int]) -> str:
        """As a person reads it."""
        end = end_token_id(self.tokenizer)
        kept = list(ids[: ids.index(end)] if end in ids else ids)
        return str(self.tokenizer.decode(kept, skip_special_tokens=True)).strip()
