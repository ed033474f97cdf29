"""Pretrained encoder-decoders learn whole or by LoRA, are kept as folders that transformers opens, and go on."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import (
    AutoModelForSeq2SeqLM,
    BartConfig,
    BartForConditionalGeneration,
    PreTrainedModel,
    T5Config,
    T5ForConditionalGeneration,
)

from engine.breath import drain
from engine.config.run import from_tree
from engine.config.seq2seq import PretrainedSeq2Seq
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.events import Evaluated
from engine.inspection.translation.translate import translate
from engine.models.seq2seq.pretrained_seq2seq import load_pretrained_seq2seq
from engine.models.vocabulary import load_tokenizer
from engine.runs.run import Run
from engine.tasks.material import make_tokenizer
from engine.training.prepare import train
from tests.engine.encoders import make_encoder
from tests.engine.translated_runs import TREE, small_config


def folder_of(kind: str, folder: Path) -> Path:
    """A tiny model with a tokenizer of the built-in dates."""
    config = small_config()
    tokenizer = make_tokenizer(config, load_splits(config.data, config.task, 0))
    torch.manual_seed(0)
    special = {"pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 3, "decoder_start_token_id": 2}
    model: PreTrainedModel
    if kind == "t5":
        model = T5ForConditionalGeneration(
            T5Config(vocab_size=len(tokenizer), d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2, **special)
        )
    else:
        model = BartForConditionalGeneration(
            BartConfig(
                vocab_size=len(tokenizer), d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
                decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16, max_position_embeddings=64,
                forced_eos_token_id=3, **special,
            )
        )  # fmt: skip
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.parametrize(
    ("kind", "adaptation"),
    [
        ("t5", "lora"),
        ("bart", "whole"),
        pytest.param("t5", "whole", marks=pytest.mark.slow),
        pytest.param("bart", "lora", marks=pytest.mark.slow),
    ],
)
def test_it_learns_is_kept_and_answers(kind: str, adaptation: str, tmp_path: Path) -> None:
    source = folder_of(kind, tmp_path / "model")
    model = {"name": "pretrained-seq2seq", "source": str(source), "adaptation": {"name": adaptation}}
    training = {**TREE["training"], "max_steps": 8, "evaluate_every": 4}
    run = Run.create(from_tree({**TREE, "model": model, "training": training}), tmp_path / "runs")
    events = [event for event in train(run) if event is not None]
    losses = [one.metrics["loss"] for one in events if isinstance(one, Evaluated) and one.split == "validation"]
    assert losses[-1] < losses[0]
    found = drain(translate(run, "the first of May, nineteen eighty"))
    assert found.alignment is not None and found.alignment.shape == (len(found.words), len(found.source_words))
    folder = run.path / "checkpoints" / str(run.checkpoints["last"])
    again = AutoModelForSeq2SeqLM.from_pretrained(folder)
    assert type(again).__name__ == {"t5": "T5", "bart": "Bart"}[kind] + "ForConditionalGeneration"


def test_small_matrices_alone_learn(tmp_path: Path) -> None:
    spec = PretrainedSeq2Seq(source=str(folder_of("t5", tmp_path)), adaptation={"name": "lora"})
    model = load_pretrained_seq2seq(spec, max_new_tokens=9)
    learning = {name for name, weight in model.named_parameters() if weight.requires_grad}
    assert learning and all(".lora_" in name for name in learning)
    assert any("encoder" in name for name in learning) and any("decoder" in name for name in learning)


def test_words_before_a_text_are_read_and_not_shown(tmp_path: Path) -> None:
    source = folder_of("t5", tmp_path / "model")
    model = {"name": "pretrained-seq2seq", "source": str(source), "prefix": "in figures: "}
    training = {**TREE["training"], "max_steps": 1, "evaluate_every": 1}
    run = Run.create(from_tree({**TREE, "model": model, "training": training}), tmp_path / "runs")
    for _ in train(run):
        pass
    plain = drain(translate(run, "May"))
    assert [word.text for word in plain.source_words] == ["May"] and plain.num_tokens > 4


def test_an_encoder_alone_is_refused(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path)
    with pytest.raises(InputError):
        load_pretrained_seq2seq(PretrainedSeq2Seq(source=str(folder)), max_new_tokens=9)


def test_its_own_tokenizer_is_used(tmp_path: Path) -> None:
    folder = folder_of("bart", tmp_path)
    tokenizer = load_tokenizer(PretrainedSeq2Seq(source=str(folder)), 100)
    assert tokenizer.model_max_length <= 64
