"""What the doctor says of pairs of texts: too long to write, the same twice, source and target exchanged."""

from __future__ import annotations

from pathlib import Path

from engine.config.data import DataConfig
from engine.config.tasks.sequence_to_sequence import SequenceToSequence
from engine.data.diagnosis.doctor import diagnose
from engine.records import Finding

NUMBERS = (
    ["ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht"],
    ["one", "two", "three", "four", "five", "six", "seven", "eight"],
)


def pairs() -> list[tuple[str, str]]:
    german, english = NUMBERS
    return [
        (f"der {german[one]} und die {german[two]}", f"the {english[one]} and the {english[two]}")
        for one in range(8)
        for two in range(8)
    ]


def findings(folder: Path, rows: list[tuple[str, str]], most: int = 20) -> dict[str, Finding]:
    file = folder / "pairs.tsv"
    file.write_text("source\ttarget\n" + "\n".join("\t".join(row) for row in rows) + "\n", encoding="utf-8")
    report = diagnose(DataConfig(train=str(file)), SequenceToSequence(max_target_length=most), 0)
    return {one.kind: one for one in report.findings}


def test_sound_pairs_have_none(tmp_path: Path) -> None:
    assert not {"exchanged", "same_twice", "long_targets"} & set(findings(tmp_path, pairs()))


def test_exchanged_pairs_are_told_with_their_places(tmp_path: Path) -> None:
    rows = pairs()
    for place in (4, 40):
        rows[place] = rows[place][::-1]
    found = findings(tmp_path, rows)["exchanged"]
    assert (found.count, found.rows) == (2, (5, 41))


def test_texts_of_one_language_are_never_exchanged(tmp_path: Path) -> None:
    """A summary has the words of its text."""
    rows = [(f"{source} und so weiter", source) for source, _ in pairs()]
    assert "exchanged" not in findings(tmp_path, rows)


def test_long_targets_and_pairs_that_say_the_same(tmp_path: Path) -> None:
    rows = pairs()
    rows[2] = (rows[2][0], "word " * 30)
    rows[9] = ("gleich", "gleich")
    found = findings(tmp_path, rows)
    assert (found["long_targets"].count, found["long_targets"].rows) == (1, (3,))
    assert (found["same_twice"].count, found["same_twice"].rows) == (1, (10,))


def test_only_what_is_read_counts_against_the_longest_text(tmp_path: Path) -> None:
    file = tmp_path / "pairs.tsv"
    rows = [(source, "word " * 15) for source, _ in pairs()]
    file.write_text("source\ttarget\n" + "\n".join("\t".join(row) for row in rows) + "\n", encoding="utf-8")
    report = diagnose(DataConfig(train=str(file), max_length=10), SequenceToSequence(), 0)
    assert "too_long" not in {one.kind for one in report.findings}
