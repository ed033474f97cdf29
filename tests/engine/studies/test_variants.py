"""What an ablation takes apart, and what it holds equal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.config.adversary import FGM, VAT
from engine.config.run import RunConfig, from_yaml
from engine.errors import InputError
from engine.runs.damaged_run import DamagedRun
from engine.runs.run import runs_in
from engine.runs.study import Study, is_study, studies_in
from engine.studies.variants import USUAL_ACCUMULATION, ablation_variants, create_ablation

RECIPES = Path(__file__).resolve().parents[3] / "resources" / "recipes"


def recipe(name: str = "attention", **changes: Any) -> RunConfig:
    return from_yaml(RECIPES / f"{name}.yaml").with_values(
        {key.replace("__", "."): one for key, one in changes.items()}
    )


def by_name(config: RunConfig) -> dict[str, RunConfig]:
    return {one.name: one.config for one in ablation_variants(config)}


def texts(config: RunConfig) -> int:
    training = config.training
    return training.max_steps * training.micro_batch_size * training.accumulation.first


THREE = {
    "training__adversary": {"name": "vat", "norm": 3.0},
    "training__accumulation": {"name": "fixed", "steps": 8},
    "training__max_steps": 150,
    "training__evaluate_every": 25,
    "model__pooling": {"name": "multi-head", "num_heads": 2},
}


def test_each_part_is_the_given_one_alone() -> None:
    config = recipe(**THREE)
    found = by_name(config)
    assert list(found) == ["lstm", "attention", "accumulation", "adversary", "all"]
    parts = {
        name: (one.model.pooling.name, one.training.accumulation.first, one.training.adversary.name)  # type: ignore[union-attr]
        for name, one in found.items()
    }
    assert parts == {
        "lstm": ("last", 1, "none"),
        "attention": ("multi-head", 1, "none"),
        "accumulation": ("last", 8, "none"),
        "adversary": ("last", 1, "vat"),
        "all": ("multi-head", 8, "vat"),
    }
    assert found["adversary"].training.adversary == VAT(norm=3.0)
    assert found["all"].training == config.training and found["all"].model == config.model


@pytest.mark.parametrize("changes", [{}, THREE])
def test_all_variants_read_the_same_texts_at_the_same_rate(changes: dict[str, Any]) -> None:
    found = by_name(recipe(**changes)).values()
    assert len({texts(one) for one in found}) == 1
    assert len({one.training.optimizer.learning_rate for one in found}) == 1
    looks = {one.training.max_steps // one.training.evaluate_every for one in found}
    assert len(looks) == 1, "patience counts evaluations, so there must be as many"


def test_parts_that_the_config_lacks_are_the_usual_ones() -> None:
    found = by_name(recipe("lstm-baseline", model__pooling={"name": "last"}))
    assert found["attention"].model.pooling.name == "additive"  # type: ignore[union-attr]
    assert found["adversary"].training.adversary == FGM()
    assert found["accumulation"].training.accumulation.first == USUAL_ACCUMULATION


def test_found_accumulation_keeps_the_updates() -> None:
    found = by_name(recipe(training__accumulation={"name": "noise-scale", "maximum": 16}))
    assert {one.training.max_steps for one in found.values()} == {1200}
    assert found["accumulation"].training.accumulation.name == "noise-scale"


def test_pretraining_is_left_out_of_all() -> None:
    config = recipe(training__pretraining={"name": "language-model", "steps": 200})
    found = by_name(config)
    assert {one.training.pretraining.name for one in found.values()} == {"none"}
    assert found["lstm"].training.max_steps == 1000


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("transformer", {}, "without its attention"),
        ("fusion", {}, "without its attention"),
        ("attention", {"task__loss": {"name": "mse"}}, "precision and recall"),
        ("attention", {"training__adversary": {"name": "attention"}}, "cannot be tried alone"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused_in_words(name: str, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        ablation_variants(recipe(name, **changes))


def test_the_folder_keeps_everything(tmp_path: Path) -> None:
    study = create_ablation(recipe(seed=5, **THREE), tmp_path, 2, "What helps?")
    again = Study.open(study.path)
    assert again.name == "What helps?" and again.kind == "ablation" and again.state == "new"
    assert again.seeds == (5, 6) and again.num_runs == 10 == len(again.members)
    assert again.variants == ablation_variants(recipe(seed=5, **THREE))
    assert [one.path.name for one in again.members[:6]] == [
        "lstm-seed5",
        "attention-seed5",
        "accumulation-seed5",
        "adversary-seed5",
        "all-seed5",
        "lstm-seed6",
    ]
    run = again.members[5].made()
    assert run.config.seed == 6 and run.config.model.pooling.name == "last"  # type: ignore[union-attr]
    assert is_study(study.path) and not is_study(run.path)
    assert [one.path for one in studies_in(tmp_path)] == [study.path]
    assert runs_in(tmp_path) == [], "a study's runs are not the folder's own"
    with pytest.raises(InputError, match="already"):
        create_ablation(recipe(), tmp_path, 1, "What helps?")
    assert create_ablation(recipe(), tmp_path, 1).path != create_ablation(recipe(), tmp_path, 1).path


def test_wrong_studies_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="from 1 to"):
        create_ablation(recipe(), tmp_path, 0)
    with pytest.raises(InputError, match="no study"):
        Study.open(tmp_path)
    study = create_ablation(recipe(), tmp_path, 1, "one")
    text = (study.path / "study.json").read_text()
    (study.path / "study.json").write_text(text.replace('"format": 1', '"format": 99'))
    with pytest.raises(InputError, match="another version"):
        Study.open(study.path)
    [listed] = studies_in(tmp_path)
    assert isinstance(listed, DamagedRun) and listed.is_study and listed.is_other_version
    assert runs_in(tmp_path) == [], "a study is listed once"
