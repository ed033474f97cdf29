"""The chat template: how turns become one text for a model, saved in the tokenizer's folder as transformers has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jinja2 import TemplateError
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerFast

from engine.records import Turn

Message = dict[str, str]
ROLE_TOKENS = ("<|system|>", "<|user|>", "<|assistant|>")
"""A token of its own begins each turn, where the tokenizer was learned here."""

_OWN = (
    "{{{{ '{begin}' }}}}{{% for message in messages %}}{{{{ '<|' + message['role'] + '|>' }}}}"
    "{{% if message['role'] == 'assistant' %}}"
    "{{% generation %}}{{{{ message['content'] | trim + '{end}' }}}}{{% endgeneration %}}"
    "{{% else %}}{{{{ message['content'] | trim + '{end}' }}}}{{% endif %}}{{% endfor %}}"
    "{{% if add_generation_prompt %}}{{{{ '<|assistant|>' }}}}{{% endif %}}"
)
_IN_WORDS = (
    "{{% for message in messages %}}{{% if message['role'] == 'system' %}}{{{{ message['content'] | trim }}}}"
    "{{% elif message['role'] == 'user' %}}{{{{ '\\nUser: ' + message['content'] | trim }}}}"
    "{{% else %}}{{{{ '\\nAssistant:' }}}}"
    "{{% generation %}}{{{{ ' ' + message['content'] | trim + '{end}' }}}}{{% endgeneration %}}"
    "{{% endif %}}{{% endfor %}}"
    "{{% if add_generation_prompt %}}{{{{ '\\nAssistant:' }}}}{{% endif %}}"
)
"""For a model that has learned already: new tokens would mean nothing to it."""


def with_chat_template(tokenizer: PreTrainedTokenizerFast, *, is_learned_here: bool) -> PreTrainedTokenizerFast:
    """The same tokenizer, with a template and, where it was learned here, a token for each role. One that brings its
    template keeps it."""
    if tokenizer.chat_template:
        return tokenizer
    end = end_token(tokenizer)
    if is_learned_here:
        tokenizer.add_special_tokens({"additional_special_tokens": list(ROLE_TOKENS)})
        tokenizer.chat_template = _own_template(tokenizer)
    else:
        tokenizer.chat_template = _IN_WORDS.format(end=end)
    return tokenizer


def _own_template(tokenizer: PreTrainedTokenizerFast) -> str:
    return _OWN.format(begin=_begin(tokenizer), end=end_token(tokenizer))


def _begin(tokenizer: PreTrainedTokenizerFast) -> str:
    return str(tokenizer.bos_token or tokenizer.cls_token or "")


def end_token(tokenizer: PreTrainedTokenizerFast) -> str:
    """What ends a turn."""
    return str(tokenizer.eos_token or tokenizer.sep_token or "")


def end_token_id(tokenizer: PreTrainedTokenizerFast) -> int:
    """The id of what ends a turn; that of padding where there is none."""
    found = tokenizer.eos_token_id if tokenizer.eos_token_id is not None else tokenizer.sep_token_id
    return int(tokenizer.pad_token_id if found is None else found)


@dataclass(frozen=True)
class Rendered:
    """Turns as a model reads them. `ids`, `owner` (which turn a token belongs to) and `is_answer` (whether it is what
    an assistant says, its end included) are [tokens]; `offsets` are where each token stands in `text`, `starts` where
    each turn does."""

    ids: NDArray[np.int64]
    owner: NDArray[np.int64]
    is_answer: NDArray[np.bool_]
    text: str
    offsets: tuple[tuple[int, int], ...]
    starts: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.ids)


def rendered(tokenizer: PreTrainedTokenizerFast, turns: Sequence[Turn], *, with_prompt: bool = False) -> Rendered:
    """The ids that `tokenizer.apply_chat_template` gives. `with_prompt` leaves the assistant to go on; those last
    tokens then belong to the turn after the last."""
    messages = _messages(tokenizer, turns)
    layout = _own_layout if tokenizer.chat_template == _own_template(tokenizer) else _foreign_layout
    text, begins, ends = layout(tokenizer, messages, with_prompt)
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    offsets = np.array(encoded["offset_mapping"], dtype=np.int64).reshape(-1, 2)
    owner = np.searchsorted(np.array(ends), offsets[:, 0], side="right").astype(np.int64)
    is_answer = np.zeros(len(offsets), dtype=np.bool_)
    for place, message in enumerate(messages):
        if message["role"] == "assistant":
            is_answer |= (owner == place) & (offsets[:, 0] >= begins[place]) & (offsets[:, 1] > offsets[:, 0])
    owner += len(turns) - len(messages)  # instructions that were put into the first question are its own
    ids = np.array(encoded["input_ids"], dtype=np.int64)
    return Rendered(ids, owner, is_answer, text, tuple((first, last) for first, last in offsets.tolist()), (0, *ends))


@dataclass(frozen=True)
class Fitted:
    """The turns that fit: `dropped` are the places of those that did not, `is_cut` says that what is left was longer
    still and lost its beginning."""

    turns: tuple[Turn, ...]
    rendered: Rendered
    dropped: tuple[int, ...] = ()
    is_cut: bool = False


def fitted(
    tokenizer: PreTrainedTokenizerFast, turns: Sequence[Turn], limit: int, *, with_prompt: bool = False
) -> Fitted:
    """Turns leave from the front until at most `limit` tokens are left; the instructions and the last question, with
    what answers it, stay. Where they alone are too long, the question loses its first words, then the instructions
    their last."""
    first = int(bool(turns) and turns[0].role == "system")
    start = first
    while True:
        kept = [*turns[:first], *turns[start:]]
        found = rendered(tokenizer, kept, with_prompt=with_prompt)
        if len(found) <= limit:
            return Fitted(tuple(kept), found, tuple(range(first, start)))
        after = _next_start(turns, start, with_prompt)
        if after is None:
            break
        start = after
    dropped = tuple(range(first, start))
    for place, from_front in ((first, True), (0, False)):
        kept[place] = _shorter(tokenizer, kept[place], len(found) - limit, from_front=from_front)
        found = rendered(tokenizer, kept, with_prompt=with_prompt)
        if len(found) <= limit:
            break
    return Fitted(tuple(kept), found, dropped, is_cut=True)


def _next_start(turns: Sequence[Turn], start: int, with_prompt: bool) -> int | None:
    """Where the next question begins; None where there is no later one that is answered."""
    last = len(turns) - (1 if with_prompt else 2)
    return next((place for place in range(start + 1, last + 1) if turns[place].role == "user"), None)


def _shorter(tokenizer: PreTrainedTokenizerFast, turn: Turn, num: int, *, from_front: bool) -> Turn:
    """Without so many tokens, but never without all."""
    read = tokenizer(turn.content, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    places = read["offset_mapping"]
    num = min(num, len(places) - 1)
    if num <= 0:
        return turn
    content = turn.content[places[num][0] :] if from_front else turn.content[: places[-num][0]]
    return replace(turn, content=content.strip() or turn.content[:1])


Layout = tuple[str, list[int], list[int]]
"""(text, where what each message says begins in it, where each message ends)"""


def _own_layout(tokenizer: PreTrainedTokenizerFast, messages: Sequence[Message], with_prompt: bool) -> Layout:
    """Our own template put together by hand: rendering it for each beginning took ten times as long as reading it."""
    parts, begins, ends = [_begin(tokenizer)], [], []
    length, end = len(parts[0]), end_token(tokenizer)
    for message in messages:
        mark = f"<|{message['role']}|>"
        begins.append(length + len(mark))
        parts.append(f"{mark}{message['content']}{end}")
        length += len(parts[-1])
        ends.append(length)
    return "".join([*parts, *((ROLE_TOKENS[2],) if with_prompt else ())]), begins, ends


def _foreign_layout(tokenizer: PreTrainedTokenizerFast, messages: Sequence[Message], with_prompt: bool) -> Layout:
    """What was told before is the beginning of what is told next. A template that cannot tell a beginning alone has
    that of the one before it."""
    text = _text(tokenizer, messages, with_prompt=with_prompt)
    begins: list[int] = []
    ends: list[int] = []
    for place, message in enumerate(messages):
        is_answer = message["role"] == "assistant"
        begins.append(len(_text(tokenizer, messages[:place], with_prompt=True)) if is_answer and place else 0)
        try:
            told = _text(tokenizer, messages[: place + 1])
        except TemplateError:
            told = ""
        ends.append(len(told) if told and text.startswith(told) else ends[-1] if ends else 0)
    return text, begins, ends


def _messages(tokenizer: PreTrainedTokenizerFast, turns: Sequence[Turn]) -> list[Message]:
    """As transformers has them. Where a template knows no instructions, they stand before the first question. What a
    person types is never a token of its own kind."""
    special = [token for token in tokenizer.added_tokens_encoder if token]
    messages = [{"role": turn.role, "content": _plain(turn.content, special)} for turn in turns]
    if len(messages) > 1 and messages[0]["role"] == "system" and not _knows_system(tokenizer):
        first = {"role": messages[1]["role"], "content": f"{messages[0]['content']}\n\n{messages[1]['content']}"}
        return [first, *messages[2:]]
    return messages


def _plain(content: str, special: Sequence[str]) -> str:
    for token in special:
        if token in content:
            content = content.replace(token, f"{token[0]} {token[1:]}")
    return content.strip()


def _knows_system(tokenizer: PreTrainedTokenizerFast) -> bool:
    if tokenizer.chat_template == _own_template(tokenizer):
        return True
    try:
        told = _text(tokenizer, [{"role": "system", "content": "instructions"}, {"role": "user", "content": "x"}])
    except TemplateError:
        return False
    return "instructions" in told


def _text(tokenizer: PreTrainedTokenizerFast, messages: Sequence[Message], *, with_prompt: bool = False) -> str:
    return str(tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=with_prompt))
