"""Models that write one text for another, every one a transformers `PreTrainedModel` that `generate` writes with, and
`build_seq2seq`.

Importing this package makes them known to `AutoConfig` and `AutoModelForSeq2SeqLM`.
"""

from __future__ import annotations

from typing import Any

from transformers import AutoConfig, AutoModelForSeq2SeqLM

from engine.config.seq2seq import RecurrentSeq2Seq, TransformerSeq2Seq
from engine.models.seq2seq.recurrent_seq2seq import RecurrentSeq2SeqConfig, RecurrentSeq2SeqModel
from engine.models.seq2seq.seq2seq_model import IGNORED, Seq2SeqConfig, Seq2SeqModel, Source
from engine.models.seq2seq.transformer_seq2seq import TransformerSeq2SeqConfig, TransformerSeq2SeqModel

__all__ = ["IGNORED", "SEQ2SEQ", "Seq2SeqConfig", "Seq2SeqModel", "Source", "build_seq2seq"]

SEQ2SEQ: dict[str, tuple[type[Seq2SeqConfig], type[Seq2SeqModel]]] = {
    "recurrent-seq2seq": (RecurrentSeq2SeqConfig, RecurrentSeq2SeqModel),
    "transformer-seq2seq": (TransformerSeq2SeqConfig, TransformerSeq2SeqModel),
}
"""The config and model class of each spec, by its name."""

for _config, _model in SEQ2SEQ.values():
    AutoConfig.register(_config.model_type, _config, exist_ok=True)
    AutoModelForSeq2SeqLM.register(_config, _model, exist_ok=True)


def build_seq2seq(
    spec: RecurrentSeq2Seq | TransformerSeq2Seq,
    *,
    vocabulary_size: int,
    max_length: int,
    max_target_length: int,
    pad_token_id: int,
    bos_token_id: int,
    eos_token_id: int,
    banned_token_ids: tuple[int, ...],
) -> Seq2SeqModel:
    """The model of `spec`, initialised from torch's current random state (seed it before). Targets begin behind bos and
    end with eos; `banned_token_ids` are never written."""
    config_class, model_class = SEQ2SEQ[spec.name]
    own: dict[str, Any] = {"scaled_scores": True} if config_class is RecurrentSeq2SeqConfig else {}
    config = config_class(
        vocab_size=vocabulary_size,
        max_position_embeddings=max_length,
        max_target_length=max_target_length,
        num_hidden_layers=spec.num_layers,
        pad_token_id=pad_token_id,
        bos_token_id=bos_token_id,
        eos_token_id=eos_token_id,
        decoder_start_token_id=bos_token_id,
        banned_token_ids=sorted({*banned_token_ids, pad_token_id, bos_token_id} - {eos_token_id}),
        spec=spec.model_dump(mode="json"),
        **own,
    )
    return model_class(config)
