"""Language models and `generate`: with cache as without, padded on the left as alone, in beams, after reloading."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from engine.models.language_models import (
    NeuralLanguageModel,
    RecurrentLM,
    TransformerLM,
    end_token_id,
    unwritten_token_ids,
)
from engine.models.lens import Lens, through
from engine.records import Switches
from tests.engine.models.language_models.small import SPECS, TEXTS, encoded, small_model, small_tokenizer

NEURAL = [kind for kind in SPECS if kind != "n-gram"]


def prompts(kind: str = "word") -> tuple[list[int], list[int]]:
    """A short and a longer one."""
    tokenizer = small_tokenizer(kind)
    end = end_token_id(tokenizer)
    return [end, *encoded(tokenizer, TEXTS[0])[:5]], [end, *encoded(tokenizer, TEXTS[1])[:9]]


@pytest.mark.parametrize("kind", SPECS)
def test_a_cache_changes_nothing(kind: str) -> None:
    model, (_, ids) = small_model(kind, small_tokenizer()), prompts()
    with torch.inference_mode():
        whole = model(torch.tensor([ids])).logits
        first = model(torch.tensor([ids[:4]]), use_cache=True)
        rest = model(torch.tensor([ids[4:]]), cache=first.cache, use_cache=True)
    torch.testing.assert_close(rest.logits, whole[:, 4:], atol=1e-5, rtol=1e-5)
    assert rest.cache.get_seq_length() == len(ids)
    for options in ({}, {"num_beams": 3}):
        written = [
            model.generate(torch.tensor([ids]), max_new_tokens=16, do_sample=False, use_cache=used, **options).tolist()
            for used in (True, False)
        ]
        assert written[0] == written[1]


@pytest.mark.parametrize("kind", SPECS)
def test_padding_on_the_left_changes_nothing(kind: str) -> None:
    tokenizer = small_tokenizer()
    model, (short, long) = small_model(kind, tokenizer), prompts()
    pad = int(tokenizer.pad_token_id)
    width = len(long)
    ids = torch.tensor([[pad] * (width - len(short)) + short, long])
    mask = (ids != pad).long()
    both = model.generate(ids, attention_mask=mask, max_new_tokens=16, do_sample=False).tolist()
    for row, alone in zip(both, (short, long), strict=True):
        one = model.generate(torch.tensor([alone]), max_new_tokens=16, do_sample=False).tolist()[0]
        assert [token for token in row if token != pad] == [token for token in one if token != pad]


@pytest.mark.parametrize("kind", SPECS)
def test_a_saved_folder_opens_as_any_other(kind: str, tmp_path: Path) -> None:
    tokenizer = small_tokenizer()
    model, (_, ids) = small_model(kind, tokenizer), prompts()
    model.save_pretrained(tmp_path)
    again = AutoModelForCausalLM.from_pretrained(tmp_path)
    with torch.inference_mode():
        assert torch.equal(again(torch.tensor([ids])).logits, model(torch.tensor([ids])).logits)
    assert again.generation_config.suppress_tokens == list(unwritten_token_ids(tokenizer))


@pytest.mark.parametrize("kind", NEURAL)
def test_word_vectors_are_shared(kind: str) -> None:
    model = small_model(kind, small_tokenizer())
    assert isinstance(model, NeuralLanguageModel)
    assert model.lm_head.weight is model.embedding.weight


@pytest.mark.parametrize("kind", NEURAL)
def test_the_loss_is_the_mean_over_what_is_told(kind: str) -> None:
    model, (_, ids) = small_model(kind, small_tokenizer()), prompts()
    text = torch.tensor([ids])
    output = model(text, labels=text)
    logs = output.logits[0, :-1].detach().log_softmax(dim=-1)
    expected = -sum(float(logs[place, token]) for place, token in enumerate(ids[1:])) / (len(ids) - 1)
    assert output.loss.item() == pytest.approx(expected, abs=1e-5)


def test_nothing_later_is_seen() -> None:
    for kind in SPECS:
        model, (_, ids) = small_model(kind, small_tokenizer()), prompts()
        other = [*ids[:-1], ids[1]]
        with torch.inference_mode():
            one, two = model(torch.tensor([ids])).logits, model(torch.tensor([other])).logits
        torch.testing.assert_close(one[:, :-1], two[:, :-1], atol=1e-6, rtol=0)


def test_every_layer_and_head_of_the_transformer_comes_back() -> None:
    model, (_, ids) = small_model("transformer", small_tokenizer()), prompts()
    assert isinstance(model, TransformerLM)
    with torch.inference_mode():
        plain = model(torch.tensor([ids])).logits
        output = model(torch.tensor([ids]), output_attentions=True)
        torch.testing.assert_close(output.logits, plain, atol=1e-5, rtol=1e-5)  # fused and written out agree
        assert [tuple(one.shape) for one in output.attentions] == [(1, 2, len(ids), len(ids))] * 2
        for weights in output.attentions:
            torch.testing.assert_close(weights.sum(dim=-1), torch.ones(1, 2, len(ids)))
            assert float(weights.triu(1).abs().max()) == 0
        lens = Lens(Switches(muted=frozenset({("self-attention", 1, 0)})))
        lens.names = model.attention_names
        with through(lens):
            without = model(torch.tensor([ids])).logits
    assert not torch.allclose(without, plain)


def test_a_recurrent_model_reads_on_in_chunks() -> None:
    model, (_, ids) = small_model("lstm", small_tokenizer()), prompts()
    assert isinstance(model, RecurrentLM)
    with torch.inference_mode():
        whole, _ = model.states(torch.tensor([ids]))
        first, state = model.states(torch.tensor([ids[:3]]), use_cache=True)
        second, _ = model.states(torch.tensor([ids[3:]]), cache=state, use_cache=True)
    torch.testing.assert_close(torch.cat([first, second], dim=1), whole, atol=1e-6, rtol=0)
