"""An evaluation of small real runs: figures, word counting, calibration, slices, speed and the report agree."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Generator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from engine import verbs
from engine.command_line.measuring import measures_tree
from engine.config.run import RunConfig
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.metrics.classification import classification_metrics
from engine.models.baseline import BagOfWords
from engine.records import Decision, Measures, Progress, Promise
from engine.runs.checkpoints import checkpoint_path
from engine.runs.decision import save_decision
from engine.runs.run import Run
from engine.targets import probabilities_of
from tests.engine.command_line.test_contract import Shell
from tests.engine.training.conftest import TINY, follow

Result = TypeVar("Result")
SPAM, HAM = "<b>spam</b>", "ham"
EVIL = ("<script>alert(1)</script> win", "=HYPERLINK(1) win", "-cash @home", "+1 & more <img src=x> prize")


def ended(answering: Generator[Progress, None, Result]) -> Result:
    while True:
        try:
            next(answering)
        except StopIteration as end:
            found: Result = end.value
            return found


def write_rows(path: Path, num_rows: int = 400) -> Path:
    """Rows of two labels; `place` says where from (in “b” labels are wrong), `level` is a number, `id` counts."""
    rng = np.random.default_rng(0)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label", "place", "level", "id", "story"])
        for row in range(num_rows):
            is_spam, place = row % 2 == 0, "ab"[row % 4 // 2]
            said = rng.choice(["free prize now", "win cash prize"] if is_spam else ["see you there", "home for tea"])
            start = EVIL[row // 10 % 4] if is_spam and row % 5 == 0 else f"note{row}"
            is_told = is_spam if place == "a" or row % 8 > 3 else not is_spam
            label = SPAM if is_told else HAM
            writer.writerow([f"{start} {said} {row}", label, place, f"{rng.normal():.3f}", row, "long " * 100])
    return path


def trained(folder: Path, name: str, **changes: Any) -> Run:
    dotted = {key.replace("__", "."): value for key, value in changes.items()}
    run = verbs.create(
        RunConfig().with_values({**TINY, "training.max_steps": 60, "training.evaluate_every": 30, **dotted}),
        folder,
        name,
    )
    follow(verbs.train(run))
    return run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("evaluated")
    source = write_rows(folder / "rows.csv")
    return trained(
        folder,
        "two <labels>",
        data__train=str(source),
        data__test_share=0.4,
        data__validation_share=0.2,
        data__text="text",
        data__label="label",
        task__positive_label=SPAM,
        training__baseline=True,
        training__max_steps=120,
        training__optimizer__learning_rate=0.02,
        model__dropout=0.0,
    )


def test_further_columns_stand_by_their_rows(run: Run) -> None:
    answers = ended(verbs.examine(run))
    with Path(run.config.data.train).open(encoding="utf-8") as file:  # type: ignore[arg-type]
        rows = list(csv.DictReader(file))
    assert list(answers.columns) == ["place", "level", "id"]  # the story is another text, no fact about one
    assert len(answers) == 160 and answers.split == "test"
    for place, row in enumerate(answers.rows):
        assert answers.texts[place] == rows[row - 1]["text"]
        assert [column[place] for column in answers.columns.values()] == [
            rows[row - 1][name] for name in ("place", "level", "id")
        ]


def test_a_run_without_test_rows_is_not_asked_twice(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = Run.open(Path(shutil.copytree(run.path, tmp_path / "copied")))
    copied.__dict__["config"] = run.config.with_values({"data.test_share": 0.0})
    first = ended(verbs.examine(copied))
    assert first.split == "validation"
    monkeypatch.setattr("engine.inspection.evaluation.examine.answers_to", None)
    assert (ended(verbs.examine(copied)).logits == first.logits).all()


def test_a_file_without_labels_is_answered_but_not_measured(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text("text,when\n" + "".join(f"free prize number {row},{row / 7:.3f}\n" for row in range(30)) + ",\n")
    answers = ended(verbs.examine(run, str(path)))
    assert answers.truths is None and len(answers) == 30 and list(answers.columns) == ["when"]
    for asked in (verbs.measure, verbs.slices, verbs.report):
        with pytest.raises(InputError, match="have no labels"):
            ended(asked(run, str(path)))
    path.write_text("text,label\nfree prize,maybe\nsee you,maybe\n")
    with pytest.raises(InputError, match="None of its labels"):
        ended(verbs.examine(run, str(path)))


def test_measures_are_those_of_the_answers(run: Run) -> None:
    measures, answers = ended(verbs.measure(run)), ended(verbs.examine(run))
    expected = classification_metrics(probabilities_of(answers), answers.truths, answers.labels, SPAM)
    assert {name: measures.figures[name].value for name in expected} == pytest.approx(expected)
    assert measures.num_rows == 160 and sum(measures.support.values()) == 160 and measures.split == "test"
    told = verbs.evaluate(run).metrics
    assert measures.figures["f1"].value == pytest.approx(told["f1"])


def test_the_saved_temperature_counts(run: Run, tmp_path: Path) -> None:
    copied = Run.open(Path(shutil.copytree(run.path, tmp_path / "copied")))
    plain = ended(verbs.measure(copied))
    save_decision(checkpoint_path(copied), Decision(temperature=3.0))
    warm = ended(verbs.measure(copied))
    assert (
        warm == ended(verbs.measure(copied, temperature=3.0)) != plain == ended(verbs.measure(copied, temperature=1.0))
    )
    assert warm.figures["accuracy"] == plain.figures["accuracy"]
    assert warm.figures["log_loss"].value != plain.figures["log_loss"].value


def test_word_counting_on_the_same_rows(run: Run, tmp_path: Path) -> None:
    copied = Run.open(Path(shutil.copytree(run.path, tmp_path / "copied")))
    told = ended(verbs.measure(copied)).counted  # as the training told it
    found, answers = ended(verbs.counted(copied)), ended(verbs.examine(copied))
    train = load_splits(run.config.data, run.config.task, run.config.seed).splits["train"]
    expected = BagOfWords.fit(train["text"], train["label"], run.config.seed).predict_probabilities(answers.texts)
    np.testing.assert_allclose(found, expected)
    kept = ended(verbs.measure(copied)).counted
    assert {name: kept[name] for name in told} == pytest.approx(told) and "log_loss" in kept
    assert (ended(verbs.counted(copied)) == found).all()


def test_word_counting_says_when_the_data_are_gone(tmp_path: Path, run: Run) -> None:
    source = tmp_path / "gone.csv"
    shutil.copy(str(run.config.data.train), source)
    other = tmp_path / "other.csv"
    shutil.copy(source, other)
    copied = Run.open(Path(shutil.copytree(run.path, tmp_path / "copied")))
    copied.__dict__["config"] = run.config.with_values({"data.train": str(source)})
    source.unlink()
    with pytest.raises(InputError, match="Word counting needs the texts"):
        ended(verbs.counted(copied, str(other)))
    assert ended(verbs.speed(copied)).num_rows > 100  # any texts tell about the time


def test_calibration_on_test_rows(run: Run) -> None:
    found = ended(verbs.calibrate(run))
    assert found.split == "test" and found.num_rows == 160 and found.temperature > 0
    measures = ended(verbs.measure(run, temperature=found.temperature))
    assert found.log_loss[1] == pytest.approx(measures.figures["log_loss"].value)
    assert found.after.error == pytest.approx(measures.figures["ece"].value)
    assert found.before.count.sum() == 160
    shown = ended(verbs.calibrate(run, split="validation"))
    assert shown.split == "validation" and shown.log_loss[1] <= shown.log_loss[0]


def test_slices_find_where_labels_are_wrong(run: Run) -> None:
    found, answers = ended(verbs.slices(run, word="PRIZE")), ended(verbs.examine(run))
    titles = {one.title.english(): one for one in found}
    worse = titles["place is “b”"]
    assert worse.is_worse and worse.metric == "precision" and not titles["place is “a”"].is_worse
    assert worse.p_value < 0.05 and worse.figure.value < worse.rest.value
    said = probabilities_of(answers).argmax(axis=1) == answers.labels.index(SPAM)
    places = np.array([cell == "b" for cell in answers.columns["place"]])
    assert (worse.places == np.flatnonzero(places)).all()
    hits = said & (answers.truths == answers.labels.index(SPAM))
    assert worse.figure.value == pytest.approx(hits[places].sum() / said[places].sum())
    assert not any(title.startswith("id ") for title in titles)
    assert sum(title.startswith("level from") for title in titles) == 4
    word = titles["with “PRIZE”"]
    assert word.kind == "word" == found[-1].kind
    assert (word.places == [place for place, text in enumerate(answers.texts) if "prize" in text.split()]).all()
    assert titles[f"label “{SPAM}”"].metric == "accuracy"
    (nothing,) = [one for one in ended(verbs.slices(run, word="nowhere")) if one.kind == "word"]
    assert len(nothing.places) == 0 and not nothing.is_worse


def test_a_word_is_whole_but_in_chinese(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "chinese.csv"
    lines = [
        "text,label",
        *(f"这是免费的奖品{row} freely,{SPAM}" for row in range(30)),
        *(f"再见{row},{HAM}" for row in range(30)),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert len(ended(verbs.slices(run, str(path), word="免费"))[-1].places) == 30
    assert len(ended(verbs.slices(run, str(path), word="free"))[-1].places) == 0


def test_speed_is_measured(run: Run) -> None:
    found = ended(verbs.speed(run))
    assert found.num_rows == 160 and found.rows_per_second > 1
    assert 0 < found.seconds_one <= found.seconds_one_slow and found.device


class Page(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("src", "href") or name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_needs_nothing_else_and_breaks_nowhere(run: Run, tmp_path: Path) -> None:
    copied = Run.open(Path(shutil.copytree(run.path, tmp_path / "copied")))
    promise = Promise(SPAM, 0.9, 0.95, 0.6, 80, lower_bound=0.9)
    save_decision(checkpoint_path(copied), Decision(2.0, {SPAM: 0.6}, (promise,)))
    html, table = ended(verbs.report(copied))
    assert html == copied.path / "report" / "evaluation-test.html" and table.name == "predictions-test.csv"
    page = Page(html.read_text(encoding="utf-8"))
    assert not {"script", "img", "b spam", "labels"} & set(page.tags) and page.links == []
    assert page.tags.count("svg") == 3 and page.tags[:2] == ["html", "head"]
    assert "How good is two <labels>?" in page.text and f"When it says “{SPAM}”" in page.text
    assert "Promised for" in page.text and "temperature 2" in page.text and "left to a person" in page.text
    assert "place is “b”" in page.text and "Word counting alone" in page.text and "rows.csv" in page.text
    figure = ended(verbs.measure(copied)).figures["precision"]
    assert (
        f"{100 * figure.value:.1f} %" in page.text
        and f"{100 * figure.low:.1f} % – {100 * figure.high:.1f} %" in page.text
    )


def test_every_prediction_is_in_the_table(run: Run, tmp_path: Path) -> None:
    copied = Run.open(Path(shutil.copytree(run.path, tmp_path / "copied")))
    save_decision(checkpoint_path(copied), Decision(thresholds={SPAM: 0.99, HAM: 0.5}))
    _, table = ended(verbs.report(copied, folder=tmp_path / "here"))
    answers = ended(verbs.examine(copied))
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = probabilities_of(answers)
    names = [answers.labels[place] for place in answers.truths]
    assert [int(row["row"]) for row in rows] == answers.rows.tolist() and [row["label"] for row in rows] == names
    cells = np.array([[float(row[f"p({label})"]) for label in answers.labels] for row in rows])
    np.testing.assert_allclose(cells, found, atol=1e-6)
    abstained = np.array([row["abstained"] == "true" for row in rows])
    assert (
        abstained
        == ((found[:, answers.labels.index(SPAM)] < 0.99) & (found.argmax(axis=1) == answers.labels.index(SPAM)))
    ).all()
    assert all((row["said"] == "") == (row["abstained"] == "true") for row in rows)
    for row, text in zip(rows, answers.texts, strict=True):
        assert row["text"] == (f"'{text}" if text[0] in "=+-@" else text)
    assert any(row["text"].startswith("'=") for row in rows)


def test_the_report_in_chinese_and_in_no_other_language(run: Run, tmp_path: Path) -> None:
    html, _ = ended(verbs.report(run, folder=tmp_path, language="zh"))
    content = html.read_text(encoding="utf-8")
    assert 'lang="zh"' in content and "各项指标" in content and "The figures" not in content
    with pytest.raises(InputError, match="language"):
        ended(verbs.report(run, folder=tmp_path, language="fr"))


def test_the_report_on_the_command_line(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell(capsys)
    code, (answer,), _ = shell("report", str(run.path), "--out", str(tmp_path / "out"), "--split", "validation")
    assert code == 0 and set(answer) == {"files", "left_out", "unknown_labels"}
    assert [Path(one).name for one in answer["files"]] == ["evaluation-validation.html", "predictions-validation.csv"]
    assert all(Path(one).is_file() for one in answer["files"])
    code, (answer,), _ = shell("report", str(run.path), "--data", str(tmp_path / "nothing.csv"))
    assert code == 2 and "error" in answer


def test_measures_as_json(run: Run) -> None:
    tree = json.loads(json.dumps(measures_tree(ended(verbs.measure(run))), allow_nan=False))
    assert set(tree) == {"figures", "per_label", "support", "baselines"}
    assert set(tree["figures"]["f1"]) == {"value", "low", "high", "method"} and tree["figures"]["f1"]["low"] > 0
    assert set(tree["baselines"]) == {"majority", "word_counting"}
    assert "word_counting" not in measures_tree(Measures({}, "test", 1))["baselines"]


@pytest.mark.slow
@pytest.mark.parametrize(("topic", "kind"), [("aspects", "several"), ("stars", "number")])
def test_other_kinds_of_targets(topic: str, kind: str, tmp_path: Path) -> None:
    loss = {"several": "binary-cross-entropy", "number": "mse"}[kind]
    run = trained(
        tmp_path,
        topic,
        data__builtin__topic=topic,
        data__builtin__num_rows=200,
        data__test_share=0.5,
        task__loss__name=loss,
        task__multi_label=kind == "several",
        training__max_steps=20,
        training__evaluate_every=20,
    )
    answers = ended(verbs.examine(run))
    assert answers.kind == kind
    counted = ended(verbs.counted(run))
    assert counted.shape == answers.logits.shape
    measures = ended(verbs.measure(run))
    assert measures.counted and set(measures.counted) <= set(measures.figures)
    slices = ended(verbs.slices(run))
    assert {one.metric for one in slices} == {"accuracy" if kind == "several" else "mae"}
    html, table = ended(verbs.report(run))
    assert "svg" in Page(html.read_text(encoding="utf-8")).tags or kind == "number"
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) >= len(answers) + 1
    if kind == "number":
        with pytest.raises(InputError, match="nothing to calibrate"):
            ended(verbs.calibrate(run))
        return
    assert ended(verbs.calibrate(run)).before.count.sum() == answers.logits.size
    named = [label for label, count in measures.support.items() if count]
    assert all(measures.per_label[label]["recall"].method == "wilson" for label in named)
