"""Small classification tasks on models of every kind, and batches for them."""

from __future__ import annotations

from pathlib import Path

import torch
from transformers import PreTrainedModel

from engine.config.adversary import FGM, VAT, AttentionAdversary, FreeLB
from engine.config.classifiers import Fusion, Recurrent, Transformer
from engine.config.losses import CrossEntropy, Loss
from engine.config.optimizer import SGD, NoClipping
from engine.config.pretrained import HeadOnly, LoRA, Pretrained
from engine.config.run import RunConfig
from engine.config.tasks.classification import Classification
from engine.config.training import TrainingConfig
from engine.data.tokens.batches import Batch
from engine.models.build import build
from engine.models.pretrained import load_pretrained
from engine.tasks.classification.task import ClassificationTask
from engine.training.adversary import Adversary, Plain
from engine.training.device import place
from engine.training.gradient_meter import GradientMeter
from engine.training.optimizers import make_optimizer
from engine.training.step import Turn, take_turn
from tests.engine.encoders import make_encoder
from tests.engine.text_batch import text_batch

KINDS = ("recurrent", "transformer", "fusion", "pretrained", "lora", "head")
ADVERSARIES = (FGM(), FreeLB(), VAT(norm=1.0), AttentionAdversary())
LABELS = ("a", "b", "c")
NUM_WORDS = 20


def make_task(
    kind: str, folder: Path, loss: Loss | None = None, *, dropout: float = 0.0, labels: tuple[str, ...] = LABELS
) -> ClassificationTask:
    """Seeded; in training mode."""
    loss = loss or CrossEntropy()
    torch.manual_seed(0)
    model = _pretrained(kind, folder, loss, dropout) if kind in KINDS[3:] else _ours(kind, loss, dropout, labels)
    model.train()
    spec = Classification(loss=loss)
    return ClassificationTask(RunConfig(task=spec), model, None, labels, None, torch.device("cpu"))  # type: ignore[arg-type]


def _ours(kind: str, loss: Loss, dropout: float, labels: tuple[str, ...]) -> PreTrainedModel:
    specs = {
        "recurrent": Recurrent(embedding_size=8, hidden_size=6, dropout=dropout, embedding_dropout=dropout),
        "transformer": Transformer(hidden_size=8, num_heads=2, feed_forward_size=12, dropout=dropout),
        "fusion": Fusion(embedding_size=8, num_heads=2, feed_forward_size=12, hidden_size=6, dropout=dropout),
    }
    return build(
        specs[kind],
        vocabulary_size=NUM_WORDS,
        num_labels=max(1, len(labels)),
        max_length=40,
        pad_token_id=1,
        labels=labels,
        loss=loss,
    )


def _pretrained(kind: str, folder: Path, loss: Loss, dropout: float) -> PreTrainedModel:
    source = folder / f"encoder-{dropout}"
    if not source.exists():
        make_encoder(source, hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout)
    adaptation = {"lora": LoRA(rank=2, dropout=dropout), "head": HeadOnly()}.get(kind)
    spec = Pretrained(source=str(source), **({"adaptation": adaptation} if adaptation else {}))
    return load_pretrained(spec, labels=LABELS, loss=loss, class_weights=None, pad_token_id=1)


def make_batch(lengths: list[int], seed: int = 1, unlabelled: Batch | None = None) -> Batch:
    """Random words, padded with token 1."""
    generator = torch.Generator().manual_seed(seed)
    mask = (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).long()
    ids = torch.randint(5, NUM_WORDS, mask.shape, generator=generator) * mask + (1 - mask)
    labels = torch.randint(0, 3, (len(lengths),), generator=generator)
    return text_batch(ids, mask, labels, unlabelled)


def part_of(batch: Batch, start: int, end: int) -> Batch:
    """Some rows of a batch, with no more padding than they need."""
    longest = int(batch.attention_mask[start:end].sum(dim=1).max())
    return text_batch(
        batch.input_ids[start:end, :longest], batch.attention_mask[start:end, :longest], batch.labels[start:end]
    )


def turn(
    task: ClassificationTask,
    batches: list[Batch],
    adversary: Adversary | None = None,
    gradients: GradientMeter | None = None,
    *,
    precision: str = "fp32",
) -> tuple[Turn, list[torch.Tensor]]:
    """One update by nothing, and the gradient that it was made from."""
    placement = place(TrainingConfig(device="cpu", precision=precision))
    taken = take_turn(
        task,
        "model",
        batches,
        make_optimizer(SGD(), task.model),
        0.0,
        NoClipping(),
        placement,
        placement.make_scaler(),
        adversary=adversary or Plain(),
        gradients=gradients,
    )
    return taken, [weight.grad.clone() for weight in task.model.parameters() if weight.grad is not None]
