"""A labelling project keeps what was said through undo, torn lines, other processes and kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from engine.errors import InputError
from engine.runs.damaged_run import DamagedRun
from engine.runs.labelling import CHECK_EVERY, JOURNAL, Labelling, labellings_in
from engine.runs.run import runs_in
from engine.runs.run_maintenance import delete, rename, restore


@pytest.fixture
def project(tmp_path: Path) -> Labelling:
    rows = list(range(1, 31))
    texts = pa.table(
        {
            "row": pa.array(rows, pa.int64()),
            "text": [f"text number {row}" for row in rows],
            "others": pa.array([[] for _ in rows], pa.list_(pa.int64())),
        }
    )
    return Labelling.create(tmp_path, "messages.csv", "text", texts, ["spam", "ham"], name="Messages")


def test_opens_as_it_was_made(project: Labelling) -> None:
    again = Labelling.open(project.path)
    assert (again.name, again.num_texts, again.source) == ("Messages", 30, "messages.csv")
    assert again.journal().labels.names == ["spam", "ham"]
    assert again.text(7) == "text number 7"


def test_a_third_are_check_texts_drawn_by_chance(project: Labelling) -> None:
    check, rest = project.check_order, project.chance_order
    assert len(check) == 30 // CHECK_EVERY
    assert sorted([*check, *rest]) == list(range(1, 31))
    assert np.array_equal(check, Labelling.open(project.path).check_order), "the same draw whenever it is opened"
    assert sorted(check) != list(check)


def test_what_was_said_is_there_again(project: Labelling) -> None:
    journal = project.journal()
    journal.label(1, "spam")
    journal.label(2, "ham", is_check=True)
    journal.unsure(3)
    journal.skip(4)
    journal.label(1, "ham")
    for labels in (journal.labels, project.journal().labels):
        assert labels.given == {2: "ham", 1: "ham"}
        assert labels.learned == {1: "ham"}
        assert labels.checked == {2: "ham"}
        assert (labels.unsure, list(labels.skipped)) == ({3}, [4])
        assert labels.counts() == {"spam": 0, "ham": 2}


def test_undo_goes_back_many_steps_and_over_sessions(project: Labelling) -> None:
    journal = project.journal()
    journal.label(1, "spam")
    journal.label(2, "ham")
    journal.label(1, "ham")
    journal.unsure(2)
    seen = [dict(journal.labels.given)]
    for _ in range(4):
        undone = project.journal().undo()  # each time as if it had been opened anew
        assert undone is not None
        seen.append(dict(project.journal().labels.given))
    assert seen == [{1: "ham"}, {1: "ham", 2: "ham"}, {1: "spam", 2: "ham"}, {1: "spam"}, {}]
    assert project.journal().undo() is None
    assert list(seen[2]) == [1, 2], "at its own place in the order again"


def test_a_torn_line_loses_only_itself(project: Labelling) -> None:
    journal = project.journal()
    journal.label(1, "spam")
    with (project.path / JOURNAL).open("ab") as file:
        file.write(b'{"act":"label","row":2,"lab')
    after = project.journal()
    assert after.labels.given == {1: "spam"}
    after.label(3, "ham")
    again = project.journal()
    assert again.labels.given == {1: "spam", 3: "ham"}
    assert again.num_damaged == 1


def test_a_line_that_was_changed_is_not_believed(project: Labelling) -> None:
    project.journal().label(1, "spam")
    file = project.path / JOURNAL
    file.write_bytes(file.read_bytes().replace(b'"row":1,"label":"spam"', b'"row":1,"label":"spal"'))
    again = project.journal()
    assert again.labels.given == {}
    assert again.num_damaged == 1


def test_kill_loses_nothing_that_was_told(project: Labelling) -> None:
    code = f"""
import sys
from pathlib import Path
from engine.runs.labelling import Labelling
journal = Labelling.open(Path({str(project.path)!r})).journal()
for row in range(1, 31):
    journal.label(row, "spam")
    print(row, flush=True)
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    told = [int(child.stdout.readline()) for _ in range(5)]
    os.kill(child.pid, signal.SIGKILL)
    rest = child.stdout.read().split()
    child.wait()
    told += [int(one) for one in rest if one.isdecimal()]
    assert set(told) <= set(project.journal().labels.given)


def test_another_process_is_followed(project: Labelling) -> None:
    mine, other = project.journal(), project.journal()
    other.label(5, "ham")
    mine.refresh()
    assert mine.labels.given == {5: "ham"}


def test_names_of_labels(project: Labelling) -> None:
    journal = project.journal()
    journal.name("  news ")
    assert journal.labels.names == ["spam", "ham", "news"]
    with pytest.raises(InputError, match="already"):
        journal.name("spam")
    with pytest.raises(InputError, match="needs a name"):
        journal.name("  ")


def test_lists_renames_and_trash(project: Labelling) -> None:
    folder = project.path.parent
    assert [one.name for one in labellings_in(folder)] == ["Messages"]
    assert runs_in(folder) == []
    rename(project.path, "School")
    assert Labelling.open(project.path).name == "School"
    place = delete(project.path)
    assert labellings_in(folder) == []
    assert Labelling.open(restore(place)).name == "School"


def test_damage_is_told(project: Labelling) -> None:
    (project.path / "texts.parquet").write_bytes(b"nonsense")
    with pytest.raises(InputError, match=r"cannot be read.*labels are safe"):
        _ = Labelling.open(project.path).texts
    (project.path / "labelling.json").write_text("{", encoding="utf-8")
    found = labellings_in(project.path.parent)
    assert isinstance(found[0], DamagedRun)
    assert not found[0].is_mendable
    assert "labels.jsonl" in str(found[0].error)


def test_a_full_place_is_refused(project: Labelling, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="something of this name"):
        Labelling.create(tmp_path, "a.csv", "text", project.texts, ["a", "b"], path=project.path)


def test_labelling_is_quick(project: Labelling) -> None:
    """Not a time limit: that a label is one line added, not a file written anew."""
    journal, before = project.journal(), (project.path / JOURNAL).stat().st_size
    journal.label(1, "spam")
    after = (project.path / JOURNAL).stat().st_size
    assert 0 < after - before < 200
    assert time.time() - journal.labels.acts[-1].when < 60
