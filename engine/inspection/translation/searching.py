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

from engine.breath import breathe
from engine.inspection.translation.beam_tree import Beginning, Watcher, as_tensor, without_end
from engine.models.seq2seq import Seq2SeqModel, Source
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
    """The texts that were `found`, the best first. Of a beam search what it was seen to weigh (`watcher`); of our own
    models also the text of a likeliest word at a time (`greedy`)."""

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
    watcher = Watcher(len(first))
    further: dict[str, Any] = {}
    source = None
    if isinstance(model, Seq2SeqModel) and not prefix and not decoding.samples:
        with torch.inference_mode():
            source = model.encoder(read.ids, torch.ones_like(read.ids))
        # generate repeats what it is given for its beams, in place
        further = {"encoder_outputs": replace(source), "output_logits": True, "output_attentions": True}
    with torch.inference_mode(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        output = model.generate(  # type: ignore[operator]
            input_ids=read.ids,
            attention_mask=torch.ones_like(read.ids),
            decoder_input_ids=torch.tensor([first], device=read.ids.device),
            logits_processor=LogitsProcessorList([watcher]),
            return_dict_in_generate=True,
            **wanted.arguments(),
            **further,
        )
    texts = [without_end(row[len(task.first_ids()) :], _ends(task)) for row in output.sequences.tolist()]
    if source is None:
        found = _read(task, read, texts)
        if decoding.samples:
            found.sort(key=lambda one: -one.score)
        return Search(found, watcher if is_searching else None)
    steps = _Steps(watcher.rows, output.logits, output.cross_attentions or (), min(_ends(task)))
    seen = [steps.told(*text) for text in texts]
    found = [one for one in seen if one is not None] if None not in seen else _read(task, read, texts)
    if not is_searching:
        return Search(found)
    return Search(found, watcher, _likeliest(task, source, steps))


class _Steps:
    """Of each step of a search the beginnings of its `rows`, the log-probabilities of the next word [K, V], and the
    maps of all layers, [K, H, 1, S] each."""

    def __init__(
        self,
        rows: Sequence[Sequence[Beginning]],
        logits: Sequence[Tensor],
        maps: Sequence[Sequence[Tensor]],
        end: int,
    ) -> None:
        self._places = [{one: place for place, one in reversed(list(enumerate(step)))} for step in rows]
        self._log_p = [step.log_softmax(dim=-1) for step in logits]
        self._maps = [torch.stack(list(layers)).float().mean(dim=(0, 2))[:, -1] for layers in maps if layers]
        self.end = end

    def after(self, ids: Beginning) -> Tensor | None:
        """Log-probabilities [V] of what follows; None where the search did not stand there."""
        place = self._places[len(ids)].get(ids) if len(ids) < len(self._places) else None
        return None if place is None else self._log_p[len(ids)][place]

    def told(self, ids: Beginning, ended: bool) -> Told | None:
        """A text that the search wrote, as it saw it; None where it did not stand there all along."""
        beginnings = [ids[:step] for step in range(len(ids) + ended)]
        rows = [self.after(one) for one in beginnings]
        seen = [one for one in rows if one is not None]
        if not seen or len(seen) < len(rows):
            return None
        alignment = None
        if self._maps:
            looks = [self._maps[step][self._places[step][one]] for step, one in enumerate(beginnings)]
            alignment = torch.stack(looks).double().cpu().numpy()
        return Told(ids, ended, torch.stack(seen).cpu(), alignment, self.end)


def _likeliest(task: Transforms, source: Source, steps: _Steps) -> Told:
    """The text of a likeliest word at a time: as far as the search stood there, what it saw; from where it went another
    way, word by word."""
    model, config = task.model, task.model.generation_config
    assert source.input_ids is not None and config is not None
    device = source.input_ids.device
    banned = torch.tensor(config.suppress_tokens or [], dtype=torch.long, device=device)
    ids: Beginning = ()
    told: list[Tensor] = []
    state = None
    while True:
        breathe()
        row = steps.after(ids) if state is None else None
        if row is None:
            coming = [*task.first_ids(), *ids] if state is None else ids[-1:]
            with torch.inference_mode():
                output = model(
                    encoder_outputs=source,
                    attention_mask=torch.ones_like(source.input_ids),
                    decoder_input_ids=torch.tensor([coming], device=device),
                    cache=state,
                    use_cache=True,
                )
            state, row = output.cache, output.logits[0, -1].float().log_softmax(dim=-1)
        told.append(row)
        word = int(row.index_fill(0, banned, -torch.inf).argmax())
        if word in _ends(task):
            return Told(ids, True, torch.stack(told).cpu(), None, steps.end)
        ids = (*ids, word)
        if len(ids) == config.max_new_tokens:
            return Told(ids, False, torch.stack(told).cpu(), None, steps.end)


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
