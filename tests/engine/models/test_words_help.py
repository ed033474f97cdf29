"""Guessing words helps: with few labels, words that no labelled text holds are known from their company."""

from __future__ import annotations

import pytest
import torch

from engine.config.classifiers import Convolutional, FromScratch, Recurrent, Transformer
from engine.config.losses import CrossEntropy
from engine.data.tokens.batches import Batch
from engine.models import TextClassifier
from engine.models.build import build
from engine.models.word_guessing import WordGuessing
from tests.engine.text_batch import text_batch

pytestmark = pytest.mark.slow

NUM_WORDS, FIRST = 300, 5
SPECS: list[FromScratch] = [
    Recurrent(embedding_size=16, hidden_size=16, dropout=0.1),
    Transformer(hidden_size=16, num_heads=2, feed_forward_size=32),
    Convolutional(embedding_size=16, widths=(3, 5), num_filters=16, dropout=0.1),
]


def texts(count: int, seed: int) -> Batch:
    """Two topics with 150 words each; a text has 10 words, 9 of them of its topic. [CLS] words [SEP]."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 2, (count,), generator=generator)
    is_own = torch.rand(count, 10, generator=generator).argsort(dim=1) < 9
    topics = torch.where(is_own, labels[:, None], 1 - labels[:, None])
    words = FIRST + topics * NUM_WORDS // 2 + torch.randint(NUM_WORDS // 2, (count, 10), generator=generator)
    ids = torch.cat([torch.full((count, 1), 2), words, torch.full((count, 1), 3)], dim=1)
    return text_batch(ids, labels=labels)


def classifier(spec: FromScratch, seed: int) -> TextClassifier:
    torch.manual_seed(seed)
    return build(
        spec,
        vocabulary_size=FIRST + NUM_WORDS,
        num_labels=2,
        max_length=12,
        pad_token_id=0,
        labels=("a", "b"),
        loss=CrossEntropy(),
        special_token_ids=(2, 3),
    ).train()


def guess_words(model: TextClassifier, num_steps: int) -> None:
    task = WordGuessing(
        model, pad_token_id=0, special_token_ids=(2, 3), mask_token_id=4, vocabulary_size=FIRST + NUM_WORDS
    )
    optimizer = torch.optim.AdamW(task.parameters(), lr=5e-3)
    for step in range(num_steps):
        total, weight = task.loss(texts(64, 10_000 + step))
        optimizer.zero_grad()
        (total / weight).backward()
        optimizer.step()


def accuracy_after_few_labels(model: TextClassifier, seed: int) -> float:
    few = texts(12, 1 + seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(40):
        optimizer.zero_grad()
        model(few.input_ids, labels=few.labels).loss.backward()
        optimizer.step()
    unseen = texts(1000, 100 + seed)
    with torch.inference_mode():
        said = model.eval()(unseen.input_ids).logits.argmax(dim=1)
    return float((said == unseen.labels).float().mean())


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_words_first_make_few_labels_go_further(spec: FromScratch) -> None:
    plain = accuracy_after_few_labels(classifier(spec, 0), 0)
    model = classifier(spec, 0)
    guess_words(model, 600)
    assert accuracy_after_few_labels(model, 0) > plain + 0.15
