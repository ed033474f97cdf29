"""A pretrained language model goes on learning, whole or by LoRA, and is written with as any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

from engine.breath import drain
from engine.config.run import from_tree
from engine.errors import InputError
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.inspection.writing.looked_at import looked_at
from engine.inspection.writing.write import write
from engine.records import WritingSettings
from engine.runs.checkpoints import checkpoint_path
from engine.runs.run import Run
from engine.training.prepare import train
from tests.engine.encoders import KINDS, WORDS, make_encoder, make_tokenizer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GPT-2 of two layers, as the hub has it, and texts for it."""
    found = tmp_path_factory.mktemp("gpt2")
    torch.manual_seed(3)
    config = AutoConfig.for_model("gpt2", **{**KINDS["gpt2"], "vocab_size": 30, "eos_token_id": 3})
    AutoModelForCausalLM.from_config(config).save_pretrained(found)
    make_tokenizer(is_decoder=True).save_pretrained(found)
    return found


def settings(folder: Path, adaptation: str) -> dict[str, Any]:
    lines = [f"the film was {one} and the plot {other}" for one in WORDS for other in WORDS]
    (folder / "lines.txt").write_text("\n".join(lines), encoding="utf-8")
    return {
        "data": {"train": str(folder / "lines.txt"), "max_length": 16},
        "task": {"name": "language-model"},
        "model": {"name": "pretrained-causal", "source": str(folder), "adaptation": {"name": adaptation}},
        "training": {"max_steps": 4, "micro_batch_size": 4, "evaluate_every": 2},
    }


@pytest.mark.parametrize("adaptation", ["lora", "whole", "last-layers"])
def test_it_learns_and_its_folder_opens(adaptation: str, folder: Path, tmp_path: Path) -> None:
    tree = settings(folder, adaptation)
    if adaptation == "last-layers":
        tree["model"]["adaptation"]["num_layers"] = 1
    run = Run.create(from_tree(tree), tmp_path, adaptation)
    list(train(run))
    task = loaded_task(run)
    before = AutoModelForCausalLM.from_pretrained(folder)
    after = AutoModelForCausalLM.from_pretrained(checkpoint_path(run, "best"))
    read = torch.tensor([[3, 7, 9, 11]])
    with torch.inference_mode():
        assert not torch.equal(before(read).logits, after(read).logits)
        torch.testing.assert_close(task.models()[""](read).logits, after(read).logits, atol=1e-5, rtol=1e-4)
    found = drain(write(run, "The film was", WritingSettings(max_tokens=50, stops_at_end=False)))
    assert len(found.tokens) == 50 and max(token.num_seen for token in found.tokens) <= 40
    looks = drain(looked_at(run, found.ids[:8]))
    assert looks.weights.shape == (2, 4, 7) and not torch.tensor(looks.effects).isnan().any()


def test_an_encoder_does_not_write(tmp_path: Path) -> None:
    make_encoder(tmp_path / "bert", "bert")
    tree = settings(tmp_path, "lora")
    tree["model"]["source"] = str(tmp_path / "bert")
    lines = Run.create(from_tree(tree), tmp_path / "runs", "bert")
    try:
        list(train(lines))
    except InputError as error:
        assert error.what.english()
    else:  # transformers makes a decoder of some encoders, which then lacks an output layer
        pytest.fail("an encoder has no output layer for words")
