"""A language model asked: what it writes, what surprises it, where it looked, what it copied."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.breath import drain
from engine.config.run import RunConfig
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.inspection.writing.copied import copied
from engine.inspection.writing.figures import writing_figures
from engine.inspection.writing.looked_at import looked_at
from engine.inspection.writing.surprise import surprise
from engine.inspection.writing.write import distribution, write
from engine.metrics.sampling import after_settings
from engine.records import WritingSettings, Written
from engine.runs.run import Run
from tests.engine.tasks.test_language_model import SMALL

PROMPT = "The storm came to the village"
FREE = WritingSettings(temperature=1.0, top_k=0, top_p=1.0, max_tokens=20)


@pytest.mark.parametrize("model", SMALL)
def test_what_is_written_is_told_token_by_token(model: str, runs: dict[str, Run]) -> None:
    told = []
    writing = write(runs[model], PROMPT, FREE)
    while True:
        try:
            told.append(next(writing))
        except StopIteration as end:
            found: Written = end.value
            break
    assert [len(one.partial.tokens) for one in told] == list(range(len(found.tokens) + 1))  # type: ignore[attr-defined]
    assert found.is_over and (len(found.tokens) == 20 or found.has_ended)
    assert drain(write(runs[model], PROMPT, FREE)).ids == found.ids  # the same seed
    for token in found.tokens:
        assert token.bits == pytest.approx(-math.log2(token.probability), abs=1e-4)
        assert [one.probability for one in token.alternatives] == sorted(
            (one.probability for one in token.alternatives), reverse=True
        )
        assert token.chosen == pytest.approx(token.probability, rel=1e-4)  # nothing was changed


@pytest.mark.parametrize("model", SMALL)
def test_each_chance_is_the_models_own(model: str, runs: dict[str, Run]) -> None:
    run = runs[model]
    found = drain(write(run, PROMPT, WritingSettings(max_tokens=8)))
    task = loaded_task(run)
    place = len(found.prompt_ids) + 4
    found_there = distribution(run, found.ids[:place])
    with torch.inference_mode():
        logits = task.model(torch.tensor([found.ids[:place]])).logits[0, -1].float()
    logits = logits.clone()
    logits[list(task.unwritten)] = -math.inf  # type: ignore[attr-defined]
    token = found.tokens[4]
    np.testing.assert_allclose(np.exp(found_there.log_probabilities), logits.softmax(dim=-1).numpy(), atol=1e-5)
    assert token.probability == pytest.approx(float(logits.softmax(dim=-1)[token.token_id]), rel=1e-4)
    left = after_settings(found_there.log_probabilities, found_there.is_before, WritingSettings())
    assert token.chosen == pytest.approx(left[token.token_id], rel=1e-3)


def test_another_token_can_be_gone_on_from(runs: dict[str, Run]) -> None:
    run = runs["transformer-lm"]
    found = drain(write(run, PROMPT, FREE))
    other = next(one for one in found.tokens[3].alternatives if one.token_id != found.tokens[3].token_id)
    kept = (*(token.token_id for token in found.tokens[:3]), other.token_id)
    again = drain(write(run, PROMPT, FREE, kept))
    assert again.prompt_ids == (*found.prompt_ids, *kept)


def test_writing_that_is_closed_stops(runs: dict[str, Run]) -> None:
    writing = write(runs["recurrent-lm"], "", WritingSettings(max_tokens=10_000, stops_at_end=False))
    for _ in range(30):
        next(writing)
    writing.close()
    with pytest.raises(StopIteration):
        next(writing)


def test_a_text_longer_than_the_model_sees_is_written_on(runs: dict[str, Run]) -> None:
    settings = WritingSettings(max_tokens=60, stops_at_end=False, temperature=1.0)
    found = drain(write(runs["transformer-lm"], PROMPT + " and the wind was strong" * 8, settings))
    assert len(found.tokens) == 60 and found.num_unseen > 0
    assert all(0 < token.num_seen <= 24 for token in found.tokens)


def test_unknown_words_are_told_and_a_beginning_of_them_alone_is_refused(runs: dict[str, Run]) -> None:
    assert drain(write(runs["n-gram"], "The zeppelin came", FREE)).unknown == ("zeppelin",)
    for prompt in ("зебра книга", "ゼブラ", "qwertz asdfgh"):
        with pytest.raises(InputError) as refused:
            drain(write(runs["n-gram"], prompt, FREE))
        assert "vocabulary" in refused.value.what.english()


@pytest.mark.parametrize(
    "settings",
    [
        WritingSettings(temperature=-1),
        WritingSettings(temperature=math.nan),
        WritingSettings(top_p=0.0),
        WritingSettings(top_k=-2),
        WritingSettings(repetition_penalty=0.0),
        WritingSettings(max_tokens=0),
        WritingSettings(max_tokens=10**9),
    ],
)
def test_settings_out_of_bounds_are_refused(settings: WritingSettings, runs: dict[str, Run]) -> None:
    with pytest.raises(InputError):
        drain(write(runs["n-gram"], PROMPT, settings))


@pytest.mark.parametrize("model", SMALL)
def test_surprise_is_minus_log_two_of_each_chance(model: str, runs: dict[str, Run]) -> None:
    text = "The storm  came, to the village"
    found = drain(surprise(runs[model], text))
    assert "".join(token.text for token in found.tokens) == text
    task = loaded_task(runs[model])
    ids = task.tokenizer(text, add_special_tokens=False)["input_ids"]
    with torch.inference_mode():
        logs = task.model(torch.tensor([[task.end, *ids]])).logits[0].float().log_softmax(-1)  # type: ignore[attr-defined]
    expected = [-float(logs[place, token]) / math.log(2) for place, token in enumerate(ids)]
    assert [token.bits for token in found.tokens] == pytest.approx(expected, abs=1e-3)
    assert found.bits_per_character == pytest.approx(sum(expected) / len(text), rel=1e-4)
    assert found.perplexity == pytest.approx(2**found.bits_per_token)


def test_surprise_of_a_long_text_is_told_to_its_end(runs: dict[str, Run]) -> None:
    text = "the wind was strong and " * 30
    found = drain(surprise(runs["transformer-lm"], text))
    assert len(found.tokens) == 150 and found.tokens[-1].num_seen <= 24
    with pytest.raises(InputError):
        drain(surprise(runs["transformer-lm"], "  "))


def test_where_it_looked_and_what_mattered(runs: dict[str, Run]) -> None:
    run = runs["transformer-lm"]
    ids = drain(write(run, PROMPT, FREE)).ids[:12]
    found = drain(looked_at(run, ids))
    assert found.weights.shape == (1, 2, 11) and found.effects.shape == (1, 2)
    np.testing.assert_allclose(found.weights.sum(axis=-1), 1.0, atol=1e-5)
    assert not np.isnan(found.effects).any() and np.isnan(found.without[0]) and not np.isnan(found.without[1:]).any()
    task = loaded_task(run)
    with torch.inference_mode():
        for place in (2, 7):
            shorter = [*ids[:place], *ids[place + 1 : -1]]
            logits = task.model(torch.tensor([shorter])).logits[0, -1].float()
            logits[list(task.unwritten)] = -math.inf  # type: ignore[attr-defined]
            assert found.without[place] == pytest.approx(float(logits.softmax(-1)[ids[-1]]), rel=1e-4)
    others = np.delete(found.without[1:], 1)
    assert found.control(2) == pytest.approx(float(others.mean()), rel=1e-5)


def test_a_model_that_does_not_look_says_what_a_token_hangs_on(runs: dict[str, Run]) -> None:
    ids = drain(write(runs["n-gram"], PROMPT, FREE)).ids[:9]
    found = drain(looked_at(runs["n-gram"], ids))
    assert found.weights.size == 0 and found.effects.size == 0
    near = found.without[-2:]
    assert np.isfinite(near).all() and found.without[2] == pytest.approx(found.probability)  # out of its three tokens


def test_a_copied_piece_is_found_with_its_text(runs: dict[str, Run]) -> None:
    run = runs["n-gram"]
    train = load_splits(run.config.data, run.config.task, run.config.seed).splits["train"]["text"][3]
    words = train.split()
    found = drain(copied(run, "Zebra " + " ".join(words[2:11]) + " zebra"))
    assert found.num_words >= 9 and found.piece in " ".join(words[2:11]) and found.alarm >= 12
    assert found.piece.lower() in found.text.lower()


def test_figures_stand_beside_an_n_gram_of_the_same_tokens(runs: dict[str, Run]) -> None:
    found = drain(writing_figures(runs["recurrent-lm"]))
    counted = drain(writing_figures(runs["n-gram"]))
    assert found.perplexity.low < found.perplexity.value < found.perplexity.high
    assert found.ngram_perplexity == pytest.approx(counted.ngram_perplexity)
    assert found.perplexity.value > found.ngram_perplexity  # it has hardly learned


def test_a_run_that_sorts_texts_does_not_write(tmp_path: Path) -> None:
    run = Run.create(RunConfig(), tmp_path, "sorts")
    with pytest.raises(InputError):
        drain(write(run, PROMPT, FREE))
