"""The generator with a relational memory: slots that attend to each other and to the newest word (Santoro 2018), the
writer of RelGAN (Nie 2019).

Shapes: B rows, L tokens, S slots, H heads, D = H * head_size features of a slot, E = embedding_size.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.config.gan import RelationalMemory
from engine.models.generators.generator import GeneratorConfig, Step, TextGenerator


class Word(NamedTuple):
    """What a word brings to the memory, computed for all words of a text at once: its keys and values [B, ..., 2D] and
    its share in the gates [B, ..., 2D]."""

    key_value: Tensor
    gates: Tensor


class MemoryCell(nn.Module):
    """One step of a relational memory (Santoro 2018, 3.1 to 3.3, with a gate for each number of it)."""

    def __init__(self, input_size: int, num_slots: int, num_heads: int, head_size: int) -> None:
        super().__init__()
        size = num_heads * head_size
        self.num_slots, self.num_heads, self.size = num_slots, num_heads, size
        self.input = nn.Linear(input_size, size)
        self.query_key_value = nn.Linear(size, 3 * size)
        self.attention_norm, self.norm = nn.LayerNorm(size), nn.LayerNorm(size)
        self.inner = nn.Sequential(nn.Linear(size, size), nn.ReLU(), nn.Linear(size, size))
        self.gates_of_word = nn.Linear(size, 2 * size)
        self.gates_of_memory = nn.Linear(size, 2 * size)

    def begin(self, num: int, like: Tensor) -> Tensor:
        """[B, S, D]: every slot different from the others, so that they can part."""
        slots = torch.eye(self.num_slots, self.size, dtype=like.dtype, device=like.device)
        return slots.repeat(num, 1, 1)

    def bring(self, vectors: Tensor) -> Word:
        """What the words of vectors [B, ..., E] bring."""
        entered = self.input(vectors)
        kept = self.query_key_value
        key_value = functional.linear(entered, kept.weight[self.size :], kept.bias[self.size :])
        return Word(key_value, self.gates_of_word(entered))

    def forward(self, memory: Tensor, word: Word) -> tuple[Tensor, Tensor]:
        """The next memory [B, S, D], and the weights [B, H, S, S + 1] with which each slot looked at all slots and, the
        last, at the word [B, 2D]."""
        mixed, weights = self._attend(memory, word.key_value)
        seen = self.attention_norm(memory + mixed)
        candidate = self.norm(seen + self.inner(seen))
        gates = self.gates_of_memory(torch.tanh(memory)) + word.gates.unsqueeze(1)
        let_in, kept = gates.chunk(2, dim=-1)
        # the gate that keeps begins open (Jozefowicz 2015)
        return let_in.sigmoid() * torch.tanh(candidate) + (kept + 1).sigmoid() * memory, weights

    def _attend(self, memory: Tensor, of_word: Tensor) -> tuple[Tensor, Tensor]:
        query, of_memory = self.query_key_value(memory).split([self.size, 2 * self.size], dim=-1)
        key, value = torch.cat([of_memory, of_word.unsqueeze(1)], dim=1).chunk(2, dim=-1)
        query, key, value = self._heads(query), self._heads(key), self._heads(value)
        weights = (query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5).softmax(dim=-1)
        return (weights @ value).transpose(1, 2).flatten(2), weights

    def _heads(self, states: Tensor) -> Tensor:
        """[B, S, D] as [B, H, S, head_size]."""
        return states.view(*states.shape[:2], self.num_heads, -1).transpose(1, 2)


class RelationalMemoryConfig(GeneratorConfig):
    """Config of `RelationalMemoryGenerator`."""

    model_type = "attune-relational-memory"

    @property
    def choice(self) -> RelationalMemory:
        return RelationalMemory.model_validate(self.spec or {})


class RelationalMemoryGenerator(TextGenerator):
    """Each next word is told from the memory (`engine.config.gan.RelationalMemory`).

    Its attention is among slots, not words: the output's only map [B, H, L, S + 1] says how much the slots looked, at
    each token, at every slot and, the last, at the token itself; a lens sees none of it.
    """

    config_class = RelationalMemoryConfig
    config: RelationalMemoryConfig

    def __init__(self, config: RelationalMemoryConfig) -> None:
        spec = config.choice
        super().__init__(config, spec.embedding_size)
        self.cell = MemoryCell(spec.embedding_size, spec.num_slots, spec.num_heads, spec.head_size)
        self.output = nn.Linear(spec.num_slots * self.cell.size, spec.embedding_size)
        self.post_init()

    @property
    def attention_names(self) -> tuple[str, ...]:
        return ()

    def read(self, vectors: Tensor, mask: Tensor, with_weights: bool) -> tuple[Tensor, tuple[Tensor, ...]]:
        memory = self.cell.begin(len(vectors), vectors)
        memories, looks = [], []
        brought = self.cell.bring(vectors)
        for word in zip(brought.key_value.unbind(1), brought.gates.unbind(1), strict=True):
            memory, weights = self.cell(memory, Word(*word))
            memories.append(memory.flatten(1))
            looks += [weights.mean(dim=2)] if with_weights else []
        features: Tensor = self.output(torch.stack(memories, dim=1))
        return features, (torch.stack(looks, dim=2),) if with_weights else ()

    def begin(self, num: int, max_length: int) -> Step:
        memory = self.cell.begin(num, self.bias)

        def step(vectors: Tensor) -> Tensor:
            nonlocal memory
            memory, _ = self.cell(memory, self.cell.bring(vectors))
            features: Tensor = self.output(memory.flatten(1))
            return features

        return step
