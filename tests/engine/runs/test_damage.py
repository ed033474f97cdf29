"""Spoilt files of runs and studies: a list stays whole, every refusal is words, and nothing is other in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine import events
from engine.config.run import RunConfig
from engine.errors import AttuneError, InputError
from engine.messages import message
from engine.runs.damage import ChangedByHand, accept, faults_of, refuse_changed
from engine.runs.damaged_run import DamagedRun
from engine.runs.file_check import damaged_lines, inspected
from engine.runs.history import open_history
from engine.runs.journal import JournalReader, JournalWriter
from engine.runs.repair import mend
from engine.runs.run import Run, runs_in
from engine.runs.run_facts import how_to_go_on
from engine.runs.run_maintenance import Marks, delete, mark, marks_of, rename
from engine.runs.study import Study, Variant, studies_in
from tests.engine.runs.test_run_folder import started, steps_taken
from tests.spoiled_runs import ODD_ABOUTS, SPOILERS, cut, flipped, folder, set_about

pytestmark = pytest.mark.slow


def made_run(home: Path, name: str = "one") -> Run:
    run = Run.create(RunConfig(title="Reviews"), home, name)
    with JournalWriter(run.journal) as journal:
        journal.append(started())
        journal.append(steps_taken(1, [0.5, 0.25]))
        journal.append(events.Noticed(message=message("A word.")))
        best = {"step": 2, "metric": "f1", "value": 0.5}
        journal.append(events.RunFinished(step=2, state="finished", best=best, reason=message("Done.")))
    mark(run.path, Marks(star=True, tags=("kept",), note="a note"))
    return run


def made_study(home: Path, name: str = "study") -> Study:
    variants = [Variant(one, message("{name}", name=one), RunConfig()) for one in ("plain", "wide")]
    return Study.create("ablation", RunConfig(), variants, [0, 1], home, name)


def told(subject: Run | Study) -> list[str]:
    return [fault.what.english() for fault in inspected(subject)]


def answer(run: Path) -> object:
    """All that a list and a page say of a run; a refusal in words counts as said."""
    run_ = Run.open(run)
    history = open_history(run_.journal)[0]
    return (
        run_.name,
        run_.state,
        run_.config,
        Marks.of(run_.about),
        history.num_events,
        list(history.steps()[1]),
        [line.message.english() for line in history.log],
    )


# --- run.json -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", ODD_ABOUTS.values(), ids=ODD_ABOUTS)
def test_an_odd_run_is_listed_as_damaged_beside_a_good_one(tmp_path: Path, changes: dict[str, object]) -> None:
    good, odd = made_run(tmp_path, "good"), made_run(tmp_path, "odd")
    set_about(odd.path, **changes)
    listed = {one.path.name: one for one in runs_in(tmp_path)}
    assert listed["good"] == good
    if "title" in changes:
        assert listed["odd"] == odd, "a run has no title"
        return
    damaged = listed["odd"]
    assert isinstance(damaged, DamagedRun) and damaged.is_mendable and not damaged.is_other_version
    assert "damaged" in damaged.error.what.english() and "odd" in str(damaged.error.where)
    assert "check" in damaged.error.mend.english() and damaged.created > 0
    with pytest.raises(InputError):
        Run.open(odd.path)


@pytest.mark.parametrize("changes", [one for one in ODD_ABOUTS.values() if "name" not in one])
def test_an_odd_study_is_listed_as_damaged(tmp_path: Path, changes: dict[str, object]) -> None:
    good, odd = made_study(tmp_path, "good"), made_study(tmp_path, "odd")
    set_about(odd.path, **changes)
    listed = {one.path.name: one for one in studies_in(tmp_path)}
    assert listed["good"] == good and runs_in(tmp_path) == []
    damaged = listed["odd"]
    assert isinstance(damaged, DamagedRun) and damaged.is_study and not damaged.is_mendable


@pytest.mark.parametrize(
    "changes",
    [
        {"seeds": "1"},
        {"seeds": [0.5]},
        {"variants": [1]},
        {"variants": [{"name": "../up", "title": {"id": "a", "values": {}}, "config": {}}]},
        {"variants": [{"name": "a", "title": {"id": "{b}", "values": {}}, "config": {}}]},
        {"variants": {}},
        {"state": "odd"},
        {"kind": 1},
        {"base": []},
    ],
)
def test_a_study_of_the_wrong_shape_is_damaged(tmp_path: Path, changes: dict[str, object]) -> None:
    set_about(made_study(tmp_path).path, **changes)
    [listed] = studies_in(tmp_path)
    assert isinstance(listed, DamagedRun) and "study.json is damaged" in listed.error.what.english()


def test_a_run_without_run_json_is_no_ordinary_folder(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    (run.path / "run.json").unlink()
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "config.yaml").write_text("a: 1")
    [listed] = runs_in(tmp_path)
    assert isinstance(listed, DamagedRun) and listed.error.what.english() == "run.json is missing."


def test_a_folder_that_may_not_be_read_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, closed = made_run(tmp_path, "good"), made_run(tmp_path, "closed")
    is_there = Path.exists

    def exists(path: Path) -> bool:
        if path.parent == closed.path:
            raise PermissionError(13, "Permission denied")
        return is_there(path)

    monkeypatch.setattr(Path, "exists", exists)
    listed = {one.path.name: one for one in runs_in(tmp_path)}
    assert listed["good"] == good
    damaged = listed["closed"]
    assert isinstance(damaged, DamagedRun) and "Permission denied" in damaged.error.what.english()


def test_a_damaged_run_can_be_deleted(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    set_about(run.path, created=None)
    delete(run.path)
    assert runs_in(tmp_path) == []


def test_a_mended_run_has_what_could_be_believed(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    rename(run.path, "Its name")
    set_about(run.path, created="noon")
    assert [one.english() for one in mend(run.path)] == ["run.json was made anew."]
    again = Run.open(run.path)
    assert again.name == "Its name" and Marks.of(again.about) == Marks(True, ("kept",), "a note")
    assert told(again) == [] and again.state == "finished"


@pytest.mark.parametrize("spoil", SPOILERS.values(), ids=SPOILERS)
def test_a_spoilt_run_json_is_mended_or_told(tmp_path: Path, spoil: object) -> None:
    run = made_run(tmp_path)
    spoil(run.path / "run.json")  # type: ignore[operator]
    mend(run.path)
    assert runs_in(tmp_path) == [run] and told(run) == []


def test_the_way_on_names_the_folder(tmp_path: Path) -> None:
    assert f'check "{tmp_path / "a b"}" --mend' in how_to_go_on(tmp_path / "a b").english()


# --- every file, every way ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["run.json", "config.yaml", "journal.jsonl"])
@pytest.mark.parametrize("spoil", SPOILERS.values(), ids=SPOILERS)
def test_nothing_is_other_in_silence(tmp_path: Path, name: str, spoil: object) -> None:
    run = made_run(tmp_path)
    before = answer(run.path)
    spoil(run.path / name)  # type: ignore[operator]
    assert len(runs_in(tmp_path)) == 1
    try:
        after = answer(run.path)
        faults = told(Run.open(run.path))
    except AttuneError as error:
        assert error.mend.english()
        return
    is_new = name == "journal.jsonl" and not (run.journal.is_file() and run.journal.read_bytes().strip())
    assert after == before or faults or is_new


@pytest.mark.parametrize("name", ["run.json", "config.yaml", "journal.jsonl"])
def test_any_flipped_byte_is_told_or_means_nothing(tmp_path: Path, name: str) -> None:
    run = made_run(tmp_path)
    before, content = answer(run.path), (run.path / name).read_bytes()
    for step in range(41):
        flipped(run.path / name, step / 40)
        try:
            after, faults = answer(run.path), told(Run.open(run.path))
        except AttuneError:
            pass
        else:
            assert after == before or faults, step
        (run.path / name).write_bytes(content)


# --- settings -------------------------------------------------------------------------------------------------------


def test_settings_changed_by_hand_are_refused_until_they_are_accepted(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    file = run.path / "config.yaml"
    file.write_text(file.read_text().replace("Reviews", "Other reviews"))
    with pytest.raises(ChangedByHand, match="--accept"):
        refuse_changed(run)
    assert told(run) == ["config.yaml is not as it was written: it was changed, or cut short."]
    assert accept(run) == ("config.yaml",)
    refuse_changed(run)
    assert told(run) == []


def test_a_star_does_not_hide_what_somebody_else_changed(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    set_about(run.path, note="another note")
    mark(run.path, Marks(star=False))
    assert len(faults_of(run)) == 1
    mark(made_run(tmp_path, "two").path, Marks())
    assert faults_of(Run.open(tmp_path / "two")) == []


def test_a_run_of_an_older_version_opens_as_before(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    set_about(run.path)
    tree = json.loads((run.path / "run.json").read_text())
    (run.path / "run.json").write_text(json.dumps({key: tree[key] for key in ("format", "name", "created")}))
    plain = [json.loads(line) for line in run.journal.read_text().splitlines()]
    for one in plain:
        one.pop("crc")
    run.journal.write_text("".join(json.dumps(one) + "\n" for one in plain))
    file = run.path / "config.yaml"
    file.write_text(file.read_text().replace("Reviews", "Other"))
    assert faults_of(run) == [] and told(run) == []
    assert open_history(run.journal)[0].num_events == 4 and run.config.title == "Other"
    refuse_changed(run)


def test_a_study_changed_by_hand_is_not_run(tmp_path: Path) -> None:
    study = made_study(tmp_path)
    refuse_changed(study)
    study.become("stopped")
    refuse_changed(study)
    text = (study.path / "study.json").read_text()
    (study.path / "study.json").write_text(text.replace('"plain"', '"plane"'))
    with pytest.raises(ChangedByHand):
        refuse_changed(study)
    mend(study.path)
    refuse_changed(Study.open(study.path))


@pytest.mark.parametrize("content", ['{"table": [1]}', '{"table": [{"states": 1}]}', "[]", "[" * 9000, '{"table": 1}'])
def test_a_spoilt_table_of_a_study_is_none(tmp_path: Path, content: str) -> None:
    study = made_study(tmp_path)
    (study.path / "report.json").write_text(content)
    assert study.last_table == {}


# --- the journal ----------------------------------------------------------------------------------------------------

ODD_LINES = [
    '{"event":"StepsTaken","time":1,"steps":[1,2],"losses":{"model":[1]},"learning_rates":{},"gradient_norms":{},'
    '"accumulation":[1,1]}',
    '{"event":"StepsTaken","time":1,"steps":"no","losses":{},"learning_rates":{},"gradient_norms":{},"accumulation":[]}',
    '{"event":"StepsTaken","time":1,"steps":[[1]],"losses":{},"learning_rates":{},"gradient_norms":{},"accumulation":[[1]]}',
    '{"event":"StepsTaken","time":1,"steps":[1e99],"losses":{},"learning_rates":{},"gradient_norms":{},"accumulation":[1]}',
    '{"event":"Evaluated","time":1,"step":"x","split":"validation","metrics":{},"num_rows":3}',
    '{"event":"Evaluated","time":1,"step":1,"split":"validation","metrics":{"f1":"high"},"num_rows":3}',
    '{"event":"Evaluated","time":1,"step":1,"split":["validation"],"metrics":{},"num_rows":3}',
    '{"event":"Evaluated","time":1,"step":1}',
    '{"event":"RunFinished","time":1,"step":1,"state":"finished","best":{"step":"a"},"reason":{"id":"a","values":{}}}',
    '{"event":"RunFinished","time":1,"step":1,"state":7,"best":null,"reason":{"id":"a","values":{}}}',
    '{"event":"RunFailed","time":1,"step":1,"what":"words","where":"","mend":""}',
    '{"event":"Noticed","time":1,"message":{"id":"{missing}","values":{}}}',
    '{"event":"Noticed","time":1,"message":{"id":"{","values":{}}}',
    '{"event":"Noticed","time":1,"message":{"id":7,"values":{}}}',
    '{"event":"Noticed","time":1e300,"message":{"id":"a","values":{}}}',
    '{"event":"Noticed","time":null,"message":{"id":"a","values":{}}}',
    '{"event":"Noticed","time":"now","message":{"id":"a","values":{}}}',
    '{"event":"Collapsed","time":1,"step":1,"signs":[],"action":"told","best":null}',
    '{"event":"SettingChanged","time":1,"step":1,"name":"training.accumulation.steps","old":null,"new":2}',
    '{"event":"AttentionCaptured","time":1,"step":1,"path":"p","probes":[{"text":1}]}',
    '{"event":"AttentionCaptured","time":1,"step":1,"path":"p","probes":[[]]}',
    '{"event":"BaselineEvaluated","time":1,"split":"validation","metrics":{"f1":1},"num_rows":1,"seconds":1}',
    '{"event":"Attacked","time":1,"step":1,"method":"word","before":{},"after":{},"num_rows":1,"success":1}',
    '{"event":"RunStarted","time":1}',
    '{"event":["RunStarted"],"time":1}',
    '{"event":null}',
    "[1]",
    "null",
    "{}",
    "not json",
    "[" * 20_000,
]


@pytest.mark.parametrize("line", ODD_LINES, ids=range(len(ODD_LINES)))
def test_an_odd_line_is_passed_over_and_counted(tmp_path: Path, line: str) -> None:
    run = made_run(tmp_path)
    before = open_history(run.journal)[0]
    with run.journal.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    history, reader = open_history(run.journal)
    assert reader.num_damaged == history.num_damaged == damaged_lines(run) == 1
    assert history.num_events == before.num_events and history.state == before.state
    assert "1 line of the journal" in history.log[-1].message.english()
    assert len(history.log) == len(before.log) + 1


def test_what_a_newer_version_tells_is_no_damage(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    with run.journal.open("a", encoding="utf-8") as file:
        file.write('{"event":"Sung","time":1,"notes":[1]}\n')
    assert open_history(run.journal)[0].num_damaged == 0


def test_a_changed_number_in_a_line_is_found_out(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    content = run.journal.read_bytes()
    run.journal.write_bytes(content.replace(b"0.25", b"0.35"))
    reader = JournalReader(run.journal)
    assert len(reader.read()) == 3 and reader.num_damaged == 1


def test_damage_that_is_written_while_one_looks_is_told_too(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    history, reader = open_history(run.journal)
    with run.journal.open("a", encoding="utf-8") as file:
        file.write("spoilt\n")
    reader.read()
    history.tell_damage(reader.num_damaged)
    history.tell_damage(reader.num_damaged)
    assert [line.kind for line in history.log].count("warning") == 1


def test_times_without_end_are_numbers_again(tmp_path: Path) -> None:
    event = events.Progressed(
        step=1,
        total_steps=2,
        epoch=0.5,
        seconds=1.0,
        seconds_left=float("inf"),
        tokens_per_second=1.0,
        memory_bytes=1,
        memory_total=2,
        padding_share=0.0,
    )
    found = events.from_json(json.loads(json.dumps(events.to_json(event))))
    assert isinstance(found, events.Progressed) and found.seconds_left != found.seconds_left


# --- rights ---------------------------------------------------------------------------------------------------------


def test_a_run_that_may_only_be_read_opens_and_says_so_when_trained(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    folder(run.path / "lock")  # stands for a disk that may only be read, where rights do not bind the superuser
    assert run.state == "finished" and not run.is_locked
    with pytest.raises(AttuneError), run.locked():
        pass
    assert marks_of(run.path).star


def test_a_cut_journal_of_a_run_with_checkpoints_is_told(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    step = run.path / "checkpoints" / "step-2"
    step.mkdir()
    (step / "manifest.json").write_text("{}")
    (run.path / "checkpoints.json").write_text('{"best": null, "last": "step-2", "kept": []}')
    assert "lacks its end" in told(run)[0]
    with JournalWriter(run.journal) as journal:
        saved = events.CheckpointSaved(step=2, path="checkpoints/step-2", is_best=False, metric="f1", value=None)
        journal.append(saved)
    assert faults_of(run) == []
    cut(run.journal)
    assert any("lacks its end" in fault.what.english() for fault in faults_of(run))
