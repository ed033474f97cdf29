"""Texts that generators write: their form, chance and seeds, temperatures, soft words."""

from __future__ import annotations

from collections import Counter

import pytest
import torch

from engine.models import TextGenerator
from engine.models.generators.drawing import draw, perturbed
from tests.engine.models.generators.small import BANNED, BOS, EOS, GENERATORS, MAX_LENGTH, NUM_WORDS, PAD, generator_of


@pytest.fixture(params=GENERATORS)
def model(request: pytest.FixtureRequest) -> TextGenerator:
    return generator_of(GENERATORS[request.param])


def seed(number: int) -> torch.Generator:
    return torch.Generator().manual_seed(number)


def check_form(ids: torch.Tensor, num: int, max_length: int) -> None:
    """bos, words, eos, padding."""
    assert ids.dtype == torch.int64 and ids.shape[0] == num and 1 < ids.shape[1] <= max_length
    assert (ids[:, 0] == BOS).all()
    for row in ids[:, 1:].tolist():
        length = row.index(EOS) + 1 if EOS in row else len(row)
        assert set(row[length:]) <= {PAD} and not set(row[:length]) & set(BANNED)


def test_form(model: TextGenerator) -> None:
    ids = model.sample(600, max_length=10, generator=seed(1))
    check_form(ids, 600, 10)
    lengths = (ids != PAD).sum(1)
    assert lengths.min() < 4 and len(lengths.unique()) > 3
    assert not ids.is_inference(), "what is written can be learned from"
    model.log_likelihood(ids, ids != PAD).sum().backward()


def test_it_stops_when_all_have_ended(model: TextGenerator) -> None:
    with torch.no_grad():
        model.bias[EOS] += 1000
    assert model.sample(7, max_length=MAX_LENGTH).tolist() == [[BOS, EOS]] * 7
    soft, ids = model.sample_softly(3, max_length=MAX_LENGTH, inverse_temperature=1.0)
    assert ids.tolist() == [[BOS, EOS]] * 3 and soft.shape == (3, 2, NUM_WORDS)


def test_never_longer_than_the_model_reads(model: TextGenerator) -> None:
    with torch.no_grad():
        model.bias[EOS] = -1000
    assert model.sample(2, max_length=99).shape == (2, MAX_LENGTH)


def test_a_seed_decides(model: TextGenerator) -> None:
    first = model.sample(20, max_length=10, generator=seed(5))
    assert torch.equal(first, model.train().sample(20, max_length=10, generator=seed(5))), "dropout is off"
    assert model.training
    other = model.sample(20, max_length=10, generator=seed(6))
    assert first.shape != other.shape or not torch.equal(first, other)
    soft = [model.eval().sample_softly(9, max_length=10, inverse_temperature=3.0, generator=seed(5)) for _ in range(2)]
    assert all(torch.equal(*pair) for pair in zip(*soft, strict=True))


@pytest.mark.parametrize("temperature", [0.0, 1e-3])
def test_without_temperature_it_is_greedy(model: TextGenerator, temperature: float) -> None:
    ids = model.sample(3, max_length=10, temperature=temperature, generator=seed(1))
    with torch.no_grad():
        best = model(ids).logits[:, :-1].argmax(-1)
    real = ids[:, 1:] != PAD
    assert torch.equal(ids[:, 1:][real], best[real])


def test_hot_texts_are_varied_and_still_never_banned(model: TextGenerator) -> None:
    ids = model.sample(400, max_length=10, temperature=1e6, generator=seed(2))
    check_form(ids, 400, 10)
    counts = Counter(ids[:, 1].tolist())
    assert set(counts) == set(range(NUM_WORDS)) - set(BANNED)
    assert max(counts.values()) < 3 * min(counts.values())


def test_first_words_come_by_their_probability(model: TextGenerator) -> None:
    num = 4000
    ids = model.sample(num, max_length=2, generator=seed(3))[:, 1]
    _, soft = model.sample_softly(num, max_length=2, inverse_temperature=0.01, generator=seed(3))
    with torch.no_grad():
        expected = model(torch.tensor([[BOS]])).logits[0, 0].softmax(-1)
    for words in (ids, soft[:, 1]):
        found = torch.bincount(words, minlength=NUM_WORDS) / num
        assert ((found - expected).abs() < 4 * (expected * (1 - expected) / num).sqrt() + 1e-9).all()


@pytest.mark.parametrize("sharpness", [1e-4, 1.0, 100.0, 10_000.0])
def test_soft_texts(model: TextGenerator, sharpness: float) -> None:
    soft, ids = model.sample_softly(50, max_length=10, inverse_temperature=sharpness, generator=seed(4))
    check_form(ids, 50, 10)
    assert soft.shape == (*ids.shape, NUM_WORDS) and soft.isfinite().all()
    torch.testing.assert_close(soft.sum(-1), torch.ones(ids.shape), atol=1e-5, rtol=0)
    assert torch.equal(soft.argmax(-1), ids)
    rest = [word for word in BANNED if word not in (BOS, PAD)]
    assert (soft[..., rest] == 0).all() and (soft[:, 1:, BOS] == 0).all()
    assert (soft[:, 0, BOS] == 1).all() and (soft[..., PAD] == (ids == PAD)).all()
    if sharpness == 10_000.0:
        assert (soft.amax(-1) > 0.99).float().mean() > 0.98
    if sharpness == 1e-4:
        assert soft[:, 1].amax() < 0.1, "nearly even"
    soft[:, -1].square().sum().backward()
    assert all(weight.grad is None or weight.grad.isfinite().all() for weight in model.parameters())
    assert sharpness > 1 or model.embedding.weight.grad.abs().sum() > 0, "one-hot words hardly have a slope"


def test_a_soft_word_is_what_the_next_one_is_told_from(model: TextGenerator) -> None:
    """Read again with the soft vectors as inputs, the same noise gives the same soft text."""
    with torch.no_grad():
        model.bias[EOS] = -1000
        soft, _ = model.sample_softly(4, max_length=6, inverse_temperature=2.0, generator=seed(7))
        logits = model(inputs_embeds=soft @ model.embedding.weight).logits
        logits[..., list(BANNED)] = -torch.inf
        chance = seed(7)
        for place in range(5):
            again = perturbed(2.0 * logits[:, place], 2.0, chance).softmax(-1)
            torch.testing.assert_close(again, soft[:, place + 1], atol=1e-5, rtol=1e-4)


def test_draw_finds_no_word_of_probability_0() -> None:
    logits = torch.full((20_000, 6), -torch.inf)
    logits[:, 1], logits[:, 3] = 0.0, 1.0
    found = draw(logits, seed(0))
    assert set(found.tolist()) == {1, 3}
    assert (found == 3).float().mean().item() == pytest.approx(0.731, abs=0.015)


def test_draw_survives_the_largest_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "rand", lambda *shape, **_: torch.ones(*shape))
    logits = torch.tensor([[0.3, 0.1, -torch.inf, -torch.inf]] * 3)
    assert draw(logits, None).tolist() == [1, 1, 1]
