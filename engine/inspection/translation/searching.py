"""search: the texts that a model finds for another one, with how likely every word is and where each one looks.

Shapes: S tokens of the source, T tokens that were written (the end included), K rows that are written side by side, V
words.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import LogitsProcessorList, PreTrainedModel

from engine.inspection.translation.beam_tree import Beginning, Watcher, as_tensor, without_end
from engine.models.seq2seq import Seq2SeqModel
from engine.records import Decoding
from engine.tasks.source_text import SourceText
from engine.tasks.task import Transforms

GREEDY = Decoding()
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


@dataclass(frozen=True)
class Search:
    """The texts that were `found`, the best first. Of a beam search, what it was seen to weigh (`watcher`); of a
    likeliest word at a time, the text that this comes to, where the search passed through it (`greedy`)."""

    found: Sequence[Told]
    watcher: Watcher | None = None
    greedy: Told | None = None


def search(task: Transforms, read: SourceText, decoding: Decoding, prefix: Sequence[int] = (), seed: int = 0) -> Search:
    """Of our own models, the chances and maps are those that the search itself had; what was drawn, was begun by a
    person (`prefix`) or is a pretrained model's is read again for them."""
    model = task.model
    first = [*task.first_ids(), *prefix]
    is_searching = decoding.num_beams > 1 and not decoding.samples
    wanted = replace(decoding, num_texts=decoding.num_beams) if is_searching else decoding
    is_seen = isinstance(model, Seq2SeqModel) and not prefix and not decoding.samples
    watcher = Watcher(len(first))
    seen: dict[str, Any] = (
        {"output_logits": True, "output_attentions": bool(task.model.attention_names)} if is_seen else {}
    )
    with torch.inference_mode(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        output = model.generate(  # type: ignore[operator]
            input_ids=read.ids,
            attention_mask=torch.ones_like(read.ids),
            decoder_input_ids=torch.tensor([first], device=read.ids.device),
            logits_processor=LogitsProcessorList([watcher]),
            return_dict_in_generate=True,
            **wanted.arguments(),
            **seen,
        )
    texts = [without_end(row[len(task.first_ids()) :], _ends(task)) for row in output.sequences.tolist()]
    steps = _Steps(watcher.rows, output.logits, _maps(output), min(_ends(task))) if is_seen else None
    told = None if steps is None else [steps.told(*text) for text in texts]
    found = told if told is not None and None not in told else _read(task, read, texts)
    if decoding.samples:
        found = sorted(found, key=lambda one: -one.score)
    if not is_searching:
        return Search(found)
    return Search(found, watcher, None if steps is None else steps.greedy(task))


@dataclass(frozen=True)
class _Steps:
    """Of each step of a search the beginnings of its rows, what was said of the next word [K, V], and the maps of all
    layers [K, H, 1, S]."""

    rows: Sequence[Sequence[Beginning]]
    logits: Sequence[Tensor]
    maps: Sequence[Sequence[Tensor]]
    end: int

    def told(self, ids: Beginning, ended: bool) -> Told | None:
        """A text that the search wrote, as it saw it; None where it never stood there."""
        places = []
        for step in range(len(ids) + ended):
            if step >= len(self.rows) or ids[:step] not in self.rows[step]:
                return None
            places.append(self.rows[step].index(ids[:step]))
        if not places:
            return None
        log_p = torch.stack([self.logits[step][place] for step, place in enumerate(places)]).log_softmax(dim=-1)
        alignment = None
        if self.maps:
            looks = [
                torch.stack([one[place].mean(dim=0)[-1] for one in self.maps[step]])
                for step, place in enumerate(places)
            ]
            alignment = torch.stack(looks).mean(dim=1).double().cpu().numpy()
        return Told(ids, ended, log_p.cpu(), alignment, self.end)

    def greedy(self, task: Transforms) -> Told | None:
        """The likeliest word at a time, as far as the search kept it: None where it did not to the end."""
        config = task.model.generation_config
        banned = list(config.suppress_tokens or ()) if config is not None else []
        ids: Beginning = ()
        for rows, logits in zip(self.rows, self.logits, strict=True):
            if ids not in rows:
                return None
            row = logits[rows.index(ids)].clone()
            row[banned] = -torch.inf
            likeliest = int(row.argmax())
            if likeliest in _ends(task):
                return self.told(ids, True)
            ids = (*ids, likeliest)
        limit = None if config is None else config.max_new_tokens
        return self.told(ids, False) if len(ids) == limit else None


def _maps(output: Any) -> Sequence[Sequence[Tensor]]:
    """None of a model that looks at nothing."""
    found = output.cross_attentions or ()
    return found if all(found) else ()


def _read(task: Transforms, read: SourceText, texts: Sequence[tuple[Beginning, bool]]) -> list[Told]:
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


def _ends(task: Transforms) -> set[int]:
    found = task.model.generation_config.eos_token_id if task.model.generation_config is not None else None
    ends = found if isinstance(found, list) else [found]
    return {int(one) for one in ends if one is not None} or {int(task.tokenizer.eos_token_id or 0)}


def _filler(task: Transforms) -> int:
    return int(task.tokenizer.pad_token_id or 0)
