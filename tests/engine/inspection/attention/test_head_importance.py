"""What heads are worth: equal to counting by hand on any kind of model, in any order, and stopped at once."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
import torch

from engine import verbs
from engine.config.classifiers import Fusion, MultiHeadAttention, Recurrent, Transformer
from engine.config.model import Model
from engine.config.run import RunConfig
from engine.data.splitting.foreign_labels import matched
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.inspection.attention import head_importance as heads_module
from engine.inspection.prediction import labelled_rows as labelled
from engine.inspection.subjects.loaded_models import trained
from engine.metrics.classification import classification_metrics, regression_metrics
from engine.models.lens import SELF_ATTENTION
from engine.records import Head, HeadTable, Progress, SwitchEffect, Switches
from engine.runs.model_folder import ModelFolder
from engine.runs.run import Run
from tests.engine.models.tiny import CAUSAL, HOOKS, INTERFACE, TEXTS, folder_of, tiny
from tests.engine.training.conftest import TINY, follow

pytestmark = pytest.mark.slow

Result = TypeVar("Result")


def ended(answering: Generator[Progress, None, Result]) -> tuple[Result, list[Progress]]:
    told = []
    while True:
        try:
            told.append(next(answering))
        except StopIteration as end:
            return end.value, told


def labelled_file(folder: Path, labels: tuple[str, ...] = ("0", "1"), num_rows: int = 40) -> str:
    """Rows of one to four sentences, so that there are batches of several lengths."""
    rng = np.random.default_rng(0)
    lines = ["text\tlabel"]
    for row in range(num_rows):
        words = " ".join(rng.choice(TEXTS[:4], 1 + row % 4))
        lines.append(f"{words} {row % 7}\t{labels[row % len(labels)]}")
    path = folder / "rows.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def off(*heads: Head) -> Switches:
    return Switches(muted=frozenset(heads))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelled, "_TOKENS_A_BATCH", 320)


@pytest.mark.parametrize("name", [*INTERFACE, *HOOKS])
def test_the_table_of_any_model(name: str, tmp_path: Path) -> None:
    subject = ModelFolder.open(folder_of(tiny(name), tmp_path / "m"))
    source = labelled_file(tmp_path)
    table, told = ended(verbs.heads(subject, source))
    assert len(table.effects) == 12 and table.num_rows == 40 and table.split == "data"
    changes = [one.change["probability"] for one in table.effects]
    assert changes == sorted(changes) and changes[0] < 0
    assert {next(iter(one.switches.muted)) for one in table.effects} == {
        (SELF_ATTENTION, layer, head) for layer in range(3) for head in range(4)
    }
    assert [one.done for one in told] == sorted(one.done for one in told) and told[-1].done == told[-1].total
    for effect in (table.effects[0], table.effects[7], table.effects[-1]):
        alone, _ = ended(verbs.switch_effect(subject, effect.switches, source))
        assert alone.before == pytest.approx(effect.before, abs=1e-6)
        assert alone.after == pytest.approx(effect.after, abs=1e-6)
        assert alone.intervals == pytest.approx(effect.intervals, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*INTERFACE, *HOOKS])
def test_shortened_passes_change_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = ModelFolder.open(folder_of(tiny(name), tmp_path / "m"))
    source = labelled_file(tmp_path)
    whole: list[Head] = []
    compute = heads_module._whole
    monkeypatch.setattr(heads_module, "_whole", lambda *given: whole.append(given[2]) or compute(*given))
    short, _ = ended(verbs.heads(subject, source))
    assert len(whole) == 1, "one comparison, all else is shortened"
    monkeypatch.setattr(heads_module, "divide", lambda _model: 0)
    full, _ = ended(verbs.heads(subject, source))
    assert len(whole) > 12
    for one, other in zip(short.effects, full.effects, strict=True):
        assert one.switches == other.switches and one.change == pytest.approx(other.change, abs=1e-6)


@pytest.mark.slow
def test_a_model_whose_layers_are_not_a_chain_is_measured_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a shortened pass would be wrong, it is noticed and not used."""
    subject = ModelFolder.open(folder_of(tiny("bert"), tmp_path / "m"))
    source = labelled_file(tmp_path)
    right, _ = ended(verbs.heads(subject, source))
    compute = heads_module._shortened
    monkeypatch.setattr(heads_module, "_shortened", lambda *given: compute(*given)[::-1])
    again, _ = ended(verbs.heads(subject, source))
    assert [one.change for one in again.effects] == [pytest.approx(one.change, abs=1e-6) for one in right.effects]


def made(tmp_path: Path, spec: Model, **changes: Any) -> Run:
    changes = {"training.max_steps": 12, "data.builtin.num_rows": 200, **changes}
    plain = {key: value for key, value in TINY.items() if not key.startswith("model.")}
    config = RunConfig(model=spec).with_values({**plain, **changes})
    run = verbs.create(config, tmp_path, "run")
    follow(verbs.train(run))
    return run


SPECS: tuple[Model, ...] = (
    Recurrent(embedding_size=8, hidden_size=6),
    Recurrent(embedding_size=8, hidden_size=6, pooling=MultiHeadAttention(num_heads=3)),
    Transformer(hidden_size=8, num_heads=2, num_layers=3, feed_forward_size=8),
    Fusion(embedding_size=8, num_heads=2, num_blocks=2, feed_forward_size=8, hidden_size=6),
)


@pytest.mark.parametrize("spec", SPECS, ids=["additive", "multi-head", "transformer", "fusion"])
def test_the_table_of_our_models(spec: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = made(tmp_path, spec)
    table, _ = ended(verbs.heads(run, num_rows=None))
    expected = {
        "recurrent": 3 if isinstance(getattr(spec, "pooling", None), MultiHeadAttention) else 1,
        "transformer": 6,
        "fusion": 5,
    }
    assert len(table.effects) == expected[spec.name] and table.split == "validation"
    monkeypatch.setattr(heads_module, "divide", lambda _model: 0)
    full, _ = ended(verbs.heads(run, num_rows=None))
    assert [one.switches for one in full.effects] == [one.switches for one in table.effects]
    for one, other in zip(table.effects, full.effects, strict=True):
        assert one.change == pytest.approx(other.change, abs=1e-6)
    assert table.before["accuracy"] == verbs.evaluate(run, split="validation").metrics["accuracy"]


def test_an_effect_by_hand(tmp_path: Path) -> None:
    run = made(tmp_path, SPECS[2])
    switches = off((SELF_ATTENTION, 0, 0), (SELF_ATTENTION, 2, 1))
    effect, told = ended(verbs.switch_effect(run, switches))
    model = trained(run)
    rows = labelled.labelled_rows(run, model, None, None, None)
    split = load_splits(run.config.data, run.config.task, run.config.seed).splits["validation"]
    texts = dict(zip(split["row"], split["text"], strict=True))
    answers = [
        list(verbs.attend(run, texts[row], switches=switches).prediction.probabilities.values())
        for batch in rows.batches
        for row in batch.rows
    ]
    expected = classification_metrics(answers, rows.truths, model.labels, rows.positive_label)
    assert effect.num_rows == len(answers) == len(split)
    for name in ("accuracy", "precision", "recall", "f1"):
        assert effect.after[name] == pytest.approx(expected[name])
    of_the_truth = np.array(answers)[np.arange(len(answers)), rows.truths].mean()
    assert effect.after["probability"] == pytest.approx(of_the_truth, abs=1e-6)
    assert isinstance(told[-1].partial, SwitchEffect) and told[-1].done == told[-1].total == 2 * len(rows.batches)


def test_uniform_attention_and_no_switch(tmp_path: Path) -> None:
    run = made(tmp_path, SPECS[0])
    nothing, _ = ended(verbs.switch_effect(run, Switches()))
    assert set(nothing.change.values()) == {0.0} == set(nothing.intervals.values())
    uniform, _ = ended(verbs.switch_effect(run, Switches(uniform=True), num_rows=10))
    assert uniform.num_rows == 10 and uniform.change["probability"] != 0
    assert uniform.to_json()["uniform"] is True


def test_numeric_targets(tmp_path: Path) -> None:
    source = labelled_file(tmp_path, ("0.5", "1.5", "4"))
    run = made(tmp_path, SPECS[2], **{"data.train": source, "task.loss.name": "mse"})
    effect, _ = ended(verbs.switch_effect(run, off((SELF_ATTENTION, 0, 0))))
    assert set(effect.change) == {"mse", "mae", "r2"}
    rows = labelled.labelled_rows(run, trained(run), None, None, None)
    found = np.concatenate([rows.before[number] for number in range(len(rows.batches))])
    assert effect.before == pytest.approx(regression_metrics(found, rows.truths))
    table, _ = ended(verbs.heads(run))
    costs = [one.change["mse"] for one in table.effects]
    assert costs == sorted(costs, reverse=True)
    folder = ModelFolder.open(folder_of(tiny("bert", num_labels=1), tmp_path / "m"))
    assert set(ended(verbs.heads(folder, source))[0].before) == {"mse", "mae", "r2"}


def test_the_partial_table_grows_and_is_sorted(tmp_path: Path) -> None:
    subject = ModelFolder.open(folder_of(tiny("bert"), tmp_path / "m"))
    _, told = ended(verbs.heads(subject, labelled_file(tmp_path)))
    tables = [one.partial for one in told if isinstance(one.partial, HeadTable)]
    assert len(tables) == len(told) and len(tables[0].effects) == 1 and len(tables[11].effects) == 12
    assert [one.num_rows for one in tables] == sorted(one.num_rows for one in tables)
    for table in tables:
        changes = [one.change["probability"] for one in table.effects]
        assert changes == sorted(changes) and all(one.intervals for one in table.effects)


def test_closing_stops_and_what_is_known_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = ModelFolder.open(folder_of(tiny("bert"), tmp_path / "m"))
    source = labelled_file(tmp_path)
    passes: list[bool] = []
    compute = labelled.forward
    monkeypatch.setattr(labelled, "forward", lambda *given: passes.append(bool(given[2].switches)) or compute(*given))
    measuring = verbs.switch_effect(subject, off((SELF_ATTENTION, 0, 0)), source)
    next(measuring), next(measuring)
    measuring.close()
    assert passes == [False, True]
    ended(verbs.switch_effect(subject, off((SELF_ATTENTION, 0, 1)), source))
    num_batches = passes.count(True) - 1
    assert num_batches > 2 and passes.count(False) == num_batches, "no baseline answer was asked for twice"
    passes.clear()
    ended(verbs.switch_effect(subject, off((SELF_ATTENTION, 0, 2)), source))
    assert passes == [True] * num_batches


def test_the_model_is_left_as_it_was(tmp_path: Path) -> None:
    subject = ModelFolder.open(folder_of(tiny("bert"), tmp_path / "m"))
    before = verbs.attend(subject, TEXTS[0])
    ended(verbs.heads(subject, labelled_file(tmp_path)))
    after = verbs.attend(subject, TEXTS[0])
    assert before.prediction == after.prediction
    assert np.array_equal(before.maps[0].weights, after.maps[0].weights)


@pytest.mark.parametrize("pad_token_id", [0, 3])
@pytest.mark.parametrize("name", CAUSAL)
def test_padding_does_not_change_a_decoders_answers(name: str, pad_token_id: int, tmp_path: Path) -> None:
    """It answers at its last word, which it finds by the padding that its config names."""
    its = tiny(name, pad_token_id=pad_token_id)
    subject = ModelFolder.open(folder_of(its, tmp_path / "m"))
    model = trained(subject)
    rows = labelled.labelled_rows(subject, model, labelled_file(tmp_path), None, None)
    number = max(range(len(rows.batches)), key=lambda place: rows.batches[place].padding_share)
    batch = rows.batches[number]
    assert batch.padding_share > 0 and (batch.input_ids[batch.attention_mask == 0] == pad_token_id).all()
    found = labelled.answers_before(model, rows, number)
    for row, (ids, mask) in enumerate(zip(batch.input_ids, batch.attention_mask, strict=True)):
        with torch.no_grad():
            alone = model.model(input_ids=ids[mask.bool()][None]).logits.softmax(dim=-1)[0]
        assert found[row] == pytest.approx(alone.tolist(), abs=1e-5)


# --- refused, and labels that fit -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "head", "words"),
    [
        ("xlnet", "ForSequenceClassification", "cannot be switched off"),
        ("fnet", "ForSequenceClassification", "cannot be switched off"),
        ("gpt2", "LMHeadModel", "gives texts no labels"),
        ("bert", "Model", "gives texts no labels"),
    ],
)
def test_models_that_cannot_be_measured(name: str, head: str, words: str, tmp_path: Path) -> None:
    subject = ModelFolder.open(folder_of(tiny(name, head), tmp_path / "m"))
    with pytest.raises(InputError, match=words):
        ended(verbs.heads(subject, labelled_file(tmp_path)))


def test_a_foreign_model_needs_a_file(tmp_path: Path) -> None:
    subject = ModelFolder.open(folder_of(tiny("bert"), tmp_path / "m"))
    with pytest.raises(InputError, match="no labelled texts are known"):
        ended(verbs.heads(subject))


def test_a_head_that_is_not_there(tmp_path: Path) -> None:
    subject = ModelFolder.open(folder_of(tiny("bert"), tmp_path / "m"))
    with pytest.raises(InputError, match=r"no head 5\.0"):
        ended(verbs.switch_effect(subject, off((SELF_ATTENTION, 5, 0)), labelled_file(tmp_path)))


@pytest.mark.parametrize(
    ("spelled", "labels", "expected"),
    [
        (("good", "bad"), ("bad", "good"), {"good": "good", "bad": "bad"}),
        (("Good ", "BAD"), ("bad", "good"), {"Good ": "good", "BAD": "bad"}),
        (("0", "1"), ("LABEL_0", "LABEL_1"), {"0": "LABEL_0", "1": "LABEL_1"}),
        (("LABEL_1",), ("0", "1"), {"LABEL_1": "1"}),
        (("1", "2"), ("1", "2", "3"), {"1": "1", "2": "2"}),
        (("0", "1"), ("NEGATIVE", "POSITIVE"), {"0": "NEGATIVE", "1": "POSITIVE"}),
    ],
)
def test_labels_that_fit(spelled: tuple[str, ...], labels: tuple[str, ...], expected: dict[str, str]) -> None:
    assert matched(spelled, labels) == expected


@pytest.mark.parametrize(
    ("spelled", "labels"),
    [(("good", "poor"), ("bad", "good")), (("1", "2"), ("LABEL_0", "LABEL_1")), (("2",), ("no", "yes"))],
)
def test_labels_that_do_not_fit(spelled: tuple[str, ...], labels: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="are not those of the model"):
        matched(spelled, labels)


def test_a_foreign_models_labels_are_matched(tmp_path: Path) -> None:
    model = tiny("bert")
    model.config.id2label = {0: "NEGATIVE", 1: "POSITIVE"}
    subject = ModelFolder.open(folder_of(model, tmp_path / "m"))
    by_number, _ = ended(verbs.heads(subject, labelled_file(tmp_path)))
    (tmp_path / "words").mkdir()
    by_word, _ = ended(verbs.heads(subject, labelled_file(tmp_path / "words", ("negative", "positive"))))
    assert by_number.before == by_word.before
    (tmp_path / "other").mkdir()
    with pytest.raises(InputError, match="are not those of the model"):
        ended(verbs.heads(subject, labelled_file(tmp_path / "other", ("spam", "ham"))))
