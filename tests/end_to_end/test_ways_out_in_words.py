"""A tiny run of each task that answers in words, really trained: compared, asked for a file, taken out of the house; no
verb that is made for another kind of run crashes on it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from types import GeneratorType
from typing import Any

import pytest

from engine import verbs
from engine.breath import drain
from engine.config.tasks.graphs import no_graph
from engine.config.tasks.registry import type_of
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.records import Decoding, Switches, Turn, WritingSettings
from engine.runs.run import Run

SMALL: dict[str, dict[str, object]] = {
    "squad-reader": {"model.hidden_size": 16},
    "translate-attention": {"task.num_beams": 2},
    "ngram": {},
    "lstm-lm": {"model.hidden_size": 16, "model.embedding_size": 16},
    "chat": {},
}
pytestmark = pytest.mark.slow

_TURNS = [Turn("user", "Where can I go?")]
ASKED: dict[str, Callable[[Run], Any]] = {
    "alignment_trust": lambda run: verbs.alignment_trust(run, most=4),
    "answer_question": lambda run: verbs.answer_question(run, "Who lives here?", "Vera lives here."),
    "answer_text": lambda run: verbs.answer_text(run, "Where?"),
    "attack": lambda run: verbs.attack(run, "word"),
    "attend": lambda run: verbs.attend(run, "a b"),
    "attribute": lambda run: verbs.attribute(run, "a b", "leave-one-out"),
    "calibrate": verbs.calibrate,
    "chat": lambda run: verbs.chat(run, _TURNS),
    "chat_room": verbs.chat_room,
    "copied": lambda run: verbs.copied(run, "Vera lived"),
    "correct": lambda run: verbs.correct(run, "train", 1, ["a"]),
    "counted": verbs.counted,
    "distribution": lambda run: verbs.distribution(run, [3, 5]),
    "evaluate": verbs.evaluate,
    "examine": verbs.examine,
    "faithfulness": verbs.faithfulness,
    "generate": lambda run: verbs.generate(run, 2),
    "heads": verbs.heads,
    "hunt": lambda run: verbs.hunt(run, "train"),
    "leaned_on": lambda run: verbs.leaned_on(run, _TURNS, [5, 6]),
    "leave_out": lambda run: verbs.leave_out(run, "May the first, nineteen ten"),
    "looked_at": lambda run: verbs.looked_at(run, [3, 5, 6]),
    "measure": verbs.measure,
    "predict": lambda run: verbs.predict(run, "a b"),
    "promise": lambda run: verbs.promise(run, 0.9),
    "promise_silence": lambda run: verbs.promise_silence(run, save=False),
    "question_losses": lambda run: verbs.question_losses(run, "Who?", "Vera lives here."),
    "reading_trust": lambda run: verbs.reading_trust(run, "Who?", "Vera lives here."),
    "report": verbs.report,
    "rollout": lambda run: verbs.rollout(run, "a b"),
    "search_worth": lambda run: verbs.search_worth(run, most=4),
    "similar": lambda run: verbs.similar(run, "a b"),
    "slices": verbs.slices,
    "speed": verbs.speed,
    "surprise": lambda run: verbs.surprise(run, "Vera lived"),
    "suspects": verbs.suspects,
    "sweep": verbs.sweep,
    "switch_effect": lambda run: verbs.switch_effect(run, Switches()),
    "translate": lambda run: verbs.translate(run, "May the first", Decoding()),
    "trust": lambda run: verbs.trust(run, "a b"),
    "undo_correction": lambda run: verbs.undo_correction(run, "train", 1),
    "write": lambda run: verbs.write(run, "Vera", WritingSettings(max_tokens=3)),
    "writing_figures": verbs.writing_figures,
}


def trained(folder: Path, recipe: str, name: str, **changes: object) -> Run:
    small = {"data.train": "builtin", "data.builtin.num_rows": 80, "training.max_steps": 3, **SMALL[recipe], **changes}
    run = verbs.create(verbs.load_config(recipe, small), folder, name)
    for _ in verbs.train(run):
        pass
    return run


@pytest.mark.parametrize("recipe", SMALL)
def test_every_way_out(recipe: str, tmp_path: Path) -> None:
    runs = [trained(tmp_path, recipe, name, seed=seed) for seed, name in enumerate(("One", "Other"))]
    config = runs[0].config
    found = drain(verbs.compare(runs))
    assert found.leading and found.groups[0].num_rows > 0

    table = load_splits(config.data, config.task, config.seed).splits["validation"]
    roles = [role.key for role in type_of(config.task).asked_roles]
    table.select_columns(roles).to_csv(str(tmp_path / "in.csv"))
    answered = drain(verbs.predict_file(runs[0], str(tmp_path / "in.csv"), tmp_path / "out.csv"))
    assert answered.num_rows == len(table) and not answered.num_blank
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row[roles[0]] for row in rows] == table[roles[0]] and "answer" in rows[0]

    exported = drain(verbs.export(runs[0], "hf", tmp_path / "folder"))
    assert exported.is_in_words and exported.max_difference == 0.0 and exported.num_rows > 0
    if no_graph(config.task) is None:
        assert "model.onnx" in drain(verbs.export(runs[0], "onnx", tmp_path / "file")).files
    else:
        with pytest.raises(InputError, match="no plain graph"):
            drain(verbs.export(runs[0], "onnx", tmp_path / "file"))

    for ask in ASKED.values():
        try:
            said = ask(runs[0])
            if isinstance(said, GeneratorType):
                drain(said)
        except InputError as error:
            assert error.what.english()
