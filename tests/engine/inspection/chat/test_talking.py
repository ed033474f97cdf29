"""A chat with a run: token by token, stopped and gone on with; what an answer leaned on, against plain sums."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional

from engine.breath import drain
from engine.errors import InputError
from engine.inspection.chat.leaning import leaned_on
from engine.inspection.chat.talking import answer_text, chat, chat_room, talker
from engine.records import ChatAnswer, Leaned, Turn, WritingSettings
from engine.runs.run import Run
from tests.engine.chat_runs import trained_chat

TURNS = [Turn("system", "Be brief."), Turn("user", "My bike will not lock at the Mill Street station.")]
LONGER = {"training.max_steps": 60, "training.evaluate_every": 60, "training.optimizer.learning_rate": 0.01}
SURE = WritingSettings(temperature=0.0, top_k=0, top_p=1.0, max_tokens=12)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return trained_chat(tmp_path_factory.mktemp("runs"), **LONGER)


def test_an_answer_grows_token_by_token_and_can_be_gone_on_with(run: Run) -> None:
    told: list[ChatAnswer] = []
    talking = chat(run, TURNS, SURE)
    while True:
        try:
            told.append(next(talking).partial)  # type: ignore[arg-type]
        except StopIteration as end:
            whole = end.value
            break
    assert [one.num_tokens for one in told[1:4]] == [1, 2, 3] and told[-1] == whole
    assert whole.num_tokens <= 12 and whole.seconds > 0 and whole.bits > 0
    stopped = told[4]
    rest = drain(chat(run, TURNS, SURE, begun=stopped.ids))
    assert rest.ids[:12] == whole.ids and rest.text.startswith(stopped.text)


def test_the_likeliest_answer_is_the_one_of_generate(run: Run) -> None:
    answering = talker(run, "best")
    written = drain(chat(run, TURNS, WritingSettings(temperature=0.0, top_k=0, top_p=1.0, max_tokens=24)))
    assert drain(answering.likeliest([TURNS]))[0] == written.text
    assert not any(mark in written.text for mark in ("<|", "[SEP]", "[CLS]"))


def test_turns_that_no_longer_fit_are_named(run: Run) -> None:
    long = [TURNS[0]]
    for number in range(24):
        long += [Turn("user", f"How much is a ride of {number} minutes? " * 3), Turn("assistant", "It costs 2 euros.")]
    found = drain(chat(run, [*long, TURNS[1]], SURE))
    assert found.dropped and found.dropped == tuple(range(1, len(found.dropped) + 1)) and not found.is_cut


def test_attention_by_turn_is_a_mean_of_the_maps(run: Run) -> None:
    answer = drain(chat(run, TURNS, SURE))
    found = drain(leaned_on(run, TURNS, answer.ids, has_ended=answer.has_ended, with_words=False))
    answering = talker(run, "best")
    read = answering.read(TURNS, answer.num_tokens + 1)
    ids = [*read.rendered.ids.tolist(), *answer.ids][: len(read.rendered) + found.num_tokens - 1]
    maps = answering.model(input_ids=torch.tensor([ids]), output_attentions=True).attentions
    rows = torch.stack([one[0] for one in maps]).mean(dim=(0, 1))[-found.num_tokens :].clone()
    rows[:, 0] = 0
    rows = rows / rows.sum(dim=1, keepdim=True)
    wanted = [
        float(rows[:, [at for at, owner in enumerate(read.rendered.owner) if owner == turn]].sum(1).mean())
        for turn in (0, 1)
    ]
    assert [one.share for one in found.turns[:2]] == pytest.approx(wanted, abs=1e-5)
    assert sum(one.share for one in found.turns) == pytest.approx(1) == sum(one.even for one in found.turns)
    assert [one.place for one in found.turns] == [0, 1, 2]


def test_words_are_measured_by_leaving_each_out(run: Run) -> None:
    answer = drain(chat(run, TURNS, SURE))
    found = drain(leaned_on(run, TURNS, answer.ids, has_ended=False))
    assert isinstance(found, Leaned) and found.num_words == 12 and found.num_unmeasured == 0
    word = next(one for one in found.words if one.text == "Mill")
    without = [TURNS[0], Turn("user", "My bike will not lock at the Street station.")]
    assert word.bits == pytest.approx(_bits(run, without, answer) - _bits(run, TURNS, answer), abs=1e-3)
    assert TURNS[word.place].content[word.start : word.end] == "Mill"
    assert found.random_bits == pytest.approx(sum(one.bits for one in found.words) / 12)


def _bits(run: Run, turns: list[Turn], answer: ChatAnswer) -> float:
    answering = talker(run, "best")
    prompt = answering.read(turns, 1).rendered.ids.tolist()
    logits = answering.model(input_ids=torch.tensor([[*prompt, *answer.ids]])).logits[0]
    told = logits[len(prompt) - 1 : -1]
    return float(functional.cross_entropy(told, torch.tensor(answer.ids))) / math.log(2)


def test_the_room_knows_its_dialogues(run: Run) -> None:
    room = chat_room(run)
    assert room.num_learned == 96 and room.num_unseen == 24 and len(room.starters) == 6
    assert all(turns[-1].role == "user" and turns[0].content for turns in room.starters) and room.instructions
    assert drain(answer_text(run, "How much is it?")).num_tokens > 0


def test_nothing_to_answer_is_said(run: Run) -> None:
    with pytest.raises(InputError, match="nothing to answer"):
        drain(chat(run, [Turn("system", "Be brief.")]))
