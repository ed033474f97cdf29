"""Every model through ONNX: texts of different lengths in one batch are answered as each of them alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import numpy as np
import onnxruntime
import pytest
import torch

from engine.config import classifiers as choice
from engine.config.classifiers import Convolutional, Fusion, Recurrent, Transformer
from engine.config.losses import BinaryCrossEntropy, Focal, MeanSquaredError
from engine.errors import InputError
from engine.export import onnx
from engine.export.model_loading import ModelToExport
from engine.models.build import build
from engine.records import Decision
from tests.engine.export.leavers import leaver, own_answers, padded, small, stranger
from tests.engine.inspection.small_models import MAX_LENGTH, WORDS, own
from tests.engine.models.tiny import CONFIGS, tiny

pytestmark = pytest.mark.slow

POOLINGS: tuple[Any, ...] = tuple(one() for one in get_args(get_args(choice.Pooling)[0]))
CELLS = [(cell, both) for cell in ("rnn", "lstm", "gru") for both in (True, False)]
BATCHES = ((11,), (2,), (1,), (9, 9), (3, 17, 1, 8), (40, 2, 30, 5, 12))
STRANGERS = [name for name in CONFIGS if name != "fnet"]


def session(leaving: ModelToExport, folder: Path) -> onnxruntime.InferenceSession:
    onnx.write_onnx(leaving, folder / onnx.MODEL)
    return onnxruntime.InferenceSession(folder / onnx.MODEL, providers=["CPUExecutionProvider"])


def worst(leaving: ModelToExport, folder: Path) -> float:
    """The largest difference of a logit or a probability, in batches and row by row."""
    asked, found = session(leaving, folder), 0.0
    for number, lengths in enumerate(BATCHES):
        inputs = padded(lengths, leaving.pad_token_id, number)
        expected = own_answers(leaving, inputs)
        together = asked.run(None, inputs)
        found = max(found, *(float(np.abs(a - b).max()) for a, b in zip(together, expected, strict=False)))
        for row, length in enumerate(lengths):
            (*_, alone) = asked.run(None, {name: values[row : row + 1, :length] for name, values in inputs.items()})
            found = max(found, float(np.abs(alone[0] - together[-1][row]).max()))
    return found


@pytest.mark.parametrize("pooling", POOLINGS, ids=lambda one: one.name)
def test_every_pooling(pooling: Any, tmp_path: Path) -> None:
    assert worst(leaver(own(small(Recurrent, pooling=pooling))), tmp_path) < 1e-5


@pytest.mark.parametrize(("cell", "bidirectional"), CELLS)
def test_every_cell(cell: str, bidirectional: bool, tmp_path: Path) -> None:
    spec = small(Recurrent, cell=cell, bidirectional=bidirectional, num_layers=2)
    assert worst(leaver(own(spec)), tmp_path) < 1e-5


@pytest.mark.parametrize("kind", [Transformer, Fusion])
@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "rotary"])
def test_every_way_to_tell_positions(kind: type, positions: str, tmp_path: Path) -> None:
    assert worst(leaver(own(small(kind, positions=positions))), tmp_path) < 1e-5


@pytest.mark.parametrize("pooling", ["first", "mean", "max", "last"])
def test_a_causal_transformer(pooling: str, tmp_path: Path) -> None:
    assert worst(leaver(own(small(Transformer, pooling=pooling, causal=True, norm="post"))), tmp_path) < 1e-5


def test_filters_wider_than_a_text(tmp_path: Path) -> None:
    assert worst(leaver(own(small(Convolutional, widths=(1, 4, 7)))), tmp_path) < 1e-5


def test_normalized_word_vectors(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = build(
        small(Recurrent),
        vocabulary_size=len(WORDS),
        num_labels=2,
        max_length=MAX_LENGTH,
        pad_token_id=0,
        labels=("bad", "good"),
        loss=Focal(),
        special_token_ids=(WORDS.cls_token_id, WORDS.sep_token_id),
        frequencies=torch.rand(len(WORDS)),
    )
    assert worst(stranger_of(model), tmp_path) < 1e-5


def stranger_of(model: Any) -> ModelToExport:
    from tests.engine.inspection.small_models import ready

    return leaver(ready(model, WORDS))


@pytest.mark.slow
@pytest.mark.parametrize("pooling", POOLINGS, ids=lambda one: one.name)
@pytest.mark.parametrize(("cell", "bidirectional"), CELLS)
@pytest.mark.parametrize("kind", [Recurrent, Fusion])
def test_every_pooling_on_every_cell(kind: type, cell: str, bidirectional: bool, pooling: Any, tmp_path: Path) -> None:
    spec = small(kind, cell=cell, bidirectional=bidirectional, pooling=pooling)
    assert worst(leaver(own(spec)), tmp_path) < 1e-5


READS_ITS_PADDING = "xlnet"  # it sums a text up at the last place, padded or not: alone it answers otherwise


@pytest.mark.parametrize(
    "name",
    [
        name if name in ("bert", "gpt2") else pytest.param(name, marks=pytest.mark.slow)
        for name in STRANGERS
        if name != READS_ITS_PADDING
    ],
)
def test_models_of_transformers(name: str, tmp_path: Path) -> None:
    model = tiny(name, vocab_size=len(WORDS))
    model.config.pad_token_id = 0
    assert worst(stranger(model), tmp_path) < 1e-5


def test_what_onnx_has_no_word_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written as ONNX"):
        onnx.write_onnx(stranger(tiny("fnet", vocab_size=len(WORDS))), tmp_path / "model.onnx")


# --- probabilities ----------------------------------------------------------------------------------------------------

THREE = ("bad", "good", "so so")


@pytest.mark.parametrize("temperature", [1.0, 2.5])
@pytest.mark.parametrize("labels", [THREE[:2], THREE])
@pytest.mark.parametrize("loss", [Focal(), BinaryCrossEntropy()])
def test_probabilities_are_the_studios(loss: Any, labels: tuple[str, ...], temperature: float, tmp_path: Path) -> None:
    trained = own(small(Convolutional), loss, labels)
    assert worst(leaver(trained, Decision(temperature=temperature)), tmp_path) < 1e-5


def test_several_labels_have_a_sigmoid_each(tmp_path: Path) -> None:
    trained = own(small(Convolutional), BinaryCrossEntropy(), THREE)
    trained.model.config.multi_label = True
    leaving = leaver(trained, Decision(temperature=0.5))
    assert leaving.target.name == "several" and worst(leaving, tmp_path) < 1e-5
    inputs = padded((4, 9))
    logits, found = session(leaving, tmp_path).run(None, inputs)
    assert found == pytest.approx(1 / (1 + np.exp(-logits / 0.5)), abs=1e-6)


def test_a_number_is_said_as_it_is(tmp_path: Path) -> None:
    leaving = leaver(own(small(Convolutional), MeanSquaredError(), ()))
    asked = session(leaving, tmp_path)
    assert [one.name for one in asked.get_outputs()] == ["number"]
    inputs = padded((4, 9))
    assert asked.run(None, inputs)[0] == pytest.approx(own_answers(leaving, inputs)[0], abs=1e-5)


def test_without_the_packages_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx.importlib.util, "find_spec", lambda name: None if name == "onnxruntime" else object())
    with pytest.raises(InputError) as caught:
        onnx.refuse_without_packages()
    assert "onnxruntime must be" in caught.value.what.english()
    assert 'pip install "attune-studio[onnx]"' in caught.value.mend.english()
