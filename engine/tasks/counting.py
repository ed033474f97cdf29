"""Word counting as a task learns it: how texts are cut for it, what a split's rows are to it, what is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from engine.breath import breathe
from engine.config.counting import Kind, WordCounting
from engine.config.data import AutoTokenizer, WordTokenizer
from engine.config.run import RunConfig
from engine.data.splitting.splits import Splits
from engine.data.tokens.encoding import Encoded, encode
from engine.data.tokens.tokenizer import cuts_characters, train_folded_characters, train_tokenizer
from engine.messages import Message, message
from engine.models.baseline import is_unspaced
from engine.models.counting.choosing import Trial
from engine.models.counting.counting import Counted, Rows, tried
from engine.models.counting.ngrams import Texts
from engine.targets import Target

MOST_WORDS, MOST_CHARACTERS = 200_000, 4000
"""A rare word is better than none: which runs are frequent enough is a question of its own."""

NUM_UNSEEN_FOLDS = 5
_SHORT_TEXT = 200
"""Characters of a text in the middle: longer ones are counted by words without trying."""
_KIND_ROWS = 4000
_KIND_SHARE = 8
"""Of the time to choose, for each kind."""


def counting_tokenizer(config: RunConfig, spec: WordCounting, splits: Splits) -> PreTrainedTokenizerFast:
    """Learned from the training texts, as `data.tokenizer` says. Left to us: words (signs of scripts without spaces),
    or characters where `spec` says so, or where texts are short and held-out ones are answered better by them."""
    data = config.data
    if not isinstance(data.tokenizer, AutoTokenizer):
        return train_tokenizer(data.tokenizer, _texts(splits), data.max_length)
    kind = spec.ngrams
    words = None if kind == "characters" else _words(splits, data.max_length)
    if words is not None and (kind == "words" or not spec.seconds or not _are_short(splits)):
        return words
    characters = train_folded_characters(MOST_CHARACTERS, _texts(splits), data.max_length)
    if words is None:
        return characters
    return max((words, characters), key=lambda one: _rank(config, spec, splits, one))


def texts_of(encoded: Encoded) -> Texts:
    """The token ids of a split."""
    return Texts(encoded.tokens.values, encoded.tokens.offsets)


def rows_of(
    encoded: Encoded, target: Target, labels: Sequence[str], class_weights: Sequence[float] | None = None
) -> Rows:
    """A split's rows as they are learned from."""
    return Rows(texts_of(encoded), encoded.labels, target, len(labels), class_weights)


@dataclass(frozen=True)
class UnseenAnswers:
    """What counting says of each training text without having seen it: `answers` [N, Q] of the rows `rows` [N],
    ascending. A network beside it learns from these, as what it says of texts that it was fitted to is far too sure."""

    rows: Tensor
    answers: Tensor

    def at(self, rows: NDArray[np.int64]) -> Tensor:
        """[B, Q] of a batch's rows."""
        places = torch.searchsorted(self.rows, torch.from_numpy(rows)).to(self.answers.device)
        return self.answers[places]

    def tensors(self) -> dict[str, Tensor]:
        return {"rows": self.rows, "answers": self.answers}

    @classmethod
    def of(cls, tensors: Mapping[str, Tensor]) -> UnseenAnswers:
        return cls(tensors["rows"].cpu(), tensors["answers"])


def unseen_answers(counted: Counted, texts: Texts, seed: int) -> NDArray[np.float64]:
    """[N, Q]: of the learned rows those of models that were fitted to the other parts' rows; of the rest, which were
    left out of the fit, those of the model itself."""
    found = np.zeros((len(texts), counted.linear.weights.shape[1]))
    found[counted.places] = counted.out_of_fold(NUM_UNSEEN_FOLDS, seed)
    rest = np.setdiff1d(np.arange(len(texts)), counted.places)
    if len(rest):
        found[rest] = counted.linear.answers(counted.ngrams.presence(texts.rows(rest)))
    return found


def kind_of(tokenizer: PreTrainedTokenizerFast) -> Kind:
    """What its tokens are to a person."""
    return "characters" if cuts_characters(tokenizer) else "words"


def report_of(counted: Counted, kind: Kind) -> dict[str, Any]:
    """What was chosen, as plain JSON."""
    return {
        "kind": kind,
        "longest": counted.way.longest,
        "weighting": counted.way.weighting,
        "regularisation": counted.way.regularisation,
        "num_tried": counted.num_tried,
        "num_learned": counted.num_learned,
        "num_found": counted.num_found,
        "trials": [_trial(one) for one in counted.trials],
    }


def news_of(counted: Counted, kind: Kind, num_rows: int) -> list[Message]:
    """What was chosen and left out, in words."""
    way = counted.way
    values = {
        "longest": way.longest,
        "weighting": _WEIGHTINGS[way.weighting],
        "strength": f"{way.regularisation:.3g}",
    }
    kept = len(counted.ngrams.keys)
    found = [
        message(
            "It counts {kept:plural:run:runs} of up to {longest:plural:character:characters}, {weighting}; "
            "regularisation {strength}.",
            kept=kept, **values,
        )
        if kind == "characters"
        else message(
            "It counts {kept:plural:run:runs} of up to {longest:plural:word:words}, {weighting}; "
            "regularisation {strength}.",
            kept=kept, **values,
        )
    ]  # fmt: skip
    if counted.trials:
        found.append(
            message(
                "{trials:plural:way was:ways were} tried by cross-validation on {tried} of {rows:plural:row:rows}.",
                trials=len(counted.trials), tried=counted.num_tried, rows=num_rows,
            )
        )  # fmt: skip
    if counted.num_learned < num_rows:
        found.append(
            message(
                "It learned from {learned} of {rows:plural:row:rows}, drawn evenly: more do not fit into its memory.",
                learned=counted.num_learned, rows=num_rows,
            )
        )  # fmt: skip
    if kept < counted.num_found:
        found.append(
            message(
                "{left:plural:rarer run was:rarer runs were} left out (“At most runs”).", left=counted.num_found - kept
            )
        )
    return found


_WEIGHTINGS = {
    "naive-bayes": message("weighed by naive-Bayes ratios"),
    "tf-idf": message("weighed by TF-IDF"),
    "presence": message("all alike"),
}


def _trial(trial: Trial) -> dict[str, Any]:
    way = trial.way
    return {
        "longest": way.longest,
        "weighting": way.weighting,
        "regularisation": way.regularisation,
        "right": trial.right,
        "loss": trial.loss,
    }


def _words(splits: Splits, max_length: int) -> PreTrainedTokenizerFast:
    return train_tokenizer(WordTokenizer(vocabulary_size=MOST_WORDS, min_frequency=1), _texts(splits), max_length)


def _texts(splits: Splits) -> Iterator[str]:
    for chunk in splits.splits["train"].select_columns(["text"]).iter(1000):
        breathe()
        yield from chunk["text"]


def _are_short(splits: Splits) -> bool:
    train = splits.splits["train"]
    sample = train.select(range(0, len(train), max(1, len(train) // 1000)))["text"]
    return float(np.median([len(text) for text in sample])) <= _SHORT_TEXT and not is_unspaced(list(sample))


def _rank(
    config: RunConfig, spec: WordCounting, splits: Splits, tokenizer: PreTrainedTokenizerFast
) -> tuple[float, float]:
    """How well held-out texts of a sample are answered by runs of these tokens."""
    target, train = config.task.target, splits.splits["train"]
    assert target is not None
    if len(train) > _KIND_ROWS:
        drawn = np.random.default_rng([config.seed, 11]).choice(len(train), _KIND_ROWS, replace=False)
        train = train.select(np.sort(drawn))
    encoded = encode(train, tokenizer, config.data.max_length, target, splits.labels)
    short = spec.model_copy(update={"seconds": max(1, spec.seconds // _KIND_SHARE), "regularisation": None})
    silent = tokenizer.all_special_ids
    rows = rows_of(encoded, target, splits.labels)
    trials, _ = tried(short, rows, len(tokenizer), silent, kind_of(tokenizer), config.seed)
    return max(one.rank for one in trials)
