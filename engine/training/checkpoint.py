"""Checkpoints: whole, check-summed and never half-visible.

checkpoints/step-400/   model.safetensors config.json tokenizer.json ...   a folder that transformers opens
                        adapter.safetensors    of LoRA: the weights that learn, beside the merged ones
                        discriminator/         of a text GAN: the critic, a folder like this one
                        pretraining.safetensors        what guesses words beside the classifier, while it does
                        optimizer.safetensors  random.safetensors  trainer.json   what a resume needs
                        manifest.json          SHA-256 of every file
checkpoints.json        names best, last and kept ones; replacing this file is what makes a checkpoint visible; where it
                        is lost, `score` in each trainer.json says what it said (`engine.training.sound_checkpoints`)
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import optim
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.errors import InputError
from engine.models.adaptation import has_adapter, merged_state, save_adapter
from engine.runs.checkpoints import MANIFEST, sha256, verify
from engine.runs.checksums import sealed
from engine.runs.files import disk_errors, write_atomic
from engine.runs.partial_files import aside_of, share
from engine.runs.pointer import FILE as POINTER
from engine.runs.pointer import pointer_json
from engine.runs.run import Run
from engine.runs.run_maintenance import set_aside
from engine.tasks.task import HasTensors


@dataclass(frozen=True)
class CheckpointScore:
    """`value` of the chosen metric; None when this step does not count (no evaluation, recall below the floor)."""

    metric: str
    value: float | None


class Content(Protocol):
    """What a checkpoint keeps of a task."""

    tokenizer: PreTrainedTokenizerFast

    def models(self) -> Mapping[str, PreTrainedModel]: ...


def save_checkpoint(
    run: Run,
    step: int,
    content: Content,
    optimizers: dict[str, optim.Optimizer],
    trainer: dict[str, Any],
) -> Path:
    """Write `checkpoints/step-N` aside, then rename it into place. It is not visible before `publish`.

    `trainer` is plain JSON. Raises RunFailure when the disk refuses; what was there before stays.
    """
    final = run.path / "checkpoints" / f"step-{step}"
    aside = aside_of(final)
    with disk_errors(final, needed=lambda: _num_bytes(content, optimizers)):
        try:
            final.parent.mkdir(exist_ok=True)  # without parents: a run's folder that is gone stays gone
            aside.mkdir()
            _write(aside, content, optimizers, trainer)
            shutil.rmtree(final, ignore_errors=True)
            aside.replace(final)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return final


def publish(
    run: Run, step: int, *, best: bool, score: CheckpointScore, num_kept: int, is_milestone: bool = False
) -> None:
    """Make `step-N` the last checkpoint (and the best, if so), and drop those that were named and are not any more. A
    milestone stays for good; so does a sound one that nothing ever named: somebody may still want it."""
    named = run.checkpoints
    name = f"step-{step}"
    kept = [one for one in [*named.get("kept", []), named.get("last")] if one and one != name]
    kept = list(dict.fromkeys(kept))[-num_kept:] if num_kept else []
    tree = {**named, "last": name, "kept": kept}
    if best:
        tree |= {"best": name, "metric": score.metric, "value": score.value}
    tree.setdefault("best", None)
    if is_milestone:
        tree["milestones"] = list(dict.fromkeys([*tree.get("milestones", []), name]))
    set_aside(run.path / POINTER)
    write_atomic(run.path / POINTER, pointer_json(tree))
    _drop(run, _names(named) - _names(tree), _names(tree))


def _names(tree: Mapping[str, Any]) -> set[str]:
    """All that a pointer names."""
    lists = [*tree.get("kept", []), *tree.get("milestones", []), *tree.get("found", [])]
    return {one for one in (tree.get("best"), tree.get("last"), *lists) if one}


def _drop(run: Run, forgotten: Collection[str], wanted: Collection[str]) -> None:
    """What was named and is not any more, and what is not whole."""
    for folder in (run.path / "checkpoints").iterdir():
        if folder.name in wanted or not folder.is_dir():
            continue
        if folder.name in forgotten or not _is_sound(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_sound(folder: Path) -> bool:
    try:
        verify(folder)
    except InputError:
        return False
    return True


def saved_tokenizer(path: Path) -> PreTrainedTokenizerFast:
    """The tokenizer that lies in a checkpoint."""
    tokenizer: PreTrainedTokenizerFast = PreTrainedTokenizerFast.from_pretrained(path)
    return tokenizer


def load_optimizer(path: Path, player: str, optimizer: optim.Optimizer) -> None:
    """Restore an optimizer's state, tensors and numbers alike, bit for bit."""
    tree = json.loads((path / "trainer.json").read_text(encoding="utf-8"))["optimizers"][player]
    state: dict[int, dict[str, Any]] = {int(key): dict(values) for key, values in tree["state"].items()}
    for key, tensor in load_file(path / "optimizer.safetensors").items():
        owner, index, name = key.split("/", 2)
        if owner == player:
            state.setdefault(int(index), {})[name] = tensor
    optimizer.load_state_dict({"state": state, "param_groups": tree["param_groups"]})


def load_trainer(path: Path) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads((path / "trainer.json").read_text(encoding="utf-8"))
    return tree


def seed_everything(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed % 2**32)  # libraries that draw from the global state
    torch.manual_seed(seed)


def restore_randomness(path: Path) -> None:
    """torch's generators go on exactly where the checkpoint was taken."""
    state = load_file(path / "random.safetensors")
    torch.set_rng_state(state["cpu"])
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"])


def _tensors(content: Content) -> Mapping[str, dict[str, torch.Tensor]]:
    return content.tensors() if isinstance(content, HasTensors) else {}


def _num_bytes(content: Content, optimizers: dict[str, optim.Optimizer]) -> int:
    """Of all tensors of a checkpoint, which is nearly all of it."""
    weights = [weight for model in content.models().values() for weight in model.state_dict().values()]
    further = [tensor for named in _tensors(content).values() for tensor in named.values()]
    kept = [value for one in optimizers.values() for state in one.state.values() for value in state.values()]
    return sum(one.nbytes for one in (*weights, *further, *kept) if isinstance(one, torch.Tensor))


def _write(
    folder: Path,
    content: Content,
    optimizers: dict[str, optim.Optimizer],
    trainer: dict[str, Any],
) -> None:
    for place, model in content.models().items():
        _write_model(folder / place, model)
        content.tokenizer.save_pretrained(folder / place)
    for name, further in _tensors(content).items():
        save_file({key: tensor.detach().cpu().contiguous() for key, tensor in further.items()}, folder / name)
    tensors: dict[str, torch.Tensor] = {}
    trees: dict[str, Any] = {}
    for player, optimizer in optimizers.items():
        trees[player] = _split_state(player, optimizer, tensors)
    save_file(tensors, folder / "optimizer.safetensors")
    save_file(_randomness(), folder / "random.safetensors")
    (folder / "trainer.json").write_text(json.dumps({**trainer, "optimizers": trees}), encoding="utf-8")
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    sums = {file.relative_to(folder).as_posix(): sha256(file) for file in files}
    (folder / MANIFEST).write_text(sealed({"sha256": sums}, indent=1), encoding="utf-8")
    share(folder)


def _write_model(folder: Path, model: PreTrainedModel) -> None:
    if has_adapter(model):
        model.save_pretrained(folder, state_dict=merged_state(model))
        save_adapter(model, folder)
    else:
        model.save_pretrained(folder)


def _split_state(player: str, optimizer: optim.Optimizer, tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
    """Tensors go to `tensors` under "player/index/name", numbers stay in the returned JSON tree."""
    whole = optimizer.state_dict()
    numbers: dict[str, dict[str, Any]] = {}
    for index, values in whole["state"].items():
        for name, value in values.items():
            if isinstance(value, torch.Tensor):
                tensors[f"{player}/{index}/{name}"] = value.detach().contiguous().clone()
            elif value is not None:
                numbers.setdefault(str(index), {})[name] = value
    return {"state": numbers, "param_groups": whole["param_groups"]}


def _randomness() -> dict[str, torch.Tensor]:
    state = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state()
    return state
