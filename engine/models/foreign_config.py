"""foreign_config: the config.json of somebody's model, as a description of its layers and of nothing else.

What could load code, a kernel or another model, or change how it is run, is left out (`_COMMANDS`) or refused.
Numbers that no real model has are refused before transformers makes anything of them: a count of labels alone makes it
build a list of them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from huggingface_hub.errors import StrictDataclassError
from transformers import CONFIG_MAPPING, PreTrainedConfig

from engine.errors import InputError
from engine.messages import Message, message
from engine.models.quiet_libraries import first_line, quiet
from engine.runs.plain_json import read_json

FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    StrictDataclassError,
    TypeError,
    ValueError,
)
"""What transformers raises for a folder that is not as it should be."""

_COMMANDS = frozenset(
    (
        *("auto_map", "trust_remote_code", "custom_pipelines", "attn_implementation", "experts_implementation"),
        *("use_kernels", "kernel_config", "transformers_weights", "torch_dtype", "dtype"),
        *("torchscript", "return_dict", "use_bfloat16", "pruned_heads", "output_attentions"),
        *("output_hidden_states", "tp_plan", "pp_plan", "distributed_config"),
    )
)
"""Besides all that begin with “_”: `_attn_implementation` may name a kernel that is downloaded and run."""

_PARTS = re.compile(r"config$|^(question_)?encoder$|^decoder$|^generator$")
_NO_SIZES = frozenset(("label2id", "id2label", "task_specific_params", "decision", "loss", "class_weights"))
_MOST_LABELS, _MOST_LAYERS, _WIDEST = 100_000, 4096, 2**18
_COUNTS = re.compile(
    r"(^|_)(layers?|blocks|depth|experts|groups|stages|codebooks)$|^n_layer$|^num_.*(layer|block|expert)s?$"
)
_AT_LEAST_ONE = frozenset(
    (
        *("num_hidden_layers", "n_layer", "n_layers", "num_layers", "encoder_layers", "encoder_attention_heads"),
        *("num_attention_heads", "n_head", "n_heads", "num_heads", "hidden_size", "vocab_size", "d_model", "n_embd"),
    )
)
_WIDTHS = re.compile(r"window|block_size|chunk|stride|kernel|num_hashes|num_buckets|conv_")


def foreign_config(folder: Path, source: str) -> PreTrainedConfig:
    """Raises InputError."""
    tree = _tree(folder, source)
    _refuse_adapter(folder, source)
    kind = tree.get("model_type")
    if not isinstance(kind, str) or kind not in CONFIG_MAPPING:
        raise _unknown(kind, "auto_map" in tree, source)
    if tree.get("quantization_config"):
        raise InputError(
            message("The model's weights are stored in a packed form (quantized), which is not read here."),
            source,
            message("Choose the model as it was before it was packed."),
        )
    _refuse_numbers(tree, source)
    described = _described(tree)
    try:
        with quiet():
            config: PreTrainedConfig = CONFIG_MAPPING[kind].from_dict(described)
    except (*FAILURES, RecursionError) as error:
        raise _misunderstood(first_line(error), source) from error
    config._attn_implementation = None
    return config


def _tree(folder: Path, source: str) -> dict[str, Any]:
    try:
        tree = read_json(folder / "config.json")
    except (OSError, ValueError, RecursionError) as error:
        raise _misunderstood(first_line(error), source) from error
    if not isinstance(tree, dict):
        raise _misunderstood("no object", source)
    return tree


def _refuse_adapter(folder: Path, source: str) -> None:
    """transformers would open the model that the adapter names instead."""
    if (folder / "adapter_config.json").exists():
        raise InputError(
            message("This folder holds an adapter (adapter_config.json), which opens another model."),
            source,
            message(
                "Merge the adapter into its model and save that; or take adapter_config.json away if it is merged."
            ),
        )


def _unknown(kind: object, has_code: bool, source: str) -> InputError:
    mend = message("Choose a model that transformers knows, such as a BERT, RoBERTa or DeBERTa.")
    if has_code:
        return InputError(message("This model brings code of its own, which is not run here."), source, mend)
    return _misunderstood(f"“{str(kind)[:60]}” is no model_type that is known", source)


def _misunderstood(reason: str, source: str) -> InputError:
    return InputError(
        message("The model's config.json cannot be understood: {reason}", reason=reason),
        source,
        message("Choose a model that transformers knows, such as a BERT, RoBERTa or DeBERTa."),
    )


def _described(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Without commands, in parts of the model too; other trees, such as labels by name, are kept as they are."""
    kept = {key: value for key, value in tree.items() if not key.startswith("_") and key not in _COMMANDS}
    return {
        key: _described(value) if isinstance(value, dict) and _PARTS.search(key) else value
        for key, value in kept.items()
    }


def _refuse_numbers(tree: Mapping[str, Any], source: str) -> None:
    for name, value in _numbers(tree):
        most = _most(name)
        if name in _AT_LEAST_ONE and value < 1:
            raise _beyond(name, value, message("1 at least"), source)
        if abs(value) > most:
            raise _beyond(name, value, message("at most {count}", count=most), source)
    names = tree.get("id2label")
    if names is None:
        return
    if not isinstance(names, dict) or {str(key) for key in names} != {str(place) for place in range(len(names))}:
        raise _misunderstood("id2label must name the labels by 0, 1, 2, …", source)
    if len(names) > _MOST_LABELS:
        raise _beyond("id2label", len(names), message("at most {count}", count=_MOST_LABELS), source)


def _most(name: str) -> int:
    if name in ("num_labels", "_num_labels"):
        return _MOST_LABELS
    if _COUNTS.search(name):
        return _MOST_LAYERS
    return _WIDEST if _WIDTHS.search(name) else 2**62


def _numbers(tree: Any, name: str = "") -> Iterator[tuple[str, int]]:
    """Every whole number with the name of its field."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key not in _NO_SIZES:
                yield from _numbers(value, key)
    elif isinstance(tree, list):
        for one in tree:
            yield from _numbers(one, name)
    elif isinstance(tree, int) and not isinstance(tree, bool):
        yield name, tree


def _beyond(name: str, value: int, bound: Message, source: str) -> InputError:
    return InputError(
        message(
            "The model's config.json says {name} = {value}; it can be {bound}.", name=name, value=value, bound=bound
        ),
        source,
        message("Get the model's own config.json; this one was damaged or made up."),
    )
