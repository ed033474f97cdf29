"""Suspects among a run's rows: planted errors are found out of sample; near-duplicates; correcting what was found."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine import verbs
from engine.__main__ import main
from engine.command_line.printing import answered
from engine.config.data import BuiltinTexts
from engine.config.run import RunConfig
from engine.data.builtin.samples import builtin_texts
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.inspection.labels.label_errors import out_of_sample
from engine.inspection.labels.near_duplicates import shingled
from engine.inspection.labels.out_of_fold import folds, out_of_fold_answers
from engine.runs.corrections import correction, corrections_of
from engine.runs.run import Run
from engine.targets import target_of
from tests.engine.training.conftest import TINY, follow

pytestmark = pytest.mark.slow

NUM_ROWS = 800


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, set[int]]:
    """A trained run on messages with 4 % of the labels turned, and those rows' numbers."""
    folder = tmp_path_factory.mktemp("planted")
    rows = builtin_texts(BuiltinTexts(topic="messages", num_rows=NUM_ROWS), 0)
    wrong = set(random.Random(0).sample(range(1, NUM_ROWS + 1), NUM_ROWS // 25))
    names = sorted(set(rows["label"]))
    with (folder / "rows.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "label"))
        for row, text, label in zip(rows["row"], rows["text"], rows["label"], strict=True):
            writer.writerow((text, names[1 - names.index(label)] if row in wrong else label))
    changes = {"data.train": str(folder / "rows.csv"), "training.max_steps": 90, "training.micro_batch_size": 32}
    sizes = {"model.embedding_size": 24, "model.hidden_size": 16, "training.optimizer.learning_rate": 0.01}
    run = verbs.create(RunConfig().with_values({**TINY, **changes, **sizes, "data.max_length": 40}), folder, "run")
    follow(verbs.train(run))
    return run, wrong


def test_the_first_suspects_were_planted(planted: tuple[Run, set[int]]) -> None:
    run, wrong = planted
    train = load_splits(run.config.data, run.config.task, run.config.seed).splits["train"]
    there = wrong & set(train["row"])
    found = answered(verbs.hunt(run))
    hits = [one.row in wrong for one in found.suspects]
    assert found.num_rows == len(train)
    assert np.mean(hits[:15]) >= 0.8
    assert len(there) / 2 <= found.expected <= 3 * len(there)
    assert answered(verbs.suspects(run, num=7)) == found.suspects[:7]


@pytest.mark.slow
def test_where_word_order_decides_the_model_judges(tmp_path: Path) -> None:
    """Pairs of texts have the same words: who counts them knows nothing."""
    generator = random.Random(0)
    names = ["cat", "dog", "fox", "owl", "hen", "cow", "pig", "ant"]
    lines, wrong = [], set()
    for row in range(1, 601):
        one, other = generator.sample(names, 2)
        label = "pos" if row % 2 else "neg"
        verb = "good" if row % 2 else "bad"
        last = "bad" if row % 2 else "good"
        if row % 30 == 0:
            wrong.add(row)
            label = "pos" if label == "neg" else "neg"
        lines.append(f"{verb} {one} {other} {last},{label}")
    (tmp_path / "a.csv").write_text("\n".join(["text,label", *lines]), encoding="utf-8")
    changes = {"data.train": str(tmp_path / "a.csv"), "training.max_steps": 120, "training.micro_batch_size": 32}
    sizes = {"model.embedding_size": 16, "model.hidden_size": 16, "training.optimizer.learning_rate": 0.01}
    run = verbs.create(RunConfig().with_values({**TINY, **changes, **sizes}), tmp_path, "run")
    assert answered(verbs.hunt(run)).judge == "counting", "an untrained run has nobody else"
    follow(verbs.train(run))
    found = answered(verbs.hunt(run))
    assert found.judge == "model"
    assert np.mean([one.row in wrong for one in found.suspects[:10]]) >= 0.8


@pytest.mark.slow
def test_held_out_rows_are_judged_too(planted: tuple[Run, set[int]]) -> None:
    run, wrong = planted
    for split in ("validation", "test"):
        found = answered(verbs.suspects(run, split))
        rows = load_splits(run.config.data, run.config.task, run.config.seed).splits[split]
        chance = np.mean([row in wrong for row in rows["row"]])
        assert np.mean([one.row in wrong for one in found[:4]]) > 5 * chance
        assert {one.row for one in found} <= set(rows["row"])


def test_another_file(planted: tuple[Run, set[int]]) -> None:
    run, wrong = planted
    found = answered(verbs.suspects(run, source=str(run.path.parent / "rows.csv"), num=10))
    assert sum(one.row in wrong for one in found) >= 5


def test_answers_are_kept_and_are_those_of_the_others(planted: tuple[Run, set[int]]) -> None:
    run, _ = planted
    answers = answered(out_of_sample(run))
    again = out_of_sample(run)
    with pytest.raises(StopIteration) as end:
        next(again)
    assert np.array_equal(end.value.value.logits, answers.logits)


def test_no_model_has_learned_the_row_or_its_copy() -> None:
    """All labels are chance, so who has not learned a row cannot know it; a copy under another label changes that."""
    generator = np.random.default_rng(0)
    texts = [f"word{generator.integers(3)} number{n}" for n in range(150)] * 2
    truths = np.concatenate([generator.integers(0, 2, 150)] * 2)
    said = answered(out_of_fold_answers(texts, truths, "one", 2, 0))
    assert np.allclose(said.sum(axis=1), 1.0)
    assert (said.argmax(axis=1) == truths).mean() < 0.65


def test_folds_keep_copies_together_and_spread_the_labels() -> None:
    texts = ["same"] * 9 + [f"t {n}" for n in range(91)]
    truths = np.array([1] * 9 + [n % 10 == 0 for n in range(91)], dtype=np.int64)
    fold = folds(texts, target_of("one").strata(truths), 1)
    assert len(set(fold[:9])) == 1
    assert set(fold) == set(range(5))
    rare = np.bincount(fold[9:][truths[9:] == 1], minlength=5)
    assert rare.max() - rare.min() <= 2
    assert np.array_equal(fold, folds(texts, target_of("one").strata(truths), 1))
    assert not np.array_equal(fold, folds(texts, target_of("one").strata(truths), 2))


def test_a_label_of_one_text_is_not_judged() -> None:
    texts = [f"red apple {n}" for n in range(10)] + [f"blue sky {n}" for n in range(10)] + ["green grass"]
    said = answered(out_of_fold_answers(texts, np.array([0] * 10 + [1] * 10 + [2]), "one", 3, 0))
    assert np.isnan(said[-1]).all() and np.isfinite(said[:-1]).all()
    assert (said[:20].argmax(axis=1) == np.repeat([0, 1], 10)).all()


def test_several_labels_and_numbers_are_fitted() -> None:
    texts = [f"{'red ' * (n % 2)}{'tall ' * (n % 3 == 0)}thing {n}" for n in range(120)]
    truths = np.array([[n % 2, n % 3 == 0] for n in range(120)], dtype=bool)
    said = answered(out_of_fold_answers(texts, truths, "several", 2, 0))
    assert ((said > 0.5) == truths).mean() > 0.95
    numbers = truths @ np.array([2.0, 5.0])
    guessed = answered(out_of_fold_answers(texts, numbers, "number", 0, 0))
    assert guessed.shape == (120, 1) and np.corrcoef(guessed[:, 0], numbers)[0, 1] > 0.95


def test_it_can_be_stopped(planted: tuple[Run, set[int]], tmp_path: Path) -> None:
    run = verbs.create(planted[0].config, tmp_path, "stopped")
    hunting = verbs.suspects(run)
    next(hunting)
    hunting.close()
    assert not (run.path / "answers").exists()


def test_the_same_text_under_another_label_is_told(tmp_path: Path) -> None:
    lines = [f"good {n} fine,pos" for n in range(30)] + [f"bad {n} poor,neg" for n in range(30)]
    (tmp_path / "a.csv").write_text("\n".join(["text,label", *lines, "good 3 fine,neg"]), encoding="utf-8")
    (tmp_path / "b.csv").write_text("text,label\nso good,pos\nso bad,neg", encoding="utf-8")
    data = {"data.train": str(tmp_path / "a.csv"), "data.validation": str(tmp_path / "b.csv"), "data.test_share": 0.0}
    run = verbs.create(RunConfig().with_values({**TINY, **data}), tmp_path, "run")
    found = {one.row: one for one in answered(verbs.suspects(run))}
    assert found[61].elsewhere == ("pos",) and found[61].proposed == "pos"
    assert 4 not in found


def test_a_run_without_labels_has_no_wrong_ones(tmp_path: Path) -> None:
    run = verbs.create(verbs.load_config("text-gan", {"data.builtin.num_rows": 100}), tmp_path, "gan")
    with pytest.raises(InputError, match="texts without labels"):
        answered(verbs.suspects(run))
    with pytest.raises(InputError, match="texts without labels"):
        verbs.correct(run, "train", 1, None)


def test_near_duplicates_among_the_training_rows(planted: tuple[Run, set[int]]) -> None:
    run, _ = planted
    train = load_splits(run.config.data, run.config.task, run.config.seed).splits["train"]
    text = train[5]["text"]
    first, *others = answered(verbs.similar(run, f"{text} indeed"))
    assert (first.row, first.text, first.label) == (train[5]["row"], text, train[5]["label"])
    pairs = len(shingled(text)) - 1
    assert first.overlap == pytest.approx(pairs / (pairs + 1), abs=0.06)
    assert len(others) == 2 and first.overlap >= others[0].overlap >= others[1].overlap > 0
    assert answered(verbs.similar(run, "xyzzy")) == ()


def test_what_pairs_are_made_of() -> None:
    assert shingled("Don't stop, now") == ["don't", "stop", ",", "now"]
    assert shingled("很 好吃") == ["很好", "好吃"]
    assert shingled("Ok") == ["ok", "ok"] and shingled("好") == ["好", "好"] and shingled("") == []


@pytest.mark.slow
def test_a_resumed_run_sees_the_labels_it_began_with(planted: tuple[Run, set[int]], tmp_path: Path) -> None:
    """What is corrected after a run began is for the next one."""
    first, wrong = planted
    train = load_splits(first.config.data, first.config.task, 0).splits["train"]
    row = next(one for one in train if one["row"] in wrong)
    kept = corrections_of(Run(tmp_path))
    names = sorted(set(train["label"]))
    kept.add(correction(first, "train", row["row"], row["text"], row["label"], names[1 - names.index(row["label"])]))
    changes = {"data.corrections": [str(kept.path)], "training.max_steps": 12}
    run = verbs.create(first.config.with_values(changes), tmp_path, "run")
    seen = load_splits(run.config.data, run.config.task, 0).splits["train"]
    assert sum(a != b for a, b in zip(seen["label"], train["label"], strict=True)) == 1
    for _ in zip(verbs.train(run), range(40), strict=False):
        pass
    for one in train.select(range(5)):
        kept.add(correction(first, "train", one["row"], one["text"], one["label"], None))
    again = load_splits(run.config.data, run.config.task, 0).splits["train"]
    assert list(again["row"]) == list(seen["row"]) and list(again["label"]) == list(seen["label"])
    follow(verbs.resume(run))
    assert run.state == "finished"


Shell = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    def _shell(*words: object) -> tuple[int, list[str]]:
        code = main([str(word) for word in words])
        return code, capsys.readouterr().out.splitlines()

    return _shell


def test_on_the_command_line(planted: tuple[Run, set[int]], tmp_path: Path, shell: Shell) -> None:
    run = verbs.create(planted[0].config, tmp_path, "run")
    code, lines = shell("suspects", run.path, "-n", 3, "--json")
    found = json.loads(lines[0])
    assert (
        code == 0
        and set(found) == {"suspects", "num_rows", "expected", "judge", "left_out", "damaged_lines"}
        and len(found["suspects"]) == 3
    )
    row, proposed = found["suspects"][0]["row"], found["suspects"][0]["proposed"]
    at = ("correct", run.path, "--split", "train", "--row", row)
    assert shell(*at, "--label", proposed)[0] == 0
    assert [(one.row, one.after) for one in corrections_of(run)] == [(row, proposed)]
    code, lines = shell("suspects", run.path, "-n", 3)
    assert lines[1].endswith(f"[corrected to {proposed}]") and "about" in lines[0]
    for words, said in ((["--leave-out"], "[left out]"), (["--keep"], "[kept]")):
        code, lines = shell(*at, *words)
        assert code == 0 and lines[0].endswith(said)
    code, lines = shell(*at, "--undo", "--json")
    assert json.loads(lines[0])["undone"] and not len(corrections_of(run))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--row", "1", "--label", "nothing"], "There is no label “nothing”"),
        (["--row", "99999", "--leave-out"], "train has no row 99,999"),
        (["--row", "1"], "one of the arguments"),
        (["--row", "1", "--undo"], "was not corrected"),
        (["--row", "1", "--leave-out", "--undo"], "not allowed with"),
    ],
)
def test_what_cannot_be_corrected_is_said(
    planted: tuple[Run, set[int]], shell: Shell, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    run, _ = planted
    row = load_splits(run.config.data, run.config.task, 0).splits["train"][0]["row"]
    words = [str(row) if word == "1" else word for word in words]
    assert main(["correct", str(run.path), "--split", "train", *words]) == 2
    assert said in capsys.readouterr().err
    assert not corrections_of(run).path.exists()
