"""What a card and a snippet say is run word by word in a fresh process, as whoever gets the model would run it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import pytest

from engine import verbs
from engine.breath import drain
from engine.config.run import RunConfig
from engine.export.snippets import snippet
from engine.records import Exported
from tests.engine.encoders import make_encoder
from tests.engine.export.leavers import leaver, small
from tests.engine.inspection.small_models import own
from tests.engine.training.conftest import follow

pytestmark = pytest.mark.timeout(900)
"""Two runs and three exports are made, and each stranger loads torch anew."""

ROOT = Path(__file__).resolve().parents[3]
SMALL: dict[str, Any] = {
    "data.builtin.num_rows": 120,
    "data.max_length": 24,
    "training.max_steps": 4,
    "training.micro_batch_size": 8,
    "training.evaluate_every": 4,
    "training.baseline": False,
    "training.device": "cpu",
}
GUARD = """
import importlib.util, sys
sys.path.append({packages!r})
for name in {hidden!r}:
    assert importlib.util.find_spec(name) is None, name + " can be imported"
"""
"""Packages as they lie there, without what points from them to a checkout (-S), and none of ours."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ "pretrained" and "onnx" of a fine-tuned encoder, "own" of a model trained from scratch."""
    made = tmp_path_factory.mktemp("models")
    encoder = {"model.name": "pretrained", "model.source": str(make_encoder(made / "encoder"))}
    tuned = _trained(made, encoder)
    scratch = _trained(made, {"model.name": "recurrent", "model.embedding_size": 8, "model.hidden_size": 6})
    for name, run, format in (("pretrained", tuned, "hf"), ("onnx", tuned, "onnx"), ("own", scratch, "hf")):
        found: Exported = drain(verbs.export(run, format, made / name))  # type: ignore[arg-type]
        (made / f"{name}.py").write_text(found.snippet, encoding="utf-8")
    return made


def _trained(folder: Path, values: dict[str, Any]) -> Any:
    run = verbs.create(RunConfig().with_values({**SMALL, **values}), folder / "runs")
    follow(verbs.train(run))
    return run


def said(script: str, folder: Path, hidden: tuple[str, ...] = ("engine", "studio")) -> subprocess.CompletedProcess[str]:
    guard = GUARD.format(packages=str(Path(numpy.__file__).parents[1]), hidden=hidden)
    (folder / "asked.py").write_text(f"{guard}\n{script}", encoding="utf-8")
    command = [sys.executable, "-I", "-S", "-W", "ignore", "asked.py"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", cwd=folder, env=environment, timeout=250, check=False
    )


def blocks(card: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", card.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pretrained", "onnx"])
def test_without_attune(name: str, folder: Path) -> None:
    (python,) = blocks(folder / name / "README.md", "python")
    for script, place in ((python, folder / name), ((folder / f"{name}.py").read_text(encoding="utf-8"), folder)):
        done = said(script, place)
        assert done.returncode == 0 and "positive" in done.stdout, done.stderr


@pytest.mark.slow
def test_the_shell_lines_of_a_card(folder: Path) -> None:
    (shell,) = blocks(folder / "onnx" / "README.md", "sh")
    (folder / "onnx" / "texts.csv").write_text("id;text\n7;a fine film\n", encoding="utf-16")
    for line in shell.strip().splitlines():
        words = line.replace("python ", "", 1)
        done = subprocess.run(
            f'"{sys.executable}" -I {words}',
            shell=True,
            capture_output=True,
            encoding="utf-8",
            cwd=folder / "onnx",
            timeout=250,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    heads, row = (folder / "onnx" / "answers.csv").read_text(encoding="utf-8").splitlines()
    assert heads.startswith("id,text,answer") and row.startswith("7,a fine film,")


@pytest.mark.slow
def test_our_classes_need_attune_and_say_so(folder: Path) -> None:
    card = (folder / "own" / "README.md").read_text(encoding="utf-8")
    assert "pip install attune-studio" in card and "export the model as ONNX" in card
    (python,) = blocks(folder / "own" / "README.md", "python")
    alone = said(python, folder / "own")
    assert alone.returncode == 1 and "pip install attune-studio" in alone.stderr, "the line that fails says it"
    done = said(f"sys.path.append({str(ROOT)!r})\n{python}", folder / "own", hidden=("engine",))
    assert done.returncode == 0 and "positive" in done.stdout, done.stderr


def test_nothing_sends_people_to_another_program() -> None:
    """“attune” on the package index is an optics tool."""
    wrong = re.compile(r"pip install ['\"]?attune(?!-studio)\b")
    for folder in ("engine", "studio", "resources"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in (".py", ".json", ".md", ".yaml", ".html"):
                assert not wrong.search(file.read_text(encoding="utf-8")), file


@pytest.mark.parametrize("place", [".", "/a b/c", 'C:\\new\\"x"', "/a\nimport os", "C:\\models\\", "/ü/电影"])
def test_any_folder_is_named_as_it_is(place: str) -> None:
    model = leaver(own(small_recurrent()))
    for format in ("hf", "onnx"):
        tree = compile(snippet(model, format, place), "snippet", "exec")  # type: ignore[arg-type]
        assert place in tree.co_consts


def small_recurrent() -> Any:
    from engine.config.classifiers import Recurrent

    return small(Recurrent)
