"""One update: accumulation is exact, clipping comes after the whole step, every optimizer learns."""

from __future__ import annotations

import math

import pytest
import torch

from engine.config.classifiers import Recurrent, Transformer
from engine.config.losses import BinaryCrossEntropy, CrossEntropy, Focal, Loss
from engine.config.optimizer import (
    SGD,
    AdaDelta,
    AdaGrad,
    Adam,
    AdamW,
    ClipNorm,
    ClipValue,
    Momentum,
    Nesterov,
    NoClipping,
    Optimizer,
    RMSProp,
)
from engine.config.run import RunConfig
from engine.config.tasks.classification import Classification
from engine.config.training import TrainingConfig
from engine.data.tokens.batches import Batch
from engine.models.build import build
from engine.tasks.classification.task import ClassificationTask
from engine.training.adversary.virtual import divergence
from engine.training.device import place
from engine.training.optimizers import clip, make_optimizer
from engine.training.step import Turn, take_turn
from tests.engine.text_batch import text_batch

LABELS = ("a", "b", "c")
WEIGHTS = (0.5, 1.0, 3.0)


def make_task(loss: Loss, class_weights: tuple[float, ...] | None = None) -> ClassificationTask:
    torch.manual_seed(0)
    spec = Recurrent(embedding_size=8, hidden_size=8, dropout=0.0, embedding_dropout=0.0)
    model = build(
        spec,
        vocabulary_size=50,
        num_labels=3,
        max_length=40,
        pad_token_id=0,
        labels=LABELS,
        loss=loss,
        class_weights=class_weights,
    )
    return ClassificationTask(RunConfig(task=Classification(loss=loss)), model, None, LABELS, None, torch.device("cpu"))  # type: ignore[arg-type]


def make_batch(lengths: list[int], generator: torch.Generator) -> Batch:
    longest = max(lengths)
    mask = torch.tensor([[1] * length + [0] * (longest - length) for length in lengths])
    ids = torch.randint(1, 50, mask.shape, generator=generator) * mask
    labels = torch.randint(0, 3, (len(lengths),), generator=generator)
    return text_batch(ids, mask, labels)


def joined(batches: list[Batch]) -> Batch:
    longest = max(batch.input_ids.shape[1] for batch in batches)

    def padded(tensor: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.pad(tensor, (0, longest - tensor.shape[1]))

    return text_batch(
        torch.cat([padded(batch.input_ids) for batch in batches]),
        torch.cat([padded(batch.attention_mask) for batch in batches]),
        torch.cat([batch.labels for batch in batches]),
    )


def turn(task: ClassificationTask, batches: list[Batch], clipping: object = None) -> tuple[Turn, list[torch.Tensor]]:
    training = TrainingConfig(device="cpu")
    placement = place(training)
    optimizer = make_optimizer(SGD(learning_rate=1e-9), task.model)
    taken = take_turn(
        task,
        "model",
        batches,
        optimizer,
        1e-9,
        clipping or NoClipping(),  # type: ignore[arg-type]
        placement,
        placement.make_scaler(),
    )
    return taken, [weight.grad.clone() for weight in task.model.parameters() if weight.grad is not None]


@pytest.mark.parametrize(
    ("loss", "class_weights"),
    [
        (CrossEntropy(), None),
        (CrossEntropy(label_smoothing=0.1), WEIGHTS),
        (BinaryCrossEntropy(), WEIGHTS),
        (Focal(), None),
    ],
)
def test_gradient_of_8_times_32_equals_that_of_256(loss: Loss, class_weights: tuple[float, ...] | None) -> None:
    generator = torch.Generator().manual_seed(1)
    batches = [make_batch(torch.randint(2, 40, (32,), generator=generator).tolist(), generator) for _ in range(8)]
    task = make_task(loss, class_weights)
    small, small_gradients = turn(task, batches)
    whole, whole_gradients = turn(task, [joined(batches)])
    assert float(small.loss) == pytest.approx(float(whole.loss), abs=1e-6)
    assert float(small.norm) == pytest.approx(float(whole.norm), rel=1e-5)
    for one, other in zip(small_gradients, whole_gradients, strict=True):
        assert torch.allclose(one, other, atol=1e-6)


def test_unequal_micro_batches_weigh_by_rows() -> None:
    generator = torch.Generator().manual_seed(2)
    batches = [make_batch([5] * 3, generator), make_batch([30, 7], generator), make_batch([12] * 20, generator)]
    task = make_task(CrossEntropy())
    _, pieces = turn(task, batches)
    _, whole = turn(task, [joined(batches)])
    naive = [torch.zeros_like(gradient) for gradient in whole]
    for batch in batches:
        for index, gradient in enumerate(turn(task, [batch])[1]):
            naive[index] += gradient / len(batches)
    assert all(torch.allclose(one, other, atol=1e-6) for one, other in zip(pieces, whole, strict=True))
    assert not all(torch.allclose(one, other, atol=1e-4) for one, other in zip(naive, whole, strict=True))


def test_norm_is_of_the_whole_step_and_before_clipping() -> None:
    generator = torch.Generator().manual_seed(3)
    batches = [make_batch([10] * 8, generator) for _ in range(4)]
    task = make_task(CrossEntropy())
    free, _ = turn(task, batches)
    limit = float(free.norm) / 10
    clipped, gradients = turn(task, batches, ClipNorm(max_norm=limit))
    assert float(clipped.norm) == pytest.approx(float(free.norm), rel=1e-6)
    total = math.sqrt(sum(float(gradient.pow(2).sum()) for gradient in gradients))
    assert total == pytest.approx(limit, rel=1e-4)


def test_clipping_by_value() -> None:
    weight = torch.nn.Parameter(torch.zeros(3))
    weight.grad = torch.tensor([3.0, -4.0, 0.1])
    norm = clip(ClipValue(max_value=0.5), [weight])
    assert float(norm) == pytest.approx(math.sqrt(25.01))
    assert weight.grad.tolist() == pytest.approx([0.5, -0.5, 0.1])


OPTIMIZERS: list[Optimizer] = [
    SGD(),
    Momentum(),
    Nesterov(),
    AdaGrad(),
    AdaDelta(),
    RMSProp(),
    Adam(),
    AdamW(),
]


@pytest.mark.parametrize("spec", OPTIMIZERS, ids=lambda spec: spec.name)
def test_every_optimizer_learns_with_its_defaults(spec: Optimizer) -> None:
    generator = torch.Generator().manual_seed(4)
    batch = make_batch([8] * 32, generator)
    task = make_task(CrossEntropy())
    placement = place(TrainingConfig(device="cpu"))
    optimizer = make_optimizer(spec, task.model)
    losses = []
    for _ in range(40):
        taken = take_turn(
            task, "model", [batch], optimizer, spec.learning_rate, ClipNorm(), placement, placement.make_scaler()
        )
        losses.append(float(taken.loss))
    assert losses[-1] < losses[0] - 0.02


def test_decay_spares_biases_and_norms() -> None:
    model = build(
        Transformer(hidden_size=8, num_heads=2, feed_forward_size=8, num_layers=1),
        vocabulary_size=20,
        num_labels=2,
        max_length=8,
        pad_token_id=0,
        labels=("a", "b"),
        loss=CrossEntropy(),
    )
    decayed, spared = make_optimizer(AdamW(weight_decay=0.1), model).param_groups
    assert decayed["weight_decay"] == 0.1 and all(weight.ndim > 1 for weight in decayed["params"])
    assert spared["weight_decay"] == 0.0 and all(weight.ndim <= 1 for weight in spared["params"])


def test_bf16_learns_too() -> None:
    generator = torch.Generator().manual_seed(5)
    batch = make_batch([8] * 16, generator)
    task = make_task(CrossEntropy())
    placement = place(TrainingConfig(device="cpu", precision="bf16"))
    assert placement.precision == "bf16"
    optimizer = make_optimizer(Adam(learning_rate=0.01), task.model)
    losses = [
        float(take_turn(task, "model", [batch], optimizer, 0.01, ClipNorm(), placement, placement.make_scaler()).loss)
        for _ in range(30)
    ]
    assert losses[-1] < losses[0] / 1.5


def test_divergence_is_summed_over_rows_and_labels_and_a_mean_over_labels_of_their_own() -> None:
    clean, other = torch.tensor([[2.0, 0.0, -1.0], [0.0, 1.0, 3.0]]), torch.tensor([[0.0, 1.0, 1.0], [0.5, 0.5, 0.0]])
    p, q = clean.softmax(-1), other.softmax(-1)
    assert float(divergence(clean, other, CrossEntropy())) == pytest.approx(float((p * (p / q).log()).sum()), rel=1e-5)
    p, q = clean.sigmoid(), other.sigmoid()
    expected = (p * (p / q).log() + (1 - p) * ((1 - p) / (1 - q)).log()).mean(dim=-1).sum()
    assert float(divergence(clean, other, BinaryCrossEntropy())) == pytest.approx(float(expected), rel=1e-5)
