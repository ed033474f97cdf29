"""WordGuessing: a classifier's own encoder learns from text without labels, by guessing its words (Dai & Le 2015).

Shapes: B rows, L tokens (padded on the right), D state features, N guesses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedTokenizerFast

from engine.data.tokens.batches import Batch
from engine.models.classifier import TextClassifier
from engine.models.convolutional import ConvolutionalClassifier
from engine.models.initialization import initialize
from engine.models.recurrent import RecurrentClassifier, RecurrentLayers
from engine.models.tied_softmax import TiedSoftmax
from engine.models.train_eval_mode import evaluating

Way = Literal["next", "previous", "hidden"]
_HIDDEN_SHARE = 0.15


class Guesses(NamedTuple):
    """`read` [B, L] is what the encoder sees, `where` [B, L] marks the states from which is guessed, and `answers` [N]
    are the words that they should say."""

    read: Tensor
    where: Tensor
    answers: Tensor


class WordGuessing(nn.Module):
    """What is guessed fits the encoder, so that no state has seen the answer:

    - one that reads forward alone (recurrent, or a causal transformer) guesses the next word;
    - a recurrent one in two directions guesses the next word from its forward and the previous word from its backward
      states. Stacked layers mix the directions; while words are guessed, each direction of a higher layer gets zeros in
      the place of the other one, so that all layers learn and the directions stay apart;
    - all others see the whole text, so 15 % of its words are hidden as BERT hides them (Devlin 2019: 80 % behind
      `mask_token_id`, 10 % behind a random word, 10 % left as they are), anew each time.

    `special_token_ids` are never guessed. The classifier's pooling and head learn nothing here.
    """

    def __init__(
        self,
        model: TextClassifier,
        *,
        pad_token_id: int,
        special_token_ids: Sequence[int],
        mask_token_id: int,
        vocabulary_size: int,
    ) -> None:
        super().__init__()
        self.model = model
        self.ways = ways_of(model)
        self._special = tuple({pad_token_id, *special_token_ids})
        self._mask_token_id = mask_token_id
        self._vocabulary_size = vocabulary_size
        size = state_size(model) // len(self.ways)
        embedding_size = self._embedding.shape[1]
        self.softmaxes = nn.ModuleList(TiedSoftmax(size, embedding_size, vocabulary_size) for _ in self.ways)
        self.softmaxes.apply(initialize)

    def weight(self, batch: Batch) -> float:
        """How many words are guessed; depends on the texts alone, not on which of their words are hidden."""
        words = self._words(batch)
        return max(1.0, float(sum(_num_guesses(way, words, batch.attention_mask.bool()) for way in self.ways)))

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """(sum of -log p in nats over all guesses, how many they are), scalars on the device of the encoder."""
        batch = batch.to(self._embedding.device)
        guesses = [self._guesses(way, batch) for way in self.ways]
        states = self._states(guesses[0].read, batch.attention_mask)
        total = torch.zeros((), device=states.device)
        for part, (_, where, answers), softmax in zip(
            states.chunk(len(self.ways), dim=-1), guesses, self.softmaxes, strict=True
        ):
            total = total + softmax(part[where], answers, self._embedding).sum()
        return total, torch.tensor(self.weight(batch), device=states.device)

    def extra_state(self) -> dict[str, Tensor]:
        """The tensors that are not the classifier's."""
        return {name: tensor.detach() for name, tensor in self.softmaxes.state_dict().items()}

    def load_extra(self, tensors: Mapping[str, Tensor]) -> None:
        """Take over `extra_state`."""
        self.softmaxes.load_state_dict(dict(tensors))

    @property
    def _embedding(self) -> Tensor:
        weight: Tensor = self.model.embedding.weight
        return weight

    def _words(self, batch: Batch) -> Tensor:
        """[B, L]: the tokens that could be guessed."""
        words = batch.attention_mask.bool()
        for special in self._special:
            words = words & (batch.input_ids != special)
        return words

    def _guesses(self, way: Way, batch: Batch) -> Guesses:
        ids, words = batch.input_ids, self._words(batch)
        if way == "hidden":
            return self._hidden(ids, words)
        guessed = _guessed(way, words, batch.attention_mask.bool())
        return Guesses(ids, guessed.roll(-1 if way == "next" else 1, dims=1), ids[guessed])

    def _hidden(self, ids: Tensor, words: Tensor) -> Guesses:
        """Drawn on the CPU, from torch's random state: a resumed training hides the words that it would have hidden."""
        chosen = _chosen(words)
        fate = torch.rand(ids.shape).to(ids.device)
        read = torch.where(chosen & (fate < 0.8), self._mask_token_id, ids)
        other = torch.randint(self._vocabulary_size, ids.shape).to(ids.device)
        read = torch.where(chosen & (fate >= 0.9), other, read)
        return Guesses(read, chosen, ids[chosen])

    def _states(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """[B, L, D]: what the classifier's pooling is given."""
        with ExitStack() as stack:
            if isinstance(self.model, RecurrentClassifier):
                stack.enter_context(_directions_apart(self.model.layers))
            return token_states(self.model, input_ids, attention_mask)


def word_guessing(model: TextClassifier, tokenizer: PreTrainedTokenizerFast) -> WordGuessing:
    """With what the tokenizer has: an unknown word hides those that are to be guessed where it knows no mask."""
    hiding = tokenizer.unk_token_id if tokenizer.mask_token_id is None else tokenizer.mask_token_id
    return WordGuessing(
        model,
        pad_token_id=tokenizer.pad_token_id,
        special_token_ids=tokenizer.all_special_ids,
        mask_token_id=hiding,
        vocabulary_size=len(tokenizer),
    )


def ways_of(model: TextClassifier) -> tuple[Way, ...]:
    """One for each part of a state: a recurrent state in two directions has a forward and a backward half."""
    if isinstance(model, RecurrentClassifier):
        return ("next", "previous") if model.config.choice.bidirectional else ("next",)
    return ("next",) if getattr(model.config.choice, "causal", False) else ("hidden",)


def token_states(model: TextClassifier, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
    """States [B, L, D] of all tokens, as the classifier's pooling is given them; of a convolutional one, what its
    filters answer when the token stands in their middle."""
    if isinstance(model, ConvolutionalClassifier):
        return _filtered(model, input_ids, attention_mask)
    seen: list[Tensor] = []

    def keep(_module: nn.Module, inputs: tuple[Any, ...]) -> None:
        seen.append(inputs[0])

    pooling = model.pooling
    assert isinstance(pooling, nn.Module)
    with _hooked([(pooling, keep)]):
        model.summarize(input_ids, attention_mask.bool(), with_weights=False)
    return seen[-1]


def _filtered(model: ConvolutionalClassifier, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
    vectors = (model.embed(input_ids) * attention_mask.unsqueeze(-1)).transpose(1, 2)
    answers = []
    for filters in model.filters:
        assert isinstance(filters, nn.Conv1d)
        (width,) = filters.kernel_size
        answers.append(filters(functional.pad(vectors, ((width - 1) // 2, width // 2))).relu())
    states: Tensor = model.dropout(torch.cat(answers, dim=1).transpose(1, 2))
    return states


def state_size(model: TextClassifier) -> int:
    """Features of one token's state, found by reading one."""
    one = torch.ones(1, 1, dtype=torch.long, device=model.embedding.weight.device)
    with torch.inference_mode(), evaluating(model):
        return token_states(model, one, one).shape[-1]


def _guessed(way: Way, words: Tensor, real: Tensor) -> Tensor:
    """[B, L]: the words that have a real token on the side from which they are guessed."""
    guessed = words.clone()
    if way == "next":
        guessed[:, 0] = False
        return guessed
    guessed[:, -1] = False
    guessed[:, :-1] &= real[:, 1:]
    return guessed


def _num_guesses(way: Way, words: Tensor, real: Tensor) -> int:
    return int((_num_hidden(words) if way == "hidden" else _guessed(way, words, real)).sum())


def _num_hidden(words: Tensor) -> Tensor:
    """[B]: 15 % of each row's words, and one at least."""
    counts = words.sum(dim=1)
    return torch.minimum(counts, (counts * _HIDDEN_SHARE).round().long().clamp_min(1))


def _chosen(words: Tensor) -> Tensor:
    """[B, L]: so many of each row's words, drawn evenly."""
    drawn = torch.rand(words.shape).to(words.device)
    places = drawn.masked_fill(~words, -1.0).argsort(dim=1, descending=True).argsort(dim=1)
    return places < _num_hidden(words)[:, None]


@contextmanager
def _directions_apart(layers: RecurrentLayers) -> Iterator[None]:
    """Inside, no direction of a higher layer reads what the other one found. The layers themselves stay as they are."""
    size = layers.size // 2

    def forward_alone(_module: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return torch.cat([inputs[0][..., :size], torch.zeros_like(inputs[0][..., size:])], dim=-1), *inputs[1:]

    def backward_alone(_module: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return torch.cat([torch.zeros_like(inputs[0][..., :size]), inputs[0][..., size:]], dim=-1), *inputs[1:]

    higher = [(layer, forward_alone) for layer in layers.forward_layers[1:] if len(layers.backward_layers)]
    with _hooked([*higher, *((layer, backward_alone) for layer in layers.backward_layers[1:])]):
        yield


@contextmanager
def _hooked(hooks: Sequence[tuple[nn.Module, Any]]) -> Iterator[None]:
    """Forward pre-hooks for as long as it lasts."""
    handles = [module.register_forward_pre_hook(hook) for module, hook in hooks]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
