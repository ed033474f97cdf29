"""How a lens gets into a model: through our own layers, transformers' attention interface, hooks, or outputs alone.

Most transformers models call a function that is looked up by name: ours is registered in `AttentionInterface`, and in
`AttentionMaskInterface` too (in the first alone, masks would be dropped without a word). It lets the model's own eager
function compute, so that a captured map is the eager one. Models that bypass the interface (DeBERTa) get hooks on
their self-attention modules; where even those are not known (XLNet), the eager outputs are taken, to look at only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
from transformers.masking_utils import eager_mask
from transformers.utils import logging

from engine.errors import InputError
from engine.messages import Message, message
from engine.models.classifier import TextClassifier
from engine.models.generators.generator import TextGenerator
from engine.models.language_models import LanguageModel
from engine.models.lens import Lens, looking, through
from engine.records import Ability, Switches

Mechanism = Literal["layers", "interface", "hooks", "outputs", "none"]
ABILITIES: dict[Mechanism, frozenset[Ability]] = {
    "layers": frozenset({"mute", "uniform"}),
    "interface": frozenset({"mute", "uniform"}),
    "hooks": frozenset({"mute"}),
    "outputs": frozenset(),
    "none": frozenset(),
}
_LENS_ATTENTION = "attune"
_KNOWN: WeakKeyDictionary[nn.Module, Mechanism] = WeakKeyDictionary()
_HOOKED: WeakKeyDictionary[nn.Module, list[Any]] = WeakKeyDictionary()


def mechanism_of(model: PreTrainedModel, inputs: Mapping[str, Tensor]) -> Mechanism:
    """How this model is looked into; found out by one forward pass on `inputs`, once a model."""
    if isinstance(model, TextClassifier | TextGenerator | LanguageModel):
        return "layers" if model.attention_names else "none"
    if model not in _KNOWN:
        _KNOWN[model] = _found(model, inputs)
    return _KNOWN[model]


def prepare(model: PreTrainedModel, inputs: Mapping[str, Tensor]) -> Mechanism:
    """Make a model of transformers ready to be looked through, by any number of threads, for as long as it lives."""
    mechanism = mechanism_of(model, inputs)
    if mechanism == "interface" and model.config._attn_implementation != _LENS_ATTENTION:
        model.set_attn_implementation(_LENS_ATTENTION)
    elif mechanism in ("hooks", "outputs"):
        if model.config._attn_implementation != "eager":
            model.set_attn_implementation("eager")
        if mechanism == "hooks":
            _hook(model)
    return mechanism


@contextmanager
def prepared(model: PreTrainedModel, inputs: Mapping[str, Tensor]) -> Iterator[Mechanism]:
    """`prepare`, undone afterwards: for a model that is being trained."""
    before = getattr(model.config, "_attn_implementation", None)
    mechanism = prepare(model, inputs)
    try:
        yield mechanism
    finally:
        for handle in _HOOKED.pop(model, []):
            handle.remove()
        if before is not None and mechanism not in ("layers", "none"):
            model.set_attn_implementation(before)


def forward(model: PreTrainedModel, inputs: Mapping[str, Tensor], lens: Lens, mechanism: Mechanism) -> Any:
    """The model's output on `inputs`, every attention having passed by `lens`. The model was prepared before.

    Raises InputError for a switched-off head that the model has not, and for switches that it cannot be given.
    """
    refuse_unable(lens.switches, mechanism)
    options: dict[str, Any] = {}
    if isinstance(model, TextClassifier | TextGenerator | LanguageModel):
        lens.names = model.attention_names
    elif mechanism in ("hooks", "outputs"):
        options = {"output_attentions": True}
    with through(lens):
        output = model(**inputs, **options)
    if mechanism == "outputs":
        for weights in output.attentions:
            lens.look(weights, None)
    lens.check()
    return output


def refuse_unable(switches: Switches, mechanism: Mechanism) -> None:
    """Raises InputError for switches that would have no effect on a model that is looked into in this way."""
    if switches.muted and "mute" not in ABILITIES[mechanism]:
        raise InputError(
            message("The heads of this model cannot be switched off."),
            mend=_why_unable(mechanism),
        )
    if switches.uniform and "uniform" not in ABILITIES[mechanism]:
        raise InputError(
            message("The attention of this model cannot be made uniform."),
            mend=_why_unable(mechanism),
        )


def _why_unable(mechanism: Mechanism) -> Message:
    if mechanism == "none":
        return message("It has no attention.")
    return message("Its attention can be looked at, but not changed in this way.")


def _found(model: PreTrainedModel, inputs: Mapping[str, Tensor]) -> Mechanism:
    """Tries the ways from the best to the poorest; the model is left as it was."""
    before = getattr(model.config, "_attn_implementation", None)
    count = num_attention_layers(model)
    try:
        if _num_seen(model, inputs, _LENS_ATTENTION, "interface") == count:
            return "interface"
        _hook(model)
        if _num_seen(model, inputs, "eager", "hooks") == count:
            return "hooks"
        return "outputs" if _num_seen(model, inputs, "eager", "outputs") else "none"
    finally:
        for handle in _HOOKED.pop(model, []):
            handle.remove()
        if before is not None:
            model.set_attn_implementation(before)


@contextmanager
def _quietly() -> Iterator[None]:
    """A model that has no interface warns at every attempt; that it has none is what is asked."""
    before = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(before)


def num_attention_layers(model: PreTrainedModel) -> int:
    """By the config; a layer that mixes tokens in another way (a hybrid model's) does not count."""
    config = model.config.get_text_config()
    kinds = getattr(config, "layer_types", None)
    if kinds:
        return sum("attention" in kind for kind in kinds)
    return int(getattr(config, "num_hidden_layers", 0) or 0)


def _num_seen(model: PreTrainedModel, inputs: Mapping[str, Tensor], implementation: str, way: Mechanism) -> int:
    lens = Lens()
    try:
        with torch.no_grad(), _quietly():
            model.set_attn_implementation(implementation)
            output = forward(model, inputs, lens, way if way != "outputs" else "hooks")
    except (ValueError, TypeError, AttributeError, NotImplementedError):
        return 0  # this model does not know that way
    if way == "outputs":
        return len(getattr(output, "attentions", None) or ())
    return lens.num_seen


# --- transformers' attention interface ------------------------------------------------------------------------------


def _attention(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, **options: Any
) -> tuple[Tensor, Tensor]:
    """The model's own eager attention, [B, Q, H, D] and [B, H, Q, K], with the lens in its way."""
    mixed, weights = _eager_of(module)(module, query, key, value, attention_mask, **options)
    lens = looking()
    if lens is None:
        return mixed, weights
    allowed = None if attention_mask is None else attention_mask > torch.finfo(attention_mask.dtype).min / 2
    seen, gate = lens.look(weights, allowed)
    if seen is not weights:
        values = value.repeat_interleave(weights.shape[1] // value.shape[1], dim=1)
        mixed = (seen @ values).transpose(1, 2).contiguous()
    if gate is not None:
        mixed = mixed * gate[:, None]
    return mixed, seen


def _eager_of(module: nn.Module) -> Callable[..., tuple[Tensor, Tensor]]:
    """`eager_attention_forward` of the model's own file: it knows its scale, soft cap, sinks and shared keys."""
    own = getattr(sys.modules[type(module).__module__], "eager_attention_forward", None)
    return own if own is not None else _plain_attention


def _plain_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    **_unused: Any,
) -> tuple[Tensor, Tensor]:
    """softmax(q k / sqrt(D) + mask) v, keys shared by groups of heads (Vaswani 2017, eq. 1)."""
    repeats = query.shape[1] // key.shape[1]
    key, value = key.repeat_interleave(repeats, dim=1), value.repeat_interleave(repeats, dim=1)
    scores = query @ key.transpose(-1, -2) * (scaling if scaling is not None else query.shape[-1] ** -0.5)
    if attention_mask is not None:
        scores = scores + attention_mask
    weights = scores.float().softmax(dim=-1).to(query.dtype)
    return (weights @ value).transpose(1, 2).contiguous(), weights


AttentionInterface.register(_LENS_ATTENTION, _attention)
AttentionMaskInterface.register(_LENS_ATTENTION, eager_mask)


# --- hooks ----------------------------------------------------------------------------------------------------------


def _hook(model: PreTrainedModel) -> None:
    """Innermost self-attention modules that return (context [B, T, H * D], weights [B, H, T, T])."""
    if model not in _HOOKED:
        _HOOKED[model] = [module.register_forward_hook(_look_at_output) for module in _self_attentions(model)]


def _self_attentions(model: nn.Module) -> list[nn.Module]:
    found = [module for module in model.modules() if "SelfAttention" in type(module).__name__]
    return [one for one in found if not any(other in one.modules() for other in found if other is not one)]


def _look_at_output(_module: nn.Module, _inputs: Any, output: Any) -> Any:
    lens = looking()
    if lens is None or not isinstance(output, tuple) or len(output) < 2 or output[1] is None:
        return None
    context, weights = output[0], output[1]
    if weights.ndim != 4 or context.ndim != 3 or context.shape[-1] % weights.shape[1]:
        return None
    _, gate = lens.look(weights, None)
    if gate is None:
        return None
    heads = context.unflatten(-1, (weights.shape[1], -1)) * gate[:, None]
    return (heads.flatten(-2), *output[1:])
