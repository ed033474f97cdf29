"""Every verb that reads a labelled file says which of its rows it did not measure, and what it counts as wrong."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import main
from engine.records import Decision
from engine.runs.checkpoints import checkpoint_path
from engine.runs.decision import save_decision
from engine.runs.run import Run
from tests.engine.command_line.test_contract import Shell, shell  # noqa: F401

pytestmark = pytest.mark.slow
WORDS = {"ham": "home for tea", "spam": "free cash prize"}


def write(path: Path, rows: list[tuple[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that learned ham and spam, and `test.csv`: four of each, six spelled otherwise, three of a third label, two
    without a label and one without a text."""
    made = tmp_path_factory.mktemp("left-out")
    kinds = ("ham", "spam")
    write(made / "train.csv", [(f"{WORDS[kinds[row % 2]]} {row % 7} {row}", kinds[row % 2]) for row in range(160)])
    rows = [(f"{WORDS[kind]} {row}", kind) for row in range(4) for kind in kinds]
    rows += [(f"{WORDS[kind]} {row} again", kind.title()) for row in range(3) for kind in kinds]
    rows += [(f"something else {row}", "other") for row in range(3)]
    rows += [("no label here 1", ""), ("no label here 2", ""), ("", "ham")]
    write(made / "test.csv", rows)
    small = [
        "model.embedding_size=8",
        "model.hidden_size=8",
        "training.max_steps=40",
        "training.evaluate_every=20",
        "training.baseline=false",
    ]
    small += [
        "training.device=cpu",
        "data.max_length=16",
        "training.attacked_rows=0",
        "training.optimizer.learning_rate=.02",
    ]
    source = f"data.train={made / 'train.csv'}"
    assert main(["train", "quick-look", "--set", source, *small, "--runs", str(made), "--name", "run"]) == 0
    return made


def left_out(answer: dict[str, Any]) -> dict[str, tuple[int, list[int]]]:
    return {one["reason"]: (one["count"], one["rows"]) for one in answer["left_out"]}


UNUSABLE = {"no_text": (1, [20]), "no_label": (2, [18, 19])}


def test_unknown_labels_count_as_wrong(folder: Path, shell: Shell) -> None:  # noqa: F811
    code, (answer,), said = shell("evaluate", str(folder / "run"), "--data", str(folder / "test.csv"))
    assert code == 0 and answer["num_rows"] == 17 and left_out(answer) == UNUSABLE
    assert {one["label"]: (one["count"], one["like"]) for one in answer["unknown_labels"]} == {
        "Ham": (3, "ham"),
        "Spam": (3, "spam"),
        "other": (3, None),
    }
    rows = sum(map(sum, answer["confusion"]))
    right = answer["confusion"][0][0] + answer["confusion"][1][1]
    assert rows == 8 and answer["metrics"]["accuracy"] == pytest.approx(right / 17)
    assert answer["figures"]["accuracy"]["value"] == pytest.approx(right / 17)
    for word in ("3 rows", "no label", "no text", "Ham", "other", "--match-spelling"):
        assert word in said


@pytest.mark.parametrize(
    ("words", "num_rows", "unknown"),
    [
        (["--unknown-labels", "leave-out"], 8, (9, list(range(9, 18)))),
        (["--match-spelling"], 17, None),
        (["--match-spelling", "--unknown-labels", "leave-out"], 14, (3, [15, 16, 17])),
    ],
)
def test_unless_the_person_says_otherwise(
    folder: Path,
    shell: Shell,  # noqa: F811
    words: list[str],
    num_rows: int,
    unknown: tuple[int, list[int]] | None,
) -> None:
    data = str(folder / "test.csv")
    for verb in (["evaluate"], ["report", "--out", str(folder / f"report{num_rows}")]):
        _, (answer,), _ = shell(verb[0], str(folder / "run"), "--data", data, *verb[1:], *words)
        assert left_out(answer) == UNUSABLE | ({"unknown_label": unknown} if unknown else {})
        assert answer.get("num_rows", num_rows) == num_rows


@pytest.mark.parametrize("verb", ["attack", "heads", "suspects", "faithfulness"])
def test_other_verbs_say_it_too(folder: Path, shell: Shell, verb: str) -> None:  # noqa: F811
    more = ["--method", "character"] if verb == "attack" else []
    code, (answer,), said = shell(verb, str(folder / "run"), "--data", str(folder / "test.csv"), *more)
    assert code == 0
    wanted = {"no_text": (1, [20])} if verb == "faithfulness" else UNUSABLE | {"unknown_label": (9, list(range(9, 18)))}
    assert left_out(answer) == wanted and "no text" in said


def test_a_comparison_counts_them_for_both(folder: Path, shell: Shell) -> None:  # noqa: F811
    other = folder / "twin"
    if not other.exists():
        shutil.copytree(folder / "run", other)
    code, (answer,), _ = shell("compare", str(folder / "run"), str(other), "--data", str(folder / "test.csv"))
    assert code == 0 and left_out(answer) == UNUSABLE and len(answer["unknown_labels"]) == 3
    _, (alone,), _ = shell("evaluate", str(folder / "run"), "--data", str(folder / "test.csv"))
    for group in answer["table"]:
        assert group["num_rows"] == 17
        assert group["figures"]["accuracy"]["value"] == pytest.approx(alone["metrics"]["accuracy"])


def test_a_report_shows_them(folder: Path, shell: Shell, tmp_path: Path) -> None:  # noqa: F811
    shell("report", str(folder / "run"), "--data", str(folder / "test.csv"), "--out", str(tmp_path))
    page = (tmp_path / "evaluation-data.html").read_text(encoding="utf-8")
    assert "2 rows have no label." in page and "“other” (3 rows) is no label of the model" in page
    with (tmp_path / "left-out-data.csv").open(encoding="utf-8-sig", newline="") as file:
        kept = list(csv.DictReader(file))
    assert {row["reason"] for row in kept} == {"no_text", "no_label", "counts as wrong"}
    with (tmp_path / "predictions-data.csv").open(encoding="utf-8-sig", newline="") as file:
        predictions = list(csv.DictReader(file))
    assert [row["label"] for row in predictions[8:10]] == ["Ham", "Spam"] and predictions[-1]["label"] == "other"


def test_a_file_of_other_labels_alone_is_refused(folder: Path, shell: Shell, tmp_path: Path) -> None:  # noqa: F811
    path = write(tmp_path / "capitals.csv", [("a text", "HAM"), ("another", "SPAM")])
    code, _, said = shell("evaluate", str(folder / "run"), "--data", str(path))
    assert code == 2 and "--match-spelling" in said
    code, (answer,), _ = shell("evaluate", str(folder / "run"), "--data", str(path), "--match-spelling")
    assert code == 0 and answer["num_rows"] == 2 and "unknown_labels" not in answer


def test_figures_are_those_of_the_saved_decision(folder: Path, shell: Shell, tmp_path: Path) -> None:  # noqa: F811
    run = Path(shutil.copytree(folder / "run", tmp_path / "run"))
    _, (plain,), _ = shell("evaluate", str(run), "--split", "validation")
    assert "decision" not in plain and "coverage" not in plain["metrics"]
    _, (before,), _ = shell("predict", str(run), "--text", "free cash prize")
    threshold = before["probabilities"]["spam"] + 1e-6  # nothing is ever so surely spam
    save_decision(checkpoint_path(Run.open(run)), Decision(thresholds={"spam": min(threshold, 1.0)}))
    _, (answer,), _ = shell("evaluate", str(run), "--split", "validation")
    assert answer["likeliest"] == pytest.approx(plain["metrics"])
    said = sum(map(sum, answer["confusion"]))
    decision = answer["decision"]
    assert decision["num_answered"] == said == answer["num_rows"] - decision["num_left_to_a_person"]
    assert answer["metrics"]["coverage"] == pytest.approx(said / answer["num_rows"]) and said < answer["num_rows"]
    truths = sum(answer["confusion"][1]) + decision["left_to_a_person"].get("spam", 0)
    assert answer["metrics"]["recall"] == pytest.approx(answer["confusion"][1][1] / truths)
    assert answer["metrics"]["recall"] < plain["metrics"]["recall"]
