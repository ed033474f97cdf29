"""RunConfig: one schema for form, file and command line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.config.presets import ADAPTATION_RATES, PRESETS, with_adaptation, with_preset
from engine.config.pretrained import HeadOnly, LoRA, WholeModel
from engine.config.run import RunConfig, from_tree, from_yaml, merged, paths
from engine.errors import InputError

RECIPES = Path(__file__).resolve().parents[3] / "resources" / "recipes"


def test_every_recipe_is_valid_and_says_what_to_expect() -> None:
    found = sorted(RECIPES.glob("*.yaml"))
    models = {
        "attention",
        "bert-finetune",
        "convolutional",
        "fusion",
        "lstm-baseline",
        "quick-look",
        "transformer",
        "word-counting",
        "wide-and-deep",
    }
    ways = {"three-in-one", "fraud-adversarial", "text-gan", "text-gan-transformer", "text-gan-collapse"} | {
        *("several-labels", "stars"),
    }
    in_words = {
        *("squad-reader", "squad-reader-no-attention", "squad-bert"),
        *("translate-attention", "translate-no-attention", "translate-transformer", "summarise"),
        *("ngram", "lstm-lm", "transformer-lm", "chat"),
    }
    assert {path.stem for path in found} == models | ways | in_words
    for path in found:
        config = from_yaml(path)
        assert config.title and config.description.endswith(".")


def test_round_trip_through_yaml() -> None:
    for path in RECIPES.glob("*.yaml"):
        config = from_yaml(path)
        assert from_tree(yaml.safe_load(config.to_yaml())) == config


def test_config_is_frozen() -> None:
    with pytest.raises(ValidationError):
        RunConfig().seed = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("path", "value", "mend"),
    [
        ("training.optimiser.learning_rate", 1, "training.optimizer.learning_rate"),
        ("model.hiden_size", 64, "model.hidden_size"),
        ("training.max_step", 10, "training.max_steps"),
    ],
)
def test_unknown_path_names_the_nearest(path: str, value: object, mend: str) -> None:
    with pytest.raises(InputError) as caught:
        RunConfig().with_values({path: value})
    assert mend in caught.value.mend.english()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("training.max_steps", "many"),
        ("training.max_steps", 0),
        ("training.optimizer.learning_rate", -1),
        ("training.optimizer.learning_rate", "nan"),
        ("model.dropout", 1.0),
        ("model.name", "perceptron"),
        ("task.loss.name", "hope"),
        ("seed", -1),
    ],
)
def test_wrong_value_names_its_field(path: str, value: object) -> None:
    with pytest.raises(InputError) as caught:
        RunConfig().with_values({path: value})
    assert path.removesuffix(".name") in caught.value.where.english()
    assert caught.value.mend.english()


def test_unknown_key_in_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_text("training:\n  max_step: 5\n")
    with pytest.raises(InputError, match=r"training\.max_steps") as caught:
        from_yaml(path)
    assert str(path) in caught.value.where.english()


@pytest.mark.parametrize("content", ["a: [1", "- 1\n- 2\n", "\x00\x01", ""])
def test_what_is_no_config_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "run.yaml"
    path.write_text(content)
    with pytest.raises(InputError):
        from_yaml(path)


def test_changed_name_starts_that_spec_from_its_defaults() -> None:
    config = RunConfig().with_values({"training.optimizer.learning_rate": 0.5, "model.hidden_size": 32})
    changed = config.with_values({"training.optimizer.name": "sgd", "model.num_heads": 2, "model.name": "transformer"})
    assert changed.training.optimizer.learning_rate == 0.1
    assert changed.model.hidden_size == 128


def test_same_name_keeps_the_rest() -> None:
    config = RunConfig().with_values({"model.hidden_size": 32, "model.name": "recurrent"})
    assert config.model.hidden_size == 32


def test_text_and_label_are_short_for_columns() -> None:
    config = RunConfig().with_values({"data.text": "review", "data.label": "stars"})
    assert config.data.columns == {"text": "review", "label": "stars"}
    assert config.with_values({"data.label": "mark"}).data.columns == {"text": "review", "label": "mark"}


def test_heads_must_divide_the_width() -> None:
    with pytest.raises(InputError, match="divide"):
        RunConfig().with_values({"model.name": "transformer", "model.num_heads": 3})


@pytest.mark.slow
@settings(deadline=None)  # the first call builds the schema
@given(st.integers(1, 10_000), st.floats(1e-6, 10.0), st.sampled_from(["sgd", "adamw", "adadelta"]))
def test_any_legal_choice_survives_yaml(steps: int, rate: float, name: str) -> None:
    changes = {"training.max_steps": steps, "training.optimizer.name": name, "training.optimizer.learning_rate": rate}
    config = RunConfig().with_values(changes)
    assert from_tree(yaml.safe_load(config.to_yaml())) == config


def test_paths_reach_every_member() -> None:
    known = paths()
    assert {"model.cell", "model.num_heads", "training.schedule.factor", "data.text", "task.loss.gamma"} <= known


def test_merging_leaves_the_first_tree_alone() -> None:
    tree = RunConfig().to_tree()
    before = yaml.safe_dump(tree)
    merged(tree, {"model.name": "fusion", "training.max_steps": 7})
    assert yaml.safe_dump(tree) == before


def test_presets_grow() -> None:
    recipe = from_yaml(RECIPES / "attention.yaml")
    sized = [with_preset(recipe, recipe, preset) for preset in PRESETS]
    steps = [config.training.max_steps for config in sized]
    assert steps == sorted(steps) and len(set(steps)) == 3
    assert all(config.training.evaluate_every <= config.training.max_steps for config in sized)


def test_what_learns_brings_its_rate_unless_somebody_chose_one() -> None:
    recipe = from_yaml(RECIPES / "bert-finetune.yaml")
    assert recipe.training.optimizer.learning_rate == ADAPTATION_RATES["whole"]
    lora = with_adaptation(recipe, LoRA(rank=4))
    assert lora.model.adaptation == LoRA(rank=4) and lora.training.optimizer.learning_rate == ADAPTATION_RATES["lora"]
    assert with_adaptation(lora, WholeModel()) == recipe
    own = recipe.with_values({"training.optimizer.learning_rate": 7e-5})
    assert with_adaptation(own, HeadOnly()).training.optimizer.learning_rate == 7e-5


def test_one_setting_of_an_encoder_can_be_set_alone() -> None:
    recipe = from_yaml(RECIPES / "bert-finetune.yaml")
    changed = recipe.with_values({"model.adaptation.name": "lora", "model.adaptation.rank": "4", "model.source": "a/b"})
    assert changed.model.adaptation == LoRA(rank=4) and changed.model.source == "a/b"
    assert changed.model.layer_decay == recipe.model.layer_decay
    with pytest.raises(InputError, match=r"model\.adaptation\.num_layers"):
        recipe.with_values({"model.adaptation": {"name": "last-layers", "num_layers": 0}})
    with pytest.raises(InputError, match=r"model\.source"):
        recipe.with_values({"model.source": ""})
