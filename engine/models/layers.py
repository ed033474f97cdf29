"""Parts: the layers and the head of any transformers classifier, found by its structure."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn
from transformers import PreTrainedModel


@dataclass(frozen=True)
class Parts:
    """Names of a classifier's weights, from the bottom to the top.

    `below` are the embeddings; `layers` the encoder's blocks, one set each; `above` is what the encoder builds after
    them (a last normalization, shared positions); `head` is all outside the encoder, and its pooler.
    """

    below: frozenset[str]
    layers: tuple[frozenset[str], ...]
    above: frozenset[str]
    head: frozenset[str]


def parts_of(model: PreTrainedModel) -> Parts:
    """The layers are the modules of the largest list of alike modules inside the encoder."""
    encoder, stack = model.base_model, layer_stack(model)
    outer, prefix = _prefix(model, encoder), _prefix(model, stack)
    names = [name for name, _ in model.named_parameters()]
    inside = [name for name in names if name.startswith(outer) and "pooler" not in name.split(".")]
    layers = tuple(
        frozenset(name for name in inside if name.startswith(f"{prefix}{index}.")) for index in range(len(stack))
    )
    within = frozenset().union(*layers)
    first = next((place for place, name in enumerate(inside) if name in within), len(inside))
    return Parts(
        below=frozenset(inside[:first]),
        layers=layers,
        above=frozenset(inside[first:]) - within,
        head=frozenset(names) - frozenset(inside),
    )


def layer_stack(model: PreTrainedModel) -> nn.ModuleList:
    """The largest list of alike modules inside the encoder; an empty one where there is none."""
    lists = [
        module
        for module in model.base_model.modules()
        if isinstance(module, nn.ModuleList) and len({type(one) for one in module}) == 1
    ]
    return max(lists, key=num_weights, default=nn.ModuleList())


def rate_scales(model: PreTrainedModel, decay: float) -> dict[str, float]:
    """{weight: its share of the learning rate}: 1 for the head, then for each layer that of the one above times
    `decay`, and once more for the embeddings (discriminative fine-tuning, Howard & Ruder 2018)."""
    parts = parts_of(model)
    num_layers = len(parts.layers)
    scales = dict.fromkeys(parts.head, 1.0) | dict.fromkeys(parts.above, decay)
    for index, layer in enumerate(parts.layers):
        scales |= dict.fromkeys(layer, decay ** (num_layers - index))
    return scales | dict.fromkeys(parts.below, decay ** (num_layers + 1))


def num_weights(module: nn.Module, *, learning: bool = False) -> int:
    """All weights of a module, or only those that learn."""
    return sum(weight.numel() for weight in module.parameters() if weight.requires_grad or not learning)


def _prefix(model: nn.Module, wanted: nn.Module) -> str:
    """What the names of a module's weights begin with."""
    return next((f"{name}." if name else "" for name, module in model.named_modules() if module is wanted), "")
