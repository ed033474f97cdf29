"""Gradients: against finite differences, complete, and the model is left as it was."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import BartConfig, BartForSequenceClassification

from engine.errors import InputError
from engine.inspection.attribution.attribution_target import AttributionTarget, ask
from engine.inspection.attribution.gradients import gradient_x_input, importance_of_heads, integrated_gradients
from engine.models.capture import inputs_of
from engine.models.lens import Lens
from engine.models.mechanisms import forward
from engine.records import Switches
from tests.engine.inspection.small_models import MAKERS, TEXT, WITH_ATTENTION, WORDS, foreign, result


def logit_of(question: AttributionTarget) -> Callable[[Tensor], float]:
    """From word vectors [1, T, E] in float64 to the answer's logit, by swapping the embedding table's rows."""
    model = question.trained.model
    table = model.get_input_embeddings()
    ids = torch.arange(len(question.read.input_ids))  # ids are places here
    if getattr(model.config, "special_token_ids", None):
        model.config.special_token_ids = np.flatnonzero(question.read.special).tolist()

    def at(vectors: Tensor) -> float:
        whole = table.weight.data
        table.weight.data = vectors[0].to(whole.dtype)
        try:
            with torch.no_grad():
                logits = model(input_ids=ids[None], attention_mask=torch.ones_like(ids)[None]).logits
        finally:
            table.weight.data = whole
        return float((logits[:, -1] if logits.ndim == 3 else logits)[0, question.answer])

    return at


def vectors_of(question: AttributionTarget) -> Tensor:
    table = question.trained.model.get_input_embeddings()
    return table.weight.data[list(question.read.input_ids)][None].clone()


@pytest.mark.parametrize("kind", ["transformer", "number", "bert", "deberta", "llama"])
def test_gradient_x_input_is_the_slope_along_the_vector(kind: str) -> None:
    """d logit / d scale of one token's vector, at scale 1, by central differences."""
    question = ask(MAKERS[kind](), TEXT)
    question.trained.model.double()
    found = result(gradient_x_input(question))
    slope_of, vectors, step = logit_of(question), vectors_of(question), 1e-3
    for place in (1, 4, 7):
        more, less = vectors.clone(), vectors.clone()
        more[0, place] *= 1 + step
        less[0, place] *= 1 - step
        slope = (slope_of(more) - slope_of(less)) / (2 * step)
        assert found.scores[place] == pytest.approx(slope, rel=0.02, abs=2e-4)
    assert np.abs(found.scores).max() > 1e-3


@pytest.mark.parametrize("kind", MAKERS)
def test_integrated_gradients_are_complete(kind: str) -> None:
    question = ask(MAKERS[kind](), TEXT)
    found = result(integrated_gradients(question))
    size = float(np.abs(found.scores).sum())
    assert size > 1e-3
    assert found.error <= 0.01 * size
    special = np.array(question.read.special)
    assert not found.scores[special].any()
    assert np.abs(found.scores[~special]).min() > 0


@pytest.mark.parametrize(("kind", "hiding"), [("recurrent", "[UNK]"), ("transformer", "[UNK]"), ("gpt2", "<unk>")])
def test_completeness_by_the_models_own_answers(kind: str, hiding: str) -> None:
    """The sum is the logit of the text less that of a text in which every word is hidden."""
    question = ask(MAKERS[kind](), TEXT)
    found = result(integrated_gradients(question))
    read, tokenizer = question.read, question.trained.tokenizer
    hidden = [
        index if special else tokenizer.convert_tokens_to_ids(hiding)
        for index, special in zip(read.input_ids, read.special, strict=True)
    ]
    with torch.no_grad():
        logits = [
            question.trained.model(input_ids=torch.tensor([ids])).logits[0, question.answer]
            for ids in (list(read.input_ids), hidden)
        ]
    difference = float(logits[0] - logits[1])
    assert abs(difference) > 0.01
    assert float(found.scores.sum()) == pytest.approx(difference, rel=0.01)


@pytest.mark.parametrize("kind", WITH_ATTENTION)
def test_importance_is_the_slope_of_the_gate(kind: str) -> None:
    """|log p(gate 1 + h) - log p(gate 1 - h)| / 2h for every head."""
    trained = MAKERS[kind]()
    question = ask(trained, TEXT)
    found = importance_of_heads(question)
    inputs = inputs_of(question.read, trained.model)

    trained.model.double()  # differences of float32 answers would be noise

    def said(gates: dict[str, Tensor]) -> float:
        with torch.no_grad():
            output = forward(trained.model, inputs, Lens(gates=gates), trained.mechanism)
        logits = output.logits[:, -1] if output.logits.ndim == 3 else output.logits
        return float((logits if question.is_number else logits.log_softmax(dim=-1))[0, question.answer])

    step = 1e-2  # some layers compute in float32 whatever they are given
    largest = 0.0
    for name, values in found.items():
        for layer, head in np.ndindex(*values.shape):
            slopes = []
            for change in (step, -step):
                gates = {one: torch.ones(ones.shape, dtype=torch.float64) for one, ones in found.items()}
                gates[name][layer, head] += change
                slopes.append(said(gates))
            assert values[layer, head] == pytest.approx(abs(slopes[0] - slopes[1]) / (2 * step), rel=0.02, abs=2e-5)
        largest = max(largest, float(values.max()))
    assert largest > 1e-4
    assert {name: values.dtype for name, values in found.items()} == dict.fromkeys(found, np.dtype(np.float32))


def test_importance_by_map() -> None:
    found = importance_of_heads(ask(MAKERS["fusion"](), TEXT))
    assert {name: values.shape for name, values in found.items()} == {
        "self-attention": (2, 2),
        "additive attention": (1, 1),
    }
    assert importance_of_heads(ask(MAKERS["no attention"](), TEXT)) == {}


def test_a_head_that_is_off_has_no_importance() -> None:
    off = Switches(frozenset({("self-attention", 1, 0)}))
    found = importance_of_heads(ask(MAKERS["bert"](), TEXT, off))["self-attention"]
    assert found[1, 0] == 0 and (np.delete(found.ravel(), 2) > 0).all()


def test_the_model_is_left_as_it_was() -> None:
    """Two threads ask at once, and both get what one alone gets."""
    trained = MAKERS["bert"]()
    expected = result(gradient_x_input(ask(trained, TEXT))).scores
    found: list[np.ndarray] = []

    def work() -> None:
        question = ask(trained, TEXT)
        for _ in range(5):
            found.append(result(gradient_x_input(question)).scores)
            importance_of_heads(question)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 10
    for one in found:
        np.testing.assert_allclose(one, expected, atol=1e-6)
    assert all(not weight.requires_grad and weight.grad is None for weight in trained.model.parameters())


def test_a_model_that_takes_no_vectors_says_so() -> None:
    config = BartConfig(
        vocab_size=len(WORDS),
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        max_position_embeddings=64,
        pad_token_id=0,
        eos_token_id=WORDS.sep_token_id,
        num_labels=2,
    )
    question = ask(foreign(BartForSequenceClassification, config, WORDS), TEXT)
    with pytest.raises(InputError, match="no word vectors"):
        result(gradient_x_input(question))


def test_nobody_is_warned_of_padding_that_is_not_there(caplog: pytest.LogCaptureFixture) -> None:
    result(gradient_x_input(ask(MAKERS["llama"](), TEXT)))
    assert not caplog.records
