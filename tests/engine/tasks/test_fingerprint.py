"""The fingerprint of what is learned from: every way in which data can be other is found, and said as what it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from datasets import Dataset

from engine.data.tokens.encoding import Encoded, Ragged
from engine.tasks.fingerprint import differences, fingerprint_of

Rows = dict[str, list[tuple[str, Any]]]


def rows() -> Rows:
    return {
        "train": [("a film", "pos"), ("a bore", "neg"), ("fine", "pos")],
        "validation": [("so so", "neg")],
        "test": [("good", "pos"), ("bad", "neg")],
        "unlabelled": [("who knows", None)],
    }


def made(
    of: Rows, names: tuple[str, ...] = ("neg", "pos"), positive: str | None = "pos", token: int = 7
) -> dict[str, Any]:
    splits, encoded = {}, {}
    for name, held in of.items():
        columns = {"row": list(range(1, len(held) + 1)), "text": [text for text, _ in held]}
        if name != "unlabelled":
            columns["label"] = [label for _, label in held]
        splits[name] = Dataset.from_dict(columns)
        ids = np.array([token + len(text) for text, _ in held])
        encoded[name] = Encoded({"input_ids": Ragged(ids, np.arange(len(held) + 1))}, {}, np.arange(len(held)))
    tree = fingerprint_of(splits, encoded, names, positive)
    return dict(json.loads(json.dumps(tree)))


def swapped(of: Rows) -> Rows:
    return {**of, "train": [("a film", "neg"), ("a bore", "pos"), ("fine", "pos")]}


CHANGES: dict[str, tuple[Callable[[Rows], Rows], str]] = {
    "labels swapped": (swapped, "some rows have other labels"),
    "a validation label": (lambda of: {**of, "validation": [("so so", "pos")]}, "some rows have other labels"),
    "a text": (lambda of: {**of, "test": [("good!", "pos"), ("bad", "neg")]}, "some texts are others"),
    "a row more": (lambda of: {**of, "train": [*of["train"], ("new", "neg")]}, "there are 7 rows, there were 6"),
    "order": (lambda of: {**of, "train": of["train"][::-1]}, "the training rows stand in another order"),
    "another split": (
        lambda of: {**of, "train": of["train"][:2], "validation": [*of["validation"], of["train"][2]]},
        "there are 2 training rows, there were 3; there are 2 validation rows, there were 1",
    ),
    "rows changed places": (
        lambda of: {**of, "train": [*of["train"][:2], of["test"][0]], "test": [of["train"][2], of["test"][1]]},
        "some training texts are others; some test texts are others",
    ),
    "no test": (
        lambda of: {
            "train": [*of["train"], *of["test"]],
            "validation": of["validation"],
            "unlabelled": of["unlabelled"],
        },
        "there are 5 training rows, there were 3; the test rows are gone",
    ),
    "unlabelled": (lambda of: {**of, "unlabelled": [("nobody knows", None)]}, "some unlabelled texts are others"),
    "numbers": (
        lambda of: {**of, "test": [("good", 1.0), ("bad", 2.0)]},
        "some rows have other labels",
    ),
    "several labels": (
        lambda of: {**of, "test": [("good", ["a", "b"]), ("bad", ["a"])]},
        "some rows have other labels",
    ),
}


@pytest.mark.parametrize(("change", "words"), CHANGES.values(), ids=CHANGES)
def test_what_is_other_is_said(change: Callable[[Rows], Rows], words: str) -> None:
    before = made(rows())
    assert differences(before, made(rows())) == []
    assert "; ".join(one.english() for one in differences(before, made(change(rows())))) == words


@pytest.mark.parametrize(
    ("before", "now"),
    [([["a"], ["b"]], [["a", "b"], []]), ([1.0, 2.0], [1.0, 2.0000000001]), ([["a", "b"]], [["b"]])],
)
def test_labels_of_every_kind_count(before: list[Any], now: list[Any]) -> None:
    def of(labels: list[Any]) -> dict[str, Any]:
        return made({"train": [(f"text {place}", label) for place, label in enumerate(labels)]}, (), None)

    assert [one.english() for one in differences(of(before), of(now))] == ["some rows have other labels"]
    assert differences(of(before), of(before)) == []


def test_names_the_positive_one_and_tokens_count() -> None:
    before = made(rows())
    renamed = differences(before, made(rows(), ("negative", "pos")))
    assert [one.english() for one in renamed] == ["the labels are negative, pos; they were neg, pos"]
    turned = differences(before, made(rows(), positive="neg"))
    assert [one.english() for one in turned] == ["the positive label is neg, it was pos"]
    cut = differences(before, made(rows(), token=8))
    assert len(cut) == 4 and "cut into tokens in another way" in cut[0].english()


@pytest.mark.parametrize(
    "spoilt", [None, 3, [], {}, {"splits": 1}, {"splits": {"train": 3}}, {"splits": {"train": {}}}]
)
def test_a_spoilt_fingerprint_is_no_same_data(spoilt: object) -> None:
    assert differences(spoilt, made(rows()))
