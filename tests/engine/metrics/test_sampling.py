"""What settings leave is what transformers' own processors leave."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.metrics.copied import longest_shared_run
from engine.metrics.sampling import after_settings
from engine.models.language_models.streaming import choosing
from engine.records import WritingSettings


@pytest.mark.parametrize(
    "settings",
    [
        WritingSettings(temperature=1.0, top_k=0, top_p=1.0),
        WritingSettings(temperature=0.5, top_k=0, top_p=1.0),
        WritingSettings(temperature=1.7, top_k=12, top_p=1.0),
        WritingSettings(temperature=0.8, top_k=40, top_p=0.9),
        WritingSettings(temperature=0.8, top_k=0, top_p=0.3, repetition_penalty=1.4),
        WritingSettings(temperature=1.0, top_k=1, top_p=0.01, repetition_penalty=2.0),
    ],
)
def test_what_is_left_is_what_transformers_leaves(settings: WritingSettings) -> None:
    chance = torch.Generator().manual_seed(0)
    log_p = torch.randn(200, generator=chance).mul(2).log_softmax(dim=-1)
    before = torch.randint(200, (1, 30), generator=chance)
    is_before = np.zeros(200, dtype=bool)
    is_before[before[0].numpy()] = True
    scores = choosing(settings, (), torch.device("cpu"))(before, log_p[None].clone())[0]  # type: ignore[arg-type]
    found = after_settings(log_p.numpy(), is_before, settings)
    np.testing.assert_allclose(found, scores.softmax(dim=-1).numpy(), atol=1e-6)
    assert found.sum() == pytest.approx(1.0)


def test_at_zero_the_likeliest_is_left() -> None:
    log_p = np.log(np.array([0.1, 0.6, 0.3]))
    assert after_settings(log_p, np.zeros(3, bool), WritingSettings(temperature=0.0)).tolist() == [0.0, 1.0, 0.0]


def test_what_is_never_written_stays_out() -> None:
    log_p = np.array([-np.inf, np.log(0.5), np.log(0.5)])
    assert after_settings(log_p, np.zeros(3, bool), WritingSettings(temperature=1.5, top_p=1.0))[0] == 0.0


def test_the_longest_shared_run_is_that_of_trying_all() -> None:
    chance = np.random.default_rng(3)
    for _ in range(20):
        text, others = chance.integers(0, 4, 12), chance.integers(0, 4, 60)
        others[chance.integers(0, 60, 6)] = -1
        found = longest_shared_run(text, others)
        best = max(
            length
            for length in range(13)
            if length == 0
            or any(
                np.array_equal(text[start : start + length], others[place : place + length])
                for start in range(13 - length)
                for place in range(61 - length)
            )
        )
        assert found.length == best
        ours, theirs = text[found.start :][: found.length], others[found.place :][: found.length]
        assert np.array_equal(ours, theirs)


def test_unknown_words_are_like_no_others() -> None:
    assert longest_shared_run(np.array([-1, 1, -1]), np.array([-1, 1, -1])).length == 1
    assert longest_shared_run(np.array([1]), np.array([], dtype=np.int64)).length == 0
