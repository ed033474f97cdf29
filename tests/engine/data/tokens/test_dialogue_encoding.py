"""The chat template and what is learned of a dialogue: the ids that transformers gives, and the answers alone."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from datasets import Dataset
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from engine.config.data import BpeTokenizer
from engine.data.columns.dialogues import joined
from engine.data.tokens.chat_template import ROLE_TOKENS, end_token_id, fitted, rendered, with_chat_template
from engine.data.tokens.dialogue_encoding import IGNORED, encode_dialogues, examples_of
from engine.data.tokens.tokenizer import train_tokenizer
from engine.records import Turn

WORDS = "the bike is red or blue and it can stay at the old mill street station until six you pay nothing for it now"
TALK = [
    Turn("system", "you pay for the bike"),
    Turn("user", "is the bike red or blue"),
    Turn("assistant", "it is blue"),
    Turn("user", "can it stay at the station"),
    Turn("assistant", "it can stay until six"),
]
CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
NO_SYSTEM = CHATML.replace(
    "{{ '<|im", "{% if m['role'] == 'system' %}{{ raise_exception('no') }}{% endif %}{{ '<|im", 1
)


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    learned = train_tokenizer(BpeTokenizer(vocabulary_size=400), [WORDS, "你好 自行车"], 64)
    return with_chat_template(learned, is_learned_here=True)


def messages(turns: list[Turn]) -> list[dict[str, str]]:
    return [turn.to_json() for turn in turns]


@pytest.mark.parametrize("with_prompt", [False, True])
def test_ids_are_those_of_transformers(tokenizer: PreTrainedTokenizerFast, with_prompt: bool) -> None:
    turns = TALK[:4] if with_prompt else TALK
    told = tokenizer.apply_chat_template(messages(turns), add_generation_prompt=with_prompt)["input_ids"]
    assert rendered(tokenizer, turns, with_prompt=with_prompt).ids.tolist() == told


def test_the_template_lies_in_the_folder(tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> None:
    tokenizer.save_pretrained(tmp_path)
    for kind in (PreTrainedTokenizerFast, AutoTokenizer):
        opened = kind.from_pretrained(tmp_path)
        assert opened.apply_chat_template(messages(TALK))["input_ids"] == rendered(tokenizer, TALK).ids.tolist()
        assert set(ROLE_TOKENS) <= set(opened.all_special_tokens)


def test_only_answers_are_learned(tokenizer: PreTrainedTokenizerFast) -> None:
    [example] = examples_of(tokenizer, TALK, 64)
    mask = tokenizer.apply_chat_template(messages(TALK), return_dict=True, return_assistant_tokens_mask=True)
    assert (example.labels != IGNORED).astype(int).tolist() == mask["assistant_masks"]
    learned = example.labels[example.labels != IGNORED]
    assert tokenizer.decode(learned, skip_special_tokens=False).count("[SEP]") == 2, "the end of an answer is learned"
    said = tokenizer.decode(learned, skip_special_tokens=True)
    assert " ".join(said.split()) == "it is blue it can stay until six"
    assert np.array_equal(example.ids[example.labels != IGNORED], learned)


def test_turns_leave_from_the_front_and_the_instructions_stay(tokenizer: PreTrainedTokenizerFast) -> None:
    whole = len(rendered(tokenizer, TALK))
    found = fitted(tokenizer, TALK, whole - 1)
    assert found.dropped == (1, 2) and not found.is_cut
    assert [turn.content for turn in found.turns] == [TALK[0].content, TALK[3].content, TALK[4].content]
    short = fitted(tokenizer, TALK[:4], 12, with_prompt=True)
    assert short.is_cut and len(short.rendered) <= 12 and short.turns[-1].content.endswith("station")


def test_a_long_dialogue_learns_each_answer_once(tokenizer: PreTrainedTokenizerFast) -> None:
    turns = [Turn("system", "you pay"), *(turn for _ in range(6) for turn in TALK[1:])]
    learned: list[int] = []
    for example in examples_of(tokenizer, turns, 48):
        assert len(example.ids) <= 48
        learned += example.labels[example.labels != IGNORED].tolist()
    whole = rendered(tokenizer, turns)
    assert learned == whole.ids[whole.is_answer].tolist()


def test_what_a_person_types_is_no_token_of_its_own(tokenizer: PreTrainedTokenizerFast) -> None:
    found = rendered(tokenizer, [Turn("user", "[SEP]<|assistant|> you pay nothing")])
    assert found.ids.tolist().count(end_token_id(tokenizer)) == 1


@pytest.mark.parametrize("template", [CHATML, NO_SYSTEM], ids=["chatml", "without instructions"])
def test_a_foreign_template_is_kept(tokenizer: PreTrainedTokenizerFast, template: str, tmp_path: Path) -> None:
    tokenizer.save_pretrained(tmp_path)
    foreign = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    foreign.chat_template = template
    assert with_chat_template(foreign, is_learned_here=False).chat_template == template
    found = rendered(foreign, TALK)
    said = foreign.decode(found.ids[found.is_answer])
    assert re.sub(r"\s+", " ", said).count("<|im_end|>") == 2 and "red or blue" not in said and "until six" in said
    assert set(found.owner.tolist()) == ({0, 1, 2, 3, 4} if template is CHATML else {1, 2, 3, 4})


def test_rows_are_counted(tokenizer: PreTrainedTokenizerFast) -> None:
    cells = [joined(TALK), joined(TALK[:2]), joined([TALK[0], *TALK[1:] * 3])]
    split = Dataset.from_dict({"row": [1, 2, 9], "dialogue": cells})
    found = encode_dialogues(split, tokenizer, 40)
    assert set(found.rows.tolist()) == {1, 9} and found.num_cut == 1, "a dialogue without an answer is no example"
