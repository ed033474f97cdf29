"""Texts to measure on: a run's own, a file's, and the words that decide the built-in ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config.run import RunConfig
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.inspection.prediction.texts_with_evidence import evidence_of, texts_of
from engine.runs.model_folder import ModelFolder
from engine.runs.run import Run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run.create(RunConfig().with_values({"data.builtin.num_rows": 240, "seed": 3}), tmp_path, "run")


def test_a_runs_own_rows(run: Run) -> None:
    splits = load_splits(run.config.data, run.config.task, 3).splits
    found = texts_of(run, None, None, 10)
    assert len(found.texts) == 10 and set(found.texts) <= set(splits["test"]["text"])
    assert found == texts_of(run, None, None, 10)
    everything = texts_of(run, None, "validation", 10_000)
    assert everything.texts == tuple(splits["validation"]["text"])
    for text, spans, words in zip(everything.texts, everything.evidence, splits["validation"]["evidence"], strict=True):
        assert [text[start:end] for start, end in spans] == words and words


def test_evidence_of_one_text(run: Run) -> None:
    found = texts_of(run, None, None, 3)
    assert [evidence_of(run, text) for text in found.texts] == list(found.evidence)
    assert evidence_of(run, "Nobody wrote this.") == ()
    assert evidence_of(ModelFolder("some/model"), found.texts[0]) == ()


def test_a_file_needs_texts_only(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "texts.csv"
    file.write_text("id,review\n1,The film was quite good.\n2,   \n3,I would not see it again.\n")
    for subject in (run, ModelFolder("some/model")):
        found = texts_of(subject, str(file), None, 10)
        assert found.texts == ("The film was quite good.", "I would not see it again.")
        assert found.evidence == ((), ())


def test_what_is_missing_is_said(run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no texts of its own"):
        texts_of(ModelFolder("some/model"), None, None, 10)
    with pytest.raises(InputError, match="no split"):
        texts_of(run, None, "holiday", 10)
    numbers = tmp_path / "numbers.csv"
    numbers.write_text("first,second\n" + "".join(f"{row},{row * 2.5}\n" for row in range(20)))
    with pytest.raises(InputError, match="No column of texts"):
        texts_of(run, str(numbers), None, 10)
    with pytest.raises(InputError):
        texts_of(run, str(tmp_path / "nowhere.csv"), None, 10)
