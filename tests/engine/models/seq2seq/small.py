"""Encoder-decoders so small that a test can ask all of them."""

from __future__ import annotations

import torch

from engine.config.seq2seq import RecurrentSeq2Seq, TransformerSeq2Seq
from engine.models.seq2seq import Seq2SeqModel, build_seq2seq

_SIZES = {"embedding_size": 12, "hidden_size": 10}
SPECS: dict[str, RecurrentSeq2Seq | TransformerSeq2Seq] = {
    "none": RecurrentSeq2Seq(**_SIZES, attention="none", num_layers=2),
    "bahdanau": RecurrentSeq2Seq(**_SIZES, cell="gru", attention="bahdanau"),
    "bahdanau with all": RecurrentSeq2Seq(
        **_SIZES, attention="bahdanau", num_layers=2, input_feeding=True, copying=True, coverage=True
    ),
    "dot, monotonic": RecurrentSeq2Seq(**_SIZES, cell="rnn", attention="luong-dot", window="monotonic", window_size=2),
    "general, predictive, fed, covered": RecurrentSeq2Seq(
        **_SIZES,
        attention="luong-general",
        num_layers=2,
        window="predictive",
        window_size=2,
        input_feeding=True,
        coverage=True,
    ),
    "concat, copying": RecurrentSeq2Seq(**_SIZES, cell="gru", attention="luong-concat", copying=True),
    "general, one way": RecurrentSeq2Seq(**_SIZES, attention="luong-general", bidirectional=False),
    "transformer": TransformerSeq2Seq(hidden_size=16, num_layers=2, num_heads=2, feed_forward_size=20),
}
PAD, BOS, EOS = 0, 2, 3
SOURCES = torch.tensor([[2, 7, 8, 9, 10, 3], [2, 11, 12, 3, 0, 0]])
MASK = (SOURCES != PAD).long()


def small_model(name: str) -> Seq2SeqModel:
    """Larger weights than usual: what is written differs from step to step."""
    torch.manual_seed(0)
    model = build_seq2seq(
        SPECS[name],
        vocabulary_size=40,
        max_length=32,
        max_target_length=10,
        pad_token_id=PAD,
        bos_token_id=BOS,
        eos_token_id=EOS,
        banned_token_ids=(1, 4),
    )
    model.train(False)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(1.7)
    return model
