"""Losses against torch's own, and the promise that any split of a batch gives the same gradient."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from engine.config.losses import BinaryCrossEntropy, CrossEntropy, Focal, MeanSquaredError
from engine.models.losses import loss_of, probabilities_of, weight_of

WEIGHTS = (0.3, 1.0, 2.5)
LOGITS = torch.randn(40, 3, generator=torch.Generator().manual_seed(0)) * 3
LABELS = torch.randint(0, 3, (40,), generator=torch.Generator().manual_seed(1))
ALL = [CrossEntropy(label_smoothing=0.1), BinaryCrossEntropy(label_smoothing=0.1), Focal(gamma=1.5), MeanSquaredError()]


def mean(loss, class_weights=None) -> torch.Tensor:
    total, weight = loss_of(LOGITS, LABELS, loss, class_weights)
    return total / weight


@pytest.mark.parametrize(("smoothing", "class_weights"), [(0.0, None), (0.0, WEIGHTS), (0.2, None)])
def test_cross_entropy_is_torchs(smoothing: float, class_weights: tuple[float, ...] | None) -> None:
    weights = None if class_weights is None else torch.tensor(class_weights)
    expected = functional.cross_entropy(LOGITS, LABELS, weights, label_smoothing=smoothing)
    torch.testing.assert_close(mean(CrossEntropy(label_smoothing=smoothing), class_weights), expected)


def test_smoothing_comes_before_the_weights() -> None:
    """torch weighs each smoothed label by that label's own weight; here a row has the weight of its true one."""
    targets = functional.one_hot(LABELS, 3).float() * 0.8 + 0.2 / 3
    rows = -(targets * LOGITS.log_softmax(1)).sum(1)
    weights = torch.tensor(WEIGHTS)[LABELS]
    expected = (rows * weights).sum() / weights.sum()
    torch.testing.assert_close(mean(CrossEntropy(label_smoothing=0.2), WEIGHTS), expected)


def test_several_questions_are_smoothed_before_a_yes_is_weighed() -> None:
    true = (torch.rand(40, 3, generator=torch.Generator().manual_seed(2)) < 0.3).float()
    said, targets = LOGITS.sigmoid(), true * 0.8 + 0.1
    answers = -(targets * said.log() + (1 - targets) * (1 - said).log())
    expected = (answers * torch.where(true > 0, torch.tensor(WEIGHTS), 1.0)).mean()
    total, weight = loss_of(LOGITS, true, BinaryCrossEntropy(label_smoothing=0.2), WEIGHTS)
    torch.testing.assert_close(total / weight, expected)


@pytest.mark.parametrize(
    ("loss", "several"),
    [
        (CrossEntropy(label_smoothing=0.1), False),
        (BinaryCrossEntropy(label_smoothing=0.1), False),
        (BinaryCrossEntropy(label_smoothing=0.1), True),
    ],
    ids=["softmax", "sigmoids", "several labels"],
)
def test_weights_and_smoothing_together_leave_the_right_answer_the_best_one(loss, several: bool) -> None:
    """Of 39 rows "no" and one "yes", told apart by their text, "no" stays the cheapest answer to the former."""
    weights = (39.0, 39.0) if several else (40 / 78, 20.0)
    logits = torch.zeros(1, 2, requires_grad=True)
    labels = torch.zeros(1, 2) if several else torch.tensor([0])
    descent = torch.optim.LBFGS([logits], max_iter=200)

    def closure() -> torch.Tensor:
        descent.zero_grad()
        total, weight = loss_of(logits, labels, loss, weights)
        (total / weight).backward()
        return total / weight

    descent.step(closure)
    found = probabilities_of(logits.detach(), loss, several=several)[0]
    assert found[1] == pytest.approx(0.05, abs=0.01) and (several or found[0] == pytest.approx(0.95, abs=0.01))


def test_binary_cross_entropy_is_torchs() -> None:
    targets = functional.one_hot(LABELS, 3).float()
    expected = functional.binary_cross_entropy_with_logits(LOGITS, targets)
    torch.testing.assert_close(mean(BinaryCrossEntropy()), expected)
    smooth = functional.binary_cross_entropy_with_logits(LOGITS, targets * 0.7 + 0.1)
    torch.testing.assert_close(mean(BinaryCrossEntropy(label_smoothing=0.3)), smooth)


def test_weighted_binary_cross_entropy_is_the_weighted_mean_of_rows() -> None:
    targets = functional.one_hot(LABELS, 3).float()
    rows = functional.binary_cross_entropy_with_logits(LOGITS, targets, reduction="none").mean(1)
    weights = torch.tensor(WEIGHTS)[LABELS]
    torch.testing.assert_close(mean(BinaryCrossEntropy(), WEIGHTS), (rows * weights).sum() / weights.sum())


def test_focal_is_the_papers_and_cross_entropy_at_zero() -> None:
    torch.testing.assert_close(mean(Focal(gamma=0.0), WEIGHTS), mean(CrossEntropy(), WEIGHTS))
    p = LOGITS.softmax(1)[torch.arange(40), LABELS]
    torch.testing.assert_close(mean(Focal(gamma=2.0)), ((1 - p) ** 2 * -p.log()).mean())


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_focal_has_a_gradient_where_the_answer_is_certain(gamma: float) -> None:
    logits = torch.tensor([[200.0, -200.0], [-200.0, 200.0]], requires_grad=True)
    loss_of(logits, torch.tensor([0, 0]), Focal(gamma=gamma), None)[0].backward()
    assert logits.grad is not None and logits.grad.isfinite().all()


def test_mean_squared_error_is_torchs() -> None:
    answers, truths = torch.randn(9, 1), torch.randn(9)
    total, weight = loss_of(answers, truths, MeanSquaredError(), None)
    torch.testing.assert_close(total / weight, functional.mse_loss(answers[:, 0], truths))


@pytest.mark.parametrize("loss", ALL, ids=lambda loss: loss.name)
@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(1, 39), max_size=5), is_weighted=st.booleans())
def test_any_split_adds_up(loss, cuts: list[int], is_weighted: bool) -> None:
    class_weights = WEIGHTS if is_weighted else None
    logits = LOGITS[:, :1] if loss.name == "mse" else LOGITS
    edges = [0, *sorted(set(cuts)), 40]
    parts = [loss_of(logits[a:b], LABELS[a:b], loss, class_weights) for a, b in itertools.pairwise(edges)]
    total, weight = loss_of(logits, LABELS, loss, class_weights)
    torch.testing.assert_close(sum(part[0] for part in parts), total)
    torch.testing.assert_close(sum(part[1] for part in parts), weight)
    assert weight == weight_of(LABELS, loss, class_weights)


@pytest.mark.parametrize("loss", ALL[:3], ids=lambda loss: loss.name)
def test_eight_micro_batches_of_32_equal_one_of_256(make_model, small_spec, loss) -> None:
    """With padding, unequal sizes (the last two are 20 and 44) and class weights."""
    model = make_model(small_spec, loss=loss, labels=("a", "b", "c"), class_weights=WEIGHTS)
    generator = torch.Generator().manual_seed(4)
    ids = torch.randint(1, 50, (256, 12), generator=generator)
    lengths = torch.randint(1, 13, (256,), generator=generator)
    mask = (torch.arange(12)[None] < lengths[:, None]).long()
    labels = torch.randint(0, 3, (256,), generator=generator)

    def gradient(sizes: list[int]) -> list[torch.Tensor]:
        model.zero_grad()
        whole = weight_of(labels, loss, WEIGHTS)
        for rows in torch.arange(256).split(sizes):
            width = int(lengths[rows].max())
            logits = model(ids[rows, :width], mask[rows, :width]).logits
            (loss_of(logits, labels[rows], loss, WEIGHTS)[0] / whole).backward()
        return [weight.grad.clone() for weight in model.parameters()]

    for part, whole in zip(gradient([32] * 6 + [20, 44]), gradient([256]), strict=True):
        torch.testing.assert_close(part, whole, atol=1e-6, rtol=0)


@pytest.mark.parametrize("loss", ALL[:3], ids=lambda loss: loss.name)
def test_probabilities_sum_to_one(loss) -> None:
    for logits in (LOGITS, torch.full((2, 3), -300.0), torch.tensor([[300.0, -300.0, 0.0]])):
        torch.testing.assert_close(probabilities_of(logits, loss).sum(1), torch.ones(len(logits)))


def test_probabilities_of_each_loss() -> None:
    torch.testing.assert_close(probabilities_of(LOGITS, CrossEntropy()), LOGITS.softmax(1))
    sigmoids = LOGITS.sigmoid()
    torch.testing.assert_close(probabilities_of(LOGITS, BinaryCrossEntropy()), sigmoids / sigmoids.sum(1, keepdim=True))
    assert torch.equal(probabilities_of(LOGITS[:, :1], MeanSquaredError()), LOGITS[:, :1])


def test_two_labels_under_a_sigmoid_are_one_question(make_model, small_spec) -> None:
    """The head has one output s; its two probabilities are the sigmoids of s and -s; the loss is torch's binary one."""
    model = make_model(small_spec, loss=BinaryCrossEntropy())
    ids, labels = torch.randint(1, 50, (5, 6)), torch.tensor([0, 1, 1, 0, 1])
    output = model(ids, labels=labels)
    assert model.head.output.out_features == 1
    score = output.logits[:, 1]
    torch.testing.assert_close(probabilities_of(output.logits, BinaryCrossEntropy())[:, 1], score.sigmoid())
    torch.testing.assert_close(output.loss, functional.binary_cross_entropy_with_logits(score, labels.float()))


def test_half_precision_logits_are_summed_in_full() -> None:
    total, _ = loss_of(LOGITS.bfloat16(), LABELS, CrossEntropy(), WEIGHTS)
    assert total.dtype == torch.float32 and math.isfinite(total)
