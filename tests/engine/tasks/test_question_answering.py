"""Finding answers: what is learned and measured, which folders open, what goes on where it stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from datasets import Dataset
from transformers import AutoConfig, AutoModel, AutoModelForQuestionAnswering, PreTrainedTokenizerFast

from engine import events, verbs
from engine.breath import drain
from engine.commands import Stop
from engine.config.data import WordTokenizer
from engine.data.splitting.splits import load_splits
from engine.data.tokens.batches import in_order
from engine.data.tokens.tokenizer import train_tokenizer
from engine.errors import InputError
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.metrics.squad import exact_match, f1
from engine.metrics.summed_figures import values
from engine.runs.run import Run
from engine.tasks.material import make_tokenizer
from engine.tasks.registry import make_material, make_task
from engine.tasks.task import FindsAnswers, ScoresRows
from tests.engine.reader_runs import tiny, trained_run


@pytest.fixture(scope="module")
def run_and_events(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, list[Any]]:
    return trained_run(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def run(run_and_events: tuple[Run, list[Any]]) -> Run:
    return run_and_events[0]


def test_it_measures_em_and_f1_with_intervals_and_shows_answers(run_and_events: tuple[Run, list[Any]]) -> None:
    told = run_and_events[1]
    measured = [one for one in told if isinstance(one, events.Evaluated)]
    assert [one.split for one in measured] == ["validation", "validation", "test"]
    assert set(measured[0].metrics) == {"f1", "em", "loss"} == set(measured[0].intervals)
    shown = [one for one in told if isinstance(one, events.TextsAnswered)]
    assert len(shown) == 2 and 3 <= len(shown[0].rows) <= 6
    assert [row["read"] for row in shown[0].rows] == [row["read"] for row in shown[1].rows]


def test_its_folder_opens_by_transformers(run: Run) -> None:
    folder = run.path / "checkpoints" / str(run.checkpoints["best"])
    model = AutoModelForQuestionAnswering.from_pretrained(folder).eval()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    ids = tokenizer("How often?", "Clean it once a day.", return_tensors="pt")
    with torch.inference_mode():
        found = model(**ids)
    assert found.start_logits.shape == found.end_logits.shape == ids["input_ids"].shape
    assert model.config.silence["threshold"] == 0.5


def test_every_row_is_scored_by_the_official_formulas(run: Run) -> None:
    task = loaded_task(run)
    assert isinstance(task, ScoresRows) and isinstance(task, FindsAnswers)
    rows = load_splits(run.config.data, run.config.task, run.config.seed).splits["test"]
    found = drain(task.score_rows(rows, "test"))
    assert len(found) == len(rows) and found.ceiling["em"] > 0.95
    em = [exact_match(one.said, one.wanted) for one in found.rows]
    shared = [f1(one.said, one.wanted) for one in found.rows]
    measured = values(found.statistics)
    assert measured["em"] == pytest.approx(np.mean(em)) and measured["f1"] == pytest.approx(np.mean(shared))
    by_verb = verbs.evaluate(run)
    assert by_verb.metrics["em"] == pytest.approx(measured["em"]) and by_verb.split == "test"


def test_the_loss_of_answers_is_counted_as_that_of_training(run: Run) -> None:
    """Both draw one chart: the mean over the two ends of an answer. Only spans that can be answers share the odds of
    what is said, so that it costs a little less."""
    task = loaded_task(run)
    assert isinstance(task, ScoresRows)
    splits = load_splits(run.config.data, run.config.task, run.config.seed)
    material = make_material(run.config, splits, make_tokenizer(run.config, splits))
    trained_by = [task.loss("model", one) for one in in_order(material.encoded["validation"], 32)]
    training = sum(one[0].item() for one in trained_by) / sum(one[1].item() for one in trained_by)
    said = values(drain(task.score_rows(splits.splits["validation"], "validation")).statistics)["loss"]
    assert 0.6 * training < said <= training


def test_a_batch_in_two_halves_costs_the_same() -> None:
    config = tiny()
    splits = load_splits(config.data, config.task, 0)
    material = make_material(config, splits, make_tokenizer(config, splits))
    torch.manual_seed(0)
    task = make_task(config, material, torch.device("cpu"))
    task.model.eval()
    whole = next(in_order(material.encoded["validation"], 8))
    halves = list(in_order(material.encoded["validation"], 4))[:2]
    total, weight = task.loss("model", whole)
    parts = [task.loss("model", one) for one in halves]
    assert weight.item() == 8 == sum(one[1].item() for one in parts)
    assert total.item() == pytest.approx(sum(one[0].item() for one in parts), rel=1e-5)


def test_a_resumed_run_ends_where_an_uninterrupted_one_does(
    tmp_path: Path, run_and_events: tuple[Run, list[Any]]
) -> None:

    stopped = verbs.create(tiny(), tmp_path, "stopped")
    training, command = verbs.train(stopped), None
    try:
        while True:
            event = training.send(command)
            command = Stop() if isinstance(event, events.CheckpointSaved) and event.step == 3 else None
    except StopIteration:
        pass
    resumed = [event for event in verbs.resume(Run.open(stopped.path)) if event is not None]
    last = [one.metrics for one in resumed if isinstance(one, events.Evaluated)][-1]
    other = [one.metrics for one in run_and_events[1] if isinstance(one, events.Evaluated)][-1]
    assert last == pytest.approx(other, abs=1e-9)


def bert(folder: Path) -> Path:
    """A tiny one, as the hub has it, that knows pairs of texts."""
    config = tiny()
    texts = load_splits(config.data, config.task, 0).splits["train"]
    words = [*texts["question"], *texts["context"]]
    tokenizer = train_tokenizer(WordTokenizer(min_frequency=1), words, 96)
    torch.manual_seed(3)
    shape = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 24}
    model = AutoConfig.for_model("bert", vocab_size=len(tokenizer), max_position_embeddings=96, pad_token_id=0, **shape)
    AutoModel.from_config(model).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.parametrize("adaptation", ["whole", "lora"])
def test_a_pretrained_reader_learns_whole_or_beside(tmp_path: Path, adaptation: str) -> None:
    changes = {
        "model": {
            "name": "pretrained-reader",
            "source": str(bert(tmp_path / "bert")),
            "adaptation": {"name": adaptation},
        },
        "training.max_steps": 2,
        "training.evaluate_every": 2,
    }
    run, _ = trained_run(tmp_path, **changes)
    folder = run.path / "checkpoints" / str(run.checkpoints["best"])
    assert type(AutoModelForQuestionAnswering.from_pretrained(folder)).__name__ == "BertForQuestionAnswering"
    answer = verbs.answer_question(run, "How often must I clean the fan?", "Clean the fan once a year.")
    assert len(answer.best) == 5 and [one.name for one in answer.maps] == ["1", "2"]
    assert answer.maps[0].weights.shape == (len(answer.question_words), len(answer.passage_words))


def test_rows_whose_answer_is_missing_are_counted(tmp_path: Path) -> None:
    lines = ["question,context,answer"]
    lines += [f"What is number {n}?,The number is {n} here.,{n if n % 5 else 'elsewhere'}" for n in range(60)]
    file = tmp_path / "few.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    _, told = trained_run(tmp_path, **{"data.train": str(file), "training.max_steps": 1})
    notices = [one.message.english() for one in told if isinstance(one, events.Noticed)]
    assert any("left out: the answer does not stand in the passage" in one for one in notices)


def test_what_it_does_not_go_together_with() -> None:
    for path, value in (("training.adversary.name", "fgm"), ("data.max_length", 16), ("model.name", "recurrent")):
        with pytest.raises(InputError):
            tiny(**{path: value})


def test_a_passage_longer_than_the_window_is_read_in_pieces(run: Run) -> None:
    filler = "Oil the hinge every day. " * 30
    found = verbs.answer_question(run, "How often must I clean the fan?", filler + "Clean the fan once a year.")
    assert found.num_windows > 1
    total = sum(one.score for one in found.best) + found.no_answer + found.others
    assert total == pytest.approx(1.0)
    rows = Dataset.from_dict({"row": [1], "question": ["When?"], "context": [filler], "answer": [""]})
    task: Any = loaded_task(run)
    assert len(drain(task.score_rows(rows, "data"))) == 1


def test_its_cost_is_measured_before_it_begins() -> None:
    found = verbs.estimate(tiny())
    assert found.num_parameters > 1000 and found.total_seconds > 0
