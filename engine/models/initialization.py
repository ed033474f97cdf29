"""initialize: the first weights of every kind of layer that the models use."""

from __future__ import annotations

from functools import singledispatch

import torch
from torch import nn


@singledispatch
def initialize(module: nn.Module) -> None:
    """Fresh weights for this one module (not its children); a kind that is not named here has none of its own."""


@initialize.register
def _(module: nn.Linear) -> None:
    """Glorot & Bengio 2010."""
    nn.init.xavier_uniform_(module.weight)
    if module.bias is not None:
        nn.init.zeros_(module.bias)


@initialize.register
def _(module: nn.Conv1d) -> None:
    """He 2015: the filters' sums go through a ReLU."""
    nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")
    if module.bias is not None:
        nn.init.zeros_(module.bias)


@initialize.register
def _(module: nn.Embedding) -> None:
    """N(0, 1 / size): a vector has length 1 on average, whatever its size. Padding is zero and stays so."""
    nn.init.normal_(module.weight, std=module.embedding_dim**-0.5)
    if module.padding_idx is not None:
        with torch.no_grad():
            module.weight[module.padding_idx].zero_()


@initialize.register
def _(module: nn.LayerNorm) -> None:
    nn.init.ones_(module.weight)
    nn.init.zeros_(module.bias)


@initialize.register
def _(module: nn.RNNBase) -> None:
    """Glorot for what comes in, orthogonal for what goes round (Saxe 2014), gate by gate; an LSTM's forget gate starts
    open, with a bias of 1 (Jozefowicz 2015)."""
    size = module.hidden_size
    for name, parameter in module.named_parameters():
        with torch.no_grad():
            for gate in parameter.chunk(len(parameter) // size):
                _initialize_gate(name, gate)
            if isinstance(module, nn.LSTM) and name.startswith("bias_ih"):
                parameter[size : 2 * size].fill_(1.0)


def _initialize_gate(name: str, gate: torch.Tensor) -> None:
    if name.startswith("weight_ih"):
        nn.init.xavier_uniform_(gate)
    elif name.startswith("weight_hh"):
        nn.init.orthogonal_(gate)
    else:
        nn.init.zeros_(gate)
