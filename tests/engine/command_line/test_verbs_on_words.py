"""Every verb on a run that answers in words: it answers, or says in words why it does not; none crashes."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import GeneratorType
from typing import Any

import pytest

from engine import verbs
from engine.__main__ import main
from engine.breath import drain
from engine.errors import InputError
from engine.records import Switches
from engine.runs.run import Run
from tests.words_task import registered, words_run

_SWITCHES = Switches()
_HEAD = ("attention", 0, 0)

REFUSED: dict[str, Callable[[Run, Path], Any]] = {
    "attack": lambda run, _: verbs.attack(run, "word"),
    "attribute": lambda run, _: verbs.attribute(run, "red blue", "leave-one-out"),
    "calibrate": lambda run, _: verbs.calibrate(run),
    "correct": lambda run, _: verbs.correct(run, "train", 1, ["a"]),
    "counted": lambda run, _: verbs.counted(run),
    "create_ablation": lambda run, folder: verbs.create_ablation(run.config, folder, 2),
    "exact_map": lambda run, _: verbs.exact_map(run, "red blue", _HEAD),
    "examine": lambda run, _: verbs.examine(run),
    "faithfulness": lambda run, _: verbs.faithfulness(run),
    "heads": lambda run, _: verbs.heads(run),
    "hunt": lambda run, _: verbs.hunt(run, "train"),
    "importance": lambda run, _: verbs.importance(run, "red blue"),
    "measure": lambda run, _: verbs.measure(run),
    "promise": lambda run, _: verbs.promise(run, 0.9),
    "report": lambda run, _: verbs.report(run),
    "rollout": lambda run, _: verbs.rollout(run, "red blue"),
    "similar": lambda run, _: verbs.similar(run, "red blue"),
    "slices": lambda run, _: verbs.slices(run),
    "speed": lambda run, _: verbs.speed(run),
    "suspects": lambda run, _: verbs.suspects(run),
    "sweep": lambda run, _: verbs.sweep(run),
    "switch_effect": lambda run, _: verbs.switch_effect(run, _SWITCHES),
    "trust": lambda run, _: verbs.trust(run, "red blue"),
    "undo_correction": lambda run, _: verbs.undo_correction(run, "train", 1),
}
EITHER: dict[str, Callable[[Run, Path], Any]] = {
    "attend": lambda run, _: verbs.attend(run, "red blue"),
    "generate": lambda run, _: verbs.generate(run, 2),
    "predict": lambda run, _: verbs.predict(run, "red blue"),
}
"""What some tasks in words answer."""
ANSWERED: dict[str, Callable[[Run, Path], Any]] = {
    "compare": lambda run, folder: verbs.compare([run, words_run(folder, "Other", 0.1)]),
    "diagnose": lambda run, _: verbs.diagnose(run.config),
    "evaluate": lambda run, _: verbs.evaluate(run),
    "left_out": lambda run, folder: verbs.left_out(run, str(folder / "test.csv")),
    "predict_file": lambda run, folder: verbs.predict_file(run, str(folder / "test.csv"), folder / "out.csv"),
    "score_rows": lambda run, _: verbs.score_rows(run),
    "textless": lambda run, folder: verbs.textless(run, str(folder / "test.csv")),
}
ELSEWHERE = frozenset(
    (
        *("RECIPES", "Training", "ablate", "create", "estimate", "first_lines", "first_look", "guessed_target"),
        *("load_config", "preview", "preview_rows", "recipes", "resume", "study_report", "train"),
        *("with_guessed_target", "export"),
    )
)
"""What begins runs and reads data asks no model; `export` has tests of its own."""


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with registered():
        yield


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return words_run(tmp_path, "Words")


def _asked(call: Callable[[Run, Path], Any], run: Run, folder: Path) -> Any:
    found = call(run, folder)
    return drain(found) if isinstance(found, GeneratorType) else found


@pytest.mark.parametrize("verb", REFUSED)
def test_it_refuses_in_words(verb: str, run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        _asked(REFUSED[verb], run, tmp_path)
    assert caught.value.mend.english() and caught.value.what.english().endswith((".", ")"))


@pytest.mark.parametrize("verb", EITHER)
def test_it_answers_or_refuses(verb: str, run: Run, tmp_path: Path) -> None:
    with contextlib.suppress(InputError):
        assert _asked(EITHER[verb], run, tmp_path) is not None


@pytest.mark.parametrize("verb", ANSWERED)
def test_it_answers(verb: str, run: Run, tmp_path: Path) -> None:
    assert _asked(ANSWERED[verb], run, tmp_path) is not None


def test_every_name_is_a_verb() -> None:
    """Verbs of the pages for such runs ask their own kind of run, and have tests of their own."""
    known = {*REFUSED, *EITHER, *ANSWERED, *ELSEWHERE}
    assert known <= set(verbs.__all__)


@pytest.mark.parametrize(
    "words",
    [
        *(["faithfulness"], ["heads"], ["suspects"], ["attack"], ["report"], ["evaluate", "--target-precision", ".9"]),
        *(["correct", "--split", "train", "--row", "1", "--label", "a"]),
    ],
)
def test_the_command_line_says_so_too(words: list[str], run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([words[0], str(run.path), *words[1:], "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["error"]
