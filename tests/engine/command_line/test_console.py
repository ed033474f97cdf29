"""Whatever is said reaches a terminal as words, never as commands; and everything is said through one place."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from engine.__main__ import main
from engine.command_line.console import as_json, say, say_json, visible

ROOT = Path(__file__).resolve().parents[3]
EVIL = [
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "a\rb",
    "a\nb\tc",
    "\x00\x08\x7f",
    "good\u202edab",
    "\u2066x\u2069\u200e\u200f\u061c",
    "\u2028\u2029\x85",
    "\ufeff\u200b\u2060",
    "\ud800",
    "\U000e0041",
]


@pytest.mark.parametrize("text", EVIL)
def test_no_sign_commands(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(f"label {text}")
    say_json({"label": text})
    plain, tree = capsys.readouterr().out.splitlines()
    assert plain.isprintable() and tree.isprintable()
    assert json.loads(tree) == {"label": text}, "to a program it is the same"
    assert plain == "label " + text.encode("unicode-escape").decode("ascii")


def test_all_letters_stay() -> None:
    words = "naïve “quotes” 电影很好 فیلم خوبی\u200cها हिन्दी 👩\u200d🚀 → – é\u0301 C:\\new\\table"
    assert visible(words) == words and json.loads(as_json(words)) == words


@pytest.mark.slow
def test_one_place_prints() -> None:
    found = set()
    for file in (ROOT / "engine").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                found.add(file.relative_to(ROOT / "engine").as_posix())
    assert found <= {"command_line/console.py", "command_line/printing.py"}, "printing.py: the line of progress"


def test_names_of_files_and_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Errors and findings repeat what a file says of itself."""
    evil = "\x1b[31mred\u202e"
    assert main(["doctor", str(tmp_path / f"no{evil}.csv")]) == 2
    assert main(["train", f"recipe{evil}"]) == 2
    assert main(["train", "attention", "--set", f"data.{evil}=1"]) == 2
    file = tmp_path / f"{evil}.csv"
    file.write_text(f"text,label\n{evil} one,{evil}\n{evil} one,{evil}b\n ,x\n" * 3, encoding="utf-8")
    main(["doctor", str(file)])
    said = capsys.readouterr()
    assert said.out and said.err
    assert all(line.isprintable() for line in (said.out + said.err).splitlines())
