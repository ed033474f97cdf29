"""The n-gram language model as a model of transformers: counts in, probabilities kept, looked up when it reads.

p_k(w | c) = kept(c w) + passed_on(c) p_(k-1)(w | c without its first token), down to p_1, which is kept for every token
of the vocabulary; c is never longer than what its text has before w, the end of the text before it included.
A (k)-gram is known by the number of the (k-1)-gram that it begins with and its last token, so each order is one sorted
table of such keys.

Shapes: B rows, L tokens, V tokens of the vocabulary, P places (B * L), G n-grams of an order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from engine.config.language_models import NGram
from engine.models.language_models.kneser_ney import KneserNey
from engine.models.language_models.language_model import LanguageModel, LanguageModelConfig, reordered

_UNKNOWN = -1
_LEAST = 1e-30
"""The probability of what is never written: its logarithm stays a number."""


class NGramLMConfig(LanguageModelConfig):
    """Config of `NGramLM`; `num_ngrams` are those of order 2 and up."""

    model_type = "attune-n-gram"
    num_ngrams: list[int] | None = None

    @property
    def choice(self) -> NGram:
        return NGram.model_validate(self.spec or {})


class Past:
    """The last tokens that an n-gram model has read, [B, order - 1 at most], and how far each may look back, [B]."""

    is_compileable = False

    def __init__(self, ids: Tensor, reach: Tensor, length: int) -> None:
        self.ids, self.reach, self._length = ids, reach, length

    def get_seq_length(self, _layer: int = 0) -> int:
        """Tokens that were read."""
        return self._length

    def reorder_cache(self, beam_idx: Tensor) -> None:
        """The rows as a beam search wants them."""
        self.ids, self.reach = reordered(self.ids, beam_idx, 0), reordered(self.reach, beam_idx, 0)


class NGramLM(LanguageModel):
    """`engine.config.language_models.NGram`. Its logits are natural logarithms of probabilities. Nothing in it learns
    by gradient: `fit` takes over what was counted."""

    config_class = NGramLMConfig
    config: NGramLMConfig
    _is_stateful = True

    def __init__(self, config: NGramLMConfig) -> None:
        super().__init__(config)
        self.first = _kept(torch.full((config.vocab_size,), 1 / max(1, config.vocab_size)))
        self.keys, self.kept, self.passed_on = nn.ParameterList(), nn.ParameterList(), nn.ParameterList()
        sizes = config.num_ngrams or [0] * (config.choice.order - 1)
        for num_contexts, num in zip([config.vocab_size, *sizes], sizes, strict=False):
            self.keys.append(_kept(torch.zeros(num, dtype=torch.int64)))
            self.kept.append(_kept(torch.zeros(num)))
            self.passed_on.append(_kept(torch.ones(num_contexts)))
        self.post_init()

    @classmethod
    def _supports_default_dynamic_cache(cls) -> bool:
        return False

    @property
    def order(self) -> int:
        return self.config.choice.order

    def fit(self, counted: KneserNey) -> None:
        """Take over what was counted."""
        device = self.first.device
        self.first = _kept(torch.from_numpy(counted.first).float().to(device))
        self.keys, self.kept, self.passed_on = nn.ParameterList(), nn.ParameterList(), nn.ParameterList()
        for order in counted.orders:
            self.keys.append(_kept(torch.from_numpy(order.keys).to(device)))
            self.kept.append(_kept(torch.from_numpy(order.kept).float().to(device)))
            self.passed_on.append(_kept(torch.from_numpy(order.passed_on).float().to(device)))
        self.config.num_ngrams = [len(order.keys) for order in counted.orders]

    def told(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None,
        cache: Any,
        use_cache: bool,
        with_weights: bool,
        last: int,
    ) -> tuple[Tensor, Any, tuple[Tensor, ...]]:
        del with_weights
        ids, reach, num_new = self._with_past(input_ids, attention_mask, cache)
        wanted = min(last or num_new, num_new)
        rows = self.order - 1 + wanted  # no place needs to know of more before it
        logits = self.distributions(ids[:, -rows:], reach[:, -rows:])[:, -wanted:].clamp_min(_LEAST).log()
        kept = None
        if use_cache:
            length = num_new + (cache.get_seq_length() if cache is not None else 0)
            few = max(1, self.order - 1)
            kept = Past(ids[:, -few:], reach[:, -1], length)
        return logits, kept, ()

    def distributions(self, ids: Tensor, reach: Tensor) -> Tensor:
        """[B, L, V]: how likely each token is after each place; `reach` [B, L] as `reach_of` has it."""
        found = self.first.repeat(ids.numel(), 1)
        contexts = self._numbers(ids)
        for order, (keys, kept, passed_on) in enumerate(zip(self.keys, self.kept, self.passed_on, strict=True), 2):
            context = contexts[order - 2].flatten()
            places = ((context != _UNKNOWN) & (reach.flatten() >= order - 1)).nonzero().squeeze(1)
            context = context[places]
            found[places] *= passed_on[context].unsqueeze(1)
            edges = torch.stack([context, context + 1]) * self.config.vocab_size
            begin, end = torch.searchsorted(keys, edges)
            row = torch.repeat_interleave(places, end - begin)
            at = torch.arange(len(row), device=row.device) + torch.repeat_interleave(
                begin - (end - begin).cumsum(0) + (end - begin), end - begin
            )
            found[row, keys[at] % self.config.vocab_size] += kept[at]
        return found.view(*ids.shape, -1)

    def probabilities(self, ids: Tensor, reach: Tensor) -> Tensor:
        """[B, L]: how likely each token is after those before it, at most `reach` of them; of the first, after none."""
        found = self.first[ids]
        before = torch.cat([torch.zeros_like(reach[:, :1]), reach[:, :-1]], dim=1)
        numbers = self._numbers(ids)
        for order, (kept, passed_on) in enumerate(zip(self.kept, self.passed_on, strict=True), 2):
            contexts = torch.roll(numbers[order - 2], 1, dims=1)
            is_known = (before >= order - 1) & (contexts != _UNKNOWN)
            weight = torch.where(is_known, _looked_up(passed_on, contexts, 1.0), torch.ones_like(found))
            own = torch.where(is_known, _looked_up(kept, numbers[order - 1], 0.0), torch.zeros_like(found))
            found = own + weight * found
        return found

    def reach_of(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """[B, L]: how many tokens, this one included, a look back from the next place may see: those since the last
        end, which counts as the beginning of what follows; 0 for what only fills up."""
        is_real = torch.ones_like(ids, dtype=torch.bool) if mask is None else mask.bool()
        places = torch.arange(1, ids.shape[1] + 1, device=ids.device).expand_as(ids)
        is_end = torch.eq(ids, int(self.config.eos_token_id or 0))
        begins = torch.where(is_end, places - 1, torch.zeros_like(places))
        begins = torch.where(is_real, begins, places)
        return places - begins.cummax(dim=1).values

    def _numbers(self, ids: Tensor) -> list[Tensor]:
        """[B, L] of each order: the number of the n-gram that ends at each place, UNKNOWN where it was never seen.
        Rows are not told apart by it: what reaches over a beginning must not be asked for."""
        numbers = [ids]
        for keys in self.keys:
            before = torch.roll(numbers[-1], 1, dims=1)
            before[:, 0] = _UNKNOWN
            wanted = before * self.config.vocab_size + ids
            if not len(keys):
                numbers.append(torch.full_like(ids, _UNKNOWN))
                continue
            places = torch.searchsorted(keys, wanted).clamp_max(len(keys) - 1)
            numbers.append(torch.where((before != _UNKNOWN) & (keys[places] == wanted), places, _UNKNOWN))
        return numbers

    def _with_past(self, ids: Tensor, mask: Tensor | None, past: Past | None) -> tuple[Tensor, Tensor, int]:
        """(ids, reach, how many of them are new), both [B, L with what is kept of the past]."""
        num_new = ids.shape[1]
        real = None if mask is None else mask[:, -num_new:]
        reach = self.reach_of(ids, real)
        if past is None:
            return ids, reach, num_new
        untouched = reach == torch.arange(1, num_new + 1, device=ids.device)
        goes_on = untouched & (ids[:, :1] != self.config.eos_token_id)
        if real is not None:
            goes_on = goes_on & real[:, :1].bool()
        reach = torch.where(goes_on, reach + past.reach[:, None], reach)
        older = torch.zeros_like(past.ids)
        older[:, -1] = past.reach
        return torch.cat([past.ids, ids], dim=1), torch.cat([older, reach], dim=1), num_new

    def _init_weights(self, module: nn.Module) -> None:
        """What was counted is nothing to be drawn by chance."""


def _kept(table: Tensor) -> nn.Parameter:
    return nn.Parameter(table, requires_grad=False)


def _looked_up(values: Tensor, places: Tensor, otherwise: float) -> Tensor:
    """`values` [G] at `places`, `otherwise` where a place is UNKNOWN."""
    if not len(values):
        return torch.full(places.shape, otherwise, device=places.device)
    return values[places.clamp_min(0)].masked_fill(places == _UNKNOWN, otherwise)


def stream_of(texts: Sequence[Sequence[int]], end: int) -> list[int]:
    """Texts one after the other, an end before the first and behind each."""
    return [end, *(token for text in texts for token in (*text, end))]
