"""Every generator: what it tells of each word, how likely texts are, and that it learns."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from engine.errors import InputError
from engine.models import TextGenerator
from engine.models.capture import capture, read_attention
from engine.models.generators import attention_lstm
from engine.models.lens import Lens
from engine.models.mechanisms import forward
from engine.records import Switches
from tests.engine.models.generators.small import (
    BANNED,
    BOS,
    EOS,
    EVERY_GENERATOR,
    GENERATORS,
    MAX_LENGTH,
    NUM_WORDS,
    PAD,
    UNK,
    generator_of,
    texts,
)


@pytest.fixture(params=EVERY_GENERATOR)
def model(request: pytest.FixtureRequest) -> TextGenerator:
    return generator_of(EVERY_GENERATOR[request.param])


@pytest.fixture(params=GENERATORS)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_shapes(model: TextGenerator) -> None:
    ids, mask = texts(9, 4, 2)
    plain, shown = model(ids, mask), model(ids, mask, output_attentions=True)
    assert plain.logits.shape == (3, 9, NUM_WORDS) and plain.attentions is None
    torch.testing.assert_close(plain.logits, shown.logits, atol=1e-5, rtol=1e-5)
    for weights in shown.attentions:
        assert weights.shape[0] == 3 and weights.shape[2] == 9
        torch.testing.assert_close(weights.sum(-1), torch.ones(weights.shape[:-1]), atol=1e-6, rtol=0)
        if model.attention_names:
            assert (weights.triu(1) == 0).all() and (weights[1, ..., 4:] == 0).all()


def test_no_place_knows_of_later_words(model: TextGenerator) -> None:
    ids, mask = texts(9, 9)
    changed = ids.clone()
    changed[:, 6] = torch.where(ids[:, 6] == 7, 8, 7)
    before, after = model(ids, mask).logits, model(changed, mask).logits
    torch.testing.assert_close(before[:, :6], after[:, :6], atol=1e-6, rtol=0)
    assert ((before - after)[:, 6:].abs().amax(dim=(0, 2)) > 1e-4).all(), "and every later place knows"


def test_padding_changes_nothing(model: TextGenerator) -> None:
    ids, mask = texts(9, 4)
    alone = model(ids[1:, :4]).logits
    torch.testing.assert_close(model(ids, mask).logits[1:, :4], alone, atol=1e-5, rtol=1e-5)
    ids[1, 4:] = 9
    torch.testing.assert_close(model(ids, mask).logits[1:, :4], alone, atol=1e-5, rtol=1e-5)
    assert torch.allclose(model.log_likelihood(ids, mask)[1:], model.log_likelihood(ids[1:, :4]), atol=1e-5)


def test_step_by_step_equals_the_whole_text(model: TextGenerator) -> None:
    ids, mask = texts(9, 4, 7)
    step = model.begin(3, 9)
    logs = []
    with torch.no_grad():
        for place in range(8):
            features = step(model.embedding(ids[:, place]))
            logits = features @ model.embedding.weight.T + model.bias
            logits[:, list(BANNED)] = -torch.inf
            logs.append(logits.log_softmax(-1).gather(1, ids[:, place + 1 : place + 2]))
    logs = torch.cat(logs, dim=1).masked_fill(mask[:, 1:] == 0, 0.0)
    torch.testing.assert_close(model.log_likelihood(ids, mask), logs.sum(1), atol=1e-5, rtol=1e-5)


def test_steps_with_a_gradient_are_the_same(model: TextGenerator) -> None:
    ids, _ = texts(6, 6)
    with torch.no_grad():
        quick = model.begin(2, 6)
        fast = torch.stack([quick(model.embedding(ids[:, place])) for place in range(6)])
    step = model.begin(2, 6)
    slow = torch.stack([step(model.embedding(ids[:, place])) for place in range(6)])
    torch.testing.assert_close(fast, slow, atol=1e-6, rtol=0)
    slow.sum().backward()
    assert model.embedding.weight.grad.abs().sum() > 0


def test_likelihoods_are_probabilities(kind: str) -> None:
    """Those of all texts of one word, and of all that begin with another one, sum to 1."""
    model = generator_of(GENERATORS[kind])
    words = [word for word in range(NUM_WORDS) if word not in BANNED]
    one = torch.tensor([[BOS, word] for word in words])
    assert model.log_likelihood(one).exp().sum().item() == pytest.approx(1, abs=1e-5)
    two = torch.tensor([[BOS, first, second] for first in words for second in words])
    assert model.log_likelihood(two).exp().sum().item() == pytest.approx(1, abs=1e-5)


def test_banned_words_are_not_counted(kind: str) -> None:
    model = generator_of(GENERATORS[kind])
    ids, mask = torch.tensor([[BOS, 6, UNK, 8, EOS, PAD]]), torch.tensor([[1, 1, 1, 1, 1, 0]])
    assert model.predicted(ids, mask).tolist() == [[False, True, False, True, True, False]]
    logs = model(ids, mask).logits.log_softmax(-1)
    expected = logs[0, 0, 6] + logs[0, 2, 8] + logs[0, 3, EOS]
    torch.testing.assert_close(model.log_likelihood(ids, mask)[0], expected)
    loss = model(ids, mask, labels=ids).loss
    torch.testing.assert_close(loss, -expected / 3)
    probabilities = logs.exp()
    assert (probabilities[..., list(BANNED)] == 0).all() and (probabilities * logs).isfinite().all()


def test_vectors_stand_in_for_ids(kind: str) -> None:
    model = generator_of(GENERATORS[kind])
    ids, mask = texts(7, 5)
    given = model(attention_mask=mask, inputs_embeds=model.embedding(ids))
    assert torch.equal(given.logits, model(ids, mask).logits)


@pytest.mark.parametrize("name", ["attention-lstm", "transformer"])
def test_a_lens_sees_and_changes_its_attention(name: str) -> None:
    model = generator_of(GENERATORS[name])
    ids, mask = texts(7)
    inputs = {"input_ids": ids, "attention_mask": mask}
    captured = capture(model, inputs)
    (stack,) = captured.maps.values()
    expected = torch.stack([one[0] for one in model(ids, mask, output_attentions=True).attentions])
    torch.testing.assert_close(stack, expected, atol=1e-6, rtol=0)
    assert captured.abilities == {"mute", "uniform", "explain"}
    uniform = capture(model, inputs, Switches(uniform=True))
    torch.testing.assert_close(uniform.maps[model.attention_names[0]][0, 0, 3, :4], torch.full((4,), 0.25))
    muted = Switches(muted=frozenset({(model.attention_names[0], 0, 0)}))
    assert not torch.allclose(capture(model, inputs, muted).logits, captured.logits)
    with pytest.raises(InputError, match=r"no head 0\.9"):
        forward(model, inputs, Lens(Switches(muted=frozenset({(model.attention_names[0], 0, 9)}))), "layers")


def test_a_memory_shows_no_words() -> None:
    model = generator_of(GENERATORS["relational-memory"])
    ids, mask = texts(7)
    captured = capture(model, {"input_ids": ids, "attention_mask": mask})
    assert captured.maps == {} and captured.abilities == {"explain"}
    (weights,) = model(ids, mask, output_attentions=True).attentions
    assert weights.shape == (1, 2, 7, 3), "two slots and the word itself"


def test_the_inspector_reads_a_generator() -> None:
    from tests.engine.models.tiny import NUM_WORDS as NUM_TINY
    from tests.engine.models.tiny import TOKENIZER

    model = generator_of(GENERATORS["transformer"], NUM_TINY, 64)
    record = read_attention(model, TOKENIZER, "the film was not good", 64)
    assert record.maps[0].weights.shape == (2, 2, 7, 7) and record.has_answer
    assert sum(record.prediction.probabilities.values()) == pytest.approx(1)


def test_long_texts_are_scored_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    model = generator_of(GENERATORS["attention-lstm"])
    ids, mask = texts(12, 8)

    def both() -> tuple[torch.Tensor, torch.Tensor]:
        model.zero_grad()
        found = model.log_likelihood(ids, mask)
        found.sum().backward()
        return found, model.past_score.key.weight.grad.clone()

    at_once = both()
    monkeypatch.setattr(attention_lstm, "_MAX_SCORED", 2 * 12 * 10 * 5)
    for one, other in zip(at_once, both(), strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-5)


def test_every_weight_learns(model: TextGenerator) -> None:
    ids, mask = texts(MAX_LENGTH, 7, 9)
    model.train().log_likelihood(ids, mask).sum().backward()
    still = [name for name, weight in model.named_parameters() if weight.grad is None or not weight.grad.abs().sum()]
    assert still == []


def test_save_and_load(model: TextGenerator, tmp_path: Path) -> None:
    model.save_pretrained(tmp_path)
    again = AutoModelForCausalLM.from_pretrained(tmp_path, trust_remote_code=False)
    assert type(again) is type(model) and not again.training and list(again.buffers()) == []
    ids, mask = texts(9, 4)
    assert torch.equal(again(ids, mask).logits, model(ids, mask).logits)
    assert torch.equal(again.log_likelihood(ids, mask), model.log_likelihood(ids, mask))
    chance = torch.Generator()
    first = model.sample(6, max_length=9, generator=chance.manual_seed(4))
    assert torch.equal(again.sample(6, max_length=9, generator=chance.manual_seed(4)), first)


def test_half_precision_trains(kind: str) -> None:
    model = generator_of(GENERATORS[kind]).train()
    ids, mask = texts(9, 4)
    with torch.autocast("cpu", torch.bfloat16):
        loss = -model.log_likelihood(ids, mask).sum()
        soft, _ = model.sample_softly(3, max_length=6, inverse_temperature=2.0)
        assert model.sample(3, max_length=6).shape[0] == 3
    (loss + soft.square().sum()).backward()
    assert loss.dtype == torch.float32
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in model.parameters())


def test_a_longer_text_than_it_reads_is_refused_in_words(kind: str) -> None:
    with pytest.raises(InputError, match="13 tokens; the model reads at most 12"):
        generator_of(GENERATORS[kind]).log_likelihood(torch.full((1, 13), 6))


@pytest.mark.slow
def test_learns_sentences_by_heart(kind: str) -> None:
    """Twenty random sentences: afterwards each is nearly as likely as one of twenty can be, and what is written is one
    of them."""
    sizes = {
        "attention-lstm": {"hidden_size": 32, "dropout": 0},
        "transformer": {"hidden_size": 32, "feed_forward_size": 64, "dropout": 0},
        "relational-memory": {"num_slots": 1, "head_size": 16},
    }
    spec = GENERATORS[kind].model_copy(update=sizes[kind])
    ids, mask = texts(*[5 + number % 3 for number in range(20)], seed=8)
    model = generator_of(spec).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-2)
    for _ in range(100):
        optimizer.zero_grad()
        (-model.log_likelihood(ids, mask).mean()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    assert -model.eval().log_likelihood(ids, mask).mean() < 3.7, "log 20 is 3.0"
    written = model.sample(40, max_length=MAX_LENGTH, temperature=0.5, generator=torch.Generator().manual_seed(0))
    known = {tuple(row[row != PAD].tolist()) for row in ids}
    found = [tuple(row[row != PAD].tolist()) in known for row in written]
    assert sum(found) > 30
