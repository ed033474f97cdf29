"""translate: a text written for another one by a run's checkpoint, with all that can be seen of how it came about.

Shapes: S tokens of the source, T tokens that were written (the end included), V words.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import LogitsProcessorList, PreTrainedModel

from engine.data.tokens.detokenize import written_text
from engine.errors import InputError
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.inspection.translation.beam_tree import Beginning, Watcher, as_tensor, beam_tree, without_end
from engine.inspection.translation.pieces import Group, last_piece, source_groups, written_groups
from engine.messages import message
from engine.models.seq2seq import Seq2SeqModel
from engine.records import BeamNode, Decoding, Hypothesis, OtherWord, Progress, SourceWord, Translation, WrittenWord
from engine.runs.checkpoints import checkpoint_path, step_of
from engine.runs.run import Run
from engine.tasks.source_text import SourceText
from engine.tasks.task import Transforms

GREEDY = Decoding()
_NUM_ALTERNATIVES = 3
_EAGER = threading.Lock()
"""A pretrained model gives its maps in one way of computing attention alone."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """A text behind the tokens that it was given: its `ids` without the end, whether it `ended`, log-probabilities
    [T, V] at every place (the end's included where it ended), and the map [T, S] where there is one."""

    ids: Beginning
    ended: bool
    log_p: Tensor
    alignment: Floats | None

    @property
    def score(self) -> float:
        """Log-probability a token."""
        return float(self.token_log_p.mean()) if len(self.token_log_p) else 0.0

    @property
    def token_log_p(self) -> Floats:
        """[T]"""
        found: Floats = self.log_p.gather(1, self._targets[:, None]).squeeze(1).double().numpy()
        return found

    @property
    def _targets(self) -> Tensor:
        return torch.tensor([*self.ids, *([self._end] if self.ended else [])], dtype=torch.long)

    _end: int = 0


def translate(
    run: Run,
    text: str,
    decoding: Decoding = GREEDY,
    checkpoint: str = "best",
    prefix: Sequence[int] = (),
    seed: int = 0,
) -> Generator[Progress, None, Translation]:
    """With a `prefix` of token ids it goes on behind those. Drawn texts follow from the `seed`. Raises InputError for a
    text of nothing but blanks, and a run that writes no text for another."""
    yield Progress(0, 2)
    task = transforming(run, checkpoint)
    if not text.strip():
        raise InputError(message("There is no text."), "text", message("Type one."))
    read = task.read_source(text)
    began = time.perf_counter()
    found, watcher = search(task, read, decoding, prefix, seed)
    seconds = time.perf_counter() - began
    yield Progress(1, 2)
    best = found[0]
    greedy = best if decoding == GREEDY else search(task, read, GREEDY, prefix, seed)[0][0]
    groups = source_groups(read, task.tokenizer.unk_token_id)
    return Translation(
        source=text,
        source_words=tuple(word for word, _ in groups),
        text=said(task, best.ids),
        words=_words(task, best, tuple(prefix)),
        score=best.score,
        alignment=_by_words(task, best, groups),
        others=tuple(Hypothesis(said(task, one.ids), one.score) for one in _different(found)[1:]),
        greedy=Hypothesis(said(task, greedy.ids), greedy.score),
        tree=() if watcher is None else _tree(task, watcher, found, len(prefix)),
        decoding=decoding,
        num_tokens=read.num_tokens,
        num_read=read.ids.shape[1],
        seconds=seconds,
        step=step_of(checkpoint_path(run, checkpoint)),
        cut_at=read.cut_at,
    )


def transforming(run: Run, checkpoint: str) -> Transforms:
    """The run's task, where it writes a text for another. Raises InputError."""
    task = loaded_task(run, checkpoint)
    if not isinstance(task, Transforms):
        raise InputError(
            message("This run writes no text for another."), str(run.path), message("Choose one that translates.")
        )
    return task


def said(task: Transforms, ids: Sequence[int]) -> str:
    """The text of token ids."""
    return written_text(task.tokenizer, ids)


def search(
    task: Transforms, read: SourceText, decoding: Decoding, prefix: Sequence[int] = (), seed: int = 0
) -> tuple[list[Told], Watcher | None]:
    """The texts that were found, the best first, and what a beam search was seen to weigh."""
    model = task.model
    first = [*task.first_ids(), *prefix]
    is_searching = decoding.num_beams > 1 and not decoding.samples
    wanted = replace(decoding, num_texts=decoding.num_beams) if is_searching else decoding
    watcher = Watcher(len(first)) if is_searching else None
    extra: dict[str, Any] = {} if watcher is None else {"logits_processor": LogitsProcessorList([watcher])}
    with torch.inference_mode(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        ids = model.generate(  # type: ignore[operator]
            input_ids=read.ids,
            attention_mask=torch.ones_like(read.ids),
            decoder_input_ids=torch.tensor([first], device=read.ids.device),
            **wanted.arguments(),
            **extra,
        )
    texts = [without_end(row[len(task.first_ids()) :], _ends(task)) for row in ids.tolist()]
    found = _told(task, read, texts)
    return sorted(found, key=lambda one: -one.score) if decoding.samples else found, watcher


def _told(task: Transforms, read: SourceText, texts: Sequence[tuple[Beginning, bool]]) -> list[Told]:
    """What the model thinks of each of these texts, all read at once."""
    start, end = task.first_ids(), min(_ends(task))
    rows = [[*start, *ids] for ids, _ in texts]
    log_p, maps = read_again(task.model, read, as_tensor(rows, _filler(task), read.ids.device), len(start))
    found = []
    for place, (ids, ended) in enumerate(texts):
        length = len(ids) + ended
        alignment = None if maps is None else maps[place, :length].double().numpy()
        found.append(Told(ids, ended, log_p[place, :length].cpu(), alignment, end))
    return found


def read_again(model: PreTrainedModel, read: SourceText, before: Tensor, num_first: int) -> tuple[Tensor, Any]:
    """(log-probabilities [texts, T, V], mean maps of all layers and heads [texts, T, S] or None) of given texts."""
    inputs = {
        "input_ids": read.ids.expand(len(before), -1),
        "attention_mask": torch.ones_like(read.ids).expand(len(before), -1),
        "decoder_input_ids": before,
        "output_attentions": True,
    }
    with torch.inference_mode():
        if isinstance(model, Seq2SeqModel):
            output = model(**inputs)
        else:
            with _EAGER:
                usual = model.config._attn_implementation
                model.set_attn_implementation("eager")
                try:
                    output = model(**inputs, use_cache=False)
                finally:
                    model.set_attn_implementation(usual)
    log_p = output.logits[:, num_first - 1 :].float().log_softmax(dim=-1)
    maps = output.cross_attentions
    if not maps:
        return log_p, None
    mean = torch.stack([one.float().mean(dim=1) for one in maps]).mean(dim=0)
    return log_p, mean[:, num_first - 1 :].cpu()


def _words(task: Transforms, told: Told, prefix: Beginning) -> tuple[WrittenWord, ...]:
    log_p = told.token_log_p
    found = []
    for group in written_groups(task.tokenizer, told.ids):
        probability = float(np.exp(log_p[group.first : group.last].sum()))
        found.append(
            WrittenWord(
                group.text,
                probability,
                group.last - group.first,
                _alternatives(task, told, group),
                is_given=group.last <= len(prefix),
            )
        )
    return tuple(found)


def _alternatives(task: Transforms, told: Told, group: Group) -> tuple[OtherWord, ...]:
    """The likeliest other tokens where the word begins; a token of which nothing is seen is none."""
    values, ids = told.log_p[group.first].topk(min(_NUM_ALTERNATIVES + 8, told.log_p.shape[1]))
    before, written = told.ids[: group.first], told.ids[group.first]
    found = []
    for value, one in zip(values.tolist(), ids.tolist(), strict=True):
        if one == written or one in _unseen(task):
            continue
        text = last_piece(task.tokenizer, [*before, one]).strip()
        if text:
            found.append(OtherWord(text, float(np.exp(value)), (*before, one)))
        if len(found) == _NUM_ALTERNATIVES:
            break
    return tuple(found)


def _by_words(task: Transforms, told: Told, groups: Sequence[tuple[SourceWord, list[int]]]) -> Floats | None:
    """[words, source words]: a source word's tokens together, the mean of a written word's tokens. What looks at the
    ends of the text is in no word."""
    if told.alignment is None:
        return None
    written = written_groups(task.tokenizer, told.ids)
    rows = [told.alignment[one.first : one.last].mean(axis=0) for one in written]
    found = [[row[places].sum() for _, places in groups] for row in rows]
    return np.array(found, dtype=np.float64).reshape(len(written), len(groups))


def _tree(task: Transforms, watcher: Watcher, found: Sequence[Told], num_given: int) -> tuple[BeamNode, ...]:
    finished = [
        (one.ids[num_given:], float(one.token_log_p[num_given:].mean()))
        for one in found
        if one.ended and len(one.ids) > num_given
    ]
    return beam_tree(watcher, task.tokenizer, finished, found[0].ids[num_given:], found[0].ids[:num_given])


def _different(found: Sequence[Told]) -> list[Told]:
    return list({one.ids: one for one in reversed(found)}.values())[::-1]


def _ends(task: Transforms) -> set[int]:
    found = task.model.generation_config.eos_token_id if task.model.generation_config is not None else None
    ends = found if isinstance(found, list) else [found]
    return {int(one) for one in ends if one is not None} or {int(task.tokenizer.eos_token_id or 0)}


def _filler(task: Transforms) -> int:
    return int(task.tokenizer.pad_token_id or 0)


def _unseen(task: Transforms) -> set[int]:
    return set(task.tokenizer.all_special_ids) - {task.tokenizer.unk_token_id}
