"""LanguageModelTask: one player, "model", that learns to tell the next token; all tokens weigh alike."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from safetensors.torch import load_file
from torch import Tensor
from transformers import PreTrainedModel

from engine.breath import drain, mapped
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.config.tasks.language_model import LanguageModelling
from engine.data.tokens.batches import Batch
from engine.data.tokens.encoding import LABELS, Encoded
from engine.events import Event
from engine.messages import Message, message
from engine.metrics.summed_figures import values
from engine.models.language_models import NGramLM, RecurrentState, end_token_id, unwritten_token_ids
from engine.models.language_models.kneser_ney import kneser_ney
from engine.models.train_eval_mode import evaluating
from engine.records import Evaluation, RowAnswer, ScoredRow, ScoredRows
from engine.runs.run import Run
from engine.tasks.language_model.model import make_model, saved_model
from engine.tasks.language_model.show import beginnings, written_on
from engine.tasks.language_model.streams import (
    NO_TRUTH,
    carries_state,
    chunked,
    num_characters,
    stream_in,
    stream_of_rows,
)
from engine.tasks.language_model.surprise import Teller, surprise_of
from engine.tasks.material import Material
from engine.tasks.one_model import OneModel

_STATE_FILE = "carried.safetensors"
_SCORED_AT_ONCE = 1000
_WRITTEN = 32
"""Tokens that a table of answers has of each row."""
_DECODING: Mapping[str, Any] = {"max_new_tokens": _WRITTEN, "min_new_tokens": 1, "do_sample": False}
"""The likeliest ones; at least one, as behind a row that is whole a text would often end at once."""
_MANY_UNKNOWN = 0.2


class LanguageModelTask(OneModel):
    """A step's loss is the mean over its tokens, in nats. A recurrent model carries its state from batch to batch; its
    gradient goes back over one chunk (truncated back-propagation through time, Williams & Peng 1990). An n-gram model
    is fitted at once."""

    def __init__(self, config: RunConfig, material: Material, model: PreTrainedModel, device: torch.device) -> None:
        assert isinstance(config.task, LanguageModelling)
        super().__init__(config, model, device)
        self.tokenizer = material.tokenizer
        self.judged_by = judged_by(config.task, config.training.best)
        self.fitted = frozenset(self.players if isinstance(model, NGramLM) else ())
        self.end = end_token_id(self.tokenizer)
        self.unwritten = unwritten_token_ids(self.tokenizer, model.config.get_text_config().vocab_size)
        self._teller = Teller(model)
        self._material = material
        self._characters: dict[str, int] = {}
        self._beginnings = beginnings(material, self.tokenizer)

    @property
    def notes(self) -> list[Message]:
        """How much of the texts is unknown words, which nobody could read and the model never writes."""
        unknown = self.tokenizer.unk_token_id
        if unknown is None or "train" not in self._material.encoded:
            return []
        tokens = self._material.encoded["train"].tokens.values
        share = float(np.mean(tokens == unknown))
        if share < _MANY_UNKNOWN:
            return []
        return [
            message(
                "{share} of all training tokens are unknown words, which it never writes. A larger vocabulary, "
                "byte-pair encoding or characters let them in.",
                share=f"{100 * share:.0f} %",
            )
        ]

    # --- what it learns -----------------------------------------------------------------------------------------

    def weight(self, player: str, batch: Batch) -> float:
        """Tokens that are told."""
        del player
        return float((batch.targets[LABELS] != NO_TRUTH).sum())

    def loss(self, player: str, batch: Batch) -> tuple[Tensor, Tensor]:
        """(sum, weight), two scalars."""
        found, _ = self._teller.surprises(batch.to(self._device))
        return found.sum(), torch.tensor(self.weight(player, batch), device=self._device)

    def fit(self, player: str, encoded: Encoded) -> tuple[Tensor, Tensor]:
        """Count all n-grams of the stream; returns two scalars, of the loss on what was counted."""
        del player
        model = self.model
        assert isinstance(model, NGramLM)
        stream = stream_in(encoded)
        # an unknown word is never written, but a held-out text may have one
        never = tuple(one for one in self.unwritten if one != self.tokenizer.unk_token_id)
        model.fit(kneser_ney(stream, self.end, model.order, model.config.vocab_size, never))
        told = drain(surprise_of(model, encoded, self._device))
        return torch.tensor(told.sum(), device=self._device), torch.tensor(float(len(told)), device=self._device)

    # --- what is measured and shown -----------------------------------------------------------------------------

    def evaluate(self, encoded: Encoded, split: str) -> Generator[None, None, Evaluation]:
        """Perplexity a token and bits a character. While it learns the first `measured_tokens` of the validation texts
        are read."""
        assert isinstance(self._config.task, LanguageModelling)
        most = self._config.task.measured_tokens if split == "validation" else None
        part = encoded if most is None else self._first(encoded, most)
        with evaluating(self.model):
            told = yield from mapped(surprise_of(self.model, part, self._device), lambda _num_told: None)
        total, num = float(told.sum()), len(told)
        characters = self._num_characters(split) * len(part.tokens.values) / max(1, len(encoded.tokens.values))
        sums = {"loss": [total, num], "perplexity": [total, num], "bits_per_character": [total, characters]}
        metrics = values({key: np.array([row], dtype=np.float64) for key, row in sums.items()})
        return Evaluation(metrics, split, self._num_rows(split, len(encoded)))

    def score_rows(self, rows: Dataset, split: str) -> Generator[int, None, ScoredRows]:
        """How surprising each row is, read one after the other as one stream, the end of each included. Characters are
        those of the rows, and one for each end."""
        stream, lengths = stream_of_rows(rows, self.tokenizer)
        size = min(self._config.data.max_length, self.tokenizer.model_max_length)
        pad = int(self.tokenizer.pad_token_id)
        encoded = chunked(stream, np.zeros_like(stream), size, pad, follows_on=carries_state(self._config))
        with evaluating(self.model):
            telling = surprise_of(self.model, encoded, self._device)
            told = yield from mapped(telling, lambda num_told: num_told * len(rows) // len(stream))
        numbers = np.array(rows["row"], dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
        nats = np.add.reduceat(told, starts) if len(told) else np.zeros(0)
        scored: list[ScoredRow] = []
        characters = np.zeros(len(numbers))
        for first in range(0, len(numbers), _SCORED_AT_ONCE):
            for place, text in enumerate(rows[first : first + _SCORED_AT_ONCE]["text"], first):
                characters[place] = num_characters([text])
                own = {
                    "perplexity": float(np.exp(nats[place] / lengths[place])),
                    "bits_per_character": float(nats[place] / np.log(2) / characters[place]),
                }
                scored.append(ScoredRow(int(numbers[place]), (text,), (), "", own))
            yield len(rows)
        by_token = np.stack([nats, lengths.astype(np.float64)], axis=1)
        statistics = {
            "perplexity": by_token,
            "bits_per_character": np.stack([nats, characters], axis=1),
            "loss": by_token,
        }
        return ScoredRows(
            split,
            ("text",),
            scored,
            statistics,
            leading="perplexity",
            sort_by="perplexity",
            notes=self._unknown(stream),
        )

    def answer_rows(self, rows: Dataset) -> Generator[object, None, list[RowAnswer]]:
        """The likeliest next tokens behind each row, and how surprising the row itself is."""
        scored = yield from self.score_rows(rows, "data")
        found: list[RowAnswer] = []
        for one in scored.rows:
            with evaluating(self.model), torch.inference_mode():
                found.append(RowAnswer(self._written_on(one.read[0]), columns=one.scores))
            yield len(rows)
        return found

    def how_to_ask(self) -> dict[str, Any]:
        """What an exported folder must know beside weights and tokenizer."""
        return {"max_length": self._sight, "decoding": dict(_DECODING)}

    @property
    def _sight(self) -> int:
        """Tokens of a beginning that are read: the last ones, with room for what is written."""
        return int(min(self._config.data.max_length, self.tokenizer.model_max_length)) - _WRITTEN

    def _written_on(self, text: str) -> str:
        read = [self.end, *self.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]][
            -max(1, self._sight) :
        ]
        ids = torch.tensor([read], device=self._device)
        written = self.model.generate(  # type: ignore[operator]
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            pad_token_id=int(self.tokenizer.pad_token_id),
            eos_token_id=self.end,
            **_DECODING,
        )
        return str(self.tokenizer.decode(written[0, len(read) :], skip_special_tokens=True)).strip()

    def show(self, run: Run, step: int) -> list[Event]:
        """How it writes on the first words of a few held-out texts."""
        del run
        return written_on(self.model, self.tokenizer, self._beginnings, self.unwritten, step)

    def _unknown(self, stream: np.ndarray) -> tuple[Message, ...]:
        """What a vocabulary of words does to the figures."""
        unknown = self.tokenizer.unk_token_id
        share = float(np.mean(stream == unknown)) if unknown is not None else 0.0
        if not share:
            return ()
        return (
            message(
                "{share} of the tokens are unknown words: they count as one token each, which flatters the figures. "
                "Compare with runs of the same tokens only.",
                share=f"{100 * share:.1f} %",
            ),
        )

    def _first(self, encoded: Encoded, most: int) -> Encoded:
        """The first chunks, of so many tokens."""
        stream = stream_in(encoded)
        if len(stream) - 1 <= most:
            return encoded
        pad = int(self.tokenizer.pad_token_id)
        return chunked(
            stream[: most + 1], np.zeros(most + 1, np.int64), encoded.limit, pad, follows_on=encoded.follows_on
        )

    def _num_characters(self, split: str) -> int:
        if split not in self._characters:
            rows = self._material.splits.splits[split]
            self._characters[split] = sum(num_characters(part["text"]) for part in rows.iter(_SCORED_AT_ONCE))
        return self._characters[split]

    def _num_rows(self, split: str, otherwise: int) -> int:
        rows = self._material.splits.splits.get(split)
        return otherwise if rows is None else len(rows)

    # --- what is kept -------------------------------------------------------------------------------------------

    def tensors(self) -> Mapping[str, dict[str, Tensor]]:
        """What a recurrent model remembers of the batch before."""
        state = self._teller.state
        if state is None:
            return {}
        named = {f"{depth}.{place}": one for depth, layer in enumerate(state.layers) for place, one in enumerate(layer)}
        return {_STATE_FILE: {**named, "length": torch.tensor(state.get_seq_length())}}

    def load_extra(self, folder: Path) -> None:
        """Go on remembering what it remembered when the checkpoint was taken."""
        path = folder / _STATE_FILE
        if not path.is_file():
            return
        held = load_file(path, device=str(self._device))
        length = int(held.pop("length"))
        num_layers = 1 + max(int(name.split(".")[0]) for name in held)
        layers = [
            tuple(held[name] for name in sorted(held) if name.startswith(f"{depth}.")) for depth in range(num_layers)
        ]
        self._teller.state = RecurrentState(layers, length)


def make_language_model(
    config: RunConfig, material: Material, device: torch.device, checkpoint: Path | None = None
) -> LanguageModelTask:
    """With fresh weights, or with those of a verified checkpoint of this run."""
    model = make_model(config, material.tokenizer) if checkpoint is None else saved_model(config, checkpoint)
    task = LanguageModelTask(config, material, model, device)
    if checkpoint is not None:
        task.load_extra(checkpoint)
    return task
