"""A real run, each file of which is spoilt in each way: what is asked of it is answered as before, told, or refused in
words; never a traceback, and never another answer in silence."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import main
from engine.runs.journal import JournalReader, parse
from engine.runs.run import Run, runs_in
from tests.spoiled_runs import SPOILERS

pytestmark = pytest.mark.slow

Spoil = Callable[[Path], None]
FILES = (
    "run.json",
    "config.yaml",
    "journal.jsonl",
    "checkpoints.json",
    "checkpoints/step-{best}/manifest.json",
    "checkpoints/step-{best}/config.json",
    "checkpoints/step-{best}/model.safetensors",
    "checkpoints/step-{best}/tokenizer.json",
    "checkpoints/step-{last}/trainer.json",
    "checkpoints/step-{last}/optimizer.safetensors",
    "checkpoints/step-{last}/random.safetensors",
    "checkpoints/step-{last}/manifest.json",
    "checkpoints/step-{last}/model.safetensors",
    "probes/step-{last}.npz",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was stopped after its last checkpoint; its answers are kept."""
    home = tmp_path_factory.mktemp("whole")
    drawn = random.Random(3)
    lines = ["text,label"]
    for number in range(240):
        label = drawn.choice(["neg", "pos"])
        words = drawn.choices(["good", "fine"] if label == "pos" else ["bad", "poor"], k=2)
        lines.append(f"{' '.join(words + drawn.choices(['film', 'plot', 'scene'], k=3))} {number},{label}")
    (home / "texts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = {
        "data.train": home / "texts.csv",
        "training.max_steps": 6,
        "training.evaluate_every": 2,
        "training.attacked_rows": 0,
        "training.keep_checkpoints": 3,
        "training.micro_batch_size": 8,
    }
    told = [f"{name}={value}" for name, value in settings.items()]
    assert main(["train", "quick-look", "--runs", str(home), "--name", "one", "--set", *told]) == 0
    run = home / "one"
    unfinished(run)
    assert main(["suspects", str(run), "--split", "test"]) == 0
    return run


def unfinished(run: Path) -> None:
    """As if it had been killed before its last word."""
    journal = run / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(line for line in lines if b'"event":"RunFinished"' not in line))


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "one")


def place(run: Path, name: str, whole: Path) -> Path:
    named = Run.open(whole).checkpoints
    steps = {key: str(named[key]).removeprefix("step-") for key in ("best", "last")}
    return run / name.format(**steps)


def asked(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, Any], str]:
    """(exit code, the last line of JSON, standard error)."""
    capsys.readouterr()
    code = main([str(word) for word in words] + ["--json"])
    out, err = capsys.readouterr()
    lines = out.strip().splitlines()
    return code, json.loads(lines[-1]) if lines else {}, err


def every() -> Iterator[Any]:
    for name in FILES:
        for how, spoil in SPOILERS.items():
            yield pytest.param(name, spoil, id=f"{name}-{how}")


@pytest.mark.parametrize(("name", "spoil"), list(every()))
def test_a_spoilt_file_is_told_or_means_nothing(
    whole: Path, run: Path, name: str, spoil: Spoil, capsys: pytest.CaptureFixture[str]
) -> None:
    _, right, _ = asked(capsys, "evaluate", whole, "--split", "test")
    spoil(place(run, name, whole))
    assert len(runs_in(run.parent)) == 1
    code, found, err = asked(capsys, "evaluate", run, "--split", "test")
    assert code in (0, 2) and "Traceback" not in err
    if code == 0:
        is_same = found["metrics"] == right["metrics"]
        assert is_same or err, "another answer in silence"
    else:
        assert found["error"]["what"] and found["error"]["mend"]
    code, found, err = asked(capsys, "check", run)
    assert code in (0, 1, 2) and "Traceback" not in err
    is_silent = code == 0 and not found["damaged"]
    lost = name == "journal.jsonl" or name.startswith("probes")
    spoilt = place(run, name, whole)
    is_same = spoilt.is_file() and spoilt.read_bytes() == place(whole, name, whole).read_bytes()
    assert not is_silent or lost or is_same


@pytest.mark.parametrize(("name", "spoil"), list(every()))
def test_a_resume_goes_on_from_what_is_sound(
    whole: Path, run: Path, name: str, spoil: Spoil, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name for path in (run / "checkpoints").iterdir()}
    spoil(place(run, name, whole))
    code, found, err = asked(capsys, "resume", run)
    assert "Traceback" not in err
    if code != 0:
        assert code in (1, 2) and (found.get("error") or err)
        return
    assert found["state"] == "finished"
    events = [event for line in JournalReader(run / "journal.jsonl").read_lines() if (event := parse(line))]
    kinds = [type(event).__name__ for event in events]
    assert "RunResumed" in kinds, "a run with sound checkpoints never begins anew"
    after = {path.name for path in (run / "checkpoints").iterdir() if not path.name.startswith(".")}
    damaged = {Path(name.split("/")[1]).name.format(**_steps(whole))} if name.startswith("checkpoints/") else set()
    assert before - after <= damaged, "no sound checkpoint is deleted"
    code, checked, _ = asked(capsys, "evaluate", run, "--split", "test")
    assert code == 0 and checked["metrics"]


def _steps(whole: Path) -> dict[str, str]:
    named = Run.open(whole).checkpoints
    return {key: str(named[key]).removeprefix("step-") for key in ("best", "last")}


# --- the data -------------------------------------------------------------------------------------------------------


@pytest.fixture
def moved(run: Path) -> tuple[Path, Path]:
    """A run whose texts lie beside it, so that they can be changed."""
    config = run / "config.yaml"
    line = next(one for one in config.read_text().splitlines() if one.strip().startswith("train:"))
    there = Path(line.split(":", 1)[1].strip())
    mine = run.parent / "texts.csv"
    shutil.copy(there, mine)
    config.write_text(config.read_text().replace(str(there), str(mine)))
    return run, mine


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",neg", ",negative", "the labels are negative, pos; they were neg, pos"),
        ("bad", "worse", "some texts are others"),
    ],
)
def test_a_resume_refuses_other_data(
    moved: tuple[Path, Path], old: str, new: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run, texts = moved
    code, found, _ = asked(capsys, "resume", run)
    assert code == 2 and "--accept" in found["error"]["mend"], "its settings were changed by hand"
    texts.write_text(texts.read_text().replace(old, new))
    code, found, _ = asked(capsys, "resume", run, "--accept")
    assert code == 2 and words in found["error"]["what"] and str(texts) in found["error"]["where"]


def test_a_resume_refuses_swapped_labels_and_takes_the_old_ones(
    moved: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run, texts = moved
    right = texts.read_text()
    texts.write_text(right.replace(",neg\n", ",?\n").replace(",pos\n", ",neg\n").replace(",?\n", ",pos\n"))
    code, found, _ = asked(capsys, "resume", run, "--accept")
    assert code == 2 and "some rows have other labels" in found["error"]["what"]
    texts.write_text(right)
    code, found, _ = asked(capsys, "resume", run)
    assert code == 0 and found["state"] == "finished"


def test_a_run_of_an_older_version_resumes_and_says_what_was_not_checked(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = Run.open(run).checkpoints
    for step in (run / "checkpoints").iterdir():
        make_old(step)
    (run / "checkpoints.json").write_text(json.dumps({key: named[key] for key in named if key != "sum"}))
    capsys.readouterr()
    assert main(["resume", str(run)]) == 0
    assert "could not be checked" in capsys.readouterr().out


def make_old(step: Path) -> None:
    from engine.runs.checkpoints import sha256

    trainer, manifest = step / "trainer.json", step / "manifest.json"
    tree = json.loads(trainer.read_text())
    trainer.write_text(json.dumps({key: value for key, value in tree.items() if key not in ("data", "score")}))
    sums = {**json.loads(manifest.read_text())["sha256"], "trainer.json": sha256(trainer)}
    manifest.write_text(json.dumps({"sha256": sums}))


# --- rights and disks -----------------------------------------------------------------------------------------------


def test_weights_have_the_rights_of_all_other_files(whole: Path) -> None:
    rights = {file.stat().st_mode & 0o777 for file in whole.rglob("*") if file.is_file()}
    assert len(rights) == 1


def test_answers_come_though_they_cannot_be_kept(
    run: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, right, _ = asked(capsys, "suspects", run, "--split", "test")
    shutil.rmtree(run / "answers")
    (run / "answers").write_text("a file where a folder should be: nothing can be kept here")
    code, found, err = asked(capsys, "suspects", run, "--split", "test")
    assert code == 0 and found == right and "could not be kept" in err
    for words in (["evaluate"], ["report", "--out", str(run.parent / "report")]):
        code, _, err = asked(capsys, words[0], run, *words[1:])
        assert code == 0 and "could not be kept" in err


def test_damaged_answers_are_asked_anew_and_told(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, right, _ = asked(capsys, "suspects", run, "--split", "test")
    for file in (run / "answers").glob("*/logits.npy"):
        content = bytearray(file.read_bytes())
        content[-3] ^= 0x40
        file.write_bytes(bytes(content))
    code, found, err = asked(capsys, "suspects", run, "--split", "test")
    assert code == 0 and found == right and "asked anew" in err
