"""Folders and names that are no model to train on: each is refused in words, with the mend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification, T5Config, ViTConfig

from engine.config.losses import CrossEntropy
from engine.config.pretrained import LastLayers, LoRA, Pretrained
from engine.errors import InputError
from engine.models import folders
from engine.models.adaptation import adapt, load_adapter, save_adapter
from engine.models.pretrained import load_pretrained
from engine.models.vocabulary import load_tokenizer
from tests.engine.encoders import make_encoder

Spoil = Callable[[Path], None]


def load(source: Path | str, **settings: object) -> None:
    """As a run does it: tokenizer first, then the model."""
    spec = Pretrained(source=str(source), **settings)  # type: ignore[arg-type]
    tokenizer = load_tokenizer(spec, 20)
    load_pretrained(spec, labels=("a", "b"), loss=CrossEntropy(), pad_token_id=tokenizer.pad_token_id)


def config_of(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "config.json").read_text()))


def without(*names: str) -> Spoil:
    def spoil(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return spoil


def pickled(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")


def remote(folder: Path) -> None:
    tree = config_of(folder) | {"model_type": "own-kind", "auto_map": {"AutoConfig": "own.OwnConfig"}}
    (folder / "config.json").write_text(json.dumps(tree))
    (folder / "own.py").write_text("raise SystemExit('this code must not run')")


def of_kind(config: object) -> Spoil:
    return config.save_pretrained  # type: ignore[attr-defined,no-any-return]


def unknown_kind(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps(config_of(folder) | {"model_type": "never-heard-of"}))


def cut_short(name: str) -> Spoil:
    def spoil(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: len(data) // 2])

    return spoil


def fewer_words(folder: Path) -> None:
    make_encoder(folder, vocab_size=9)


def other_layers(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps(config_of(folder) | {"num_hidden_layers": 3}))


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (without("config.json"), "holds no model"),
        (without("model.safetensors"), "holds no weights"),
        (pickled, "nothing is unpickled"),
        (without("tokenizer.json"), "tokenizer is missing"),
        (cut_short("tokenizer.json"), "tokenizer cannot be read"),
        (cut_short("config.json"), "config.json cannot be understood"),
        (cut_short("model.safetensors"), "weights cannot be read"),
        (remote, "code of its own"),
        (unknown_kind, "cannot be understood"),
        (of_kind(T5Config()), "“t5” cannot sort texts"),
        (of_kind(ViTConfig()), "“vit” cannot sort texts"),
        (fewer_words, "only 9"),
        (other_layers, "lacks 16 weights of its encoder"),
    ],
)
def test_a_folder_that_cannot_be_used_says_why(tmp_path: Path, spoil: Spoil, what: str) -> None:
    make_encoder(tmp_path)
    spoil(tmp_path)
    with pytest.raises(InputError) as raised:
        load(tmp_path)
    assert what in raised.value.what.english()
    assert str(tmp_path) in raised.value.where.english() and raised.value.mend.english()


def test_a_tokenizer_that_is_not_fast_is_refused(tmp_path: Path) -> None:
    make_encoder(tmp_path)
    for path in tmp_path.glob("tokenizer*"):
        path.unlink()
    (tmp_path / "vocab.json").write_text('{"a": 0}')
    (tmp_path / "merges.txt").write_text("#version\n")
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "CTRLTokenizer", "unk_token": "a"}')
    with pytest.raises(InputError, match="no fast tokenizer"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("./nowhere", "no such folder"),
        ("/no/such/folder", "no such folder"),
        ("two words", "neither a folder nor a model"),
        ("some-owner/some-model", "hub cannot be reached"),
    ],
)
def test_a_name_that_leads_nowhere(source: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        load(source)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    make_encoder(tmp_path)
    with pytest.raises(InputError, match="a file, not a model's folder"):
        load(tmp_path / "model.safetensors")


def test_a_hub_that_was_just_out_of_reach_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def unreachable(name: str, **_options: object) -> str:
        asked.append(name)
        raise ConnectionError

    monkeypatch.setattr(folders, "snapshot_download", unreachable)
    for _ in range(3):
        with pytest.raises(InputError, match="hub cannot be reached"):
            load("owner/asked-once")
    assert asked == ["owner/asked-once"]


def test_what_the_hub_holds_is_looked_over_as_a_folder_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_encoder(tmp_path)
    monkeypatch.setattr(folders, "snapshot_download", lambda name, **options: str(tmp_path))
    load("owner/model")
    pickled(tmp_path)
    with pytest.raises(InputError, match="nothing is unpickled"):
        load("owner/model")


def test_more_layers_than_there_are(tmp_path: Path) -> None:
    make_encoder(tmp_path)
    with pytest.raises(InputError, match="has 2 layers, not 3") as raised:
        load(tmp_path, adaptation=LastLayers(num_layers=3))
    assert raised.value.where.english() == "model.adaptation.num_layers"


def test_lora_without_linear_layers() -> None:
    config = BertConfig(vocab_size=9, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8)
    model = BertForSequenceClassification(config)
    model.bert.encoder.layer[0] = torch.nn.LayerNorm(8)
    with pytest.raises(InputError, match="no linear layers"):
        adapt(model, LoRA())


def test_a_model_that_cannot_be_checkpointed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_encoder(tmp_path)
    monkeypatch.setattr(BertForSequenceClassification, "supports_gradient_checkpointing", False)
    with pytest.raises(InputError, match="knows no gradient checkpointing"):
        load(tmp_path, gradient_checkpointing=True)


def test_a_run_of_attunes_own_is_no_encoder(tmp_path: Path) -> None:
    from engine.config.classifiers import Recurrent
    from engine.models.build import build

    make_encoder(tmp_path)
    spec = Recurrent(embedding_size=8, hidden_size=8)
    build(
        spec, vocabulary_size=30, num_labels=2, max_length=20, pad_token_id=0, labels=("a", "b"), loss=CrossEntropy()
    ).save_pretrained(tmp_path)
    with pytest.raises(InputError, match="trained here from scratch"):
        load(tmp_path)


def test_an_adapter_fits_no_other_encoder(tmp_path: Path) -> None:
    def lora(folder: Path) -> torch.nn.Module:
        spec = Pretrained(source=str(folder), adaptation=LoRA())
        torch.manual_seed(0)
        return load_pretrained(spec, labels=("a", "b"), loss=CrossEntropy(), pad_token_id=1)

    model = lora(make_encoder(tmp_path / "one"))
    save_adapter(model, tmp_path)  # type: ignore[arg-type]
    other = lora(make_encoder(tmp_path / "other", initializer_range=0.5))
    with pytest.raises(InputError, match="not the one that the training began with"):
        load_adapter(other, tmp_path)  # type: ignore[arg-type]
