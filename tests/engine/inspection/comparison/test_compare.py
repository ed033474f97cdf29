"""Comparing runs by answers that are known: who is right where, what may be said of it, and what cannot be compared."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest

from engine import events
from engine.__main__ import main
from engine.breath import drain
from engine.config.run import from_yaml
from engine.errors import InputError
from engine.inspection.comparison.compare import compare
from engine.records import Comparison
from engine.runs.run import Run
from tests.engine.answered_runs import answered_run
from tests.run_folders import place_checkpoint, write_run

NUM = 400
TRUTHS = np.arange(NUM) % 2


def wrong_on(count: int, start: int = 0) -> np.ndarray:
    """Answers that are wrong on so many rows from `start` on."""
    said = TRUTHS.copy()
    said[start : start + count] = 1 - said[start : start + count]
    return said


def compared(*runs: Run, split: str | None = None) -> Comparison:
    return drain(compare(list(runs), split))


def test_of_two_models_only_the_models_are_judged(tmp_path: Path) -> None:
    weak = answered_run(tmp_path, "Weak", wrong_on(60), TRUTHS)
    good = answered_run(tmp_path, "Good", wrong_on(20, 50), TRUTHS, changes={"model.hidden_size": 64})
    found = compared(weak, good)
    (pair,) = found.pairs
    assert pair.outcome == "better" and (pair.only_a, pair.only_b, pair.num_rows) == (10, 50, NUM)
    assert pair.mcnemar_p == pytest.approx(binomtest(10, 60).pvalue) and not pair.is_about_recipes
    assert pair.change["accuracy"].value == pytest.approx(0.1)
    said = found.headline.english()
    assert said.startswith("Good is better than Weak: of 400 texts it alone is right on 50, the other one alone on 10")
    assert "not about their settings" in said
    assert [(one.path, [value.english() for value in one.values]) for one in found.settings] == [
        ("model.hidden_size", ["96", "64"])
    ]
    assert found.groups[0].figures["accuracy"].over == "rows" and found.groups[0].seconds == 20.0
    assert found.groups[0].memory_bytes == 700 * 2**20 and found.groups[0].num_rows == NUM


def test_the_base_comes_first(tmp_path: Path) -> None:
    weak = answered_run(tmp_path, "Weak", wrong_on(60), TRUTHS)
    good = answered_run(tmp_path, "Good", wrong_on(20), TRUTHS, changes={"model.hidden_size": 64})
    (pair,) = compared(good, weak).pairs
    assert pair.outcome == "worse" and pair.verdict.english().startswith("Good is better than Weak")
    assert pair.change["accuracy"].value < 0


def test_a_small_difference_says_how_many_texts_it_takes(tmp_path: Path) -> None:
    one = answered_run(tmp_path, "One", wrong_on(30), TRUTHS)
    other = answered_run(tmp_path, "Other", wrong_on(20, 20), TRUTHS, changes={"model.hidden_size": 64})
    (pair,) = compared(one, other).pairs
    assert pair.outcome == "open" and (pair.only_a, pair.only_b) == (10, 20)
    assert pair.rows_needed is not None and NUM < pair.rows_needed < 5000
    assert "Can't tell One and Other apart with 400 texts" in pair.verdict.english()


def test_three_seeds_each_judge_the_settings(tmp_path: Path) -> None:
    plain = [answered_run(tmp_path, f"P{seed}", wrong_on(60 + seed), TRUTHS, seed=seed) for seed in range(3)]
    wide = {"model.hidden_size": 64}
    better = [
        answered_run(tmp_path, f"B{seed}", wrong_on(20 + seed), TRUTHS, seed=seed, changes=wide) for seed in range(3)
    ]
    found = compared(*plain, *better)
    assert [group.seeds for group in found.groups] == [(0, 1, 2), (0, 1, 2)]
    assert found.groups[0].figures["accuracy"].over == "seeds"
    (pair,) = found.pairs
    assert pair.outcome == "better" and pair.is_about_recipes
    assert "+10.0 points of accuracy" in pair.verdict.english()
    assert found.groups[1].figures["accuracy"].half_width == pytest.approx(4.303 * 0.0025 / np.sqrt(3), rel=0.01)


def test_the_luck_of_seeds_is_not_taken_for_skill(tmp_path: Path) -> None:
    """On these texts B answers better, but one of its seeds is worse than all of A's."""
    plain = [answered_run(tmp_path, f"A{seed}", wrong_on(40), TRUTHS, seed=seed) for seed in range(3)]
    wide = {"model.hidden_size": 64}
    wild = [
        answered_run(tmp_path, f"B{seed}", wrong_on(count), TRUTHS, seed=seed, changes=wide)
        for seed, count in enumerate((5, 5, 55))
    ]
    (pair,) = compared(*plain, *wild).pairs
    assert pair.mcnemar_p is not None and pair.mcnemar_p < 0.01
    assert pair.outcome == "open" and "luck of the seeds" in pair.verdict.english()


def test_each_seed_may_hold_other_texts_back(tmp_path: Path) -> None:
    """Splits are drawn by the seed: then runs of one seed are compared with each other."""
    wide = {"model.hidden_size": 64}
    runs = []
    for name, count, changes in (("A", 50, {}), ("B", 10, wide)):
        for seed in range(3):
            texts = [f"text {100 * seed + place}" for place in range(NUM)]
            said = wrong_on(count + seed)
            runs.append(answered_run(tmp_path, f"{name}{seed}", said, TRUTHS, seed=seed, texts=texts, changes=changes))
    (pair,) = compared(*runs).pairs
    assert pair.outcome == "better" and pair.is_about_recipes and pair.num_rows == NUM + 200


def test_other_texts_are_not_compared(tmp_path: Path) -> None:
    one = answered_run(tmp_path, "One", wrong_on(10), TRUTHS)
    texts = [f"another {place}" for place in range(NUM)]
    other = answered_run(tmp_path, "Other", wrong_on(90), TRUTHS, texts=texts, changes={"model.hidden_size": 64})
    found = compared(one, other)
    assert found.pairs[0].outcome == "apart" and found.pairs[0].mcnemar_p is None
    assert "different texts" in found.headline.english()
    assert found.groups[1].figures["accuracy"].value == pytest.approx(1 - 90 / NUM)


def test_order_and_copies_do_not_matter(tmp_path: Path) -> None:
    texts = [f"text {place % 150}" for place in range(NUM)]
    truths = np.array([place % 150 % 2 for place in range(NUM)])
    back = np.arange(NUM)[::-1]
    one = answered_run(tmp_path, "One", truths, truths, texts=texts)
    said = 1 - truths
    changes = {"model.hidden_size": 64}
    turned = [texts[place] for place in back]
    other = answered_run(tmp_path, "Other", said[back], truths[back], texts=turned, changes=changes)
    (pair,) = compared(one, other).pairs
    assert (pair.only_a, pair.only_b, pair.num_rows, pair.outcome) == (NUM, 0, NUM, "worse")


def test_labels_in_another_order(tmp_path: Path) -> None:
    one = answered_run(tmp_path, "One", wrong_on(5), TRUTHS)
    other = answered_run(
        tmp_path, "Other", 1 - wrong_on(5), 1 - TRUTHS, labels=("good", "bad"), changes={"model.hidden_size": 64}
    )
    (pair,) = compared(one, other).pairs
    assert pair.outcome == "open", "truths are compared by their labels' names"
    assert pair.change["precision"].value == pair.only_a == pair.only_b == 0


def test_several_runs_are_corrected_for(tmp_path: Path) -> None:
    base = answered_run(tmp_path, "Base", wrong_on(30), TRUTHS)
    others = [
        answered_run(tmp_path, f"R{size}", wrong_on(14, 10), TRUTHS, changes={"model.hidden_size": size})
        for size in (16, 32, 64)
    ]
    alone = compared(base, others[0])
    found = compared(base, *others)
    assert found.pairs[0].p_value == pytest.approx(3 * (alone.pairs[0].mcnemar_p or 0))
    assert any("Holm" in note.english() for note in found.notes)


def test_runs_that_differ_in_the_seed_alone(tmp_path: Path) -> None:
    runs = [answered_run(tmp_path, f"R{seed}", wrong_on(5 + seed), TRUTHS, seed=seed) for seed in range(2)]
    found = compared(*runs)
    assert len(found.groups) == 2 and [one.path for one in found.settings] == ["seed"]


def test_what_cannot_be_compared_is_said(tmp_path: Path) -> None:
    one = answered_run(tmp_path, "One", TRUTHS, TRUTHS)
    with pytest.raises(InputError, match="only one run"):
        compared(one)
    bare = Run.create(one.config, tmp_path, "Bare")
    with pytest.raises(InputError, match="no checkpoint"):
        compared(one, bare)
    other = answered_run(tmp_path, "Three", TRUTHS, TRUTHS, labels=("bad", "good", "odd"))
    with pytest.raises(InputError, match="One says bad, good; Three says bad, good, odd"):
        compared(one, other)
    recipe = from_yaml(Path(__file__).parents[4] / "resources" / "recipes" / "text-gan.yaml")
    writer = Run.create(recipe, tmp_path, "Writer")
    place_checkpoint(writer, 1)
    with pytest.raises(InputError, match="invents texts"):
        compared(one, writer)


def test_writers_show_their_own_meters(tmp_path: Path) -> None:
    recipe = from_yaml(Path(__file__).parents[4] / "resources" / "recipes" / "text-gan.yaml")
    runs = []
    for seed, value in enumerate((30.0, 20.0)):
        metrics = {"reverse_perplexity": value, "distinct_2": 0.5}
        told = events.Evaluated(step=1, split="validation", metrics=metrics, num_rows=10)
        runs.append(write_run(tmp_path, f"W{seed}", recipe.model_copy(update={"seed": seed}), [told]))
        place_checkpoint(runs[-1], 1)
    found = compared(*runs)
    assert [group.figures["reverse_perplexity"].value for group in found.groups] == [30.0, 20.0]
    assert not found.pairs and "neither right nor wrong" in found.headline.english()


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answered_run(tmp_path, "Weak", wrong_on(60), TRUTHS)
    answered_run(tmp_path, "Good", wrong_on(20), TRUTHS, changes={"model.hidden_size": 64})
    words = ["compare", str(tmp_path / "Weak"), str(tmp_path / "Good")]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in told["runs"]] == ["Weak", "Good"]
    assert (
        told["settings"][0]["path"] == "model.hidden_size" and told["table"][0]["figures"]["accuracy"]["value"] == 0.85
    )
    (pair,) = told["pairs"]
    assert (pair["a"], pair["b"], pair["outcome"]) == ("Weak", "Good", "better")
    assert pair["mcnemar_p"] < 1e-6 and pair["change"]["accuracy"]["value"] == pytest.approx(0.1)
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert "Good is better than Weak" in printed and "± " in printed and "Memory" in printed
    assert main(["compare", words[1], "--json"]) == 2
    assert "only one run" in json.loads(capsys.readouterr().out)["error"]["what"]
