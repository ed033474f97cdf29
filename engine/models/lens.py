"""Lens: sees every attention on its way through a model, and can turn heads down or make attention uniform.

Attention layers ask `looking()` for the lens of their own thread; without one they go their fast way.
Shapes: B rows, H heads, Q queries, K keys, D features a head, T tokens, E features of an embedding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from torch import Tensor

from engine.errors import InputError
from engine.messages import message
from engine.records import UNCHANGED, Switches

SELF_ATTENTION = "self-attention"
Keep = Callable[[str, int, Tensor], None]
"""Takes a map's name, its layer and its weights [B, H, Q, K]."""


class Lens:
    """One look through one forward pass.

    `keep` is given each layer's weights as they were used; `gates` by map name [layers, H] multiply what a head passes
    on (Michel 2019), and `switches` close some of them. `embedded` [B, T, E] stands in for the word vectors of our own
    models. A lens counts the layers that it saw, so it serves one forward pass only; `num_skipped` attention layers are
    not computed in it.
    """

    def __init__(
        self,
        switches: Switches = UNCHANGED,
        *,
        keep: Keep | None = None,
        gates: Mapping[str, Tensor] | None = None,
        embedded: Tensor | None = None,
        num_skipped: int = 0,
    ) -> None:
        self.switches = switches
        self.embedded = embedded
        self.names: tuple[str, ...] | None = None
        self.shapes: dict[str, tuple[int, int]] = {}
        self._keep = keep
        self._gates = gates
        self._num_seen = num_skipped

    @property
    def num_seen(self) -> int:
        """How many attention layers passed by."""
        return self._num_seen

    def look(self, weights: Tensor, allowed: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """The weights [B, H, Q, K] to go on with, and what to multiply each head's result by, [H], or None.

        `allowed` (broadcast to the weights) says which keys a query may look at at all; None: all of them.
        """
        name, layer = self._place()
        if self.switches.uniform:
            weights = _uniform(weights, allowed)
        if self._keep is not None:
            self._keep(name, layer, weights)
        num_heads = weights.shape[1]
        self.shapes[name] = (layer + 1, num_heads)
        return weights, self._gate(name, layer, num_heads, weights)

    def check(self) -> None:
        """After the pass: raises InputError when a head that was switched off is not there."""
        for name, layer, head in sorted(self.switches.muted):
            layers, heads = self.shapes.get(name, (0, 0))
            if layer >= layers or head >= heads:
                known = [
                    message(
                        "{name} (layers 0 to {layer}, heads 0 to {head})",
                        name=one,
                        layer=shape[0] - 1,
                        head=shape[1] - 1,
                    )
                    for one, shape in self.shapes.items()
                ]
                raise InputError(
                    message("There is no head {layer}.{head} in “{name}”.", layer=layer, head=head, name=name),
                    f"{layer}.{head}",
                    message("The model has: {known}.", known=known)
                    if known
                    else message("This model has no attention whose heads can be switched off."),
                )

    def _place(self) -> tuple[str, int]:
        """Which map the next layer belongs to; layers of one name are one stack, in the order of the pass."""
        names, seen = self.names, self._num_seen
        self._num_seen += 1
        if names is None:
            return SELF_ATTENTION, seen
        return names[seen], names[:seen].count(names[seen])

    def _gate(self, name: str, layer: int, num_heads: int, like: Tensor) -> Tensor | None:
        closed = [head for at, depth, head in self.switches.muted if at == name and depth == layer and head < num_heads]
        gates = self._gates
        if not closed and gates is None:
            return None
        gate = torch.ones(num_heads, dtype=like.dtype, device=like.device) if gates is None else gates[name][layer]
        if closed:
            is_open = torch.ones_like(gate)
            is_open[closed] = 0
            gate = gate * is_open
        return gate


_LENS: ContextVar[Lens | None] = ContextVar("lens", default=None)


def looking() -> Lens | None:
    """The lens that this thread looks through now."""
    return _LENS.get()


@contextmanager
def through(lens: Lens) -> Iterator[Lens]:
    """Every attention computed inside, in this thread, passes by `lens`."""
    token = _LENS.set(lens)
    try:
        yield lens
    finally:
        _LENS.reset(token)


_VECTORS: ContextVar[Tensor | None] = ContextVar("vectors", default=None)


@contextmanager
def embedded_as(vectors: Tensor | None) -> Iterator[None]:
    """Our own models read, inside and in this thread, `vectors` [B, T, E] instead of their words' own ones; None leaves
    it as it is. Unlike a lens it leaves attention on its fast way."""
    token = _VECTORS.set(_VECTORS.get() if vectors is None else vectors)
    try:
        yield
    finally:
        _VECTORS.reset(token)


def standing_in() -> Tensor | None:
    """The vectors [B, T, E] that this thread reads instead of word vectors: the lens's, or those of `embedded_as`."""
    lens = looking()
    return lens.embedded if lens is not None and lens.embedded is not None else _VECTORS.get()


def _uniform(weights: Tensor, allowed: Tensor | None) -> Tensor:
    """Every query looks alike at all keys that it may look at (Wiegreffe & Pinter 2019, 3.2)."""
    if allowed is None:
        return torch.full_like(weights, 1 / weights.shape[-1])
    share = allowed.to(weights.dtype)
    return (share / share.sum(dim=-1, keepdim=True).clamp_min(1)).expand_as(weights)
