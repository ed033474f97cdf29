"""What a reader answers, where it looks, what decides it, when it stays silent; and the same on the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from engine import verbs
from engine.__main__ import main
from engine.breath import drain
from engine.errors import InputError
from engine.inspection.reading.silence import promised_silence
from engine.runs.run import Run
from tests.engine.reader_runs import trained_run

QUESTION = "How often must I clean the fan?"
PASSAGE = "Clean the fan once a year. Oil the hinge every day. A red lamp lights up when the tank is full."


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return trained_run(tmp_path_factory.mktemp("runs"))[0]


def test_an_answer_with_its_rivals_and_maps(run: Run) -> None:
    found = verbs.answer_question(run, QUESTION, PASSAGE)
    assert [word.text for word in found.question_words] == QUESTION.rstrip("?").split()
    assert len(found.best) == 5 and sorted((one.score for one in found.best), reverse=True) == [
        one.score for one in found.best
    ]
    assert all(PASSAGE[one.start : one.end] == one.text for one in found.best)
    assert sum(one.score for one in found.best) + found.no_answer + found.others == pytest.approx(1.0)
    (one,) = found.maps
    assert one.name == "passage to question" and one.weights.shape == (7, len(found.passage_words))
    assert (one.weights.sum(axis=0) < 1.0 + 1e-5).all(), "the question mark is looked at, too"
    assert one.looked_at.sum() == pytest.approx(1.0, abs=1e-5)


def test_sentences_and_words_are_counted_from_one(run: Run) -> None:
    from engine.inspection.reading.words import placed

    start = PASSAGE.index("every day")
    found = placed(PASSAGE, start, start + len("every day"), 0.5)
    assert (found.sentence, found.first_word, found.last_word) == (2, 4, 5)
    chinese = "水箱要清洗。铰链要每年一次上油。"
    start = chinese.index("每年一次")
    assert (placed(chinese, start, start + 4, 0.5).sentence, placed(chinese, start, start + 4, 0.5).first_word) == (
        2,
        4,
    )


def test_a_masked_word_is_hidden_from_it(run: Run) -> None:
    whole = verbs.answer_question(run, QUESTION, PASSAGE)
    losses = drain(verbs.question_losses(run, QUESTION, PASSAGE))
    assert losses.answer == whole.best[0] and len(losses.losses) == 7
    masked = verbs.answer_question(run, QUESTION, PASSAGE, masked=(4,))
    same = next(
        (one.score for one in masked.best if (one.start, one.end) == (losses.answer.start, losses.answer.end)), None
    )
    if same is not None and not whole.is_silent:
        assert losses.alone[4] == pytest.approx(same)
    sure = whole.no_answer if whole.is_silent else whole.best[0].score
    assert np.allclose(losses.losses, sure - losses.alone)


def test_trust_stands_beside_its_controls(run: Run) -> None:
    found = drain(verbs.reading_trust(run, QUESTION, PASSAGE))
    assert found.num_words == 5 and found.level in ("strong", "fair", "weak")
    again = drain(verbs.reading_trust(run, QUESTION, PASSAGE))
    assert again == found, "chance is the same each time"


@pytest.mark.parametrize(("question", "context"), [("", PASSAGE), (QUESTION, "  "), (QUESTION, "x" * 100_001)])
def test_nothing_to_ask_is_refused(run: Run, question: str, context: str) -> None:
    with pytest.raises(InputError):
        verbs.answer_question(run, question, context)


@pytest.mark.parametrize("passage", ["Ωμέγα ξ ψ", "？？！", "🙂 🙂", "a"])
def test_a_passage_of_unknown_signs_is_answered_or_left(run: Run, passage: str) -> None:
    found = verbs.answer_question(run, QUESTION, passage)
    assert 0.0 <= found.no_answer <= 1.0 and all(one.text for one in found.best)


def test_silence_is_promised_exactly() -> None:
    random = np.random.default_rng(0)
    silent, answerable = random.beta(4, 2, 400), random.beta(2, 6, 300)
    made = promised_silence(silent, answerable, 0.1, 0.95)
    given = int((silent < made.threshold).sum())
    assert given == made.num_answered and made.threshold in silent
    assert binom.cdf(given, 400, 0.1) <= 0.05 < binom.cdf(given + 1, 400, 0.1)
    assert made.price == pytest.approx((answerable >= made.threshold).mean())
    with pytest.raises(InputError):
        promised_silence(silent[:28], answerable, 0.1, 0.95)
    assert promised_silence(silent[:29], answerable, 0.1, 0.95).num_answered == 0


def test_the_promise_holds_in_new_draws() -> None:
    random = np.random.default_rng(1)
    broken = 0
    for _ in range(300):
        made = promised_silence(random.random(120), random.random(10), 0.1, 0.9)
        broken += made.threshold > 0.1  # chances are uniform: the true share below t is t
    assert broken / 300 <= 0.1 + 3 * np.sqrt(0.1 * 0.9 / 300)


def test_a_saved_promise_is_obeyed(tmp_path: Path) -> None:
    run, _ = trained_run(tmp_path, **{"data.builtin.num_rows": 800, "data.validation_share": 0.4})
    made = drain(verbs.promise_silence(run, 0.3, 0.9))
    found = verbs.answer_question(run, QUESTION, PASSAGE)
    assert found.silence == made and made.is_promised
    assert found.is_silent == (found.no_answer >= made.threshold)


# -- on the command line ----------------------------------------------------------------------------------------------


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_predict_has_the_keys_that_were_promised(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = asked(capsys, "predict", str(run.path), "--question", QUESTION, "--context", PASSAGE)
    assert code == 0 and {"answer", "score", "start", "end", "alternatives"} <= set(told)
    if told["answer"]:
        assert PASSAGE[told["start"] : told["end"]] == told["answer"]


def test_evaluate_another_file_has_em_and_f1(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = {"data": [{"title": "t", "paragraphs": [{"context": PASSAGE, "qas": [
        {"id": str(n), "question": QUESTION, "answers": [{"text": "once a year", "answer_start": 14}]} for n in range(3)
    ]}]}]}  # fmt: skip
    file = tmp_path / "squad.json"
    file.write_text(json.dumps(tree), encoding="utf-8")
    code, told = asked(capsys, "evaluate", str(run.path), "--data", str(file))
    assert code == 0 and {"em", "f1"} <= set(told["metrics"]) and told["num_rows"] == 3


def test_a_whole_file_is_answered(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "asked.csv", tmp_path / "said.csv"
    rows = [[QUESTION, PASSAGE], [QUESTION, ""], ["=SUM(A1)?", PASSAGE]]
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["question", "context"], *rows])
    code, told = asked(capsys, "predict", str(run.path), "--data", str(source), "--out", str(out))
    with out.open(encoding="utf-8", newline="") as file:
        said = list(csv.DictReader(file))
    assert code == 0 and told["num_rows"] == 3 and told["num_blank"] == 1
    assert [one["row"] for one in said] == ["1", "2", "3"] and said[1]["answer"] == ""
    assert said[2]["question"].startswith("'=")


def test_what_is_missing_is_said(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", str(run.path), "--text", "hello"]) == 2
    assert "--question" in capsys.readouterr().err
