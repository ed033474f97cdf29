"""Renaming, marking, deleting and bringing back: what is kept, what old folders say, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.config.run import RunConfig
from engine.errors import InputError
from engine.messages import message
from engine.runs.run import Run, runs_in
from engine.runs.run_maintenance import Marks, delete, mark, marks_of, rename, restore
from engine.runs.seed_groups import grouped, members
from engine.runs.study import Study, Variant, studies_in


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run.create(RunConfig(), tmp_path, "Tickets")


def test_a_name_is_only_a_name(run: Run) -> None:
    assert rename(run.path, "  Parcels   of\n1 ") == "Parcels of 1"
    assert run.name == "Parcels of 1" and run.path.name == "Tickets"
    with pytest.raises(InputError, match="needs a name"):
        rename(run.path, " \t")
    assert run.name == "Parcels of 1"


def test_unknown_fields_stay_and_old_files_read_well(run: Run) -> None:
    assert marks_of(run.path) == Marks()
    about = json.loads((run.path / "run.json").read_text(encoding="utf-8"))
    (run.path / "run.json").write_text(json.dumps({**about, "colour": "green"}), encoding="utf-8")
    mark(run.path, Marks(star=True, tags=("kept",), note="好"))
    rename(run.path, "Other")
    about = json.loads((run.path / "run.json").read_text(encoding="utf-8"))
    assert about["colour"] == "green" and about["format"] == 1 and "created" in about
    assert marks_of(run.path) == Marks(star=True, tags=("kept",), note="好")


def test_spoilt_marks_are_empty() -> None:
    assert Marks.of({"star": "yes", "tags": "a", "note": 3}) == Marks()
    assert Marks.of({"tags": ["a", 1]}).tags == ("a", "1")


def test_tags_are_trimmed_and_stand_once() -> None:
    assert Marks().with_tags([" a ", "b  c", "a", ""]).tags == ("a", "b c")


def test_deleting_is_moving_and_can_be_taken_back(run: Run, tmp_path: Path) -> None:
    place = delete(run.path)
    assert not run.path.exists() and (place / "run.json").is_file() and runs_in(tmp_path) == []
    again = Run.create(RunConfig(), tmp_path, "Tickets")
    second = delete(again.path)
    assert restore(place) == run.path and runs_in(tmp_path) == [run]
    assert restore(second) == tmp_path / "Tickets 2"
    assert not (tmp_path / ".trash").exists(), "nothing is left in it"


def test_what_is_trained_stays(run: Run) -> None:
    with run.locked(), pytest.raises(InputError, match="being trained"):
        delete(run.path)
    assert run.path.exists()


def study_of(folder: Path) -> Study:
    variants = [
        Variant("plain", message("LSTM alone"), RunConfig()),
        Variant("wide", message("Wide"), RunConfig().with_values({"model.hidden_size": 512})),
    ]
    return Study.create("ablation", RunConfig(), variants, (0, 1), folder, "Study")


def test_studies_are_kept_up_alike(tmp_path: Path) -> None:
    study = study_of(tmp_path)
    rename(study.path, "What helped")
    mark(study.path, Marks(star=True))
    assert study.name == "What helped" and marks_of(study.path).star and len(study.variants) == 2
    part = study.members[0].made()
    with part.locked(), pytest.raises(InputError, match="being trained"):
        delete(study.path)
    place = delete(study.path)
    assert studies_in(tmp_path) == [] and restore(place) == study.path


def test_a_study_opens_as_its_variants(tmp_path: Path) -> None:
    study = study_of(tmp_path)
    for member in study.members:
        member.made()
    assert members([study]) == [], "no run of it has a checkpoint yet"
    for member in study.members:
        (member.path / "checkpoints.json").write_text('{"best": "step-1"}', encoding="utf-8")
    found = grouped(members([study]))
    assert [group.title.english() for group in found] == ["LSTM alone", "Wide"]
    assert [group.seeds for group in found] == [(0, 1), (0, 1)]
    alone = Run.create(RunConfig(), tmp_path, "Tickets")
    titles = [group.title.english() for group in grouped([*members([study]), alone])]
    assert titles == ["Study · LSTM alone", "Study · Wide", "Tickets"], "the same run again says nothing about luck"


def test_groups_of_one_name_are_told_apart(tmp_path: Path) -> None:
    runs = [Run.create(RunConfig().with_values({"model.hidden_size": size}), tmp_path, f"R{size}") for size in (8, 16)]
    for run in runs:
        rename(run.path, "Same")
    assert [group.title.english() for group in grouped(runs)] == ["Same", "Same (2)"]
