"""How this model is asked: turns in, the next one out, by the chat template that lies in the folder."""

from __future__ import annotations

import json

import torch


def answers(model, tokenizer, about, rows):
    """A row's turns are a list of {"role": "system" | "user" | "assistant", "content": …}, or JSON of one; the last
    one is a question."""
    (role,) = about["roles"]
    return [{"answer": replied(model, tokenizer, about, row[role])} for row in rows]


def replied(model, tokenizer, about, turns):
    messages = json.loads(turns) if isinstance(turns, str) else turns
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    read = tokenizer(text, add_special_tokens=False)["input_ids"]
    end = tokenizer.eos_token_id if tokenizer.eos_token_id is not None else tokenizer.sep_token_id
    room = about["max_length"] - min(about["max_new_tokens"], about["max_length"] // 2)
    if len(read) > room:
        raise ValueError(f"The dialogue has {len(read)} tokens, and {room} can be read: leave its first turns out.")
    ids = torch.tensor([read])
    with torch.inference_mode():
        written = model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=max(1, min(about["max_new_tokens"], about["max_length"] - len(read))),
            do_sample=False,
            num_beams=1,
            eos_token_id=end,
            pad_token_id=tokenizer.pad_token_id,
            suppress_tokens=about.get("suppressed") or None,
        )
    said = written[0, len(read) :].tolist()
    said = said[: said.index(end)] if end in said else said
    return str(tokenizer.decode(said, skip_special_tokens=True)).strip()
