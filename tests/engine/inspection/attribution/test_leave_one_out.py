"""Leave-one-out: each score is what the model itself says of the shortened text."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.errors import InputError
from engine.inspection.attribution import leave_one_out as module
from engine.inspection.attribution.attribute import attribute
from engine.inspection.attribution.attribution_target import AttributionTarget, ask
from engine.inspection.attribution.leave_one_out import groups_of, leave_one_out
from engine.inspection.attribution.variants import nothing_of, probabilities
from engine.models.answering import answers_of
from engine.records import Progress, Switches
from tests.engine.inspection.small_models import MAKERS, TEXT, bert, bert_encoder, gpt2, gpt2_writer, own, result


def said_of(question: AttributionTarget, ids: list[int]) -> float:
    """By a plain call of the model."""
    model = question.trained.model
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long)).logits
    last = logits[:, -1] if logits.ndim == 3 else logits
    return float(answers_of(model, last)[0, question.answer])


@pytest.mark.parametrize("kind", MAKERS)
def test_a_score_is_the_change_without_the_token(kind: str) -> None:
    question = ask(MAKERS[kind](), TEXT)
    found = result(leave_one_out(question))
    ids = list(question.read.input_ids)
    assert found.probability == pytest.approx(said_of(question, ids), abs=1e-6)
    assert found.scores.dtype == np.float32 and len(found.tokens) == len(ids) == len(found.scores)
    for place, special in enumerate(question.read.special):
        expected = 0.0 if special else found.probability - said_of(question, ids[:place] + ids[place + 1 :])
        assert found.scores[place] == pytest.approx(expected, abs=2e-6)
    assert np.ptp(found.scores) > 1e-4, "a model that reacts to nothing would prove nothing"


@pytest.mark.parametrize("kind", ["fusion", "bert", "gpt2"])
def test_switches_are_kept(kind: str) -> None:
    trained = MAKERS[kind]()
    plain = result(leave_one_out(ask(trained, TEXT)))
    switches = Switches(frozenset({("self-attention", 0, 1)}), uniform=True)
    label = plain.label
    changed = result(leave_one_out(ask(trained, TEXT, switches, label)))
    assert changed.probability != pytest.approx(plain.probability, abs=1e-7)
    assert np.abs(changed.scores - plain.scores).max() > 1e-5


def test_the_label_is_chosen() -> None:
    good, bad = (result(attribute(bert(), TEXT, "leave-one-out", label=label)) for label in ("LABEL_0", "LABEL_1"))
    assert (good.label, bad.label) == ("LABEL_0", "LABEL_1")
    np.testing.assert_allclose(good.scores, -bad.scores, atol=1e-6)


def test_a_language_model_is_asked_for_its_next_token() -> None:
    trained = gpt2_writer()
    question = ask(trained, TEXT)
    assert question.label == trained.tokenizer.decode([question.answer])


def test_long_texts_lose_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_VARIANTS", 5)
    question = ask(bert(), TEXT)
    found = result(leave_one_out(question))
    words = question.words
    assert len(words) == 13 and found.group_size == 3
    groups = [words[start : start + 3] for start in range(0, 13, 3)]
    for group in groups:
        ids = [index for place, index in enumerate(question.read.input_ids) if place not in group]
        assert found.scores[group].sum() == pytest.approx(found.probability - said_of(question, ids), abs=2e-6)
        assert np.ptp(found.scores[group]) < 1e-8


@pytest.mark.parametrize("count", [1, 255, 256, 257, 600, 2046])
def test_groups_hold_every_word_once(count: int) -> None:
    groups = groups_of(np.arange(count))
    assert len(groups) <= 256 and max(map(len, groups)) == -(-count // 256)
    assert np.concatenate(groups).tolist() == list(range(count))


def test_a_text_of_one_word() -> None:
    """What is left are the special tokens, or what begins a text where there are none."""
    trained = gpt2()
    question = ask(trained, "good")
    found = result(leave_one_out(question))
    assert found.scores[0] == pytest.approx(found.probability - said_of(question, [nothing_of(trained)]), abs=1e-6)
    assert len(result(leave_one_out(ask(bert(), "good"))).scores) == 3


def test_variants_of_any_length_in_their_order() -> None:
    question = ask(bert(), TEXT)
    ids = question.read.input_ids
    variants = [ids[:9], ids[:3], (), ids[:9], ids, ids[2:5]]
    told: list[Progress] = []
    asking = probabilities(question, variants)
    while True:
        try:
            told.append(next(asking))
        except StopIteration as end:
            found = end.value
            break
    expected = [said_of(question, list(one) or [nothing_of(question.trained)]) for one in variants]
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert told[-1].done == told[-1].total == 5
    assert [one.done for one in told] == sorted(one.done for one in told)


def test_it_can_be_closed_between_chunks() -> None:
    trained = own(MAKERS["recurrent"]().model.config.choice)
    asking = leave_one_out(ask(trained, TEXT))
    assert next(asking).done > 0
    asking.close()
    assert torch.is_inference_mode_enabled() is False


def test_wrong_input_is_said() -> None:
    with pytest.raises(InputError, match="only looks"):
        result(attribute(bert_encoder(), TEXT, "leave-one-out"))
    with pytest.raises(InputError, match="no method"):
        result(attribute(bert(), TEXT, "magic"))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no label"):
        result(attribute(bert(), TEXT, "leave-one-out", label="splendid"))
    with pytest.raises(InputError, match="sentence"):
        result(attribute(bert(), "  ", "leave-one-out"))
    with pytest.raises(InputError, match="no head"):
        result(attribute(bert(), TEXT, "leave-one-out", Switches(frozenset({("self-attention", 7, 0)}))))
