"""How this model is asked: the question with each piece of the passage, and the span with the best odds of all.

A piece's logits say how much likelier each span is than silence there: exp(begin + end - (begin + end of the first
token)). Over the pieces of a passage these odds are added up and divided by their sum and the 1 of silence.
"""

from __future__ import annotations

import numpy as np

MOST_LOOKED_AT = 60


def answers(model, tokenizer, about, rows):
    """Each with "answer" ("" for silence), "score", "start", "end" (characters of the passage) and "no_answer": how
    likely it is that the passage holds none."""
    windows, owners = cut(tokenizer, about, rows)
    begins, ends = logits(model, about, windows)
    found = []
    for place, row in enumerate(rows):
        own = [number for number, owner in enumerate(owners) if owner == place]
        odds = [span_odds(windows[one], begins[one], ends[one], about["longest"]) for one in own]
        found.append(best(row["context"], [windows[one] for one in own], odds, about["silence"]))
    return found


def cut(tokenizer, about, rows):
    """(windows of all rows, which row each is of)"""
    backend = getattr(tokenizer, "backend_tokenizer", tokenizer)  # that of the library tokenizers
    limit = about["max_length"]
    room = limit // 3
    backend.no_padding()
    backend.no_truncation()
    questions = [shortened(backend, row["question"], room) for row in rows]
    backend.enable_truncation(limit, stride=max(0, min(about["stride"], room)), strategy="only_second")
    pairs = [(question, row["context"]) for question, row in zip(questions, rows, strict=True)]
    windows, owners = [], []
    for place, first in enumerate(backend.encode_batch(pairs)):
        pieces = [first, *first.overflowing]
        windows += pieces
        owners += [place] * len(pieces)
    return windows, owners


def shortened(backend, question, room):
    offsets = backend.encode(question, add_special_tokens=False).offsets
    return question if len(offsets) <= room else question[: offsets[room - 1][1]]


def logits(model, about, windows):
    """Where the answer begins and where it ends, both [windows, longest]."""
    shape = len(windows), max(len(one.ids) for one in windows)
    ids = np.full(shape, about["pad_token_id"], dtype=np.int64)
    mask, types = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, one in enumerate(windows):
        count = len(one.ids)
        ids[row, :count], mask[row, :count], types[row, :count] = one.ids, 1, one.type_ids
    fields = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
    found = of_graph(model, fields) if hasattr(model, "get_inputs") else of_torch(model, about, fields)
    return [one.astype(np.float64) for one in found]


def of_graph(session, fields):
    taken = [one.name for one in session.get_inputs()]
    return session.run(["start_logits", "end_logits"], {name: fields[name] for name in taken})


def of_torch(model, about, fields):
    import torch

    if not about["is_ours"] and (getattr(model.config, "type_vocab_size", 0) or 0) <= 1:
        del fields["token_type_ids"]
    with torch.inference_mode():
        output = model(**{name: torch.from_numpy(values) for name, values in fields.items()})
    return output.start_logits.numpy(), output.end_logits.numpy()


def span_odds(window, begins, ends, longest):
    """[tokens, width]: the logarithm of the odds against silence of the span of token i to token i + w."""
    count = len(window.ids)
    offsets = np.array(window.offsets).reshape(-1, 2)
    passage = np.array([side == 1 for side in window.sequence_ids]) & (offsets[:, 0] < offsets[:, 1])
    begins, ends = begins[:count], ends[:count]
    starts, stops = np.where(passage, begins, -np.inf), np.where(passage, ends, -np.inf)
    width = max(1, min(longest, count))
    found = np.full((count, width), -np.inf)
    for more in range(width):
        found[: count - more, more] = starts[: count - more] + stops[more:] - (begins[0] + ends[0])
    return found


def best(context, windows, odds, silence):
    peak = max([0.0, *(float(one.max()) for one in odds)])
    whole = sum(float(np.exp(one - peak).sum()) for one in odds) + np.exp(-peak)
    spans = {}
    for window, part in zip(windows, odds, strict=True):
        flat = part.ravel()
        count = min(MOST_LOOKED_AT, int(np.isfinite(flat).sum()))
        for place in np.argpartition(-flat, count - 1)[:count] if count else ():
            begin, length = divmod(int(place), part.shape[1])
            span = int(window.offsets[begin][0]), int(window.offsets[begin + length][1])
            spans[span] = spans.get(span, 0.0) + float(np.exp(part[begin, length] - peak) / whole)
    nothing = float(np.exp(-peak) / whole)
    if not spans or (silence is not None and nothing >= silence):
        return {"answer": "", "score": nothing, "start": None, "end": None, "no_answer": nothing}
    (start, end), score = min(spans.items(), key=lambda one: (-one[1], one[0]))
    return {"answer": context[start:end], "score": score, "start": start, "end": end, "no_answer": nothing}
