"""Generators: the models that write texts, every one a transformers `PreTrainedModel`, and `build_generator`.

Importing this package makes them known to `AutoConfig` and `AutoModelForCausalLM`.
"""

from __future__ import annotations

from transformers import AutoConfig, AutoModelForCausalLM

from engine.config.gan import Generator
from engine.models.generators.attention_lstm import AttentionLSTMConfig, AttentionLSTMGenerator
from engine.models.generators.generator import GeneratorConfig, TextGenerator
from engine.models.generators.relational_memory import RelationalMemoryConfig, RelationalMemoryGenerator
from engine.models.generators.writing_transformer import WritingTransformerConfig, WritingTransformerGenerator

__all__ = ["GENERATORS", "GeneratorConfig", "TextGenerator", "build_generator"]

GENERATORS: dict[str, tuple[type[GeneratorConfig], type[TextGenerator]]] = {
    "attention-lstm": (AttentionLSTMConfig, AttentionLSTMGenerator),
    "transformer": (WritingTransformerConfig, WritingTransformerGenerator),
    "relational-memory": (RelationalMemoryConfig, RelationalMemoryGenerator),
}
"""The config and model class of each generator's spec, by the spec's name."""

for _config, _model in GENERATORS.values():
    AutoConfig.register(_config.model_type, _config, exist_ok=True)
    AutoModelForCausalLM.register(_config, _model, exist_ok=True)


def build_generator(
    spec: Generator,
    *,
    vocabulary_size: int,
    max_length: int,
    pad_token_id: int,
    bos_token_id: int,
    eos_token_id: int,
    banned_token_ids: tuple[int, ...],
) -> TextGenerator:
    """The generator of `spec`, initialised from torch's current random state (seed it before).

    `max_length` are the tokens that a text can have, bos and eos included; `banned_token_ids` are never written.
    """
    config_class, model_class = GENERATORS[spec.name]
    config = config_class(
        vocab_size=vocabulary_size,
        max_position_embeddings=max_length,
        pad_token_id=pad_token_id,
        bos_token_id=bos_token_id,
        eos_token_id=eos_token_id,
        banned_token_ids=sorted({*banned_token_ids, pad_token_id, bos_token_id} - {eos_token_id}),
        spec=spec.model_dump(mode="json"),
    )
    return model_class(config)
