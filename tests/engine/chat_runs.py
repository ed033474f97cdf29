"""A small run that chats, trained for a few steps on the built-in help desk."""

from __future__ import annotations

from pathlib import Path

from engine import verbs
from engine.config.run import RunConfig
from engine.runs.run import Run


def chat_config(**changes: object) -> RunConfig:
    small = {
        "data.builtin.num_rows": 120,
        "data.max_length": 400,
        "data.tokenizer.vocabulary_size": 400,
        "task.max_new_tokens": 24,
        "task.num_shown": 2,
        "model.hidden_size": 32,
        "model.num_layers": 2,
        "model.num_heads": 2,
        "model.feed_forward_size": 64,
        "training.max_steps": 6,
        "training.evaluate_every": 6,
        "training.micro_batch_size": 8,
    }
    return verbs.load_config("chat", {**small, **changes})


def trained_chat(folder: Path, name: str = "chat", **changes: object) -> Run:
    run = verbs.create(chat_config(**changes), folder, name)
    for _event in verbs.train(run):
        pass
    return run
