"""Input that cannot be used gets its own words, in the window and on the command line: what, where, and what to do."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import main
from engine.runs.run import Run
from tests.end_to_end.person import Person
from tests.studio.desk import drop

SMALL = [
    "data.max_length=24",
    "model.embedding_size=8",
    "model.hidden_size=8",
    "training.max_steps=4",
    "training.micro_batch_size=8",
    "training.evaluate_every=2",
    "training.device=cpu",
]
BUILTIN = ["data.builtin.num_rows=240", *SMALL]


class Shell:
    """The command line with `--json`: exit code, the last line of stdout, stderr."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._capsys, self._runs = capsys, folder / "runs"

    def __call__(self, *words: str) -> tuple[int, dict[str, Any], str]:
        self._capsys.readouterr()
        code = main([*words, "--json"])
        printed = self._capsys.readouterr()
        return code, json.loads(printed.out.splitlines()[-1]), printed.err

    def train(self, config: str, *settings: str, name: str = "one") -> tuple[int, dict[str, Any], str]:
        return self("train", config, "--runs", str(self._runs), "--name", name, "--set", *settings)

    def is_refused(self, answer: tuple[int, dict[str, Any], str], *words: str, code: int = 2) -> None:
        """One line on stderr, the error as JSON, all the words in it, and no run left behind."""
        found, tree, err = answer
        assert found == code
        assert len(err.strip().splitlines()) == 1
        assert "Traceback" not in err
        told = " | ".join(tree["error"].values())
        assert all(word in told for word in words), told
        assert all(tree["error"].values()), "what, where and mend are all said"
        assert code == 1 or not list(self._runs.glob("*")), "nothing is left behind"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    return Shell(capsys, tmp_path)


# files


def table(row: Callable[[int], str], count: int = 60) -> str:
    return "\n".join(["text,label", *(row(index) for index in range(count))]) + "\n"


def film(index: int, label: str | None = None) -> str:
    is_good = index % 2 == 1
    word = "liked" if is_good else "hated"
    return f"a film number {index} that I {word},{('good' if is_good else 'bad') if label is None else label}"


@dataclass(frozen=True)
class BadFile:
    """`told` is on both sides; `where` is said too. An error keeps the wizard on its step."""

    name: str
    content: str | bytes
    told: str
    where: str
    code: int = 2


FILES = [
    BadFile("empty.csv", "", "The file is empty.", "empty.csv"),
    BadFile("binary.csv", bytes(range(256)) * 16, "The file holds no text", "binary.csv"),
    BadFile("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 16, "The file holds no text", "picture.png"),
    BadFile("one_class.csv", table(lambda i: film(i, "good")), "Every row has the same label “good”", "label"),
    BadFile("numbers.csv", table(lambda i: f"{i * 3.5},{i % 2}"), "The column of texts holds numbers", "text"),
    BadFile("one_row.csv", "text,label\na fine film,good\n", "There is a single row", "one_row.csv"),
    BadFile("one_line.csv", "word " * 1_000_000, "The file is a single line of 5,000,000 characters", "one_line.csv"),
    BadFile("cut.json", '{"text": "' + "x" * 5_000_000, "This is not valid JSON", "cut.json"),
    BadFile("broken.jsonl", '{"text": "a", "label": "b"}\n{"text": \n', "This is not valid JSON", "line 2"),
]


def written(folder: Path, bad: BadFile) -> Path:
    path = folder / bad.name
    path.write_bytes(bad.content if isinstance(bad.content, bytes) else bad.content.encode())
    return path


@pytest.mark.parametrize("bad", FILES, ids=lambda bad: bad.name)
def test_files_on_the_command_line(shell: Shell, tmp_path: Path, bad: BadFile) -> None:
    path = written(tmp_path, bad)
    shell.is_refused(shell.train("quick-look", f"data.train={path}", *SMALL), bad.told, bad.where)
    code, tree, _ = shell("doctor", str(path))
    if code == 0:
        grave = [one for one in tree["findings"] if one["severity"] == "error"]
        assert any(bad.told in one["title"] for one in grave), tree
    else:
        assert bad.told in tree["error"]["what"]


def test_files_in_the_window(person: Person, tmp_path: Path) -> None:
    """One after the other in the same window, which stays usable."""
    person.open_window()
    for place, bad in enumerate(FILES):
        person.press("go_home")
        drop(person.window.page("home"), written(tmp_path, bad))
        if place:
            person.throw_draft_away()
        person.reads(bad.told, bad.where)
        person.wait(lambda: person.visible("continue"))
        person.press("continue")
        assert person.visible("step-data"), f"{bad.name} lets nobody go on"
    good = tmp_path / "good.csv"
    good.write_text(table(film))
    person.press("go_home")
    drop(person.window.page("home"), good)
    person.throw_draft_away()
    person.go_on()
    assert person.visible("step-model")
    assert person.window.close()


def test_missing_labels(person: Person, shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "missing.csv"
    path.write_text(table(lambda index: film(index, "" if index in (10, 11, 12) else None)))
    code, tree, _ = shell("doctor", str(path))
    assert code == 0
    (finding,) = [one for one in tree["findings"] if one["kind"] == "missing_labels"]
    assert finding["rows"] == [11, 12, 13]
    code, tree, _ = shell.train("quick-look", f"data.train={path}", *SMALL)
    assert (code, tree["state"]) == (0, "finished"), "the other rows are learned from"
    person.open_window()
    drop(person.window.page("home"), path)
    person.reads("3 rows have no label", "rows 11, 12, 13")
    person.go_on()
    assert person.window.close()


def test_a_split_without_a_class(person: Person, shell: Shell, tmp_path: Path) -> None:
    train, validation = tmp_path / "train.csv", tmp_path / "validation.csv"
    train.write_text(table(film))
    validation.write_text(table(lambda index: film(2 * index + 1), count=20))
    code, tree, _ = shell("doctor", str(train), "--set", f"data.validation={validation}")
    assert code == 0
    (finding,) = [one for one in tree["findings"] if one["kind"] == "missing_class_in_split"]
    assert finding["split"] == "validation"
    assert "bad" in str(finding["detail"])
    person.open_window()
    drop(person.window.page("home"), train)
    person.will_choose(validation)
    person.press("add-validation")
    person.reads("1 label is not in every split", "Nothing can be measured on: bad.")
    assert person.window.close()


# settings

YAMLS = {
    "wrong_key.yaml": ("model: {name: recurrent, hiden_size: 8}", "There is no setting", "model.hiden_size"),
    "out_of_limits.yaml": ("training: {max_steps: -4}", "The value -4 does not fit", "training.max_steps"),
    "unknown_name.yaml": ("model: {name: recurent}", "“recurent” is not a known choice", "model"),
    "no_yaml.yaml": ("data: [train: builtin\nmodel:\n", "The file is not valid YAML", "no_yaml.yaml:2"),
}


@pytest.mark.parametrize("name", YAMLS)
def test_settings(person: Person, shell: Shell, tmp_path: Path, name: str) -> None:
    content, what, where = YAMLS[name]
    path = tmp_path / name
    path.write_text(content)
    shell.is_refused(shell("train", str(path), "--runs", str(tmp_path / "runs")), what, where, name)
    person.open_window()
    drop(person.window.page("home"), path)
    told = person.error()
    assert what in told[0]
    assert where in told[1]
    assert name in told[1]
    assert told[2]
    assert person.window.place == "home"
    assert person.window.close()


@pytest.mark.slow
def test_good_settings_open_the_wizard(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: Mine\ndata: {train: builtin, builtin: {num_rows: 240}}\ntraining: {max_steps: 77}\n")
    person.open_window()
    drop(person.window.page("home"), path)
    person.go_on()
    person.go_on()
    assert person.text("max_steps") == "77"
    person.type_into("micro_batch_size", "0")
    person.press("continue")
    assert person.visible("step-training"), "a value out of limits keeps the wizard on its step"
    person.reads("Micro-batch: 0 is too small. At least 1.")
    assert person.window.close()


# runs


@pytest.fixture(scope="module")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    assert main(["train", "quick-look", "--runs", str(folder), "--name", "Small", "--set", *BUILTIN]) == 0
    return folder / "Small"


@pytest.fixture
def trained(trained_once: Path, tmp_path: Path) -> Run:
    """A small run in the person's own folder of runs, to be spoilt."""
    return Run.open(shutil.copytree(trained_once, tmp_path / "runs" / "Small"))


def test_a_run_of_another_version(person: Person, shell: Shell, trained: Run, tmp_path: Path) -> None:
    elsewhere = trained.path.rename(tmp_path / "old")
    about = json.loads((elsewhere / "run.json").read_text())
    (elsewhere / "run.json").write_text(json.dumps({**about, "format": 7}))
    for words in (("predict", "--text", "fine"), ("attend", "--text", "fine"), ("evaluate",), ("resume",)):
        answer = shell(words[0], str(elsewhere), *words[1:])
        shell.is_refused(answer, "another version (format 7, this one reads 1)", str(elsewhere))
    person.open_window()
    drop(person.window.page("home"), elsewhere)
    told = person.error()
    assert "another version (format 7, this one reads 1)" in told[0]
    assert str(elsewhere) in told[1]
    assert person.window.place == "home"
    assert person.window.close()


def test_settings_of_a_run_that_were_spoilt_by_hand(person: Person, shell: Shell, trained: Run) -> None:
    (trained.path / "config.yaml").write_text("model: {name: recurrent, hiden_size: 8}\n")
    code, tree, _ = shell("predict", str(trained.path), "--text", "fine")
    assert code == 2
    assert "config.yaml: model.hiden_size" in tree["error"]["where"]
    person.open_window()
    person.press_row("run_list", 0)
    told = person.error()
    assert "There is no setting" in told[0]
    assert "config.yaml: model.hiden_size" in told[1]
    assert person.window.close()


def flip_a_byte(run: Run) -> Path:
    """As a worn disk does it; the manifest is touched so that the checkpoint in memory is not taken for it."""
    folder = run.path / "checkpoints" / run.checkpoints["best"]
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-5] ^= 1
    weights.write_bytes(content)
    os.utime(folder / "manifest.json", (1, 1))
    return weights


def test_a_damaged_checkpoint(person: Person, shell: Shell, trained: Run) -> None:
    person.open_window()
    person.press_row("run_list", 0)
    person.press("stage_attention")
    person.ask("The phone is great.", ["The", "phone", "is", "great", "."])
    weights = flip_a_byte(trained)
    person.type_into("attentionText", "Awful.")
    told = person.error()
    assert "A file of this checkpoint is damaged" in told[0]
    assert told[1] == str(weights)
    assert told[2]
    assert "great" in person.map().keys, "the last picture stays"
    assert person.window.close()
    for words in (("predict", "--text", "fine"), ("attend", "--text", "fine"), ("evaluate",)):
        code, tree, _ = shell(words[0], str(trained.path), *words[1:])
        assert code == 2
        assert tree["error"]["where"] == str(weights)


# the disk


def refuse_writing(patch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    patch.setattr(os, "fsync", full)


@pytest.mark.slow
def test_a_full_disk_in_the_window(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run ends in words on its own page; with space again it goes on from its last checkpoint."""
    person.open_window()
    person.press("quick_look")
    person.wait(lambda: person.history.checkpoints)
    with monkeypatch.context() as patch:
        refuse_writing(patch)
        person.wait(lambda: person.text("run_state") == "failed" and person.book.active is None)
    told = person.error()
    assert told[0] == "The disk is full."
    assert str(person.window.run) in told[1]
    assert "Free some space" in told[2]
    checkpoint = person.history.checkpoints[-1].step
    person.press("goOn")
    person.wait(lambda: person.text("run_state") == "training" and person.history.last_step > checkpoint)
    person.stop()
    assert person.window.close()


def test_a_full_disk_at_the_start(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person.open_window()
    with monkeypatch.context() as patch:
        refuse_writing(patch)
        person.press("quick_look")
        told = person.error()
    assert told[0] == "The disk is full."
    assert person.book.active is None
    person.press("go_home")
    assert person.window.close()


def test_a_full_disk_on_the_command_line(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        real, count = os.fsync, []

        def full_after_a_while(descriptor: int) -> None:
            count.append(descriptor)
            if len(count) > 6:  # the folder, step 0 of the probes, the first evaluation
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            real(descriptor)

        patch.setattr(os, "fsync", full_after_a_while)
        answer = shell.train("quick-look", *BUILTIN)
    assert (tmp_path / "runs" / "one" / "checkpoints.json").is_file(), "the last checkpoint is safe"
    shell.is_refused(answer, "The disk is full.", str(tmp_path / "runs" / "one"), "Free some space", code=1)
    assert shell("resume", str(tmp_path / "runs" / "one"))[1]["state"] == "finished"
