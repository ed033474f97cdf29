"""write_folder: a classifier as a folder that `transformers.pipeline("text-classification", folder)` opens.

A pipeline knows no temperature, so it is folded into the last layer; it makes probabilities by the config's
`problem_type`: a softmax for one label a text, a sigmoid each for several, nothing for a number.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import torch
from transformers import PreTrainedTokenizerFast

from engine.export.model_loading import ModelToExport
from engine.export.temperature_folding import fold_temperature

Problem = Literal["single_label_classification", "multi_label_classification", "regression"]
_TEXT = "Is this text one of those, or is it another one?"


def write_folder(leaving: ModelToExport, folder: Path) -> None:
    """Weights, config with labels and decision, tokenizer. Raises InputError where a temperature cannot be folded."""
    model, tokenizer = leaving.model, leaving.tokenizer
    ids = torch.tensor([tokenizer(_TEXT, truncation=True, max_length=leaving.max_length)["input_ids"]])
    fold_temperature(model, leaving.decision.temperature, ids)
    model.config.problem_type = problem_of(leaving)
    if not leaving.labels:
        model.config.id2label, model.config.label2id = {0: "number"}, {"number": 0}
    model.save_pretrained(folder)
    _tokenizer(leaving).save_pretrained(folder)
    _write_decision(leaving, folder / "config.json")


def problem_of(leaving: ModelToExport) -> Problem:
    """What `pipeline` is told of the answer. One label a text under yes-or-no questions is a sigmoid each there too,
    which `must_be_divided` by their sum."""
    target = leaving.target
    if not target.is_categorical:
        return "regression"
    is_question = target.may_have_several or leaving.loss == "binary-cross-entropy"
    return "multi_label_classification" if is_question else "single_label_classification"


def must_be_divided(leaving: ModelToExport) -> bool:
    """Whether the scores of a pipeline do not sum to 1, while the studio's probabilities do. One question of two
    labels, as our models ask it, has scores that do."""
    head = getattr(leaving.model, "head", None)
    is_single = leaving.is_ours and bool(getattr(head, "is_single", False))
    return leaving.target.is_exclusive and leaving.loss == "binary-cross-entropy" and not is_single


def _tokenizer(leaving: ModelToExport) -> PreTrainedTokenizerFast:
    """A copy that says at which length a text is cut, and pads with what the model takes for padding."""
    found = leaving.tokenizer
    named = {name: token for name, token in found.special_tokens_map.items() if isinstance(token, str)}
    named["pad_token"] = str(found.convert_ids_to_tokens(leaving.pad_token_id))
    return PreTrainedTokenizerFast(
        tokenizer_object=found.backend_tokenizer,
        model_max_length=leaving.max_length,
        model_input_names=["input_ids", "attention_mask"],
        clean_up_tokenization_spaces=False,
        **named,
    )


def _write_decision(leaving: ModelToExport, file: Path) -> None:
    """Thresholds and promises as they were saved; the temperature is 1 now, what it was is noted."""
    tree: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    tree.pop("_name_or_path", None)
    tree.pop("decision", None)
    if leaving.decision:
        decision = leaving.decision.to_json()
        tree["decision"] = {**decision, "temperature": 1.0, "folded_temperature": decision["temperature"]}
    file.write_text(json.dumps(tree, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
