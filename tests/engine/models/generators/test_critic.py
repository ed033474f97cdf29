"""The critic's score, soft words, and how steep it is: every generator learns from every critic."""

from __future__ import annotations

from itertools import product

import pytest
import torch

from engine.models import TextClassifier
from engine.models.capture import capture
from engine.models.critic import critic_score, gradient_penalty
from engine.models.lens import Lens, embedded_as, through
from engine.models.losses import probabilities_of
from engine.records import Switches
from tests.engine.models.generators.small import CRITICS, GENERATORS, NUM_WORDS, PAD, critic_of, generator_of, texts

IDS, MASK = texts(9, 4, 7)
FAKE_IDS, FAKE_MASK = texts(5, 6, 3, seed=9)


@pytest.fixture(params=CRITICS)
def critic(request: pytest.FixtureRequest) -> TextClassifier:
    return critic_of(CRITICS[request.param])


def one_hot(ids: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.one_hot(ids, NUM_WORDS).float()


def test_the_score_is_the_logit_of_real(critic: TextClassifier) -> None:
    score = critic_score(critic, IDS, MASK)
    logits = critic(IDS, MASK).logits
    assert score.shape == (3,) and critic.labels == ("invented", "real")
    torch.testing.assert_close(score.sigmoid(), probabilities_of(logits, critic.loss_choice)[:, 1])


def test_words_without_doubt_are_words(critic: TextClassifier) -> None:
    torch.testing.assert_close(
        critic_score(critic, IDS, MASK, one_hot(IDS)), critic_score(critic, IDS, MASK), atol=1e-6, rtol=1e-5
    )


def test_soft_padding_changes_nothing(critic: TextClassifier) -> None:
    soft = torch.rand(3, 9, NUM_WORDS).softmax(-1)
    before = critic_score(critic, IDS, MASK, soft)
    rubbish = torch.where(MASK.bool()[..., None], soft, torch.rand(3, 9, NUM_WORDS))
    assert torch.equal(critic_score(critic, IDS, MASK, rubbish), before)
    alone = critic_score(critic, IDS[1:2, :4], MASK[1:2, :4], soft[1:2, :4])
    torch.testing.assert_close(before[1:2], alone, atol=1e-6, rtol=1e-5)


def test_given_vectors_are_read_in_one_pass_only(critic: TextClassifier) -> None:
    vectors = torch.randn(3, 9, critic.embedding.embedding_dim)
    plain = critic(IDS, MASK).logits
    given = critic(IDS, MASK, inputs_embeds=vectors).logits
    assert torch.equal(critic(IDS, MASK).logits, plain) and not torch.allclose(given, plain)
    with through(Lens(embedded=vectors)):
        torch.testing.assert_close(critic(IDS, MASK).logits, given, atol=1e-6, rtol=1e-5)
    with embedded_as(vectors):
        assert torch.equal(critic(IDS, MASK).logits, given)


@pytest.mark.parametrize(("writer", "judge"), list(product(GENERATORS, CRITICS)))
def test_every_pair_learns(writer: str, judge: str) -> None:
    generator, critic = generator_of(GENERATORS[writer]).train(), critic_of(CRITICS[judge]).train()
    chance = torch.Generator().manual_seed(0)
    soft, ids = generator.sample_softly(8, max_length=8, inverse_temperature=1.0, generator=chance)
    critic_score(critic, ids, ids != PAD, soft).sum().backward()
    for model in (generator, critic):
        still = [name for name, one in model.named_parameters() if one.grad is None or not one.grad.abs().sum()]
        # a row of texts' lengths may leave the last places of a table unread
        assert [name for name in still if "learned" not in name] == []


def test_a_writer_comes_to_please(critic: TextClassifier) -> None:
    """A critic that stands still likes what is written better and better."""
    generator = generator_of(GENERATORS["attention-lstm"])
    critic.requires_grad_(False)
    optimizer = torch.optim.Adam(generator.parameters(), lr=2e-2)
    chance = torch.Generator().manual_seed(0)
    scores = []
    for _ in range(25):
        soft, ids = generator.sample_softly(32, max_length=8, inverse_temperature=1.0, generator=chance)
        score = critic_score(critic, ids, ids != PAD, soft).mean()
        optimizer.zero_grad()
        (-score).backward()
        optimizer.step()
        scores.append(score.item())
    assert sum(scores[-5:]) > sum(scores[:5]) + 0.5


def penalty_of(critic: TextClassifier, soft: torch.Tensor | None = None) -> torch.Tensor:
    chance = torch.Generator().manual_seed(2)
    return gradient_penalty(critic, IDS, MASK, FAKE_IDS, FAKE_MASK, soft, chance)


def test_penalty_is_of_the_slope(critic: TextClassifier) -> None:
    """Each row's slope, computed alone and with word vectors put in by hand."""
    critic = critic.double()
    share = torch.rand(3, 1, 1, generator=torch.Generator().manual_seed(2))
    found = penalty_of(critic)
    for row, (real, fake) in enumerate(((9, 5), (4, 6), (7, 3))):
        longest = max(real, fake)
        mixed = torch.zeros(longest, critic.embedding.embedding_dim, dtype=torch.float64)
        with torch.no_grad():
            mixed[:real] += share[row, 0] * critic.embedding(IDS[row, :real])
            mixed[:fake] += (1 - share[row, 0]) * critic.embedding(FAKE_IDS[row, :fake])
        mixed.requires_grad_(True)
        ids = (IDS if real > fake else FAKE_IDS)[row : row + 1, :longest]
        logits = critic(ids, torch.ones_like(ids), inputs_embeds=mixed[None]).logits
        (slope,) = torch.autograd.grad(logits[0, 1], mixed)
        assert found[row].item() == pytest.approx((slope.norm().item() - 1) ** 2, abs=1e-5)


def test_penaltys_own_slope_is_right(critic: TextClassifier) -> None:
    """d penalty / d weight against the difference of two penalties; no tiny steps: attention's softmax is float32."""
    critic = critic.double()
    soft = torch.rand(3, 6, NUM_WORDS, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).softmax(-1)
    penalty_of(critic, soft).sum().backward()
    for name, weight in critic.named_parameters():
        if weight.grad is None or "embedding" in name:
            continue
        slope = weight.grad.flatten()
        place = int(slope.abs().argmax())
        ends = []
        for move in (1e-3, -1e-3):
            with torch.no_grad():
                weight.view(-1)[place] += move
                ends.append(penalty_of(critic, soft).sum().item())
                weight.view(-1)[place] -= move
        assert (ends[0] - ends[1]) / 2e-3 == pytest.approx(slope[place].item(), rel=2e-3, abs=2e-4), name
    assert critic.embedding.weight.grad is None


@pytest.mark.slow
def test_penalty_teaches_a_slope_of_1(critic: TextClassifier) -> None:
    critic.train()
    optimizer = torch.optim.Adam(critic.parameters(), lr=1e-2)
    first = penalty_of(critic).mean().item()
    for _ in range(25):
        optimizer.zero_grad()
        penalty_of(critic).mean().backward()
        optimizer.step()
    assert penalty_of(critic.eval()).mean().item() < 0.5 * first


@pytest.mark.parametrize("judge", ["recurrent", "transformer"])
def test_the_inspector_looks_into_a_critic(judge: str) -> None:
    critic = critic_of(CRITICS[judge])
    inputs = {"input_ids": IDS[:1], "attention_mask": MASK[:1]}
    captured = capture(critic, inputs)
    assert set(captured.maps) == set(critic.attention_names)
    name = critic.attention_names[0]
    muted = capture(critic, inputs, Switches(muted=frozenset({(name, 0, 0)})))
    assert not torch.allclose(muted.logits, captured.logits)


def test_a_critic_without_attention_is_read_too() -> None:
    captured = capture(critic_of(CRITICS["convolutional"]), {"input_ids": IDS[:1], "attention_mask": MASK[:1]})
    assert captured.maps == {} and captured.abilities == {"explain"}
