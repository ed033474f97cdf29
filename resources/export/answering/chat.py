"""How this model is asked: turns in, the next one out, by the chat template that lies in the folder."""

from __future__ import annotations

import json

import torch


def answers(model, tokenizer, about, rows):
    """A row's turns are a list of {"role": "system" | "user" | "assistant", "content": …}, or JSON of one; what is
    answered is the last question."""
    (role,) = about["roles"]
    return [{"answer": replied(model, tokenizer, about, row[role])} for row in rows]


def replied(model, tokenizer, about, turns):
    messages = asked(json.loads(turns) if isinstance(turns, str) else turns, tokenizer)
    if not messages:
        return ""
    room = about["max_length"] - min(about["max_new_tokens"], about["max_length"] // 2)
    read = fitted(messages, tokenizer, room)
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


def asked(turns, tokenizer):
    """Nothing empty, instructions first and as one, the two speakers by turns, up to the last question. What somebody
    typed is never a token of its own kind."""
    special = [token for token in tokenizer.added_tokens_encoder if token]
    filled = [(turn["role"], plain(turn["content"].strip(), special)) for turn in turns if turn["content"].strip()]
    found = []
    for role, content in filled:
        if role == "system":
            continue
        before = f"{found.pop()['content']}\n" if found and found[-1]["role"] == role else ""
        found.append({"role": role, "content": before + content})
    while found and found[-1]["role"] != "user":
        found.pop()
    system = "\n".join(content for role, content in filled if role == "system")
    return [{"role": "system", "content": system}, *found] if system and found else found


def plain(content, special):
    for token in special:
        content = content.replace(token, f"{token[0]} {token[1:]}")
    return content.strip()


def fitted(messages, tokenizer, room):
    """Turns leave from the front until the rest fits; the instructions and the last question stay. Where they alone are
    too long, the question loses its first words, then the instructions their last."""
    first = int(messages[0]["role"] == "system")
    kept = list(messages)
    read = ids_of(kept, tokenizer)
    while len(read) > room:
        after = next((at for at in range(first + 1, len(kept)) if kept[at]["role"] == "user"), None)
        if after is None:
            break
        kept = [*kept[:first], *kept[after:]]
        read = ids_of(kept, tokenizer)
    for place, from_front in ((first, True), (0, False)):
        if len(read) > room:
            kept[place] = {
                **kept[place],
                "content": shorter(kept[place]["content"], tokenizer, len(read) - room, from_front),
            }
            read = ids_of(kept, tokenizer)
    return read


def shorter(content, tokenizer, count, from_front):
    places = tokenizer(content, add_special_tokens=False, return_offsets_mapping=True, verbose=False)["offset_mapping"]
    count = min(count, len(places) - 1)
    if count <= 0:
        return content
    rest = content[places[count][0] :] if from_front else content[: places[-count][0]]
    return rest.strip() or content[:1]


def ids_of(messages, tokenizer):
    """A template that knows no instructions gets them before the first question."""
    try:
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    except Exception:
        if messages[0]["role"] != "system" or len(messages) < 2:
            raise
        joined = {**messages[1], "content": f"{messages[0]['content']}\n\n{messages[1]['content']}"}
        text = tokenizer.apply_chat_template([joined, *messages[2:]], tokenize=False, add_generation_prompt=True)
    return tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
