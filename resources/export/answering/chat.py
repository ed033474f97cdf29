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
    room = about["max_length"] - min(about["max_new_tokens"], about["max_length"] // 2)
    read = fitted(tokenizer, messages, room)
    end = tokenizer.eos_token_id if tokenizer.eos_token_id is not None else tokenizer.sep_token_id
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


def fitted(tokenizer, messages, room):
    """Token ids of at most `room`: questions leave from the front with what answers them; the instructions and the last
    question stay, and lose their first tokens where they alone are too long."""
    first = int(bool(messages) and messages[0]["role"] == "system")
    starts = [place for place, one in enumerate(messages) if place > first and one["role"] == "user"]
    for start in (first, *starts):
        kept = [*messages[:first], *messages[start:]]
        text = tokenizer.apply_chat_template(kept, tokenize=False, add_generation_prompt=True)
        read = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
        if len(read) <= room:
            return read
    return read[-room:]
