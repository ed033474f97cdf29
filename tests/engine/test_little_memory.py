"""Memory that really runs out, in a process that may take only so much: words, exit 1, and the run goes on later."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.test_command_line import SMALL

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")]

_LIMITED = """
import resource, sys
import engine.verbs
from engine.__main__ import main
taken = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
room = int(sys.argv[1]) * 2**20
resource.setrlimit(resource.RLIMIT_AS, (taken + room, taken + room))
sys.exit(main(sys.argv[2:]))
"""
_MODEL = ["model.hidden_size=2048", "model.embedding_size=2048"]


def limited(megabytes: int, *words: str) -> tuple[int, dict[str, dict[str, str]], str]:
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(megabytes), *words, "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    lines = done.stdout.splitlines()
    return done.returncode, json.loads(lines[-1]) if lines else {}, done.stderr


def test_a_model_for_which_there_is_no_memory(tmp_path: Path) -> None:
    words = ["train", "quick-look", "--runs", str(tmp_path), "--name", "one"]
    code, tree, err = limited(300, *words, "--set", *SMALL, *_MODEL)
    assert code == 1, err
    assert "The memory is full" in tree["error"]["what"]
    assert "Micro-batch" in tree["error"]["mend"]
    assert "Traceback" not in err


@pytest.mark.parametrize("verb", ["evaluate", "attend", "predict", "export", "doctor"])
def test_other_verbs(verb: str, tmp_path: Path) -> None:
    """On a model whose weights alone take more than there is."""
    settings = [*SMALL, *_MODEL, "training.max_steps=1", "training.evaluate_every=1", "training.baseline=false"]
    trained = subprocess.run(
        [
            sys.executable,
            "-m",
            "engine",
            "train",
            "quick-look",
            "--runs",
            str(tmp_path),
            "--name",
            "one",
            "--set",
            *settings,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert trained.returncode == 0, trained.stderr
    run = str(tmp_path / "one")
    more = {"attend": ["--text", "fine"], "predict": ["--text", "fine"], "export": ["--format", "hf", "--out", "x"]}
    words = ["doctor", __file__] if verb == "doctor" else [verb, run, *more.get(verb, [])]
    code, tree, err = limited(2 if verb == "doctor" else 40, *words)
    assert code in (0, 1, 2)
    assert "Traceback" not in err
    if code == 1:
        assert "The memory is full" in tree["error"]["what"]
    assert code == 1 or verb == "doctor"
