"""A run that answers in words leaves as a folder that its own script asks, and says what the studio says."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, GPT2Config, GPT2LMHeadModel

from engine import verbs
from engine.__main__ import main
from engine.breath import drain
from engine.config.roles import TEXT
from engine.config.tasks.task_type import Ability, TaskType
from engine.errors import InputError, RunFailure
from engine.export.export import export
from engine.export.in_words import KINDS
from tests.words_task import REVERSING, Reversing, ReversingTask, _make, registered, words_run


class Writing(ReversingTask):
    """Says what its model writes."""

    def decoding(self) -> dict[str, Any]:
        special = sorted(self.tokenizer.all_special_ids)
        return {"do_sample": False, "max_new_tokens": 6, "suppress_tokens": special}

    def said_to(self, text: str) -> str:
        ids = torch.tensor([self.tokenizer(text)["input_ids"]])
        written = self.model.generate(input_ids=ids, **self.decoding())  # type: ignore[operator]
        special = set(self.tokenizer.all_special_ids)
        kept = [one for one in written[0].tolist() if one not in special]
        return " ".join(self.tokenizer.convert_ids_to_tokens(kept))

    def how_to_ask(self) -> dict[str, Any]:
        return {"max_length": 32, "decoding": self.decoding()}


class Misled(Writing):
    """Tells the folder something else than it does itself."""

    def how_to_ask(self) -> dict[str, Any]:
        return {"max_length": 32, "decoding": {**self.decoding(), "max_new_tokens": 3}}


def maker(kind: type[ReversingTask]) -> Callable[..., Any]:
    def make(config: Any, material: Any, device: Any, checkpoint: Any) -> Any:
        made: Any = _make(config, material, device, checkpoint)
        return kind(made.config, made.tokenizer, made.model)

    return make


@pytest.fixture
def writing() -> Iterator[None]:
    with registered(REVERSING, maker(Writing)):
        yield


@pytest.mark.slow
def test_the_folder_says_what_the_studio_says(writing: None, tmp_path: Path) -> None:
    run = words_run(tmp_path / "runs", "Words")
    exported = drain(export(run, "hf", tmp_path / "out"))
    assert exported.is_in_words and exported.max_difference == 0.0
    assert (exported.num_rows, exported.checked_on) == (60, "test")
    files = {"model.safetensors", "generation_config.json", "tokenizer.json", "ask.py", "README.md"}
    assert set(exported.files) >= files and "__pycache__" not in exported.files
    assert not list((tmp_path / "out").glob(".*"))
    model = AutoModelForSeq2SeqLM.from_pretrained(tmp_path / "out")
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "out")
    assert model.generate(input_ids=torch.tensor([tokenizer("red blue")["input_ids"]]), max_new_tokens=4).shape[0] == 1
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "AutoModelForSeq2SeqLM" in card and "has no pipeline for this any more" in card
    assert "nothing of Attune" in card and "labels" not in card
    assert "| exact match |" in card and "the text as it is" in card and "Counted as whole texts." in card
    assert "text2text-generation" in card and "every answer was the one that the studio gives" in card


@pytest.mark.slow
def test_the_snippet_and_the_script_run(writing: None, tmp_path: Path) -> None:
    exported = drain(export(words_run(tmp_path / "runs", "Words"), "hf", tmp_path / "out"))

    def run(*words: str) -> str:
        found = subprocess.run([sys.executable, "-B", *words], capture_output=True, text=True, check=True, cwd=tmp_path)
        return found.stdout

    assert "answer" in run("-c", exported.snippet)
    one = json.loads(run("out/ask.py", "--source", "red blue"))
    assert one["answer"]
    (tmp_path / "in.csv").write_text("id,source\nx,red blue\ny,\n", encoding="utf-8")
    run("out/ask.py", "--data", "in.csv", "--out", "said.csv")
    with (tmp_path / "said.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["answer"]) for row in rows] == [("x", one["answer"]), ("y", "")]


@pytest.mark.slow
def test_a_folder_that_answers_otherwise_is_not_kept(tmp_path: Path) -> None:
    with registered(REVERSING, maker(Misled)):
        run = words_run(tmp_path / "runs", "Misled")
        with pytest.raises(RunFailure, match="does not answer as the studio does"):
            drain(export(run, "hf", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_there_is_no_graph_and_it_is_said(writing: None, tmp_path: Path) -> None:
    run = words_run(tmp_path / "runs", "Words")
    with pytest.raises(InputError, match="word by word"):
        drain(export(run, "onnx", tmp_path / "out"))


@pytest.mark.slow
def test_a_language_model_leaves_too(tmp_path: Path) -> None:
    """It says nothing by itself: the folder is asked to write on, and compared with the model in memory."""

    class Going(ReversingTask):
        def score_rows(self, rows: Any, split: str) -> Any:
            found = yield from super().score_rows(
                rows.add_column("source", rows["text"]).add_column("target", rows["text"]), split
            )
            return found

        def said_to(self, text: str) -> str:
            return ""

        def how_to_ask(self) -> dict[str, Any]:
            return {"max_length": 32, "decoding": {"max_new_tokens": 5}}

    def make(config: Any, material: Any, device: Any, checkpoint: Any) -> Any:
        torch.manual_seed(1)
        num_words = len(material.tokenizer)
        size = {"vocab_size": num_words, "n_embd": 16, "n_layer": 1, "n_head": 2, "n_positions": 64}
        end = material.tokenizer.sep_token_id
        ids = {"bos_token_id": end, "eos_token_id": end, "pad_token_id": material.tokenizer.pad_token_id}
        return Going(config, material.tokenizer, GPT2LMHeadModel(GPT2Config(**size, **ids)))

    kind: TaskType[Reversing] = TaskType(
        spec=Reversing,
        roles=(TEXT,),
        abilities=frozenset[Ability](("write on",)),
        misfit=lambda *_: None,
        measures_repeats=True,
    )
    with registered(kind, make):
        run = words_run(tmp_path / "runs", "Going", changes={"data.columns": {"text": "source"}})
        found = drain(export(run, "hf", tmp_path / "out"))
    assert found.num_rows == 60
    assert "AutoModelForCausalLM" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_reader_of_ours_leaves_too(tmp_path: Path) -> None:
    changes = {"data.builtin.num_rows": 200, "training.max_steps": 10, "model.hidden_size": 16}
    run = verbs.create(verbs.load_config("squad-reader", changes), tmp_path, "Reader")
    for _ in verbs.train(run):
        pass
    found = drain(export(run, "hf", tmp_path / "out"))
    assert 10 < found.num_rows < 30 and "engine.models" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_on_the_command_line(writing: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = words_run(tmp_path / "runs", "Words")
    assert main(["export", str(run.path), "--format", "hf", "--out", str(tmp_path / "out"), "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["max_difference"] == 0.0 and tree["checked_on"] == "test"
    assert main(["export", str(run.path), "--format", "onnx", "--out", str(tmp_path / "other")]) == 2


def test_every_ability_in_words_can_leave() -> None:
    from engine.config.tasks.task_type import IN_WORDS

    assert set(KINDS) == IN_WORDS
