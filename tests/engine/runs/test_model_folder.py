"""What a path names: a run, a model's folder, a name on the hub, or nothing that can be opened."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.config.run import RunConfig
from engine.errors import InputError
from engine.runs.model_folder import ModelFolder, is_model_folder, open_subject
from engine.runs.run import Run


def model_folder(path: Path, **tree: object) -> Path:
    path.mkdir()
    (path / "config.json").write_text(json.dumps({"model_type": "bert", **tree}))
    return path


def test_a_run_is_a_run(tmp_path: Path) -> None:
    run = Run.create(RunConfig(), tmp_path, "r")
    assert open_subject(run.path) == run and not is_model_folder(run.path)


def test_a_checkpoint_of_a_run_is_a_model(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "step-10")
    assert isinstance(open_subject(folder), ModelFolder) and is_model_folder(folder)


def test_names(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "here", architectures=["BertModel"], _name_or_path="maker/some-bert/")
    assert (ModelFolder.open(folder).name, ModelFolder.open(folder).architecture) == ("some-bert", "BertModel")
    plain = ModelFolder.open(model_folder(tmp_path / "plain"))
    assert (plain.name, plain.architecture, plain.path) == ("plain", "", tmp_path / "plain")


def test_a_name_on_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_subject(Path("maker/model-1.0")) == ModelFolder("maker/model-1.0")
    assert open_subject(Path("gpt2")) == ModelFolder("gpt2")
    assert (open_subject(Path("maker/model")).name, ModelFolder("maker/model").architecture) == ("model", "")


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"hidden_size": 3}', "\x00"])
def test_all_else_is_refused(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "config.json").write_text(content)
    with pytest.raises(InputError, match=r"neither a run nor a model.*model\.safetensors"):
        open_subject(tmp_path)
    assert not is_model_folder(tmp_path)


def test_paths_that_are_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", Path("a/b/c"), Path("../x"), Path("a b")):
        with pytest.raises(InputError, match="neither a run nor a model"):
            open_subject(path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(InputError, match="neither a run nor a model"):
        open_subject(tmp_path / "model.safetensors")


def test_nothing_heavy_is_loaded() -> None:
    modules = "engine.runs.model_folder, engine.runs.probes"
    code = f"import {modules}, sys; assert not {{'torch', 'transformers'}} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
