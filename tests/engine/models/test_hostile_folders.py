"""A folder that was damaged or made up is refused in words, quickly, before it costs memory; no code of it is run."""

from __future__ import annotations

import json
import shutil
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoConfig, AutoModelForSequenceClassification

from engine.config.losses import CrossEntropy
from engine.config.pretrained import Pretrained
from engine.errors import InputError
from engine.models.checkpoint_model import checkpoint_model
from engine.models.foreign import load_foreign
from engine.models.foreign_config import foreign_config
from engine.models.pretrained import load_pretrained
from engine.models.tokenizer_safety import explodes
from engine.models.vocabulary import load_tokenizer
from engine.runs.model_folder import ModelFolder, is_model_folder
from tests.engine.inspection.small_models import bert

pytestmark = pytest.mark.slow

Json = dict[str, Any]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    model = bert()
    model.model.save_pretrained(folder)
    model.tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def folder(good: Path, tmp_path: Path) -> Path:
    shutil.copytree(good, tmp_path / "model")
    return tmp_path / "model"


def changed(folder: Path, name: str, change: Callable[[Json], object] | Json) -> None:
    tree = json.loads((folder / name).read_text(encoding="utf-8"))
    if callable(change):
        change(tree)
    else:
        tree.update(change)
    (folder / name).write_text(json.dumps(tree), encoding="utf-8")


def refusals(folder: Path) -> list[str]:
    """What looking into it and going on from it say; both within a second or two, without a big allocation."""
    said = []
    for opens in (load_foreign, _train_on):
        began = time.monotonic()
        with pytest.raises(InputError) as caught:
            opens(str(folder))
        said.append(caught.value.what.english())
        assert time.monotonic() - began < 10 and caught.value.mend.english()
    return said


def _train_on(source: str) -> None:
    spec = Pretrained(source=source)
    load_tokenizer(spec, 32)
    load_pretrained(spec, labels=("a", "b", "c"), loss=CrossEntropy(), pad_token_id=0)


def test_a_good_one_opens(folder: Path) -> None:
    load_foreign(str(folder))
    _train_on(str(folder))


COMMANDS: Json = {
    "_attn_implementation": "evil/kernel",
    "_attn_implementation_internal": "evil/kernel",
    "attn_implementation": {"": "evil/kernel"},
    "_experts_implementation": "evil/kernel",
    "experts_implementation": "evil/kernel",
    "auto_map": {"AutoConfig": "evil.Config", "AutoModel": "evil.Model"},
    "trust_remote_code": True,
    "use_kernels": True,
    "transformers_weights": "../evil.safetensors",
    "_commit_hash": "evil",
    "dtype": "float16",
    "torchscript": True,
    "return_dict": False,
    "output_attentions": True,
}


def test_commands_of_a_config_are_left_out(folder: Path) -> None:
    before, _ = load_foreign(str(folder))
    changed(folder, "config.json", COMMANDS)
    config = foreign_config(folder, "")
    assert config._attn_implementation is None and not hasattr(config, "auto_map") and config.return_dict
    model, _ = load_foreign(str(folder))
    assert model.config._attn_implementation == before.config._attn_implementation
    assert "evil" not in json.dumps(model.config.to_dict()) and model.dtype == torch.float32
    _train_on(str(folder))
    own = checkpoint_model(AutoModelForSequenceClassification, folder)
    assert own.config._attn_implementation == before.config._attn_implementation, "and of a run that was given away"


def test_labels_are_no_commands(folder: Path) -> None:
    names = {"0": "_other", "1": "dtype"}
    decision = {"temperature": 1.5, "thresholds": {"_other": 0.5}, "promises": []}
    changed(folder, "config.json", {"id2label": names, "label2id": {"_other": 0, "dtype": 1}, "decision": decision})
    config = foreign_config(folder, "")
    assert config.id2label == {0: "_other", 1: "dtype"} and config.label2id == {"_other": 0, "dtype": 1}
    assert config.decision == decision


SIZES: list[tuple[Json, str]] = [
    ({"num_attention_heads": 0}, "num_attention_heads = 0"),
    ({"num_attention_heads": -1}, "num_attention_heads = -1"),
    ({"num_attention_heads": 7}, "not a multiple"),
    ({"num_hidden_layers": 0}, "num_hidden_layers = 0"),
    ({"num_hidden_layers": 1}, "more layers than its config.json counts"),
    ({"num_hidden_layers": 3000}, "3,000 layers"),
    ({"num_hidden_layers": 10**7}, "num_hidden_layers = 10,000,000"),
    ({"num_labels": 10**8, "id2label": None, "label2id": None}, "num_labels = 100,000,000"),
    ({"hidden_size": 10**9}, "but 5,698 are stored"),
    ({"hidden_size": -16}, "hidden_size = -16"),
    ({"intermediate_size": 10**12}, "but 5,698 are stored"),
    ({"intermediate_size": 10**18}, "No model can be made"),
    ({"vocab_size": 10**10}, "are stored"),
    ({"max_position_embeddings": 10**11}, "are stored"),
    ({"attention_window": [10**9]}, "attention_window = 1,000,000,000"),
    ({"hidden_dropout_prob": 7}, "No model can be made"),
    ({"hidden_act": "__import__"}, "No model can be made"),
    ({"num_attention_heads": "x"}, "num_attention_heads"),
    ({"id2label": {"0": "a", "7": "b"}}, "id2label"),
    ({"id2label": ["a"]}, "id2label"),
    ({"model_type": ["bert"]}, "no model_type that is known"),
    ({"model_type": "evil", "auto_map": {"AutoConfig": "evil.Config"}}, "code of its own"),
    ({"quantization_config": {"quant_method": "gptq"}}, "packed"),
    ({"layer_norm_eps": float("nan")}, "NaN is no number"),
    ({"initializer_range": float("-inf")}, "Infinity is no number"),
]


@pytest.mark.parametrize(("change", "words"), SIZES, ids=lambda one: next(iter(one)) if isinstance(one, dict) else "")
def test_sizes_that_no_model_has(change: Json, words: str, folder: Path) -> None:
    changed(folder, "config.json", change)
    assert all(words in said for said in refusals(folder))


def test_a_padding_beyond_the_vocabulary(folder: Path) -> None:
    changed(folder, "config.json", {"pad_token_id": 10**6})
    with pytest.raises(InputError, match="No model can be made"):
        load_foreign(str(folder))


@pytest.mark.parametrize(
    "content",
    [
        *(
            b"",
            b"[1]",
            b"[" * 10**5,
            b'{"a":' * 500 + b"1" + b"}" * 500,
            b'{"a": 1e999}',
            b'{"a": ' + b"9" * 9999 + b"}",
        ),
        *(b'{"a": "' + b"a" * 2**25 + b'"}', "{}".encode("utf-16"), b"{\x00}", b'{"model_type": "bert"'),
    ],
    ids=range(10),
)
def test_what_is_no_config(content: bytes, folder: Path) -> None:
    (folder / "config.json").write_bytes(content)
    assert all("cannot be understood" in said for said in refusals(folder))
    assert not is_model_folder(folder)
    with pytest.raises(InputError):
        ModelFolder.open(folder)


def weights(header: object, data: bytes = b"abcd") -> bytes:
    told = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(told)) + told + data


def one(shape: list[int], start: int, end: int) -> Json:
    return {"a": {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cannot be read"),
        (b"abc", "cannot be read"),
        (struct.pack("<Q", 2**60) + b"{}", "its header would be 1,152,921,504,606,846,976 bytes long"),
        (weights(one([10**6, 10**6], 0, 4 * 10**12)), "outside of the file"),
        (weights(one([10**6, 10**6], 0, 4)), "would have 4,000,000,000,000 bytes"),
        (weights(one([-1], 0, 4)), "outside of the file"),
        (weights({"a": 5}), "cannot be read"),
        (weights(b"[" * 10**5), "cannot be read"),
        (weights({}, b""), "bert.embeddings"),
    ],
    ids=range(9),
)
def test_weights_that_lie(content: bytes, words: str, folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(content)
    assert all(words in said for said in refusals(folder))


def test_parts_outside_of_the_folder(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "model-1.safetensors")
    for named in ("../model-1.safetensors", "gone.safetensors", "/etc/passwd", 5):
        (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": named}}))
        assert all("names files that are not in the folder" in said for said in refusals(folder))


def test_an_adapter_opens_another_model(folder: Path) -> None:
    (folder / "adapter_config.json").write_text('{"base_model_name_or_path": "evil/model"}')
    assert all("adapter" in said for said in refusals(folder))


def _split(pattern: str) -> Callable[[Json], object]:
    told = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    return lambda tree: tree.update(pre_tokenizer=told)


def _laughs(tree: Json) -> None:
    double = {"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}
    tree["normalizer"] = {"type": "Sequence", "normalizers": [double] * 40}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_split("(a+)+$"), "could take for ever"),
        (_laughs, "more than 256 times as long"),
        (lambda tree: tree["model"]["vocab"].update(evil=10**6), "The tokenizer knows 1,000,001 tokens"),
        (lambda tree: tree["model"].update(max_input_chars_per_word=10**9), "without spaces"),
        (lambda tree: tree.clear(), "tokenizer cannot be read"),
    ],
    ids=range(5),
)
def test_tokenizers_that_never_end(change: Callable[[Json], object], words: str, folder: Path) -> None:
    changed(folder, "tokenizer.json", change)
    assert all(words in said for said in refusals(folder))


@pytest.mark.parametrize("length", [-5, 0, "x", float("nan"), None])
def test_lengths_that_are_none(length: Any, folder: Path) -> None:
    changed(folder, "tokenizer_config.json", {"model_max_length": length})
    if length is None:
        load_foreign(str(folder))  # it names none: the model's own counts
    else:
        assert all("has at most" in said for said in refusals(folder))


SOUND = [
    r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+""",
    r"""(?i:'s|'t|'re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+""",
    r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{M}]*[\p{Ll}\p{Lm}\p{M}]+(?i:'s|'t|'re)?|\p{N}{1,3}|\s*[\r\n]+|\s+""",
    r""" ?[^(\s|[.,!?…。，、।۔،])]+""",
    r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+""",
    r"<\|startoftext\|>|<\|endoftext\|>|[\p{L}]+|[\p{N}]",
    r"[[\p{L}_]&&[^\p{Han}]]+(?:['’][\p{L}\p{M}]+)*|[^\s]",
    *(r" {2,}", r"(?m).", r"[一-龥぀-ゟ]+", r"(?<=\p{Han})\d(?=x)"),
]
BOMBS = [
    *(r"(a+)+$", r"(a|aa)+$", r"(.*a){20}", r"(a?){30}a{30}", r"((a)+b?)*c", r"(?:x+y*)+", r".*.*.*.*.*.*.*b"),
    *(r"(a)\1+", r"(?i:(\w+\s?)*)$", r"([a-z]+)*[0-9]", r"(a*)*", r"(?:(?:a|b)+c)+", r"(?:['’][\p{L}']+)*x"),
    *(r"(?:'?[a-z]+)*", r"(?:.[a-z]+)*", "a" * 30_000),
]


def test_patterns_of_real_tokenizers_are_sound() -> None:
    assert [pattern for pattern in SOUND if explodes(pattern)] == []
    assert [pattern for pattern in BOMBS if not explodes(pattern)] == []


def test_transformers_still_builds_from_a_plain_config(folder: Path) -> None:
    """The way around AutoConfig reads the same description."""
    ours, theirs = foreign_config(folder, "").to_dict(), AutoConfig.from_pretrained(folder).to_dict()
    for tree in (ours, theirs):
        for name in ("_name_or_path", "dtype", "transformers_version"):
            tree.pop(name, None)
    assert ours == theirs
