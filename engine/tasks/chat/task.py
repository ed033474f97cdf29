"""ChatTask: a language model learns the answers of dialogues; it is measured by how surprising held-out answers are."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.breath import drain, mapped, telling
from engine.config.roles import DIALOGUE
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.config.tasks.chat import Chat
from engine.data.columns.dialogues import answers, tidy, turns_in
from engine.data.tokens.batches import Batch, in_order
from engine.data.tokens.dialogue_encoding import IGNORED, encode_dialogues
from engine.data.tokens.encoding import Encoded
from engine.errors import InputError, NotFinite
from engine.events import Event, TextsAnswered
from engine.messages import Message, message
from engine.metrics.summed_figures import half_widths, values
from engine.models.language_models.answering import Answering, answer_losses
from engine.models.train_eval_mode import evaluating
from engine.records import Evaluation, LeftOut, RowAnswer, ScoredRow, ScoredRows, Turn
from engine.records.answers import NUM_SHOWN
from engine.runs.run import Run
from engine.tasks.language_model.model import make_model, saved_model
from engine.tasks.material import Material
from engine.tasks.one_model import OneModel

_EVALUATION_BATCH = 32
_READING = 0.2
"""Of the time that a dialogue takes, about; the rest is answering."""
_NUM_READ = 3
"""Turns before an answer that are shown with it while it learns."""


class ChatTask(OneModel):
    """One player. A step's loss is the mean over all tokens of its answers."""

    def __init__(self, config: RunConfig, material: Material, model: PreTrainedModel, device: torch.device) -> None:
        assert isinstance(config.task, Chat)
        super().__init__(config, model, device)
        self._spec, self._seed = config.task, config.seed
        self._splits = material.splits.splits
        self._num_examples = {name: len(np.unique(one.rows)) for name, one in material.encoded.items()}
        self.judged_by = judged_by(config.task, config.training.best)
        self.tokenizer = material.tokenizer
        limit = min(config.data.max_length, material.tokenizer.model_max_length)
        self.answering = Answering(model, material.tokenizer, limit, config.task.max_new_tokens)
        self._shown: tuple[tuple[Turn, ...], ...] | None = None

    @property
    def notes(self) -> list[Message]:
        """How many dialogues cannot be learned from."""
        without = len(self._splits["train"]) - self._num_examples["train"] if "train" in self._splits else 0
        if not without:
            return []
        return [
            message(
                "{count:plural:training dialogue has:training dialogues have} no answer to learn and "
                "{count:plural:is:are} left out.",
                count=without,
            )
        ]

    # --- what it learns -----------------------------------------------------------------------------------------

    def weight(self, player: str, batch: Batch) -> float:
        """Tokens of answers."""
        del player
        return float((batch.labels[:, 1:] != IGNORED).sum())

    def loss(self, player: str, batch: Batch) -> tuple[Tensor, Tensor]:
        """(sum, weight), two scalars."""
        losses, _ = answer_losses(self.model, batch.to(self._device))
        return losses.sum(), torch.tensor(self.weight(player, batch), device=self._device)

    # --- what is measured and shown -----------------------------------------------------------------------------

    def evaluate(self, encoded: Encoded, split: str) -> Generator[None, None, Evaluation]:
        """Perplexity of the answers' tokens alone. Raises NotFinite, and InputError for a split without answers."""
        if not len(encoded):
            raise _no_answers(split)
        statistics, rows = yield from telling(self._surprise(encoded), None)
        found = values(statistics)
        return Evaluation(found, split, len(rows), intervals=half_widths(statistics, self._seed))

    def score_rows(self, rows: Dataset, split: str) -> Generator[int, None, ScoredRows]:
        """Of each dialogue how surprising its answers are, and what is said in the place of the last one. Dialogues
        without an answer are left out and counted. Yields how many are done: reading is quick, answering is not."""
        encoded = encode_dialogues(rows, self.tokenizer, self.answering.max_length)
        if not len(encoded):
            raise _no_answers(split)
        share = _READING * len(rows) / len(encoded)
        statistics, numbers = yield from mapped(self._surprise(encoded), lambda num_read: int(share * num_read))
        dialogues = {int(row): tidy(turns_in(cell)) for row, cell in zip(rows["row"], rows[DIALOGUE.key], strict=True)}
        asked = [_asked(dialogues[number]) for number in numbers]
        with evaluating(self.model):
            answering = self.answering.likeliest([before for before, _ in asked])
            share = len(rows) / len(asked)
            said = yield from mapped(answering, lambda num: int(share * (_READING * len(asked) + (1 - _READING) * num)))
        scored = [
            ScoredRow(number, (_readable(before),), (wanted.content,), text, {"perplexity": _perplexity(sums)})
            for number, (before, wanted), text, sums in zip(numbers, asked, said, statistics["perplexity"], strict=True)
        ]
        without = sorted(dialogues.keys() - set(numbers))
        left_out = (LeftOut("no_answer", len(without), tuple(without[:NUM_SHOWN])),) if without else ()
        return ScoredRows(
            split,
            (DIALOGUE.key,),
            scored,
            statistics,
            "perplexity",
            sort_by="perplexity",
            signature="exp(mean -log p), tokens of answers, their end counted",
            left_out=left_out,
        )

    def answer_rows(self, rows: Dataset) -> Generator[int, None, list[RowAnswer]]:
        """What is said to the last question of each dialogue; nothing where nobody asks."""
        asked = [_to_answer(tidy(turns_in(cell))) for cell in rows[DIALOGUE.key]]
        places = [place for place, turns in enumerate(asked) if turns]
        with evaluating(self.model):
            said = yield from self.answering.likeliest([asked[place] for place in places])
        found = dict(zip(places, said, strict=True))
        return [RowAnswer(found.get(place, "")) for place in range(len(asked))]

    def how_to_ask(self) -> dict[str, Any]:
        """What an exported folder must know beside weights and tokenizer."""
        answering = self.answering
        return {
            "max_length": answering.max_length,
            "max_new_tokens": answering.max_new_tokens,
            "suppressed": list(answering.suppressed),
        }

    def show(self, run: Run, step: int) -> list[Event]:
        """What is answered to a few held-out dialogues."""
        del run
        with evaluating(self.model):
            asked = [_asked(turns) for turns in self._held_out()]
            said = drain(self.answering.likeliest([before for before, _ in asked]))
        rows = [
            {"read": [_readable(before[-_NUM_READ:])], "wanted": wanted.content, "said": text, "score": None}
            for (before, wanted), text in zip(asked, said, strict=True)
        ]
        return [TextsAnswered(step=step, rows=rows)]

    def _held_out(self) -> tuple[tuple[Turn, ...], ...]:
        """The same ones each time, evenly drawn."""
        if self._shown is None:
            cells = self._splits["validation"][DIALOGUE.key] if "validation" in self._splits else []
            usable = [turns for cell in cells if answers(turns := tidy(turns_in(cell)))]
            step = max(1, len(usable) // self._spec.num_shown)
            self._shown = tuple(tuple(one) for one in usable[::step][: self._spec.num_shown])
        return self._shown

    def _surprise(self, encoded: Encoded) -> Generator[int, None, tuple[dict[str, np.ndarray], list[int]]]:
        """({"perplexity", "loss": [rows, 2] -log p in nats and tokens}, the rows in their order); of a long dialogue
        all of its pieces together. Yields how many pieces are read."""
        rows, place_of = np.unique(encoded.rows, return_inverse=True)
        places = dict(enumerate(place_of.tolist()))
        sums, num_read = np.zeros((len(rows), 2)), 0
        numbered = Encoded(encoded.inputs, encoded.targets, np.arange(len(encoded)), encoded.num_cut, encoded.limit)
        with evaluating(self.model):
            for batch in in_order(numbered, _EVALUATION_BATCH):
                with torch.inference_mode():
                    losses, owners = answer_losses(self.model, batch.to(self._device))
                found = losses.double().cpu().numpy()
                if not np.isfinite(found).all():
                    bad = {int(encoded.rows[int(batch.rows[owner])]) for owner in owners[~np.isfinite(found)].tolist()}
                    raise NotFinite(message("What the model says of a text is not a finite number."), sorted(bad))
                at = np.array([places[int(row)] for row in batch.rows])[owners.cpu().numpy()]
                np.add.at(sums, at, np.stack([found, np.ones_like(found)], axis=1))
                num_read += len(batch.rows)
                yield num_read
        return {"loss": sums, "perplexity": sums}, [int(row) for row in rows]


def make_chat(config: RunConfig, material: Material, device: torch.device, checkpoint: Path | None = None) -> ChatTask:
    """With fresh weights, or with those of a verified checkpoint of this run."""
    model = make_model(config, material.tokenizer) if checkpoint is None else saved_model(config, checkpoint)
    return ChatTask(config, material, model, device)


def dialogue_examples(
    config: RunConfig, split: Dataset, tokenizer: PreTrainedTokenizerFast, labels: tuple[str, ...]
) -> Encoded:
    """Raises InputError where not one dialogue has an answer."""
    del labels
    found = encode_dialogues(split, tokenizer, config.data.max_length)
    if len(split) and not len(found):
        raise _no_answers("train")
    return found


def _no_answers(split: str) -> InputError:
    return InputError(
        message("No dialogue has an answer."),
        split,
        message(
            "Each needs a question and what was answered: say which column holds the dialogues (data.dialogue=COLUMN)."
        ),
    )


def _asked(turns: Sequence[Turn]) -> tuple[tuple[Turn, ...], Turn]:
    """(what stands before the last answer, that answer)."""
    last = answers(turns)[-1]
    return tuple(turns[:last]), turns[last]


def _to_answer(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Up to the last question."""
    last = next((place for place in reversed(range(len(turns))) if turns[place].role == "user"), -1)
    return tuple(turns[: last + 1])


def _readable(turns: Sequence[Turn]) -> str:
    """Without the instructions, which are much the same everywhere."""
    return "\n".join(f"{turn.role}: {turn.content}" for turn in turns if turn.role != "system")


def _perplexity(sums: np.ndarray) -> float:
    return math.exp(float(sums[0]) / max(1.0, float(sums[1])))
