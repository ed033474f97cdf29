"""A project from a file, labelled through the queue by somebody who knows the answers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from engine.breath import drain
from engine.config.data import BuiltinTexts, DataConfig
from engine.data.builtin.samples import builtin_texts
from engine.errors import InputError
from engine.inspection.labelling.beginning import begin_labelling
from engine.inspection.labelling.desk import Desk, desk_of
from engine.inspection.labelling.files import contradiction, export_labels, import_labels, labelled_files
from engine.inspection.labelling.learning import learn_labels
from engine.inspection.labelling.queue import labelling_queue, next_texts
from engine.inspection.labelling.text_model import WordCounter
from engine.runs.labelling import CHECK_EVERY, Labelling


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    rows = builtin_texts(BuiltinTexts(topic="messages", num_rows=400), 0)
    return dict(zip(rows["text"], rows["label"], strict=True))


@pytest.fixture
def project(tmp_path: Path, answers: dict[str, str]) -> Labelling:
    file = tmp_path / "messages.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text"])
        writer.writerows(enumerate(answers))
        writer.writerow([999, next(iter(answers))])  # the first text once more
        writer.writerow([1000, "  "])
    labels = sorted(set(answers.values()))
    return drain(begin_labelling(DataConfig(train=str(file)), labels, tmp_path / "runs"))


def _label(project: Labelling, answers: dict[str, str], num: int) -> None:
    desk, journal = desk_of(project), project.journal()
    while len(journal.labels.given) < num:
        for one in next_texts(desk, journal.labels, num=min(20, num - len(journal.labels.given))):
            journal.label(one.row, answers[one.text], is_check=one.is_check)


def test_each_text_is_asked_about_once(project: Labelling, answers: dict[str, str]) -> None:
    assert project.num_texts == len(answers)
    assert project.about["column"] == "text"
    assert project.about["num_left_out"] == 1
    assert project.texts["others"][0].as_py() == [len(answers) + 1]


def test_the_first_texts_come_by_chance_with_every_third_a_check_text(project: Labelling) -> None:
    found = drain(labelling_queue(project.path, num=21))
    assert [one.row for one in found if one.is_check] == project.check_order[:7].tolist()
    assert [one.row for one in found if not one.is_check] == project.chance_order[:14].tolist()
    assert {one.why for one in found} == {"check", "chance"}
    assert all(not one.chances for one in found)


def test_what_is_labelled_does_not_come_again_and_skipped_ones_come_last(project: Labelling) -> None:
    first = drain(labelling_queue(project.path, num=6))
    journal = project.journal()
    journal.label(first[0].row, "a")
    journal.unsure(first[1].row)
    journal.skip(first[2].row)
    rows = {one.row for one in drain(labelling_queue(project.path, num=300))}
    assert not rows & {first[0].row, first[1].row}
    everything = drain(labelling_queue(project.path, num=10_000))
    assert first[2].row in [one.row for one in everything[-140:]]


def test_reasons_suggestions_and_check_texts(project: Labelling, answers: dict[str, str]) -> None:
    _label(project, answers, 60)
    labels = project.journal().labels
    assert len(labels.checks) == 60 // CHECK_EVERY
    found = drain(labelling_queue(project.path, num=30))
    for one in found:
        if one.is_check:
            assert not one.chances, "a suggestion would sway the person"
            assert not one.marks
            continue
        assert one.suggestion == max(one.chances, key=lambda name: one.chances[name])
        assert sum(one.chances.values()) == pytest.approx(1.0)
        assert one.why in ("border", "unsure", "new")
        assert all(0 <= mark.start < mark.end <= len(one.text) for mark in one.marks)
    model = desk_of(project).model
    assert model is not None
    rows = np.setdiff1d(project.chance_order, list(labels.given))
    sure = model.probabilities(desk_of(project).places(rows)).max(axis=1)
    chosen = [one.share for one in found if one.why in ("border", "unsure")]
    assert np.mean(chosen) < np.mean(sure), "those it is less sure of than of most"


def test_looks_for_more_of_a_label(project: Labelling, answers: dict[str, str]) -> None:
    _label(project, answers, 45)
    label = sorted(set(answers.values()))[0]
    found = [one for one in drain(labelling_queue(project.path, "like", 12, label)) if not one.is_check]
    desk = desk_of(project)
    assert desk.model is not None
    rest = np.setdiff1d(project.chance_order, list(project.journal().labels.given))
    chances = desk.model.probabilities(desk.places(rest))[:, desk.model.labels.index(label)]
    assert min(one.share for one in found) > np.median(chances)
    assert found[0].share == pytest.approx(chances.max())
    with pytest.raises(InputError, match="is labelled"):
        drain(labelling_queue(project.path, "like", 12, "no such"))


def test_learns_and_measures_on_check_texts_alone(project: Labelling, answers: dict[str, str]) -> None:
    _label(project, answers, 75)
    found = drain(learn_labels(project.path, 0.9))
    labels = project.journal().labels
    assert (found.num_labels, found.num_learned, found.checked) == (75, 50, 25)
    desk = desk_of(project)
    counter = WordCounter.of(desk.texts)
    model = counter.fit(desk.places(labels.learned), list(labels.learned.values()))
    places = desk.places(labels.checked)
    said = np.array(model.labels)[model.probabilities(places).argmax(axis=1)]
    assert found.right == int((said == np.array(list(labels.checked.values()))).sum())
    assert found.curve is not None
    assert found.curve.labels[-1] == 75
    assert found.accuracy is not None
    assert found.curve.accuracy[-1] == found.accuracy.value
    assert found.advantage is not None
    assert found.advantage.gain.low <= found.advantage.gain.value <= found.advantage.gain.high
    assert found.projection is not None
    assert found.projection.labels is None, "25 check texts are too few to say"
    assert project.last_measured()["num_labels"] == 75


def test_too_few_labels_say_nothing(project: Labelling, answers: dict[str, str]) -> None:
    _label(project, answers, 6)
    found = drain(learn_labels(project.path))
    assert found.accuracy is None
    assert found.curve is None
    assert found.advantage is None


def test_a_nearly_equal_text_with_another_label(project: Labelling, answers: dict[str, str]) -> None:
    texts = ["please send the money at once to this account", "please send the money at once to this account!"]
    texts += [f"words of number {number} alone" for number in range(20)]
    file = project.path.parent / "near.txt"
    file.write_text("\n".join(texts), encoding="utf-8")
    near = drain(begin_labelling(DataConfig(train=str(file)), ["good", "bad"], project.path.parent, name="near"))
    near.journal().label(int(near.rows[0]), "bad")
    found = contradiction(near.path, int(near.rows[1]), "good")
    assert found is not None
    assert (found.row, found.label) == (int(near.rows[0]), "bad")
    assert contradiction(near.path, int(near.rows[1]), "bad") is None
    assert contradiction(near.path, int(near.rows[5]), "good") is None


def test_labels_out_and_in_again(project: Labelling, answers: dict[str, str], tmp_path: Path) -> None:
    _label(project, answers, 30)
    table = export_labels(project.path, tmp_path / "labels.csv")
    with table.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert all(answers[one["text"]] == one["label"] for one in rows)
    assert sum(one["check"] == "1" for one in rows) >= 10
    lines = export_labels(project.path, tmp_path / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["label"] for line in lines] == [one["label"] for one in rows]
    source = DataConfig(train=str(tmp_path / "messages.csv"))
    other = drain(begin_labelling(source, ["a", "b"], tmp_path / "runs", name="other"))
    taken = import_labels(other.path, str(table))
    assert taken.num_taken >= 30
    assert taken.num_unknown == 0
    assert set(taken.new_labels) == {one["label"] for one in rows}
    labels = other.journal().labels
    assert not labels.checks, "nobody drew them by chance for this project"
    assert all(answers[other.text(row)] == label for row, label in labels.given.items())
    assert import_labels(other.path, str(table)).num_taken == 0


def test_labels_by_row_count_as_check_texts_where_they_were_asked(project: Labelling, tmp_path: Path) -> None:
    from engine.runs.labelling import Said

    check = project.check_order.tolist()
    project.journal().add([Said("asked", check[0])])
    file = tmp_path / "given.jsonl"
    rows = [check[0], check[1], int(project.chance_order[0]), 99_999]
    file.write_text("".join(json.dumps({"row": row, "label": "news"}) + "\n" for row in rows), encoding="utf-8")
    taken = import_labels(project.path, str(file))
    assert (taken.num_taken, taken.num_unknown, taken.new_labels) == (3, 1, ("news",))
    assert project.journal().labels.checks == {check[0]}


def test_a_file_of_other_texts_is_refused(project: Labelling, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("text,label\nnothing of it,a\nnor this one,b\n", encoding="utf-8")
    with pytest.raises(InputError, match="None of the 2 rows"):
        import_labels(project.path, str(file))


def test_files_for_a_run(project: Labelling, answers: dict[str, str]) -> None:
    with pytest.raises(InputError, match="have one label"):
        labelled_files(project.path)
    _label(project, answers, 30)
    train, test = labelled_files(project.path)
    assert test is not None
    told = [[json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] for file in (train, test)]
    assert [len(one) for one in told] == [20, 10]
    assert not {one["text"] for one in told[0]} & {one["text"] for one in told[1]}
    assert labelled_files(project.path) == (train, test)
    project.journal().undo()
    assert labelled_files(project.path)[0] != train, "a run that is resumed sees what it saw"


@pytest.mark.parametrize(
    ("labels", "rows", "why"),
    [(["one"], 20, "two labels"), (["a", " a "], 20, "two labels"), (["a", "b"], 4, "to label")],
)
def test_bad_beginnings(tmp_path: Path, labels: list[str], rows: int, why: str) -> None:
    file = tmp_path / "few.txt"
    file.write_text("\n".join(f"this is text {row}" for row in range(rows)), encoding="utf-8")
    with pytest.raises(InputError, match=why):
        drain(begin_labelling(DataConfig(train=str(file)), labels, tmp_path / "runs"))


def test_words_that_speak_for_a_label_are_those_with_its_weights(answers: dict[str, str]) -> None:
    texts = ["the bus is late again", "the bus was late", "pay the fee today", "the fee was paid"] * 3
    counter = WordCounter.of(texts)
    model = counter.fit(range(12), ["bus", "bus", "fee", "fee"] * 3)
    marks = model.marks(0, texts[0], ["bus", "fee"])
    assert next((texts[0][mark.start : mark.end].split()[0], mark.label) for mark in marks) == ("bus", "bus")
    assert {counter.column("bus"), counter.column("bus is")} <= set(counter.features[[0]].indices)
    parts = [sum(mark.weight for mark in model.marks(place, texts[place], ["fee"])) for place in (2, 3)]
    assert all(part > 0 for part in parts)


def test_chinese_is_counted_by_signs() -> None:
    texts = ["校车今天又没来", "校车又晚了", "请交学费", "学费已经交了"] * 3
    counter = WordCounter.of(texts)
    model = counter.fit(range(12), ["车", "车", "费", "费"] * 3)
    assert model.probabilities([0]).argmax() == model.labels.index("车")
    assert model.marks(0, texts[0], ["车", "费"])


def test_rows_that_are_no_texts_are_passed_over(project: Labelling) -> None:
    desk = Desk(project)
    assert desk.known({1: "a", 77_777: "b"}) == {1: "a"}
    with pytest.raises(InputError, match="no text in row"):
        desk.place(77_777)
