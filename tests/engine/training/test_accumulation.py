"""Dynamic accumulation: a known noise scale is found, the loss that steadies, what a resume needs."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import nn

from engine.config.accumulation import FixedAccumulation, LossVarianceAccumulation, NoiseScaleAccumulation
from engine.config.adversary import FGM
from engine.training.accumulation import AccumulationPlan
from engine.training.adversary import make_adversary
from engine.training.gradient_meter import GradientMeter
from tests.engine.training.small_tasks import make_batch, make_task, turn

SIZE = 4
LOSS = torch.tensor(1.0)


class Noisy:
    """Gradients of rows: a true one of length 1, and noise of a variance of `noise_scale` in all around it."""

    def __init__(self, noise_scale: float, num_weights: int = 200) -> None:
        self._generator = torch.Generator().manual_seed(0)
        self._weights = [nn.Parameter(torch.zeros(num_weights // 4)) for _ in range(4)]
        self._true = torch.ones(num_weights) / num_weights**0.5
        self._deviation = (noise_scale / num_weights) ** 0.5

    def update(self, plan: AccumulationPlan, sizes: list[int] | None = None) -> None:
        sizes = sizes or [SIZE] * plan.num_micro_batches
        meter = plan.meter()
        for weight in self._weights:
            weight.grad = None
        if meter is not None:
            for size in sizes:
                with meter.watch(self._weights, size, size / sum(sizes)):
                    self._add(size, size / sum(sizes))
            whole = torch.cat([weight.grad for weight in self._weights if weight.grad is not None])
            meter.finish(whole.norm(), torch.ones(()))
        plan.observe(LOSS, meter)

    def _add(self, size: int, share: float) -> None:
        noise = torch.randn(len(self._true), generator=self._generator) * self._deviation / size**0.5
        for weight, part in zip(self._weights, (share * (self._true + noise)).chunk(4), strict=True):
            weight.grad = part.clone() if weight.grad is None else weight.grad + part


@pytest.mark.parametrize("scale", [10.0, 60.0])
@pytest.mark.parametrize("sizes", [None, [SIZE, SIZE, SIZE, 1]])
def test_a_known_noise_scale_is_found(scale: float, sizes: list[int] | None) -> None:
    plan, gradients = AccumulationPlan(NoiseScaleAccumulation(maximum=64), SIZE), Noisy(scale)
    found = []
    for _ in range(140):
        gradients.update(plan, sizes)
        found.append(plan.noise_scale)
    assert found[0] is None, "nothing is known before it is read"
    late = [value for value in found[60:] if value is not None]
    assert sum(late) / len(late) == pytest.approx(scale, rel=0.15)


@pytest.mark.parametrize(("scale", "least", "most"), [(1.0, 1, 1), (64.0, 13, 19), (4000.0, 20, 20)])
def test_the_number_follows_the_noise_within_its_bounds(scale: float, least: int, most: int) -> None:
    plan, gradients = AccumulationPlan(NoiseScaleAccumulation(maximum=20), SIZE), Noisy(scale)
    numbers = []
    for _ in range(100):
        gradients.update(plan)
        numbers.append(plan.num_micro_batches)
    settled = numbers[60:]
    rest = [number for place, number in enumerate(settled, 61) if place % 10 != 9]
    assert all(least <= number <= most for number in rest)
    assert all(later <= 2 * before for before, later in pairwise(numbers))


def test_a_single_micro_batch_makes_way_for_two_every_tenth_update() -> None:
    plan, gradients = AccumulationPlan(NoiseScaleAccumulation(maximum=8), SIZE), Noisy(0.5)
    for _ in range(20):
        gradients.update(plan)
    numbers = []
    for _ in range(20):
        numbers.append(plan.num_micro_batches)
        assert (plan.meter() is not None) == (numbers[-1] == 2)
        gradients.update(plan)
    assert numbers == ([1] * 9 + [2]) * 2


def test_more_noise_later_makes_larger_updates() -> None:
    plan = AccumulationPlan(NoiseScaleAccumulation(maximum=64), SIZE)
    for scale, expected in ((4.0, 1), (40.0, 10)):
        gradients = Noisy(scale)
        for _ in range(120):
            gradients.update(plan)
        assert plan.num_micro_batches == pytest.approx(expected, rel=0.3, abs=1)


def test_a_gradient_that_is_not_finite_is_passed_over() -> None:
    plan, gradients = AccumulationPlan(NoiseScaleAccumulation(), SIZE), Noisy(10.0)
    for number in range(50):
        gradients.update(plan)
        if number % 5 == 0:
            meter = GradientMeter()
            weight = nn.Parameter(torch.zeros(2))
            for _ in range(2):
                with meter.watch([weight], SIZE, 0.5):
                    weight.grad = torch.tensor([float("inf"), 1.0])
            meter.finish(torch.tensor(float("inf")), torch.ones(()))
            plan.observe(LOSS, meter)
    assert plan.noise_scale is not None and plan.noise_scale < 30


@pytest.mark.parametrize("adversary", [None, FGM()])
def test_the_meter_changes_no_gradient_and_sees_each(adversary: FGM | None, tmp_path: Path) -> None:
    task = make_task("recurrent", tmp_path)
    batches = [make_batch([9, 5, 3], 1), make_batch([4, 8, 2, 2], 2), make_batch([6], 3)]

    def against() -> object:
        return None if adversary is None else make_adversary(adversary, task)

    meter = GradientMeter()
    plain, gradients = turn(task, batches, against())
    measured, same = turn(task, batches, against(), meter)
    assert torch.equal(plain.loss, measured.loss)
    assert all(torch.allclose(a, b, rtol=0.0, atol=1e-7) for a, b in zip(gradients, same, strict=True))
    if adversary is None:
        assert all(torch.equal(a, b) for a, b in zip(gradients, same, strict=True))
    norms = meter.norms()
    assert norms is not None
    alone = [float(turn(task, [batch], against())[0].norm) ** 2 for batch in batches]
    assert float(norms.small) == pytest.approx(sum(alone) / 3, rel=1e-4)
    assert float(norms.big) == pytest.approx(float(plain.norm) ** 2, rel=1e-6)
    assert norms.small_size == pytest.approx(3 / (1 / 3 + 1 / 4 + 1)) and norms.big_size == pytest.approx(8.0)


def test_a_loss_scaler_is_taken_out() -> None:
    weight = nn.Parameter(torch.zeros(2))
    meter = GradientMeter()
    for _ in range(2):
        with meter.watch([weight], 4, 0.5):
            weight.grad = torch.tensor([3.0, 4.0]) * 0.5 * 1024
    meter.finish(torch.tensor(5.0), torch.tensor(1024.0))
    norms = meter.norms()
    assert norms is not None and float(norms.small) == float(norms.big) == 25.0


def test_a_small_model_has_a_noise_scale(tmp_path: Path) -> None:
    task = make_task("recurrent", tmp_path)
    plan = AccumulationPlan(NoiseScaleAccumulation(maximum=8), 4)
    for step in range(20):
        meter = plan.meter()
        batches = [make_batch([6, 4, 5, 3], 10 * step + place) for place in range(plan.num_micro_batches)]
        taken, _ = turn(task, batches, None, meter)
        plan.observe(taken.loss, meter)
    assert plan.noise_scale is None or plan.noise_scale > 0
    assert 1 <= plan.num_micro_batches <= 8


def losses(plan: AccumulationPlan, num: int, slope: float, spread: float, seed: int = 0) -> list[int]:
    """Feeds falling losses with noise; the number before each."""
    generator = torch.Generator().manual_seed(seed)
    numbers = []
    for step in range(num):
        numbers.append(plan.num_micro_batches)
        plan.observe(torch.tensor(5.0 - slope * step) + spread * torch.randn((), generator=generator))
    return numbers


def test_a_falling_loss_leaves_the_number_and_a_steady_one_doubles_it() -> None:
    assert set(losses(AccumulationPlan(LossVarianceAccumulation(), 4), 200, 0.02, 0.05)) == {1}
    plan = AccumulationPlan(LossVarianceAccumulation(maximum=6), 4)
    numbers = losses(plan, 400, 0.0, 0.5)
    assert list(dict.fromkeys(numbers)) == [1, 2, 4, 6]
    assert plan.noise_scale is None and plan.meter() is None


@pytest.mark.parametrize(
    "spec",
    [FixedAccumulation(steps=3), NoiseScaleAccumulation(), LossVarianceAccumulation()],
    ids=lambda spec: spec.name,
)
def test_set_by_hand_it_stays(spec) -> None:
    plan, gradients = AccumulationPlan(spec, SIZE), Noisy(50.0)
    for _ in range(25):
        gradients.update(plan)
    plan.num_micro_batches = 5
    assert plan.meter() is None
    for _ in range(60):
        gradients.update(plan)
        assert plan.num_micro_batches == 5
    again = AccumulationPlan(spec, SIZE)
    again.restore(json.loads(json.dumps(plan.state())))
    assert again.num_micro_batches == 5 and again.meter() is None


@pytest.mark.parametrize("after", [7, 10, 23])
@pytest.mark.parametrize("name", ["noise", "loss"])
def test_a_resumed_plan_goes_on_as_if_nothing_had_been(name: str, after: int) -> None:
    spec = NoiseScaleAccumulation() if name == "noise" else LossVarianceAccumulation()
    plan, again = AccumulationPlan(spec, SIZE), AccumulationPlan(spec, SIZE)
    first, second = Noisy(30.0), Noisy(30.0)
    for _ in range(after):
        first.update(plan)
        second.update(again)
    resumed = AccumulationPlan(spec, SIZE)
    resumed.restore(json.loads(json.dumps(again.state())))
    for _ in range(60):
        assert plan.num_micro_batches == resumed.num_micro_batches
        first.update(plan)
        second.update(resumed)
    assert plan.state() == resumed.state() and plan.noise_scale == resumed.noise_scale


def test_a_checkpoint_of_old_holds_the_number_alone() -> None:
    plan = AccumulationPlan(FixedAccumulation(), SIZE)
    plan.restore({"num_micro_batches": 7})
    assert plan.num_micro_batches == 7
