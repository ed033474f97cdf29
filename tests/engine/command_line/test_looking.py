"""The command line looks inside: attend with its options, faithfulness, heads; on runs and on other models' folders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import verbs
from engine.__main__ import main
from engine.records import HeadTable, Progress, SwitchEffect, Switches
from tests.engine.command_line.test_contract import SMALL, Shell
from tests.engine.inspection.small_models import bert, bert_encoder, gpt2_writer

TEXT = "The film was not good"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    words = ["data.builtin.num_rows=240", "data.max_length=24", *SMALL[4:]]
    sizes = ["embedding_size=8", "num_heads=2", "num_blocks=2", "feed_forward_size=8", "hidden_size=8"]
    settings = [*words, *(f"model.{size}" for size in sizes)]
    assert main(["train", "fusion", "--set", *settings, "--runs", str(folder), "--name", "fusion"]) == 0
    return folder / "fusion"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Models as transformers saves them."""
    found = {}
    for name, make in (("bert", bert), ("encoder", bert_encoder), ("writer", gpt2_writer)):
        trained = make()
        found[name] = tmp_path_factory.mktemp(name)
        trained.model.set_attn_implementation("eager")
        trained.model.save_pretrained(found[name])
        trained.tokenizer.save_pretrained(found[name])
    return found


def weights_of(answer: dict[str, Any], name: str) -> np.ndarray:
    (one,) = [one for one in answer["maps"] if one["name"] == name]
    weights = np.array(one["weights"])
    assert weights.ndim == 4 and weights.shape[2:] == (len(one["queries"]), len(one["keys"]))
    return weights


def test_attend_says_more(shell: Shell, run: Path) -> None:
    code, (answer,), _ = shell("attend", str(run), "--text", TEXT)
    assert code == 0 and {"prediction", "maps", "truncated", "tokens", "switches", "facts"} == set(answer)
    assert answer["tokens"] == ["[CLS]", *TEXT.split(), "[SEP]"]
    assert answer["switches"] == {"heads": [], "uniform": False}
    facts = {one["name"]: one for one in answer["facts"]}
    assert set(facts) == {"self-attention", "additive attention"}
    blocks = facts["self-attention"]
    assert {"name", "entropy", "distance", "pattern", "share"} == set(blocks)
    assert all(np.array(blocks[name]).shape == (2, 2) for name in ("entropy", "distance", "pattern", "share"))


def test_one_layer_and_head(shell: Shell, run: Path) -> None:
    _, (whole,), _ = shell("attend", str(run), "--text", TEXT)
    every = weights_of(whole, "self-attention")
    _, (answer,), _ = shell("attend", str(run), "--text", TEXT, "--layer", "1", "--head", "0")
    assert len(answer["maps"]) == 1
    np.testing.assert_array_equal(weights_of(answer, "self-attention"), every[1:2, 0:1])
    assert answer["facts"][0]["pattern"] == [[whole["facts"][0]["pattern"][1][0]]]
    _, (answer,), _ = shell("attend", str(run), "--text", TEXT, "--layer", "1")
    np.testing.assert_array_equal(weights_of(answer, "self-attention"), every[1:2])
    _, (answer,), _ = shell("attend", str(run), "--text", TEXT, "--map", "additive attention", "--head", "0")
    assert weights_of(answer, "additive attention").shape[:2] == (1, 1)


def test_heads_off(shell: Shell, run: Path) -> None:
    _, (whole,), _ = shell("attend", str(run), "--text", TEXT)
    _, (answer,), _ = shell("attend", str(run), "--text", TEXT, "--mute", "0.1,1.*")
    heads = [(one["map"], one["layer"], one["head"]) for one in answer["switches"]["heads"]]
    assert heads == [("self-attention", 0, 1), ("self-attention", 1, 0), ("self-attention", 1, 1)]
    assert answer["prediction"]["probabilities"] != whole["prediction"]["probabilities"]
    _, (answer,), _ = shell("attend", str(run), "--text", TEXT, "--uniform")
    np.testing.assert_allclose(weights_of(answer, "self-attention"), 1 / 7, atol=1e-6)
    assert answer["switches"]["uniform"]
    _, (answer,), _ = shell("attend", str(run), "--text", TEXT, "--mute", "0.0", "--map", "additive attention")
    assert answer["switches"]["heads"] == [{"map": "additive attention", "layer": 0, "head": 0}]


@pytest.mark.parametrize("method", ["rollout", "gradient", "integrated-gradients", "leave-one-out"])
def test_methods(shell: Shell, run: Path, folders: dict[str, Path], method: str) -> None:
    for subject in (run, folders["bert"]):
        code, (answer,), _ = shell("attend", str(subject), "--text", TEXT, "--method", method)
        found = answer["attribution"]
        assert code == 0 and {"method", "label", "probability", "tokens", "scores"} == set(found)
        assert found["method"] == method and found["label"] == answer["prediction"]["label"]
        assert found["probability"] == pytest.approx(answer["prediction"]["probabilities"][found["label"]], abs=1e-6)
        assert len(found["scores"]) == len(found["tokens"]) == len(answer["tokens"])
        assert any(found["scores"])
        names = [one["name"] for one in answer["maps"]]
        assert ("rollout" in names) == (method == "rollout")
        assert ("rollout to the answer" in names) == (method == "rollout" and subject == run)


def test_other_models(shell: Shell, folders: dict[str, Path]) -> None:
    code, (answer,), _ = shell("predict", str(folders["bert"]), "--text", TEXT)
    assert code == 0 and set(answer["probabilities"]) == {"LABEL_0", "LABEL_1"}
    code, (answer,), _ = shell("attend", str(folders["writer"]), "--text", TEXT, "--method", "leave-one-out")
    assert code == 0 and answer["attribution"]["label"] == answer["prediction"]["label"]
    code, (answer,), _ = shell("attend", str(folders["encoder"]), "--text", TEXT)
    assert code == 0 and answer["prediction"]["label"] == "" and weights_of(answer, "self-attention").shape[0] == 2


def test_faithfulness(shell: Shell, run: Path, folders: dict[str, Path], tmp_path: Path) -> None:
    code, (answer,), _ = shell("faithfulness", str(run), "--rows", "6")
    assert code == 0 and {"figures", "intervals", "trust", "num_rows", "left_out"} == set(answer)
    assert answer["num_rows"] == 6 and answer["trust"] in ("strong", "fair", "weak")
    assert set(answer["figures"]) == set(answer["intervals"]) >= {"evidence", "uniform_drop", "tau_leave_one_out"}
    file = tmp_path / "texts.csv"
    file.write_text("text\nThe film was good.\nI did not like the ending at all.\n")
    code, (answer,), _ = shell("faithfulness", str(folders["bert"]), "--data", str(file))
    assert code == 0 and answer["num_rows"] == 2 and "evidence" not in answer["figures"]


def test_people_read_words(run: Path, folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    def printed(*words: str) -> str:
        capsys.readouterr()
        assert main(list(words)) == 0
        shown = capsys.readouterr()
        assert shown.err == "", "progress is for terminals alone"
        return shown.out

    out = printed("faithfulness", str(run), "--rows", "4")
    assert "what changes the decision here (4 rows)" in out and "random words:" in out and "±" in out
    out = printed("attend", str(run), "--text", TEXT, "--layer", "0", "--head", "1")
    assert len(out.splitlines()) == 8 and all(len(line.split()) == 7 for line in out.splitlines()[1:])
    out = printed("attend", str(run), "--text", TEXT, "--method", "leave-one-out")
    assert "good" in out and "█" in out
    assert "only looks" in printed("predict", str(folders["encoder"]), "--text", TEXT)


def test_heads_prints_the_table(shell: Shell, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    head = Switches(frozenset({("self-attention", 0, 1)}))
    effect = SwitchEffect(head, {"accuracy": 0.9}, {"accuracy": 0.8}, {"accuracy": -0.1}, {"accuracy": 0.02}, 7, "test")
    table = HeadTable((effect,), {"accuracy": 0.9}, 7, "test")

    def heads(*words: object) -> Iterator[Progress]:
        asked.extend(words)
        yield Progress(1, 4)
        return table

    monkeypatch.setattr(verbs, "heads", heads, raising=False)
    code, (answer,), _ = shell("heads", str(run), "--split", "test", "--rows", "7", "--checkpoint", "last")
    assert code == 0 and answer == {**table.to_json(), "left_out": []}
    assert asked[1:] == [None, "test", 7, "last"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--head", "9"], "no head"),
        (["--layer", "2"], "no head"),
        (["--layer", "-1"], "no head"),
        (["--map", "magic"], "no map"),
        (["--mute", "0.7"], "no head"),
        (["--mute", "first"], "is no head"),
        (["--mute", "0.1,"], "is no head"),
        (["--method", "magic"], "magic"),
        (["--checkpoint", "step-999"], "no checkpoint"),
    ],
)
def test_wrong_options_are_exit_2(shell: Shell, run: Path, options: list[str], said: str) -> None:
    code, lines, err = shell("attend", str(run), "--text", TEXT, *options)
    assert code == 2 and len(err.strip().splitlines()) == 1
    assert said in json.dumps(lines[-1]["error"])


def test_wrong_subjects_are_exit_2(shell: Shell, folders: dict[str, Path], tmp_path: Path) -> None:
    for words, said in (
        (("attend", str(tmp_path), "--text", TEXT), "neither a run nor a model"),
        (("attend", str(folders["encoder"]), "--text", TEXT, "--method", "gradient"), "only looks"),
        (("faithfulness", str(folders["bert"])), "no texts of its own"),
        (("faithfulness", str(folders["bert"]), "--data", str(tmp_path / "none.csv")), "none.csv"),
        (("faithfulness", str(folders["bert"]), "--rows", "0"), "At least one row"),
        (("attend", str(folders["bert"]), "--text", " "), "sentence"),
    ):
        code, lines, _ = shell(*words)
        assert code == 2 and said in json.dumps(lines[-1]["error"])
