"""Memory that really runs out, in a process that may take only so much: words, exit 1, and the run goes on later."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.__main__ import main
from tests.engine.command_line.test_contract import SMALL

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's"),
]

_LIMITED = """
import resource, sys
import engine.verbs
from engine.__main__ import main
taken = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
room = int(sys.argv[1]) * 2**20
resource.setrlimit(resource.RLIMIT_AS, (taken + room, taken + room))
sys.exit(main(sys.argv[2:]))
"""
_MODEL = ["model.hidden_size=1024", "model.embedding_size=1024"]


def limited(megabytes: int, *words: str) -> tuple[int, dict[str, dict[str, str]], str]:
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(megabytes), *words, "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    lines = done.stdout.splitlines()
    return done.returncode, json.loads(lines[-1]) if lines else {}, done.stderr


def test_a_model_for_which_there_is_no_memory(tmp_path: Path) -> None:
    words = ["train", "quick-look", "--runs", str(tmp_path), "--name", "one"]
    code, tree, err = limited(100, *words, "--set", *SMALL, *_MODEL)
    assert code == 1, err
    assert "The memory is full" in tree["error"]["what"]
    assert "smaller model" in tree["error"]["mend"]
    assert "Traceback" not in err


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose weights alone take more than the verbs below may have."""
    folder = tmp_path_factory.mktemp("runs")
    settings = [*SMALL, *_MODEL, "training.max_steps=1", "training.evaluate_every=1", "training.baseline=false"]
    assert main(["train", "quick-look", "--runs", str(folder), "--name", "one", "--set", *settings]) == 0
    return folder / "one"


@pytest.mark.parametrize("verb", ["evaluate", "attend", "predict", "export"])
def test_other_verbs(verb: str, trained: Path, tmp_path: Path) -> None:
    more = {"evaluate": [], "export": ["--format", "hf", "--out", str(tmp_path / "out")]}
    code, tree, err = limited(20, verb, str(trained), *more.get(verb, ["--text", "fine"]))
    assert code == 1, err
    assert "The memory is full" in tree["error"]["what"]
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []
