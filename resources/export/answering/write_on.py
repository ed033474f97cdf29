"""How this model is asked: a beginning in, the likeliest next tokens behind it out, by transformers' `generate`."""

from __future__ import annotations

import torch


def answers(model, tokenizer, about, rows):
    (role,) = about["roles"]
    return [{"answer": written_on(model, tokenizer, about, row[role])} for row in rows]


def written_on(model, tokenizer, about, text):
    end = tokenizer.eos_token_id if tokenizer.eos_token_id is not None else tokenizer.sep_token_id
    read = [end, *tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]][-max(1, about["max_length"]) :]
    ids = torch.tensor([read])
    with torch.inference_mode():
        written = model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=end,
            **{"do_sample": False, "max_new_tokens": 32, **about.get("decoding", {})},
        )
    return str(tokenizer.decode(written[0, len(read) :], skip_special_tokens=True)).strip()
