"""Attacks on small trained models: what they find, what they may do, and that they find it again."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from engine import events, verbs
from engine.__main__ import main
from engine.config.classifiers import Recurrent
from engine.config.run import RunConfig
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.inspection.subjects.loaded_models import Trained, trained
from engine.records import Progress, Robustness
from engine.runs.model_folder import ModelFolder
from engine.runs.run import Run
from engine.tasks.attacks.attack import attack
from engine.tasks.attacks.importance import rank
from engine.tasks.attacks.reading import Reader
from engine.tasks.attacks.rows import attack_rows
from engine.tasks.attacks.target import Target
from engine.tasks.attacks.word_list import is_negation
from engine.tasks.attacks.words import cut
from engine.tasks.registry import make_material
from tests.engine.command_line.test_contract import Shell
from tests.engine.inspection.small_models import bert, bert_encoder, own, result

TELLING = {"fraud": ("free", "prize", "urgent", "claim"), "honest": ("lunch", "home", "movie", "friend")}
SMALL: dict[str, Any] = {
    "data.max_length": 24,
    "data.mends": {"duplicates": "keep"},
    "data.test_share": 0.2,
    "model.embedding_size": 16,
    "model.hidden_size": 12,
    "model.dropout": 0.0,
    "training.max_steps": 50,
    "training.micro_batch_size": 16,
    "training.optimizer.learning_rate": 0.02,
    "training.evaluate_every": 25,
    "training.baseline": False,
    "training.device": "cpu",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Learns that one word of each text decides."""
    folder = tmp_path_factory.mktemp("runs")
    chance = Random(0)
    rows = []
    for index in range(240):
        label = ("fraud", "honest")[index % 2]
        before, behind = (chance.sample(("please", "it", "so", "about", "we", "very", "not"), 3) for _ in range(2))
        rows.append(" ".join([*before, chance.choice(TELLING[label]), *behind]) + f",{label}")
    (folder / "messages.csv").write_text("\n".join(["text,label", *rows]))
    config = RunConfig().with_values({**SMALL, "data.train": str(folder / "messages.csv")})
    made = verbs.create(config, folder, "small")
    for _ in verbs.train(made):
        pass
    return made


@pytest.fixture(scope="module")
def found(run: Run) -> dict[str, Robustness]:
    return {method: result(verbs.attack(run, method, num_rows=30)) for method in ("character", "word")}


def _answer(model: Trained, text: str) -> str:
    reading = Reader(model.model, model.tokenizer, model.max_length).answers([text])
    return model.labels[int(result(reading)[0].argmax())]  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["character", "word"])
def test_turned_texts_are_turned_and_within_the_budget(run: Run, found: dict[str, Robustness], method: str) -> None:
    robust, model = found[method], trained(run)
    assert robust.split == "test" and robust.num_rows == 30
    assert robust.success > 0 and robust.after["accuracy"] < robust.before["accuracy"]
    right = robust.before["accuracy"] * 30
    assert robust.after["accuracy"] * 30 == pytest.approx(right - robust.success * right)
    assert 0 < robust.changed_share <= 0.5
    rows = {row["row"]: row["text"] for row in load_splits(run.config.data, run.config.task, 0).splits["test"]}
    for example in robust.examples:
        assert rows[example.row] == example.before
        assert _answer(model, example.before) == example.label
        assert _answer(model, example.after) == example.prediction != example.label
        assert 1 <= example.num_changes <= max(1, len(cut(example.before).words) // 5)


def test_a_misspelled_text_keeps_most_of_its_signs(found: dict[str, Robustness]) -> None:
    for example in found["character"].examples:
        before, after = cut(example.before).words, example.after
        kept = sum(word in after for word in before)
        assert kept >= 0.75 * len(before)


def test_a_reworded_text_keeps_its_negations(found: dict[str, Robustness]) -> None:
    for example in found["word"].examples:
        negations = [[w for w in cut(text).words if is_negation(w.lower())] for text in (example.before, example.after)]
        assert negations[0] == negations[1]


def test_the_same_again(run: Run, found: dict[str, Robustness]) -> None:
    assert result(verbs.attack(run, "character", num_rows=30)) == found["character"]


def test_it_says_how_far_it_is_and_can_be_stopped(run: Run) -> None:
    attacking = verbs.attack(run, "character", num_rows=30)
    first = next(attacking)
    assert isinstance(first, Progress) and first.total == 30
    attacking.close()
    model = trained(run)
    assert not model.model.training


def test_a_model_that_nothing_turns() -> None:
    model = _always_good()
    robust = result(
        attack(
            model.model,
            model.tokenizer,
            model.labels,
            ["a good film", "a dull plot", "…", "bad"],
            [1, 1, 1, 0],
            method="character",
            positive_label="good",
            seed=0,
            max_length=20,
        )
    )
    assert robust.success == 0.0 and robust.changed_share == 0.0 and robust.examples == ()
    assert robust.before == robust.after and robust.before["accuracy"] == 0.75
    assert robust.before["precision"] == 0.75 and robust.before["recall"] == 1.0


def _always_good() -> Trained:
    model = own(Recurrent(embedding_size=4, hidden_size=4))
    model.model.head.output.weight.zero_()
    model.model.head.output.bias.copy_(model.model.head.output.bias.new_tensor([0.0, 3.0]))
    return model


def test_pretrained_models_read_the_same_alone_and_together() -> None:
    model = bert()
    texts = ["The film was not good", "ending", "", "the ending saved it all , but the film was not good ."]
    reader = Reader(model.model, model.tokenizer, model.max_length)
    together = result(reader.answers(texts))  # type: ignore[arg-type]
    alone = np.concatenate([result(reader.answers([text])) for text in texts])  # type: ignore[arg-type]
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_other_models_need_a_file(tmp_path: Path) -> None:
    model = bert()
    folder = tmp_path / "bert"
    model.model.set_attn_implementation("eager")
    model.model.save_pretrained(folder)
    model.tokenizer.save_pretrained(folder)
    file = tmp_path / "rows.csv"
    file.write_text("text,label\nThe film was good,1\nthe ending was not good,0\nit all,1\n")
    robust = result(verbs.attack(ModelFolder.open(folder), "word", str(file)))
    assert robust.num_rows == 3 and robust.split == "data"
    with pytest.raises(InputError, match="no labelled texts are known"):
        result(verbs.attack(ModelFolder.open(folder), "word"))
    encoder = bert_encoder()
    encoder.model.set_attn_implementation("eager")
    encoder.model.save_pretrained(tmp_path / "encoder")
    encoder.tokenizer.save_pretrained(tmp_path / "encoder")
    with pytest.raises(InputError, match="gives texts no labels"):
        result(verbs.attack(ModelFolder.open(tmp_path / "encoder"), "word", str(file)))


def test_numbers_and_invented_texts_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    rows = [f"text number {index} is {'long' * (index % 3)},{index / 7:.3f}" for index in range(80)]
    file.write_text("\n".join(["text,label", *rows]))
    number = {**SMALL, "data.train": str(file), "task.loss.name": "mse", "training.max_steps": 2}
    made = verbs.create(RunConfig().with_values(number), tmp_path / "runs", "number")
    for _ in verbs.train(made):
        pass
    with pytest.raises(InputError, match="predicts a number"):
        result(verbs.attack(made, "word"))
    config = RunConfig().with_values({"task.name": "text-gan", "model.name": "text-gan"})
    with pytest.raises(InputError, match="invents texts"):
        result(verbs.attack(verbs.create(config, tmp_path / "runs", "gan"), "word"))


def test_the_end_of_a_training(run: Run) -> None:
    model = trained(run)
    splits = load_splits(run.config.data, run.config.task, run.config.seed)
    material = make_material(run.config, splits, model.tokenizer)

    class Ready:
        pass

    task = Ready()
    task.model, task.tokenizer = model.model, model.tokenizer  # type: ignore[attr-defined]
    task.labels, task.positive_label = model.labels, splits.positive_label  # type: ignore[attr-defined]
    model.model.train()
    attacking: Generator[None, None, list[events.Attacked]] = attack_rows(task, material, 12, 0, 60)  # type: ignore[arg-type]
    breaths = 0
    while True:
        try:
            assert next(attacking) is None
            breaths += 1
        except StopIteration as end:
            told = end.value
            break
    assert breaths > 4 and [one.method for one in told] == ["character", "word"]
    assert model.model.training, "it is left as it was"
    model.model.eval()
    for one in told:
        assert one.step == 60 and one.num_rows == 12 and one.split == "test"
        assert set(one.before) == {"precision", "recall", "f1", "accuracy"} <= set(one.intervals)
        again = events.from_json(json.loads(json.dumps(events.to_json(one))))
        assert isinstance(again, events.Attacked) and again.examples == one.examples
    assert any(one.examples for one in told)


def test_command_line(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell(capsys)
    code, (answer,), _ = shell("attack", str(run.path), "-n", "12", "--split", "validation")
    assert code == 0 and [one["method"] for one in answer["attacks"]] == ["character", "word"]
    for one in answer["attacks"]:
        assert {"method", "before", "after", "success", "changed_share", "num_rows", "split", "examples"} <= set(one)
        assert one["num_rows"] == 12 and one["split"] == "validation"
    code, (answer,), _ = shell("attack", str(run.path), "-n", "8", "--method", "word", "--checkpoint", "last")
    assert code == 0 and [one["method"] for one in answer["attacks"]] == ["word"]
    code, lines, _ = shell("attack", str(run.path), "-n", "0")
    assert code == 2 and "At least one row" in json.dumps(lines[-1]["error"])
    code, lines, _ = shell("attack", str(run.path), "--method", "magic")
    assert code == 2 and "magic" in json.dumps(lines[-1]["error"])


def test_people_read_a_table(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["attack", str(run.path), "-n", "12"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "12 rows of test"
    assert lines[1].split()[:4] == ["precision", "recall", "f1", "accuracy"]
    assert [line[:11].strip() for line in lines[2:5]] == ["as they are", "misspelled", "reworded"]
    assert any("→" in line for line in lines[5:])


class _Judge:
    """Answers 1 where it reads "prize"."""

    def answers(self, texts: list[str]) -> Generator[None, None, np.ndarray]:
        yield
        return np.array([[0.1, 0.9] if "prize" in text else [0.8, 0.2] for text in texts])


@pytest.mark.parametrize("num_words", [1, 32, 33, 65, 100])
def test_the_word_that_decides_comes_first_in_texts_of_every_length(num_words: int) -> None:
    targets = []
    for place in range(num_words):
        words = ["it"] * num_words
        words[place] = "prize"
        targets.append(Target(place, cut(" ".join(words)), 1, np.array([0.1, 0.9]), Random(0)))
    result(rank(_Judge(), targets))  # type: ignore[arg-type]
    assert [target.places[0] for target in targets] == list(range(num_words))
    for target in targets:
        assert len(set(target.places)) == len(target.places) >= min(num_words, 9)
