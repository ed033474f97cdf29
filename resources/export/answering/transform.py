"""How this model is asked: a text in, another one out, by transformers' `generate`."""

from __future__ import annotations

import re

import torch

UNSPACED = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
BETWEEN_SIGNS = re.compile(rf"(?<=[{UNSPACED}]) (?=[{UNSPACED}])")
BEFORE_MARK = re.compile(r" (?=[,.!?;:%)\]}…，。！？；：、）])")
AFTER_MARK = re.compile(r"(?<=[(\[{“‘（]) ")


def answers(model, tokenizer, about, rows):
    (role,) = about["roles"]
    texts = [about.get("prefix", "") + row[role] for row in rows]
    limit = min(about["max_length"], tokenizer.model_max_length)
    read = tokenizer(texts, truncation=True, max_length=limit)["input_ids"]
    ids, mask = padded(read, tokenizer.pad_token_id)
    with torch.inference_mode():
        written = model.generate(input_ids=ids, attention_mask=mask, **about.get("decoding", {"do_sample": False}))
    return [{"answer": in_words(tokenizer, one)} for one in written.tolist()]


def padded(read, pad):
    """A text without any token is one token of padding: a model must read something."""
    longest = max(1, *map(len, read))
    ids, mask = torch.full((len(read), longest), pad), torch.zeros(len(read), longest, dtype=torch.long)
    for row, one in enumerate(read):
        kept = one or [pad]
        ids[row, : len(kept)], mask[row, : len(kept)] = torch.tensor(kept), 1
    return ids, mask


def in_words(tokenizer, ids):
    """Special tokens left out but for unknown words; words that were cut at blanks are put together again."""
    special = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
    kept = [one for one in ids if one not in special]
    if tokenizer.backend_tokenizer.decoder is not None:
        return str(tokenizer.decode(kept)).strip()
    text = " ".join(tokenizer.convert_ids_to_tokens(kept))
    return AFTER_MARK.sub("", BEFORE_MARK.sub("", BETWEEN_SIGNS.sub("", text)))
