"""Models that answer questions through ONNX: the same logits, the same answers, asked without torch and Attune."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from transformers import AutoConfig, AutoModelForQuestionAnswering, PreTrainedModel

from engine import verbs
from engine.breath import drain
from engine.config.readers import BidafReader
from engine.data.splitting.splits import load_splits
from engine.errors import RunFailure
from engine.export.check_in_words import refuse_other_scores
from engine.export.export import export
from engine.export.onnx import TEXTS, write_graph
from engine.export.reader_onnx import Pointing
from engine.models.question_reader import model_inputs
from engine.models.reader import build_reader
from engine.records import RowAnswer
from engine.runs.run import Run
from tests.engine.reader_runs import trained_run
from tests.engine.tasks.test_question_answering import bert

BATCHES = ((11,), (6,), (40,), (9, 9), (8, 17, 6, 25), (40, 7, 30, 12))
OUTPUTS = ("start_logits", "end_logits")
VOCABULARY, SEPARATOR = 60, 3


def windows(lengths: tuple[int, ...], seed: int) -> dict[str, torch.Tensor]:
    """[CLS] question [SEP] passage [SEP], of random tokens."""
    draw = np.random.default_rng(seed)
    found = {
        name: np.zeros((len(lengths), max(lengths)), np.int64) for name in ("input_ids", "attention_mask", "types")
    }
    for row, length in enumerate(lengths):
        asked = int(draw.integers(1, length - 3))
        found["input_ids"][row, :length] = draw.integers(5, VOCABULARY, length)
        found["input_ids"][row, [0, 1 + asked, length - 1]] = 2, SEPARATOR, SEPARATOR
        found["attention_mask"][row, :length] = 1
        found["types"][row, 2 + asked : length] = 1
    return {name.replace("types", "token_type_ids"): torch.from_numpy(values) for name, values in found.items()}


def worst(model: PreTrainedModel, file: Path) -> float:
    """The largest difference of a real token's logit, in batches and alone."""
    inputs = model_inputs(model.eval(), windows((9, 6, 12), 0))
    pointing = Pointing(model, tuple(inputs))
    write_graph(pointing, inputs, dict.fromkeys(OUTPUTS, TEXTS), file)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    assert [one.name for one in session.get_inputs()] == list(inputs)
    found = 0.0
    for seed, lengths in enumerate(BATCHES):
        given = model_inputs(model, windows(lengths, seed))
        is_real = given["attention_mask"].numpy() == 1
        with torch.inference_mode():
            expected = [one.numpy() for one in pointing(*given.values())]
        together = session.run(OUTPUTS, {name: one.numpy() for name, one in given.items()})
        found = max(found, *(float(np.abs(a - b)[is_real].max()) for a, b in zip(together, expected, strict=True)))
        for row, length in enumerate(lengths):
            alone = session.run(OUTPUTS, {name: one[row : row + 1, :length].numpy() for name, one in given.items()})
            pairs = zip(alone, together, strict=True)
            found = max(found, *(float(np.abs(a[0] - b[row, :length]).max()) for a, b in pairs))
    return found


OWN: dict[str, dict[str, Any]] = {
    "whole": {},
    "no attention to the question": {"context_to_query": False},
    "no attention to the passage": {"query_to_context": False, "word_match": False},
    "deep": {"num_layers": 2},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", OWN)
def test_a_reader_of_ours(name: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    spec = BidafReader(embedding_size=8, hidden_size=8, **OWN[name])
    sizes = {"vocabulary_size": VOCABULARY, "max_length": 64, "pad_token_id": 0, "separator_id": SEPARATOR}
    assert worst(build_reader(spec, **sizes), tmp_path / "model.onnx") < 1e-4


SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 24}
DEBERTA = {**SMALL, "relative_attention": True, "pos_att_type": ["p2c", "c2p"], "type_vocab_size": 0}
STRANGERS: dict[str, dict[str, Any]] = {
    "bert": SMALL,
    "roberta": {**SMALL, "type_vocab_size": 1},
    "distilbert": {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 24},
    "deberta-v2": DEBERTA,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", STRANGERS)
def test_a_reader_of_transformers(kind: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    sizes = {"vocab_size": VOCABULARY, "max_position_embeddings": 80, "pad_token_id": 0}
    model = AutoModelForQuestionAnswering.from_config(AutoConfig.for_model(kind, **sizes, **STRANGERS[kind]))
    assert worst(model, tmp_path / "model.onnx") < 1e-4


# --- whole runs -------------------------------------------------------------------------------------------------------

ALONE = (
    "import runpy, sys; sys.modules.update(dict.fromkeys(('torch', 'transformers', 'engine', 'datasets'))); "
    "sys.path.insert(0, '.'); sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
)


def alone(folder: Path, *words: str) -> str:
    """What `ask.py` says where neither torch nor transformers nor Attune can be imported."""
    command = [sys.executable, "-B", "-c", ALONE, "ask.py", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder).stdout


def exported_as_onnx(run: Run, out: Path) -> None:
    """It answers every test row, and a passage of several windows, as the studio does."""
    found = drain(export(run, "onnx", out))
    assert (found.format, found.is_in_words, found.max_difference) == ("onnx", True, 0.0)
    assert set(found.files) == {"model.onnx", "tokenizer.json", "ask.py", "answering.py", "asking.json", "README.md"}
    assert not list(out.glob(".*"))
    about = json.loads((out / "asking.json").read_text(encoding="utf-8"))
    assert (about["max_length"], about["stride"], about["longest"]) == (96, 16, 8)
    card = (out / "README.md").read_text(encoding="utf-8")
    assert (
        "library_name: onnx" in card
        and "neither torch nor transformers nor Attune" in card
        and "every answer was" in card
    )

    rows = load_splits(run.config.data, run.config.task, run.config.seed).splits["test"]
    question, context = rows[0]["question"], "Oil the hinge every day. " * 30 + rows[0]["context"]
    wanted = verbs.answer_question(run, question, context)
    assert wanted.num_windows > 2
    said = json.loads(alone(out, "--question", question, "--context", context))
    assert said["no_answer"] == pytest.approx(wanted.no_answer, abs=1e-4)
    silence = about["silence"]
    if silence is None or said["no_answer"] < silence:
        best = wanted.best[0]
        assert said["score"] == pytest.approx(best.score, abs=1e-4)
        assert (said["answer"], said["start"], said["end"]) == (context[best.start : best.end], best.start, best.end)
    else:
        assert said["answer"] == ""


@pytest.mark.slow
def test_a_run_of_ours_leaves_as_a_graph(tmp_path: Path) -> None:
    run, _ = trained_run(tmp_path, **{"training.max_steps": 40, "training.evaluate_every": 40})
    exported_as_onnx(run, tmp_path / "out")


@pytest.mark.slow
@pytest.mark.parametrize("adaptation", ["whole", "lora"])
def test_a_pretrained_run_leaves_as_a_graph(adaptation: str, tmp_path: Path) -> None:
    model = {"name": "pretrained-reader", "source": str(bert(tmp_path / "bert")), "adaptation": {"name": adaptation}}
    run, _ = trained_run(tmp_path, model=model, **{"training.max_steps": 2, "training.evaluate_every": 2})
    exported_as_onnx(run, tmp_path / "out")


def test_another_score_is_refused() -> None:
    refuse_other_scores([RowAnswer("a", 0.5), RowAnswer("b")], [RowAnswer("a", 0.50001), RowAnswer("b")], "here")
    with pytest.raises(RunFailure, match="the largest difference is"):
        refuse_other_scores([RowAnswer("a", 0.5)], [RowAnswer("a", 0.6)], "here")
