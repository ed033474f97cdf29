"""The reader: attention in both directions as the paper writes it, padding that changes nothing, folders that open."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForQuestionAnswering

import engine.models  # noqa: F401 - makes our models known to transformers
from engine.config.readers import BidafReader
from engine.data.tokens.question_windows import Window
from engine.models.answer_spans import SpanOdds
from engine.models.reader import NOWHERE, BidafModel, build_reader
from engine.models.reader_attention import TwoWayAttention

SMALL = {"embedding_size": 8, "hidden_size": 6, "dropout": 0.0}
LONG = [2, 5, 6, 7, 3, 8, 9, 10, 5, 3]
SHORT = [2, 5, 6, 3, 8, 9, 10, 3]


def make(**changes: object) -> BidafModel:
    torch.manual_seed(1)
    spec = BidafReader.model_validate({**SMALL, **changes})
    return build_reader(spec, vocabulary_size=30, max_length=64, pad_token_id=0, separator_id=3).eval()


SWITCHES = list(product((True, False), repeat=2))


@pytest.mark.parametrize(("one", "other"), SWITCHES)
def test_a_row_says_the_same_alone_and_padded(one: bool, other: bool) -> None:
    model = make(context_to_query=one, query_to_context=other)
    both = torch.tensor([LONG, [*SHORT, 0, 0]])
    found = model(both, attention_mask=(both != 0).long(), output_attentions=True)
    alone = model(torch.tensor([SHORT]), output_attentions=True)
    assert torch.allclose(found.start_logits[1, :8], alone.start_logits[0], atol=1e-6)
    assert torch.allclose(found.end_logits[1, :8], alone.end_logits[0], atol=1e-6)
    assert (found.start_logits[1, 1:4] == NOWHERE).all() and (found.start_logits[1, 7:] == NOWHERE).all()
    assert len(found.attentions) == len(model.attention_names) == one + other
    if one:
        assert torch.allclose(found.attentions[0][0, 0, 5:9, 1:4].sum(-1), torch.ones(4))
        assert not found.attentions[0][0, 0, :5].any()
    if other:
        assert found.attentions[-1][1, 0, 0, 4:7].sum().item() == pytest.approx(1.0)


def test_a_passage_without_a_word_is_silence_alone() -> None:
    ids = torch.tensor([LONG, [2, 5, 3, 3, 0, 0, 0, 0, 0, 0]])
    found = make()(ids, attention_mask=(ids != 0).long())
    assert torch.isfinite(found.start_logits).all() and (found.start_logits[1, 1:] == NOWHERE).all()


def test_the_attention_is_that_of_the_paper_and_words_that_are_alike() -> None:
    torch.manual_seed(2)
    attention = TwoWayAttention(4, True, True)
    passage, question = torch.randn(1, 5, 4), torch.randn(1, 3, 4)
    words = torch.randn(1, 5, 6), torch.randn(1, 3, 6)
    found = attention(passage, question, words, torch.ones(1, 5, dtype=torch.bool), torch.ones(1, 3, dtype=torch.bool))
    weights = torch.cat([attention.of_passage.weight[0], attention.of_question.weight[0], attention.of_both])
    scores = torch.stack(
        [torch.stack([weights @ torch.cat([h, u, h * u]) for u in question[0]]) for h in passage[0]]
    )  # S of equation 1
    alike = torch.cosine_similarity(words[0][0][:, None], words[1][0][None], dim=-1)
    scores = scores + attention.of_same * alike
    asked = scores.softmax(dim=1) @ question[0]
    attended = scores.max(dim=1).values.softmax(dim=0) @ passage[0]
    nearest = alike.max(dim=1, keepdim=True).values
    joint = torch.cat([passage[0], asked, passage[0] * asked, passage[0] * attended, nearest], dim=1)
    assert torch.allclose(found.joint[0], joint, atol=1e-6)


def test_without_attention_every_word_gets_the_questions_mean() -> None:
    attention = TwoWayAttention(4, False, False)
    passage, question = torch.randn(1, 5, 4), torch.randn(1, 3, 4)
    real = torch.ones(1, 5, dtype=torch.bool), torch.tensor([[True, True, False]])
    found = attention(passage, question, (passage, question), *real)
    assert torch.allclose(found.joint[0, :, 4:8], question[0, :2].mean(dim=0).expand(5, -1), atol=1e-6)
    assert found.joint.shape[-1] == attention.size == 12


def test_a_word_of_the_question_is_found_before_anything_is_learned() -> None:
    maps = make()(torch.tensor([LONG]), output_attentions=True).attentions
    assert maps[0][0, 0, 8].argmax().item() == 1, "the 5 of the passage looks at the 5 of the question"


def test_a_saved_folder_opens_by_transformers(tmp_path: Path) -> None:
    model = make()
    model.save_pretrained(tmp_path)
    opened = AutoModelForQuestionAnswering.from_pretrained(tmp_path).eval()
    ids = torch.tensor([LONG])
    assert isinstance(opened, BidafModel)
    assert torch.equal(opened(ids).start_logits, model(ids).start_logits)
    loss = opened(ids, start_positions=torch.tensor([5]), end_positions=torch.tensor([6])).loss
    start, end = (getattr(opened(ids), name) for name in ("start_logits", "end_logits"))
    own = -(start.log_softmax(-1)[0, 5] + end.log_softmax(-1)[0, 6]) / 2
    assert loss.item() == pytest.approx(own.item(), rel=1e-6)


def test_odds_of_spans_are_the_softmax_over_all_of_them() -> None:
    sides = (None, 0, 0, None, 1, 1, 1, 1, None)
    offsets = np.array([[0, 0], [0, 2], [3, 5], [0, 0], [0, 2], [3, 5], [6, 8], [9, 11], [0, 0]])
    window = Window(tuple(range(9)), (0,) * 9, sides, offsets)
    random = np.random.default_rng(0)
    begins, ends = random.normal(size=9), random.normal(size=9)
    odds = SpanOdds([window], [begins], [ends], 2)
    plain = {(i, j): begins[i] + ends[j] for i in range(4, 8) for j in range(i, min(i + 2, 8))}
    whole = np.exp(list(plain.values())).sum() + np.exp(begins[0] + ends[0])
    found = odds.best(20)
    assert found.silence == pytest.approx(np.exp(begins[0] + ends[0]) / whole)
    assert len(found.spans) == len(plain)
    best = max(plain, key=lambda pair: plain[pair])
    assert (found.spans[0].start, found.spans[0].end) == (offsets[best[0], 0], offsets[best[1], 1])
    assert found.spans[0].score == pytest.approx(np.exp(plain[best]) / whole)
    assert odds.of(3, 8) == pytest.approx(np.exp(plain[5, 6]) / whole)
    assert sum(one.score for one in found.spans) + found.silence == pytest.approx(1.0)
