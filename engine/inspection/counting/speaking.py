"""speaking_words: the runs of words that speak most for or against a label.

Shapes: N n-grams, K tokens of the longest.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.data.tokens.detokenize import spaced
from engine.data.tokens.tokenizer import cuts_characters
from engine.errors import InputError
from engine.inspection.subjects.loaded_models import trained
from engine.messages import message
from engine.models.counting.table import NgramTable, table_in
from engine.records.counting import SpokenRun, SpokenWords
from engine.runs.model_folder import Subject

MOST = 300

_NOTHING = -1


def speaking_words(
    subject: Subject,
    label: str | None = None,
    search: str = "",
    against: bool = False,
    most: int = MOST,
    checkpoint: str = "best",
) -> SpokenWords:
    """Of `label`, or of the last one; of a number what raises it, or lowers it. `search`: only runs that hold these
    words one after the other, of which the last may go on. Raises InputError for a model that counts no words and a
    label that it does not know."""
    model = trained(subject, checkpoint)
    table = table_of(model.model, subject)
    if label is not None and label not in model.labels:
        raise InputError(
            message("There is no label “{label}”.", label=label),
            mend=message("Choose one of: {labels}.", labels=list(model.labels)),
        )
    place = model.labels.index(label) if label is not None else max(0, len(model.labels) - 1)
    weights = _weights(table, place, len(model.labels))
    ids = _ids(table)
    speaks = weights < 0 if against else weights > 0
    if search.strip():
        speaks &= _holding(ids, model.tokenizer, search)
    found = np.flatnonzero(speaks)
    order = np.argsort(-np.abs(weights[found]), kind="stable")[:most]
    num_texts = table.num_texts.numpy()
    runs = [
        SpokenRun(_text(model.tokenizer, ids[at]), _known(ids[at]), float(weights[at]), int(num_texts[at]))
        for at in found[order]
    ]
    return SpokenWords(
        label=model.labels[place] if model.labels else "",
        labels=model.labels,
        against=against,
        runs=tuple(runs),
        num_matching=len(found),
        num_all=len(ids),
        counts_characters=cuts_characters(model.tokenizer),
        chosen=getattr(model.model.config, "chosen", None) or {},
    )


def table_of(model: PreTrainedModel, subject: Subject) -> NgramTable:
    """The table of a model that counts words. Raises InputError for another one."""
    found = table_in(model)
    if found is None:
        raise InputError(
            message("This model counts no words, so no word has a weight of its own."),
            str(subject.path),
            message("Choose a run of the recipe “Word counting”; of other models see “Try it”."),
        )
    return found


def _weights(table: NgramTable, place: int, num_labels: int) -> NDArray[np.float32]:
    """[N]: for the label number `place`; of two labels one question is asked, about the second."""
    weights: NDArray[np.float32] = table.weights.numpy()[:-1]
    if weights.shape[1] == 1 and num_labels == 2:
        return weights[:, 0] if place == 1 else -weights[:, 0]
    return weights[:, place]


@lru_cache(maxsize=2)
def _ids(table: NgramTable) -> NDArray[np.int64]:
    """[N, K]: token ids from the left, NOTHING behind."""
    left = table.keys.numpy().copy()
    found = np.full((len(left), table.longest), _NOTHING, dtype=np.int64)
    lengths = np.zeros(len(left), dtype=np.int64)
    for _ in range(table.longest):
        is_open = left > 0
        found[is_open, 1:] = found[is_open, :-1]
        left[is_open], digits = np.divmod(left[is_open], table.base)
        found[is_open, 0] = digits - 1
        lengths += is_open
    return found


def _holding(ids: NDArray[np.int64], tokenizer: PreTrainedTokenizerFast, search: str) -> NDArray[np.bool_]:
    """[N]: which n-grams hold the tokens of `search` one after the other; the last may be the beginning of one."""
    backend = tokenizer.backend_tokenizer
    read = search if cuts_characters(tokenizer) else search.strip()
    normal = backend.normalizer.normalize_str(read) if backend.normalizer is not None else read
    cutter = backend.pre_tokenizer
    pieces = [piece for piece, _ in cutter.pre_tokenize_str(normal)] if cutter is not None else [normal]
    vocabulary = tokenizer.get_vocab()
    wanted = [np.array([vocabulary.get(piece, _NOTHING - 1)]) for piece in pieces[:-1]]
    if pieces:
        going_on = [number for token, number in vocabulary.items() if token.startswith(pieces[-1])]
        wanted.append(np.array(going_on or [_NOTHING - 1]))
    found = np.zeros(len(ids), dtype=np.bool_)
    for start in range(ids.shape[1] - len(wanted) + 1):
        here = np.ones(len(ids), dtype=np.bool_)
        for place, some in enumerate(wanted):
            here &= np.isin(ids[:, start + place], some)
        found |= here
    return found


def _known(ids: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(int(one) for one in ids if one != _NOTHING)


def _text(tokenizer: PreTrainedTokenizerFast, ids: NDArray[np.int64]) -> str:
    tokens = tokenizer.convert_ids_to_tokens(list(_known(ids)))
    return "".join(tokens) if cuts_characters(tokenizer) else spaced(" ".join(tokens))
