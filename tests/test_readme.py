"""Every command line that the README shows runs, one after the other in one folder, and prints what it promises."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.__main__ import main

ROOT = Path(__file__).resolve().parents[1]
CALL = "python -m engine "
SMALL = [
    "data.builtin.num_rows=240",
    "data.max_length=24",
    "model.embedding_size=8",
    "model.hidden_size=8",
    "training.max_steps=8",
    "training.micro_batch_size=8",
    "training.evaluate_every=4",
    "training.device=cpu",
]
PROMISED = {
    "recipes": "quick-look",
    "train": "updates done.",
    "resume": "This run is finished already.",
    "evaluate": "precision",
    "report": ".html",
    "suspects": "",
    "export": "exported",
    "predict": "positive",
    "attend": "screen",
    "faithfulness": "leave-one-out",
    "attack": "precision",
    "generate": "",
    "doctor": "",
}
"""What each verb prints, among other things."""


def commands() -> Iterator[list[str]]:
    """The words after `python -m engine` of each line of the fenced bash blocks."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```bash\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith(CALL):
                yield shlex.split(line.removeprefix(CALL), comments=True)


def shortened(words: list[str]) -> list[str]:
    """A training is the README's own, only smaller; that of the text GAN is small already."""
    return [*words, "--set", *SMALL] if words[0] == "train" and "text-gan" not in words else words


def test_the_readme_shows_the_command_line() -> None:
    shown = {words[0] for words in commands()}
    assert {"recipes", "train", "evaluate", "predict", "attend"} <= shown
    assert shown <= set(PROMISED)


@pytest.mark.slow
def test_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    for words in commands():
        code = main(shortened(words))
        printed = capsys.readouterr()
        assert code == 0, (words, printed.err)
        assert PROMISED[words[0]] in printed.out, words
        assert not printed.err, "stderr is for what goes wrong"
