"""adapt: how much of a pretrained model learns: all, the head, the last layers, or small matrices beside its weights.

A LoRA model is saved twice: whole, with what was learned added to the weights, as a plain folder that transformers
opens; and its learning weights alone (`adapter.safetensors`), so that a resume goes on bit for bit.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import assert_never

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers.pytorch_utils import Conv1D

from engine.config.pretrained import Adaptation, HeadOnly, LastLayers, LoRA, WholeModel
from engine.errors import InputError
from engine.messages import message
from engine.models.layers import Parts, layer_stack, parts_of

ADAPTER_FILE = "adapter.safetensors"
_NAME = "default"


def adapt(model: PreTrainedModel, spec: Adaptation) -> None:
    """Freeze what shall not learn; for LoRA, put the small matrices in (drawn from torch's random state).

    Frozen layers keep their dropout while training, as those that learn do. Raises InputError when the model has not
    what `spec` asks for.
    """
    parts = parts_of(model)
    if not parts.layers or (isinstance(spec, HeadOnly) and not parts.head):
        raise InputError(
            message("This model's layers cannot be told from its head."),
            "model.adaptation",
            message("Choose another encoder, such as a BERT, RoBERTa, ELECTRA or DeBERTa."),
        )
    match spec:
        case WholeModel():
            model.requires_grad_(True)
        case HeadOnly():
            _let_learn(model, parts.head)
        case LastLayers():
            _let_learn(model, parts.head.union(*_last(parts, spec.num_layers)))
        case LoRA():
            _inject(model, spec)
            _let_learn(model, parts.head | _matrices(model))
        case _:
            assert_never(spec)


def has_adapter(model: nn.Module) -> bool:
    return any(_is_small(name) for name, _ in model.named_parameters())


def merged_state(model: PreTrainedModel) -> dict[str, Tensor]:
    """Every weight under its plain name, what LoRA learned added to it: W + alpha / rank * B A (Hu 2021, eq. 3).

    The model itself is not touched. Without LoRA: its own weights.
    """
    state = {
        name.replace(".base_layer.", "."): weight for name, weight in model.state_dict().items() if not _is_small(name)
    }
    for name, module in _adapted(model).items():
        with torch.no_grad():
            state[f"{name}.weight"] = module.base_layer.weight + module.get_delta_weight(_NAME)  # type: ignore[operator, union-attr]
    return state


def save_adapter(model: PreTrainedModel, folder: Path) -> None:
    """Exactly the weights that learn, and a fingerprint of those that do not."""
    learned = {name: weight.detach().contiguous() for name, weight in _learning(model).items()}
    save_file(learned, folder / ADAPTER_FILE, metadata={"frozen": _fingerprint(model)})


def load_adapter(model: PreTrainedModel, folder: Path) -> None:
    """Put the learned weights into a model that was adapted in the same way.

    Raises InputError when its frozen weights are not those that the training began with.
    """
    path = folder / ADAPTER_FILE
    with safe_open(path, framework="pt") as file:
        frozen = file.metadata()["frozen"]
    if frozen != _fingerprint(model):
        raise InputError(
            message("The encoder is not the one that the training began with."),
            "model.source",
            message("Put the old model's folder back to resume, or start a new run."),
        )
    learned = load_file(path)
    with torch.no_grad():
        for name, weight in _learning(model).items():
            weight.copy_(learned[name])


def _let_learn(model: nn.Module, names: frozenset[str]) -> None:
    for name, weight in model.named_parameters():
        weight.requires_grad_(name in names)


def _last(parts: Parts, num_layers: int) -> tuple[frozenset[str], ...]:
    if num_layers > len(parts.layers):
        raise InputError(
            message(
                "The model has {count:plural:layer:layers}, not {wanted}.", count=len(parts.layers), wanted=num_layers
            ),
            "model.adaptation.num_layers",
            message("Choose at most {count}, or let the whole model learn.", count=len(parts.layers)),
        )
    return parts.layers[-num_layers:]


def adapt_everywhere(model: PreTrainedModel, spec: LoRA) -> None:
    """Small matrices beside every linear layer of a model that has several stacks (an encoder and a decoder), its
    output layer aside; they alone learn."""
    _inject(model, spec, set(model.modules()) - {model.get_output_embeddings()})
    _let_learn(model, _matrices(model))


def _inject(model: PreTrainedModel, spec: LoRA, inside: set[nn.Module] | None = None) -> None:
    """Beside every linear layer of every block: more of them matters more than a high rank (Dettmers 2023)."""
    from peft import LoraConfig, inject_adapter_in_model

    inside = set(layer_stack(model).modules()) if inside is None else inside
    linear = {
        name: module
        for name, module in model.named_modules()
        if module in inside and isinstance(module, nn.Linear | Conv1D)
    }
    if not linear:
        raise InputError(
            message("LoRA finds no linear layers in this model."),
            "model.adaptation",
            message("Let the whole model, its last layers or its head learn instead."),
        )
    config = LoraConfig(
        r=spec.rank,
        lora_alpha=spec.alpha,  # type: ignore[arg-type]
        lora_dropout=spec.dropout,
        target_modules=list(linear),
        fan_in_fan_out=any(isinstance(module, Conv1D) for module in linear.values()),
    )
    inject_adapter_in_model(config, model, adapter_name=_NAME)


def _adapted(model: nn.Module) -> dict[str, nn.Module]:
    return {name: module for name, module in model.named_modules() if hasattr(module, "get_delta_weight")}


def _is_small(name: str) -> bool:
    return ".lora_" in name


def _matrices(model: nn.Module) -> frozenset[str]:
    return frozenset(name for name, _ in model.named_parameters() if _is_small(name))


def _learning(model: nn.Module) -> dict[str, nn.Parameter]:
    return {name: weight for name, weight in model.named_parameters() if weight.requires_grad}


def _fingerprint(model: nn.Module) -> str:
    """Of the frozen weights, bit for bit."""
    found = 0
    for weight in model.parameters():
        if not weight.requires_grad:
            found = zlib.crc32(weight.detach().cpu().contiguous().numpy().data, found)
    return f"{found:08x}"
