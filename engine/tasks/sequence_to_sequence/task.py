"""SequenceToSequenceTask: one player, "model", learns to write a text for another; a step's loss is the mean over all
tokens of its targets."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.breath import telling
from engine.config.run import RunConfig
from engine.config.seq2seq import RecurrentSeq2Seq
from engine.config.tasks.best_metric import judged_by
from engine.config.tasks.sequence_to_sequence import SequenceToSequence
from engine.data.tokens.batches import Batch, in_order
from engine.data.tokens.encoding import LABELS, Encoded, Ragged
from engine.errors import NotFinite
from engine.events import Event, TextsAnswered
from engine.messages import Message, message
from engine.metrics.summed_figures import half_widths, values
from engine.metrics.translation import signature, tokenization_of
from engine.models.train_eval_mode import evaluating
from engine.records import Decoding, Evaluation, RowAnswer, ScoredRow, ScoredRows
from engine.runs.run import Run
from engine.tasks.material import Material
from engine.tasks.one_model import OneModel
from engine.tasks.sequence_to_sequence.examples import encode_pairs, num_cut_targets, prefix_of, read_sources
from engine.tasks.sequence_to_sequence.losses import num_tokens, token_losses
from engine.tasks.sequence_to_sequence.scoring import answer_statistics, beginnings, row_scores
from engine.tasks.sequence_to_sequence.writing import texts_of, write_all
from engine.tasks.source_text import SourceText

_EVALUATION_BATCH = 64
_SHOWN = 4
Floats = NDArray[np.float64]


class SequenceToSequenceTask(OneModel):
    """Read, write, and be measured by what was written. Made from a checkpoint alone it answers rows all the same."""

    def __init__(self, config: RunConfig, material: Material, model: PreTrainedModel, device: torch.device) -> None:
        assert isinstance(config.task, SequenceToSequence)
        super().__init__(config, model, device)
        self._spec = config.task
        self._splits, self._encoded = material.splits.splits, material.encoded
        self.tokenizer: PreTrainedTokenizerFast = material.tokenizer
        self.judged_by = judged_by(config.task, config.training.best)
        spec = config.model
        self._coverage = spec.coverage_weight if isinstance(spec, RecurrentSeq2Seq) and spec.coverage else 0.0
        self._step = 0
        self._answered: list[dict[str, Any]] = []

    @property
    def notes(self) -> list[Message]:
        """How many targets are not learned to their end."""
        if "train" not in self._encoded:
            return []
        count = num_cut_targets(self._encoded["train"], self.tokenizer)
        if not count:
            return []
        return [
            message(
                "{count:plural:text to write is:texts to write are} longer than {limit} tokens and cut there (“Longest "
                "answer”).",
                count=count,
                limit=self._spec.max_target_length,
            )
        ]

    # --- what it learns -----------------------------------------------------------------------------------------

    def turns(self, step: int) -> tuple[str, ...]:
        self._step = step
        return self.players

    def weight(self, player: str, batch: Batch) -> float:
        """Tokens of the targets."""
        del player
        return num_tokens(batch.labels)

    def loss(self, player: str, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """(sum, weight), two scalars."""
        share = self._spec.scheduled_sampling * self._step / max(1, self._config.training.max_steps)
        found = token_losses(self.model, batch.to(self._device), self._spec.label_smoothing, share)
        total = found.losses.sum()
        if found.coverage is not None:
            total = total + self._coverage * found.coverage.sum()
        return total, torch.tensor(self.weight(player, batch), device=self._device)

    # --- what it is worth ---------------------------------------------------------------------------------------

    def evaluate(self, encoded: Encoded, split: str) -> Generator[None, None, Evaluation]:
        """The loss of all rows, and what is written, word by word, for some of them."""
        likelihood = yield from self._likelihood(encoded)
        if not np.isfinite(likelihood).all():
            rows = encoded.rows[~np.isfinite(likelihood).all(axis=1)]
            raise NotFinite(message("What the model says of a text is not a finite number."), sorted(rows.tolist()))
        places = _evenly(len(encoded), self._spec.validation_rows)
        some = _chosen(encoded, places)
        said = yield from telling(write_all(self.model, self.tokenizer, some, Decoding(), self._device), None)
        read, wanted = self._texts(some, split)
        statistics = answer_statistics(said, wanted)
        chrf = [one["chrf"] for one in row_scores(statistics)]
        self._answered = [
            {"read": [read[place]], "wanted": wanted[place], "said": said[place], "score": chrf[place] / 100}
            for place in range(min(_SHOWN, len(said)))
        ]
        whole = {"perplexity": likelihood}
        loss = float(likelihood[:, 0].sum() / max(1.0, likelihood[:, 1].sum()))
        return Evaluation(
            {"loss": loss, **values(statistics), **values(whole)},
            split,
            len(encoded),
            intervals={**half_widths(statistics, self._config.seed), **half_widths(whole, self._config.seed)},
        )

    def show(self, run: Run, step: int) -> list[Event]:
        del run
        return [TextsAnswered(step=step, rows=self._answered)] if self._answered else []

    def score_rows(self, rows: Dataset, split: str) -> Generator[int, None, ScoredRows]:
        """Answered as the task's settings say: one beam or several. Yields how many rows were."""
        encoded = encode_pairs(self._config, rows, self.tokenizer)
        likelihood = yield from telling(self._likelihood(encoded), 0)
        writing = write_all(self.model, self.tokenizer, encoded, self._decoding, self._device)
        said: list[str] = yield from _counted(writing)
        read, wanted = list(rows["source"]), list(rows["target"])
        statistics = {**answer_statistics(said, wanted), "perplexity": likelihood}
        simplest = values(answer_statistics(beginnings(read, wanted), wanted))
        scored = [
            ScoredRow(int(row), (source,), (target,), answer, scores)
            for row, source, target, answer, scores in zip(
                encoded.rows, read, wanted, said, row_scores(statistics), strict=True
            )
        ]
        return ScoredRows(
            split,
            ("source",),
            scored,
            statistics,
            leading="bleu",
            sort_by="chrf",
            signature=signature(tokenization_of(wanted)),
            baseline=simplest,
            baseline_name=message("the beginning of the text"),
            notes=self._cut_notes(encoded),
        )

    def write_rows(self, rows: Dataset, decoding: Decoding) -> Generator[int, None, list[str]]:
        """A text for every row, in their order."""
        encoded = read_sources(self._config, rows, self.tokenizer)
        return (yield from write_all(self.model, self.tokenizer, encoded, decoding, self._device))

    def answer_rows(self, rows: Dataset) -> Generator[object, None, list[RowAnswer]]:
        """As `score_rows` answers."""
        return [RowAnswer(text) for text in (yield from self.write_rows(rows, self._decoding))]

    def how_to_ask(self) -> dict[str, Any]:
        """What an exported folder must know beside weights and tokenizer."""
        return {
            "max_length": self._config.data.max_length,
            "prefix": prefix_of(self._config),
            "decoding": self._decoding.arguments(),
        }

    @property
    def _decoding(self) -> Decoding:
        return Decoding(num_beams=self._spec.num_beams, length_penalty=self._spec.length_penalty)

    def _cut_notes(self, encoded: Encoded) -> tuple[Message, ...]:
        count = num_cut_targets(encoded, self.tokenizer)
        if not count:
            return ()
        return (
            message(
                "{count:plural:right answer is:right answers are} longer than the {limit} tokens that it can write.",
                count=count,
                limit=self._spec.max_target_length,
            ),
        )

    def _likelihood(self, encoded: Encoded) -> Generator[None, None, Floats]:
        """[examples, 2]: -log p of each target, and its tokens."""
        places = {int(row): place for place, row in enumerate(encoded.rows)}
        found = np.zeros((len(encoded), 2))
        with evaluating(self.model):
            for batch in in_order(encoded, _EVALUATION_BATCH):
                with torch.inference_mode():
                    sums = token_losses(self.model, batch.to(self._device)).by_row(len(batch))
                found[[places[int(row)] for row in batch.rows]] = sums.cpu().numpy()
                yield
        return found

    def _texts(self, encoded: Encoded, split: str) -> tuple[list[str], list[str]]:
        """(sources, targets) of the examples, as they stand in the data."""
        rows = self._splits.get(split)
        if rows is None:
            field = encoded.targets[LABELS]
            assert isinstance(field, Ragged)
            return [""] * len(encoded), texts_of(self.tokenizer, _lists(field))
        places = {int(row): place for place, row in enumerate(rows["row"])}
        chosen = rows.select([places[int(row)] for row in encoded.rows])
        return list(chosen["source"]), list(chosen["target"])

    def read_source(self, text: str) -> SourceText:
        """As it reads one text."""
        prefix = prefix_of(self._config)
        limit = min(self._config.data.max_length, int(self.tokenizer.model_max_length))
        whole = self.tokenizer(prefix + text, return_offsets_mapping=True, verbose=False)
        read = self.tokenizer(prefix + text, return_offsets_mapping=True, truncation=True, max_length=limit)
        spans = [
            (max(0, start - len(prefix)), max(0, end - len(prefix))) if end > len(prefix) else (0, 0)
            for start, end in read["offset_mapping"]
        ]
        is_cut = len(whole["input_ids"]) > len(spans)
        ids = torch.tensor([read["input_ids"] or [self.tokenizer.pad_token_id]], device=self._device)
        cut_at = max((end for _, end in spans), default=0) if is_cut else None
        return SourceText(text, ids, spans, len(whole["input_ids"]), cut_at)

    def first_ids(self) -> list[int]:
        """The token ids behind which it writes."""
        start = self.model.config.decoder_start_token_id
        if start is None:
            start = self.tokenizer.pad_token_id
        return [int(start)]


def _counted(writing: Generator[int, None, list[str]]) -> Generator[int, None, list[str]]:
    """The same, which tells how many were written in all."""
    done = 0
    while True:
        try:
            done += next(writing)
        except StopIteration as end:
            found: list[str] = end.value
            return found
        yield done


def _evenly(count: int, most: int) -> NDArray[np.int64]:
    """So many places, evenly drawn."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64))


def _chosen(encoded: Encoded, places: NDArray[np.int64]) -> Encoded:
    keep = np.zeros(len(encoded), dtype=np.bool_)
    keep[places] = True
    inputs, targets = (
        {name: field.kept(keep) if isinstance(field, Ragged) else field[keep] for name, field in fields.items()}
        for fields in (encoded.inputs, encoded.targets)
    )
    return replace(encoded, inputs=inputs, targets=targets, rows=encoded.rows[keep])


def _lists(field: Ragged) -> list[list[int]]:
    return [field.values[start:end].tolist() for start, end in zip(field.offsets[:-1], field.offsets[1:], strict=True)]
