"""Samples: order and openings, pairs and scores, what is said of variety and of a sweep, files and the library."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import events
from engine.errors import InputError
from engine.records import Sample, Samples, Sweep, SweepPoint
from engine.runs.history import History
from engine.runs.samples import write_samples
from studio.pages.samples.alarm import alarm_of
from studio.pages.samples.arrangement import arranged, marked_length, opening_length, repeated_openings
from studio.pages.samples.comparison import comparison
from studio.pages.samples.game import ROUND, Pair, Score, pairs_of
from studio.pages.samples.library import Library, read_sweep, write_texts
from studio.pages.samples.meters import METERS, Meter, real_value, value_at
from studio.pages.samples.reading_card import compared, marks_of
from studio.pages.samples.step_card import marks_of as marks_of_steps
from studio.pages.samples.variety import num_taken, rehearsal_end, variety, verdict
from tests.studio.made_gan_runs import (
    Course,
    collapsed,
    evaluated,
    gan_config,
    gan_events,
    make_gan_run,
    meters_at,
    samples_at,
    started,
)

pytestmark = pytest.mark.usefixtures("look")
TEXTS = (
    Sample("a man rides", 0.4, overlap=0.9),
    Sample("A dog runs", 0.8, overlap=0.1),
    Sample("a man sits", 0.1, overlap=0.5),
)


def history_of(course: Course) -> History:
    history = History()
    for event in gan_events(course):
        history.append(event)
    return history


# -- order -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "places"),
    [("surest", [1, 0, 2]), ("least-sure", [2, 0, 1]), ("written", [0, 1, 2]), ("copied", [0, 2, 1])],
)
def test_order(order: str, places: list[int]) -> None:
    assert arranged(TEXTS, order, "") == [TEXTS[place] for place in places]  # type: ignore[arg-type]


def test_search_wants_every_word_and_no_capitals() -> None:
    assert arranged(TEXTS, "written", "MAN a") == [TEXTS[0], TEXTS[2]]
    assert arranged(TEXTS, "written", "man dog") == []


@pytest.mark.parametrize(
    ("text", "opening", "length"),
    [
        ("A man rides", "a man", 5),
        ("a  man rides", "a man", 6),
        ("a mango", "a man", 0),
        ("一只猫在睡", "一 只", 2),
        ("a", "a man", 0),
        ("the man", "a man", 0),
        ("a man", "", 0),
    ],
)
def test_opening(text: str, opening: str, length: int) -> None:
    assert opening_length(text, opening) == length


@given(st.text(max_size=20), st.text(max_size=8))
def test_opening_lies_within_its_text(text: str, opening: str) -> None:
    length = opening_length(text, opening)
    assert 0 <= length <= len(text)
    if length:
        assert "".join(text[:length].split()).casefold() == "".join(opening.split()).casefold()


def test_openings_as_frequent_as_in_training_are_not_marked() -> None:
    openings = (("a man", 0.38, 0.11), ("a cat", 0.2, 0.18), ("an old", 0.02, 0.0))
    samples = Samples(1, "adversarial", (), (), openings)
    assert repeated_openings(samples) == ["a man"]
    assert marked_length("a man rides", ["the", "a man"]) == 5


# -- the game ----------------------------------------------------------------------------------------------------------


def test_pairs_are_the_same_for_the_same_seed() -> None:
    samples = samples_at(400, Course())
    assert pairs_of(samples, 3) == pairs_of(samples, 3)
    assert pairs_of(samples, 3) != pairs_of(samples, 4)


def test_each_pair_has_one_real_text() -> None:
    samples = samples_at(400, Course())
    pairs = pairs_of(samples, 0)
    assert 0 < len(pairs) <= ROUND
    assert {pair.real for pair in pairs} == {0, 1}
    known = {one.text for one in samples.real}
    for pair in pairs:
        assert pair.texts[pair.real] in samples.real
        assert pair.texts[1 - pair.real].text not in known


def test_copies_are_no_riddle() -> None:
    real = (Sample("a dog runs", 0.7),)
    samples = Samples(1, "adversarial", (Sample("a dog runs", 0.6),), real)
    assert pairs_of(samples, 0) == []


def test_a_word_that_the_writer_does_not_know_would_give_it_away() -> None:
    real = (Sample("a [UNK] runs", 0.7), Sample("a dog runs", 0.7))
    pairs = pairs_of(Samples(1, "adversarial", (Sample("x y", 0.6), Sample("z", 0.6)), real), 0)
    assert [pair.texts[pair.real].text for pair in pairs] == ["a dog runs"]


def test_score_counts_the_person_and_the_critic() -> None:
    pair = Pair((Sample("x", 0.2), Sample("y", 0.9)), real=0)
    score = Score().after(pair, 0).after(pair, 1)
    assert score == Score(answered=2, person=1, critic=0)
    assert Score().after(replace(pair, real=1), 0) == Score(answered=1, person=0, critic=1)


def test_critic_that_cannot_tell_is_not_right() -> None:
    pair = Pair((Sample("x", 0.5), Sample("y", 0.5)), real=0)
    assert pair.guess_of_critic is None
    assert Score().after(pair, 0).critic == 0


# -- what is said ------------------------------------------------------------------------------------------------------


def test_variety_that_falls_says_since_when() -> None:
    history = history_of(Course())
    found = variety(history, 7_600)
    assert found.kind == "falling"
    assert 5_600 <= found.since <= 6_400
    said = verdict(found, samples_at(7_600, Course()), 800)
    assert f"since step {found.since:,}" in said
    assert "in real text 52" in said


def test_one_text_again_and_again_is_not_varied() -> None:
    """All word pairs of a text of three words differ; only the share of different texts tells."""
    course = Course(collapses_after=None)
    history = history_of(course)
    metrics = {**meters_at(8_000, course), "distinct_2": 1.0, "unique_share": 0.02}
    history.append(events.Evaluated(step=8_000, split="validation", metrics=metrics, num_rows=1_000))
    found = variety(history, 8_000)
    assert (found.kind, found.since) == ("repeating", 8_000)
    assert "only 2 of 100 texts" in verdict(found, None, 800)


def test_variety_is_that_of_the_step() -> None:
    history = history_of(Course())
    assert variety(history, 400).kind == "rehearsing"
    assert variety(history, 1_600).kind == "growing"
    assert variety(history, 100).kind == "waiting"


def test_a_good_writer_is_as_varied_as_real_text() -> None:
    found = variety(history_of(Course(collapses_after=None)), 7_600)
    assert found.kind == "varied"
    assert "As varied as real text" in verdict(found, None, 800)


def test_without_real_text_nothing_is_compared() -> None:
    history = History()
    history.append(started(Course()))
    for event in evaluated(2_000, Course()):
        history.append(event)
    found = variety(history, 2_000)
    assert math.isnan(found.real)
    assert "real text" not in verdict(found, None, 800)


def test_rehearsal_ends_where_it_was_measured_or_planned() -> None:
    assert rehearsal_end(history_of(Course()), gan_config()) == 800
    assert rehearsal_end(History(), gan_config(**{"training.pretraining.steps": 300})) == 300


def test_critic_takes_those_above_one_half() -> None:
    assert num_taken(Samples(1, "adversarial", TEXTS, ())) == 1


def test_alarm_is_about_the_present() -> None:
    course = Course()
    history = history_of(course)
    alarm = alarm_of(history)
    assert alarm is not None
    assert alarm.event.step == 7_600
    assert alarm.best == 6_400
    assert "a man" in alarm.signs()
    history.append(events.SamplesWritten(step=8_000, path="samples/step-8000.json", phase="adversarial", num_samples=9))
    assert alarm_of(history) is None


@pytest.mark.parametrize(
    ("action", "said"),
    [("told", "nothing is lost"), ("went-back", "went back"), ("softened", "softened"), ("stopped", "stopped")],
)
def test_alarm_says_what_was_done(action: str, said: str) -> None:
    history = history_of(Course(action=action))
    alarm = alarm_of(history)
    assert alarm is not None
    assert said in alarm.done()


def test_marks_of_the_slider() -> None:
    kinds = {mark.kind: mark.step for mark in marks_of_steps(history_of(Course()), gan_config())}
    assert kinds == {"edge": 800, "best": 6_400, "bad": 7_200}


def test_meters_far_from_real_text() -> None:
    history = history_of(Course())
    far = {one.key for one in METERS if one.is_far(value_at(history, one, 7_600), real_value(history, one))}
    assert {"self_bleu_4", "distinct_2", "unique_share"} <= far
    assert not Meter("bleu_4", "below", 0.25).is_far(math.nan, 0.4)
    assert not Meter("bleu_4", "below", 0.25).is_far(0.1, None)


# -- the sweep ---------------------------------------------------------------------------------------------------------


def point(model: str, quality: float, variety: float, temperature: float = 1.0) -> SweepPoint:
    return SweepPoint(model, temperature, {"bleu_4": quality, "self_bleu_4": 1 - variety})


LINE = (point("maximum_likelihood", 0.3, 0.6, 1.2), point("maximum_likelihood", 0.5, 0.4, 0.8))


@pytest.mark.parametrize(
    ("gan", "said"),
    [
        (point("gan", 0.4, 0.6), "more varied"),
        (point("gan", 0.4, 0.4), "less varied"),
        (point("gan", 0.4, 0.505), "as varied as"),
        (point("gan", 0.6, 0.4), "No temperature"),
        (point("gan", 0.2, 0.4), "gained nothing"),
    ],
)
def test_comparison_at_equal_quality(gan: SweepPoint, said: str) -> None:
    assert said in comparison(Sweep((*LINE, gan)))


def test_comparison_needs_both() -> None:
    assert comparison(Sweep(LINE)) == ""
    assert comparison(Sweep((point("gan", 0.4, 0.5),))) == ""


def test_sweep_is_read_again(tmp_path: Path) -> None:
    run = make_gan_run(tmp_path, course=Course(steps=400))
    assert read_sweep(run) is None
    sweep = Sweep((*LINE, point("gan", 0.4, 0.5)))
    (run.path / "report").mkdir()
    (run.path / "report" / "sweep.json").write_text(json.dumps(sweep.to_json()), encoding="utf-8")
    assert read_sweep(run) == sweep
    (run.path / "report" / "sweep.json").write_text("{", encoding="utf-8")
    assert read_sweep(run) is None


# -- reading and writing -----------------------------------------------------------------------------------------------


def test_attention_stands_on_the_text() -> None:
    sample = Sample(
        "A man's dog", tokens=("[CLS]", "a", "man", "'", "##s", "Ġdog"), weights=(0.5, 0.1, 0.1, 0, 0.1, 0.2)
    )
    marks = marks_of(sample)
    assert [sample.text[start:end] for start, end in marks.spans] == ["A", "man", "'", "s", "dog"]
    assert np.allclose(marks.weights, [0.1, 0.1, 0, 0.1, 0.2])


def test_what_the_nearest_text_has_besides_is_strong() -> None:
    assert compared(Sample("a <b> dog", nearest="A <b> cat")) == "A &lt;b&gt; <b>cat</b>"


def test_files(tmp_path: Path) -> None:
    samples = [Sample("one, “two”", 0.25, "near", 0.5), Sample("a\nb")]
    for suffix in (".txt", ".csv", ".jsonl"):
        write_texts(tmp_path / f"texts{suffix}", samples)
    assert (tmp_path / "texts.txt").read_text(encoding="utf-8").splitlines() == ["one, “two”", "a b"]
    with (tmp_path / "texts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1:] == [["one, “two”", "0.25", "near", "0.5"], ["a\nb", "", "", "0"]]
    lines = (tmp_path / "texts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [Sample.from_json(json.loads(line)) for line in lines] == samples
    with pytest.raises(InputError):
        write_texts(tmp_path / "texts.docx", samples)


def test_library_reads_a_step_anew_once_it_was_written_anew(tmp_path: Path) -> None:
    course = Course(steps=400)
    run = make_gan_run(tmp_path, course=course)
    library = Library()
    first = library.texts(run, 400)
    assert library.texts(run, 400) is first
    write_samples(run, replace(first, phase="adversarial"))
    assert library.texts(run, 400).phase == "adversarial"
    with pytest.raises(InputError):
        library.texts(run, 800)


def test_collapse_without_a_best_step_has_nothing_to_go_back_to() -> None:
    history = History()
    history.append(started(Course()))
    history.append(collapsed(400, Course()))
    alarm = alarm_of(history)
    assert alarm is not None
    assert alarm.best is None
    assert alarm.done() == "Nothing was changed."
