"""How to learn: optimizer, schedule, accumulation, clipping, early stopping, precision, device."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict

from engine.config.accumulation import Accumulation, FixedAccumulation
from engine.config.adversary import Adversary, NoAdversary
from engine.config.best_checkpoint import BestCheckpoint
from engine.config.choice import Choice, setting
from engine.config.optimizer import AdamW, ClipNorm, Clipping, Optimizer, Schedule, WarmupLinear
from engine.config.pretraining import NoPretraining, Pretraining


class TrainingConfig(Choice):
    """How to learn."""

    model_config = ConfigDict(title="Training")
    max_steps: int = setting(
        600, ge=1, le=10_000_000, title="Updates", help="How many times the weights are changed in all."
    )
    micro_batch_size: int = setting(32, ge=1, le=4096, title="Micro-batch", help="Texts that are read at once.")
    accumulation: Accumulation = setting(
        FixedAccumulation(),
        title="Accumulation",
        help="Micro-batches that make one update; the batch is their product.",
    )
    pretraining: Pretraining = setting(
        NoPretraining(), title="Before it", help="What the model learns before the task itself."
    )
    adversary: Adversary = setting(
        NoAdversary(), title="Adversary", help="Small changes against the model that it must withstand."
    )
    optimizer: Optimizer = setting(AdamW(), title="Optimizer", help="How a gradient becomes a step.")
    schedule: Schedule = setting(
        WarmupLinear(), title="Schedule", help="How the learning rate changes over the training."
    )
    clipping: Clipping = setting(ClipNorm(), title="Clipping", help="How too large gradients are held.")
    evaluate_every: int = setting(
        100,
        ge=1,
        le=10_000_000,
        title="Evaluate every",
        help="Updates between two looks at the validation data; the last update is always followed by one.",
    )
    checkpoint_every: int | None = setting(
        None, ge=1, title="Save every", help="Updates between two checkpoints. Empty: at every evaluation."
    )
    keep_checkpoints: int = setting(
        0,
        ge=0,
        le=10_000,
        title="Keep checkpoints",
        help="How many older checkpoints stay besides the best and the last.",
    )
    best: BestCheckpoint = setting(
        BestCheckpoint(), title="Best checkpoint", help="Which checkpoint counts as the best, and when waiting ends."
    )
    precision: Literal["auto", "fp32", "bf16", "fp16"] = setting(
        "auto",
        title="Number format",
        help="Half precision is faster where the device supports it; auto chooses by device.",
        words={"auto": "Choose for me", "fp32": "fp32", "bf16": "bf16", "fp16": "fp16"},
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = setting(
        "auto",
        title="Device",
        help="What computes.",
        words={"auto": "Choose for me", "cpu": "CPU", "cuda": "NVIDIA GPU", "mps": "Apple GPU"},
    )
    baseline: bool = setting(
        True, title="Word counting beside it", help="Also train a bag of words, as the line that the model must pass."
    )
    attacked_rows: int = setting(
        0,
        ge=0,
        le=100_000,
        title="Attacked texts",
        help="At the end so many test texts are misspelled and reworded against the model; 0: none.",
    )
    probes: tuple[str, ...] = setting(
        (),
        max_length=16,
        title="Probe texts",
        help="Texts whose attention is captured before the first update and at each evaluation. "
        "Empty: three validation texts.",
    )
    probe_tokens: int = setting(
        64,
        ge=8,
        le=512,
        title="Longest probe text",
        help="A probe text is read up to so many tokens, the rest is cut: maps grow with the square of it.",
    )
    probe_megabytes: int = setting(
        100,
        ge=1,
        le=100_000,
        title="Room for probes (MB)",
        help="All captures of a run take no more. When it is full, every second older one is dropped; the first, the "
        "best checkpoint's and the newest stay.",
    )
