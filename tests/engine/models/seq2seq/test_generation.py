"""transformers' `generate` writes with every encoder-decoder: with a cache as without, together as alone, reloaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional
from transformers import AutoModelForSeq2SeqLM

from engine.config.seq2seq import RecurrentSeq2Seq, SourceAttention
from engine.models.seq2seq import Seq2SeqModel, build_seq2seq
from engine.models.seq2seq.recurrent_seq2seq import RecurrentSeq2SeqConfig, RecurrentSeq2SeqModel
from tests.engine.models.seq2seq.small import MASK, SOURCES, SPECS, small_model

WAYS: dict[str, dict[str, Any]] = {
    "greedy": {},
    "beams": {"num_beams": 4, "num_return_sequences": 4, "length_penalty": 0.8},
}


def written(model: Seq2SeqModel, ids: Tensor = SOURCES, mask: Tensor = MASK, **how: Any) -> Tensor:
    found: Tensor = model.generate(input_ids=ids, attention_mask=mask, **how)
    return found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SPECS)
def test_a_cache_changes_nothing(name: str, way: str) -> None:
    model = small_model(name)
    assert torch.equal(written(model, **WAYS[way]), written(model, use_cache=False, **WAYS[way]))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SPECS)
def test_a_batch_of_two_is_one_by_one(name: str, way: str) -> None:
    model = small_model(name)
    both = written(model, **WAYS[way])
    count = len(both) // 2
    for row in range(2):
        length = int(MASK[row].sum())
        alone = written(model, SOURCES[row : row + 1, :length], MASK[row : row + 1, :length], **WAYS[way])
        width = min(alone.shape[1], both.shape[1])
        assert torch.equal(alone[:, :width], both[row * count : (row + 1) * count, :width])


@pytest.mark.parametrize("name", SPECS)
def test_a_saved_folder_opens_and_writes_the_same(name: str, tmp_path: Path) -> None:
    model = small_model(name)
    model.save_pretrained(tmp_path)
    again = AutoModelForSeq2SeqLM.from_pretrained(tmp_path)
    assert type(again) is type(model)
    again.train(False)
    assert torch.equal(written(again, num_beams=3), written(model, num_beams=3))


@pytest.mark.parametrize("name", SPECS)
def test_banned_words_are_never_written_and_it_ends(name: str) -> None:
    ids = written(small_model(name), do_sample=True, temperature=5.0, num_return_sequences=20)
    assert not torch.isin(ids[:, 1:], torch.tensor([1, 2, 4])).any()
    assert ids.shape[1] <= 11


@pytest.mark.parametrize("name", [name for name in SPECS if name != "none"])
def test_maps_are_weights_over_the_source_alone(name: str) -> None:
    model = small_model(name)
    output = model(input_ids=SOURCES, attention_mask=MASK, decoder_input_ids=SOURCES, output_attentions=True)
    assert len(output.cross_attentions) == len(model.attention_names)
    for one in output.cross_attentions:
        assert one.sum(dim=-1).allclose(torch.ones(()), atol=1e-5)
        assert not one[1, :, :, 4:].any()


def test_a_winning_beams_map_is_that_of_its_text_read_again() -> None:
    """What the page shows is read from the whole text; gathered by `beam_indices` it is the same."""
    model = small_model("bahdanau")
    found = model.generate(
        input_ids=SOURCES[:1], attention_mask=MASK[:1], num_beams=4, output_attentions=True, output_scores=True,
        return_dict_in_generate=True,
    )  # fmt: skip
    ids, beams = found.sequences[0], found.beam_indices[0]
    again = model(
        input_ids=SOURCES[:1], attention_mask=MASK[:1], decoder_input_ids=ids[None, :-1], output_attentions=True
    )
    for step in range(int((beams >= 0).sum())):
        # the first step has one beam's worth of states, all alike
        before = 0 if step == 0 else int(beams[step])
        gathered = found.cross_attentions[step][0][before, 0, 0]
        assert gathered.allclose(again.cross_attentions[0][0, 0, step], atol=1e-5)


@pytest.mark.parametrize("name", SPECS)
def test_wanted_logits_are_those_of_all(name: str) -> None:
    model = small_model(name)
    wanted = torch.tensor([[True, False, True, True, False, False], [False, True, False, False, False, False]])
    inputs = {"input_ids": SOURCES, "attention_mask": MASK, "decoder_input_ids": SOURCES}
    assert model(**inputs, logits_at=wanted).logits.allclose(model(**inputs).logits[wanted], atol=1e-6)


def test_copying_gives_probabilities() -> None:
    """They sum to 1, and a word of the source has at least what is copied of it."""
    model = small_model("concat, copying")
    log_p = model(input_ids=SOURCES, attention_mask=MASK, decoder_input_ids=SOURCES).logits
    assert log_p.exp().sum(dim=-1).allclose(torch.ones(()), atol=1e-5)


def test_a_monotonic_window_looks_near_its_word() -> None:
    model = small_model("dot, monotonic")
    output = model(input_ids=SOURCES, attention_mask=MASK, decoder_input_ids=SOURCES, output_attentions=True)
    weights = output.cross_attentions[0][0, 0]
    assert not weights[0, 3:].any() and not weights[5, :3].any() and weights[0, :3].all()


def test_coverage_costs_what_is_looked_at_again() -> None:
    model = small_model("bahdanau with all")
    output = model(input_ids=SOURCES, attention_mask=MASK, decoder_input_ids=SOURCES, output_attentions=True)
    weights = output.cross_attentions[0][:, 0]
    before = weights.cumsum(dim=1) - weights
    assert output.coverage_cost.allclose(torch.minimum(weights, before).sum(dim=-1), atol=1e-5)


def test_general_begins_as_dot() -> None:
    """The same encoder states and queries are looked at alike before anything is learned."""
    torch.manual_seed(1)
    states, query = torch.randn(2, 6, 20), torch.randn(2, 3, 10)
    weights = []
    for attention in ("luong-general", "luong-dot"):
        model = build_seq2seq(
            RecurrentSeq2Seq(embedding_size=12, hidden_size=10, attention=attention),
            vocabulary_size=20, max_length=8, max_target_length=8, pad_token_id=0, bos_token_id=2, eos_token_id=3,
            banned_token_ids=(),
        )  # fmt: skip
        weights.append(model.attention(query, model.attention.read(states, MASK.bool()), 0)[1])
    assert weights[0].allclose(weights[1], atol=1e-6)
    by_hand = query @ (states[..., :10] + states[..., 10:]).transpose(1, 2) / 10**0.5
    assert weights[0][0].allclose(by_hand[0].softmax(dim=-1), atol=1e-6)


@pytest.mark.parametrize("attention", ["luong-general", "luong-dot"])
def test_a_model_of_before_scores_as_it_did(attention: SourceAttention, tmp_path: Path) -> None:
    """Its config says nothing of scaled scores: they are products."""
    spec = RecurrentSeq2Seq(embedding_size=12, hidden_size=10, bidirectional=False, attention=attention)
    old = RecurrentSeq2SeqModel(RecurrentSeq2SeqConfig(vocab_size=20, spec=spec.model_dump(mode="json")))
    old.save_pretrained(tmp_path)
    path = tmp_path / "config.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({key: one for key, one in told.items() if key != "scaled_scores"}), encoding="utf-8")
    again = AutoModelForSeq2SeqLM.from_pretrained(tmp_path)
    states, query = torch.randn(2, 6, 10), torch.randn(2, 3, 10)
    weights = again.attention(query, again.attention.read(states, MASK.bool()), 0)[1]
    keys = functional.linear(states, old.attention.key.weight) if attention == "luong-general" else states
    assert weights[0].allclose((query @ keys.transpose(1, 2))[0].softmax(dim=-1), atol=1e-6)
