"""ChatTask: the loss counts the answers alone, perplexity is that of their tokens, held-out dialogues are answered."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional
from transformers import AutoConfig, AutoModelForCausalLM

from engine import verbs
from engine.breath import drain
from engine.config.data import DataConfig
from engine.config.run import from_tree
from engine.config.tasks.chat import Chat
from engine.data.columns.dialogues import tidy, turns_in
from engine.data.splitting.splits import load_splits
from engine.data.tokens.batches import collate
from engine.data.tokens.chat_template import rendered
from engine.data.tokens.dialogue_encoding import IGNORED, encode_dialogues
from engine.errors import InputError
from engine.events import Evaluated, TextsAnswered
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.records import Turn, WritingSettings
from engine.runs.journal import JournalReader
from engine.runs.run import Run
from engine.tasks.chat.task import ChatTask
from tests.engine.chat_runs import chat_config, trained_chat
from tests.engine.encoders import KINDS, WORDS, make_tokenizer


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return trained_chat(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def task(run: Run) -> ChatTask:
    found = loaded_task(run)
    assert isinstance(found, ChatTask)
    return found


def test_the_loss_is_the_sum_over_the_answers_alone(run: Run, task: ChatTask) -> None:
    rows = load_splits(run.config.data, run.config.task, 0).splits["validation"]
    encoded = encode_dialogues(rows, task.tokenizer, 400)
    batch = collate(encoded, np.arange(6))
    loss, weight = task.loss("model", batch)
    output = task.model(input_ids=batch.input_ids, attention_mask=batch.attention_mask)
    wanted = functional.cross_entropy(
        output.logits[:, :-1].flatten(0, 1), batch.labels[:, 1:].flatten(), ignore_index=IGNORED, reduction="sum"
    )
    assert float(loss) == pytest.approx(float(wanted), rel=1e-5)
    assert float(weight) == task.weight("model", batch) == int((batch.labels != IGNORED).sum())
    hidden = torch.where(batch.labels == IGNORED, batch.input_ids, 0)
    assert (hidden == batch.input_ids).any(), "questions are read and not learned"


def test_perplexity_is_that_of_the_answers_tokens(run: Run, task: ChatTask) -> None:
    rows = load_splits(run.config.data, run.config.task, 0).splits["test"]
    found = drain(task.score_rows(rows, "test"))
    total, count = 0.0, 0
    for cell in rows["dialogue"]:
        read = rendered(task.tokenizer, tidy(turns_in(cell)))
        logits = task.model(input_ids=torch.from_numpy(read.ids)[None]).logits[0].log_softmax(dim=-1)
        for place in np.flatnonzero(read.is_answer):
            total -= float(logits[place - 1, read.ids[place]])
            count += 1
    sums = found.statistics["perplexity"].sum(axis=0)
    assert sums[1] == count and sums[0] == pytest.approx(total, rel=1e-5)
    evaluation = drain(task.evaluate(encode_dialogues(rows, task.tokenizer, 400), "test"))
    assert evaluation.metrics["perplexity"] == pytest.approx(math.exp(total / count), rel=1e-5)
    assert evaluation.metrics["loss"] == pytest.approx(total / count, rel=1e-5) and evaluation.num_rows == len(rows)
    first = found.rows[0]
    assert first.wanted[0] == tidy(turns_in(rows["dialogue"][0]))[-1].content and first.read[0].startswith("user: ")


def test_the_journal_shows_answers(run: Run) -> None:
    events = list(JournalReader(run.journal).read())
    answered = [event for event in events if isinstance(event, TextsAnswered)]
    assert len(answered[-1].rows) == 2 and all(row["wanted"] and row["read"] for row in answered[-1].rows)
    measured = [event for event in events if isinstance(event, Evaluated)]
    assert {event.split for event in measured} == {"validation", "test"} and "perplexity" in measured[0].metrics


@pytest.mark.parametrize("changes", [{"model": {"name": "recurrent-lm", "embedding_size": 16, "hidden_size": 16}}])
def test_a_recurrent_model_chats_as_well(tmp_path: Path, changes: dict[str, object]) -> None:
    tree = chat_config().to_tree()
    tree["model"] = changes["model"]
    config = from_tree(tree).with_values({"training.max_steps": 2, "training.evaluate_every": 2})
    run = verbs.create(config, tmp_path, "recurrent")
    for _event in verbs.train(run):
        pass
    task = loaded_task(run)
    assert isinstance(task, ChatTask)
    asked = [
        tidy(turns_in(cell))[:2] for cell in load_splits(config.data, config.task, 0).splits["test"]["dialogue"][:3]
    ]
    together = drain(task.answering.likeliest(asked))
    alone = [drain(task.answering.likeliest([one]))[0] for one in asked]
    assert together == alone, "what fills up on the left spoils no state"


def test_dialogues_without_any_answer_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(f'{{"dialogue": "User: Question number {n}?\\nUser: Again?"}}' for n in range(20)))
    config = chat_config(**{"data.train": str(path)})
    run = verbs.create(config, tmp_path, "empty")
    with pytest.raises(InputError, match="No dialogue has an answer"):
        for _event in verbs.train(run):
            pass


def test_settings_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="leaves nothing"):
        chat_config(**{"task.max_new_tokens": 500})
    assert Chat().validated == ("perplexity",) and DataConfig().builtin.topic == "reviews"


def test_a_pretrained_model_chats_by_a_template_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "gpt2"
    torch.manual_seed(3)
    size = {**KINDS["gpt2"], "vocab_size": 30, "eos_token_id": 3, "n_positions": 64}
    AutoModelForCausalLM.from_config(AutoConfig.for_model("gpt2", **size)).save_pretrained(folder)
    make_tokenizer(is_decoder=True).save_pretrained(folder)
    lines = [
        json.dumps({"messages": [{"role": "user", "content": f"the film was {one}"},
                                 {"role": "assistant", "content": f"the plot was {one} and {other}"}]})
        for one in WORDS for other in WORDS
    ]  # fmt: skip
    (tmp_path / "talk.jsonl").write_text("\n".join(lines), encoding="utf-8")
    tree = {
        "data": {"train": str(tmp_path / "talk.jsonl"), "max_length": 40},
        "task": {"name": "chat", "max_new_tokens": 12},
        "model": {"name": "pretrained-causal", "source": str(folder)},
        "training": {"max_steps": 2, "micro_batch_size": 4, "evaluate_every": 2},
    }
    run = verbs.create(from_tree(tree), tmp_path, "pretrained")
    for _event in verbs.train(run):
        pass
    turns = [Turn("user", "the film was good")]
    answer = drain(verbs.chat(run, turns, WritingSettings(max_tokens=6, seed=1)))
    assert 0 < answer.num_tokens <= 6
    found = drain(verbs.leaned_on(run, turns, answer.ids, has_ended=False))
    assert found.num_words == 4 and sum(one.share for one in found.turns) == pytest.approx(1)


def test_progress_rises_to_all_rows(run: Run, task: ChatTask) -> None:
    rows = load_splits(run.config.data, run.config.task, 0).splits["test"]
    told = list(task.score_rows(rows, "test"))
    assert told == sorted(told) and len(set(told)) > 1
    assert told[0] < len(rows) == told[-1]
