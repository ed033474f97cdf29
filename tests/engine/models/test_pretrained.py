"""Pretrained models of every family: loaded, adapted, saved plainly; small random ones, and the real MiniLM."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedModel

from engine.config.losses import BinaryCrossEntropy, CrossEntropy, Focal, Loss, MeanSquaredError
from engine.config.pretrained import Adaptation, HeadOnly, LastLayers, LoRA, Pretrained, WholeModel
from engine.data.tokens.encoding import encode
from engine.models.adaptation import load_adapter, merged_state, save_adapter
from engine.models.layers import parts_of, rate_scales
from engine.models.pretrained import load_pretrained
from engine.models.vocabulary import load_tokenizer
from engine.targets import target_of
from tests.engine.encoders import KINDS, make_encoder, make_tokenizer

pytestmark = pytest.mark.slow

LABELS = ("bad", "fair", "good")
ADAPTATIONS: list[Adaptation] = [WholeModel(), HeadOnly(), LastLayers(num_layers=1), LoRA(rank=2, dropout=0.0)]
IDS = torch.tensor([[2, 6, 7, 8, 3], [2, 6, 7, 3, 1]])


@pytest.fixture(scope="module", params=KINDS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_encoder(tmp_path_factory.mktemp("encoders") / request.param, request.param)


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_encoder(tmp_path_factory.mktemp("encoders") / "bert")


def load(
    folder: Path,
    adaptation: Adaptation | None = None,
    *,
    loss: Loss | None = None,
    labels: tuple[str, ...] = LABELS,
    class_weights: tuple[float, ...] | None = None,
    gradient_checkpointing: bool = False,
) -> PreTrainedModel:
    spec = Pretrained(
        source=str(folder), adaptation=adaptation or WholeModel(), gradient_checkpointing=gradient_checkpointing
    )
    torch.manual_seed(0)
    return load_pretrained(
        spec, labels=labels, loss=loss or CrossEntropy(), pad_token_id=1, class_weights=class_weights
    )


def logits_of(model: PreTrainedModel) -> Tensor:
    with torch.inference_mode():
        return model.eval()(input_ids=IDS, attention_mask=(IDS != 1).long()).logits


def learn(model: PreTrainedModel, num_steps: int = 3) -> None:
    optimizer = torch.optim.AdamW([weight for weight in model.parameters() if weight.requires_grad], lr=0.01)
    model.train()
    for _ in range(num_steps):
        model(input_ids=IDS, attention_mask=(IDS != 1).long(), labels=torch.tensor([0, 2])).loss.backward()
        optimizer.step()
        optimizer.zero_grad()


@pytest.mark.parametrize("adaptation", ADAPTATIONS, ids=lambda one: one.name)
def test_only_what_was_chosen_learns(folder: Path, adaptation: Adaptation) -> None:
    model = load(folder, adaptation)
    parts = parts_of(model)
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    learn(model)
    changed = {name for name, weight in model.named_parameters() if not torch.equal(weight, before[name])}
    top = set(parts.layers[-1])
    matrices = {name for name in before if ".lora_" in name}
    match adaptation:
        case WholeModel():
            assert all(changed & layer for layer in parts.layers) and changed & parts.below and changed & parts.head
        case HeadOnly():
            assert changed and changed <= parts.head
        case LastLayers():
            assert changed & top and changed & parts.head and changed <= parts.head | top
        case LoRA():
            assert changed & parts.head and changed & matrices and changed <= parts.head | matrices
    assert len(parts.layers) == 2 and parts.head and parts.below


@pytest.mark.parametrize("adaptation", ADAPTATIONS, ids=lambda one: one.name)
def test_a_saved_model_opens_plainly_and_answers_alike(folder: Path, adaptation: Adaptation, tmp_path: Path) -> None:
    model = load(folder, adaptation)
    learn(model)
    live = logits_of(model)
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    model.save_pretrained(tmp_path, state_dict=merged_state(model))
    assert all(torch.equal(weight, before[name]) for name, weight in model.state_dict().items())
    opened = AutoModelForSequenceClassification.from_pretrained(tmp_path)
    assert type(opened) is type(model) and tuple(opened.config.id2label.values()) == LABELS
    assert not any("lora" in name or "base_layer" in name for name in load_file(tmp_path / "model.safetensors"))
    assert torch.allclose(logits_of(opened), live, atol=1e-5)


def test_an_adapter_holds_all_that_was_learned(folder: Path, tmp_path: Path) -> None:
    model = load(folder, LoRA(rank=2))
    learn(model)
    save_adapter(model, tmp_path)
    again = load(folder, LoRA(rank=2))
    assert not torch.equal(logits_of(again), logits_of(model))
    load_adapter(again, tmp_path)
    assert torch.equal(logits_of(again), logits_of(model))
    assert set(load_file(tmp_path / "adapter.safetensors")) == {
        name for name, weight in model.named_parameters() if weight.requires_grad
    }


def test_lora_begins_as_the_encoder_itself(bert: Path) -> None:
    assert torch.equal(logits_of(load(bert, LoRA())), logits_of(load(bert, HeadOnly())))


def test_each_layers_rate_is_that_of_the_one_above_times_the_decay(folder: Path) -> None:
    model = load(folder)
    parts, scales = parts_of(model), rate_scales(model, 0.5)
    assert set(scales) == {name for name, _ in model.named_parameters()}
    assert {scales[name] for name in parts.head} == {1.0}
    assert {scales[name] for name in parts.layers[1]} == {0.5} == {scales[name] for name in parts.above} | {0.5}
    assert {scales[name] for name in parts.layers[0]} == {0.25}
    assert {scales[name] for name in parts.below} == {0.125}


def test_gradient_checkpointing_changes_nothing_but_memory(folder: Path) -> None:
    plain_gradients, plain_kept = gradients_of(load(folder))
    gradients, kept = gradients_of(load(folder, gradient_checkpointing=True))
    assert gradients == pytest.approx(plain_gradients, rel=1e-5)
    assert kept < 0.7 * plain_kept


def gradients_of(model: PreTrainedModel) -> tuple[list[float], int]:
    """The loss and each weight's gradient (its norm), and how many tensors were kept for the backward pass."""
    kept = []
    torch.manual_seed(5)
    with torch.autograd.graph.saved_tensors_hooks(lambda tensor: kept.append(1) or tensor, lambda tensor: tensor):
        loss = model.train()(input_ids=IDS, attention_mask=(IDS != 1).long(), labels=torch.tensor([0, 2])).loss
    num_kept = len(kept)
    loss.backward()
    return [
        float(loss.detach()),
        *(float(one.grad.norm()) for one in model.parameters() if one.grad is not None),
    ], num_kept


def test_the_loss_and_its_weights_stand_in_the_config(bert: Path, tmp_path: Path) -> None:
    load(bert, loss=Focal(gamma=1.5), class_weights=(0.5, 1.0, 2.0)).save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["loss"]["name"] == "focal" and config["loss"]["gamma"] == 1.5
    assert config["class_weights"] == [0.5, 1.0, 2.0] and config["problem_type"] == "single_label_classification"


@pytest.mark.parametrize(
    ("loss", "labels", "size", "problem"),
    [
        (MeanSquaredError(), (), 1, "regression"),
        (BinaryCrossEntropy(), ("no", "yes"), 2, "multi_label_classification"),
        (CrossEntropy(), tuple("abcdefg"), 7, "single_label_classification"),
    ],
)
def test_the_head_fits_the_labels(bert: Path, loss: Loss, labels: tuple[str, ...], size: int, problem: str) -> None:
    model = load(bert, loss=loss, labels=labels)
    assert logits_of(model).shape == (2, size) and model.config.problem_type == problem


def test_a_head_is_kept_for_the_same_labels_alone(bert: Path, tmp_path: Path) -> None:
    model = load(bert)
    learn(model)
    model.save_pretrained(tmp_path)
    make_tokenizer().save_pretrained(tmp_path)
    same, turned, fewer = load(tmp_path), load(tmp_path, labels=LABELS[::-1]), load(tmp_path, labels=LABELS[:2])
    assert torch.equal(same.classifier.weight, model.classifier.weight)
    assert not torch.equal(turned.classifier.weight, model.classifier.weight)
    assert fewer.classifier.weight.shape[0] == 2 and torch.equal(
        turned.bert.encoder.layer[1].output.dense.weight, model.bert.encoder.layer[1].output.dense.weight
    )


def test_half_precision_weights_are_trained_in_float32(bert: Path, tmp_path: Path) -> None:
    make_encoder(tmp_path)
    halved = {name: weight.half() for name, weight in load_file(tmp_path / "model.safetensors").items()}
    save_file(halved, tmp_path / "model.safetensors", metadata={"format": "pt"})
    assert {weight.dtype for weight in load(tmp_path).parameters()} == {torch.float32}


def test_nothing_is_printed_while_loading(bert: Path, capfd: pytest.CaptureFixture[str]) -> None:
    load(bert)
    load_tokenizer(Pretrained(source=str(bert)), 20)
    printed = capfd.readouterr()
    assert "newly initialized" not in printed.err + printed.out and "MISSING" not in printed.err + printed.out


def test_the_tokenizer_comes_with_the_model(folder: Path, tmp_path: Path) -> None:
    tokenizer = load_tokenizer(Pretrained(source=str(folder)), 12)
    encoded = tokenizer("a good film", return_offsets_mapping=True)
    assert encoded["offset_mapping"][-2 if tokenizer.cls_token else -1] == (7, 11)
    assert tokenizer.model_max_length == 12 and tokenizer.pad_token_id is not None
    tokenizer.save_pretrained(tmp_path)
    assert AutoTokenizer.from_pretrained(tmp_path)("a good film")["input_ids"] == encoded["input_ids"]


def test_no_text_is_longer_than_the_model_reads(folder: Path) -> None:
    import datasets

    tokenizer = load_tokenizer(Pretrained(source=str(folder)), 400)
    assert tokenizer.model_max_length == 40
    rows = datasets.Dataset.from_dict({"text": ["film " * 100, ""], "label": ["good", "bad"], "row": [1, 2]})
    encoded = encode(rows, tokenizer, 400, target_of("one"), LABELS)
    assert encoded.lengths.tolist() == [40, max(1, len(tokenizer("")["input_ids"]))]
    ids = torch.from_numpy(encoded.tokens.values[:40].astype("int64"))[None]
    load(folder).eval()(input_ids=ids, attention_mask=torch.ones_like(ids))
