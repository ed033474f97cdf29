"""Where the model would leave a text to a person the Attention page says so calmly, with both numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel

from engine.records import AttentionRecord, Prediction
from studio.pages.attention.sentences import answer_words, change_sentence, sentence, shortfall
from tests.studio.desk import figures_in
from tests.studio.pages.attention.desk import TEXT, AttentionDesk
from tests.studio.synthetic_attention import synthetic_record

pytestmark = pytest.mark.usefixtures("look")

SURE = Prediction("negative", {"negative": 0.97, "positive": 0.03}, threshold=0.93)
UNSURE = Prediction("negative", {"negative": 0.87, "positive": 0.13}, abstains=True, threshold=0.93)


def saying(prediction: Prediction) -> AttentionRecord:
    return replace(synthetic_record(TEXT, layers=2, heads=4), prediction=prediction)


def shown(desk: AttentionDesk, prediction: Prediction) -> tuple[str, str, str]:
    """(above the label, the label, beside it)."""
    desk.type(f"{TEXT} {prediction.probabilities}")
    desk.answer(saying(prediction))
    card = desk.find("predictedLabel", QLabel).parentWidget()
    above = [
        one.text() for one in card.findChildren(QLabel) if one.text() in ("It says", "It would leave it to a person")
    ]
    return above[0], desk.says("predictedLabel"), desk.says("predictedShare")


def test_the_card_says_who_decides(desk: AttentionDesk) -> None:
    assert shown(desk, UNSURE) == ("It would leave it to a person", "negative", "87 % < 93 %")
    assert "left to a person" not in desk.said and "would leave this text to a person" in desk.said
    assert shown(desk, SURE) == ("It says", "negative", "97 %")
    assert figures_in(desk.find("predictedShare", QLabel).toolTip()) == ["93.0 %"]


def test_several_labels_and_none(desk: AttentionDesk) -> None:
    two = Prediction("cold, slow", {"cold": 0.9, "slow": 0.8, "rude": 0.1}, ("cold", "slow"))
    assert shown(desk, two) == ("It says", "“cold”, “slow”", "")
    assert "“cold”, “slow”" in desk.said
    none = Prediction("", {"cold": 0.2, "slow": 0.1, "rude": 0.1}, ())
    assert shown(desk, none) == ("It says", "none of its labels", "")
    assert desk.find("predictedLabel", QLabel).isVisible()


def test_both_numbers_are_told_apart() -> None:
    near = Prediction("negative", {"negative": 0.93004, "positive": 0.06996}, abstains=True, threshold=0.9302)
    assert shortfall(UNSURE) == "87 % < 93 %"
    assert shortfall(near) == "93.00 % < 93.02 %"


def test_words() -> None:
    assert answer_words(UNSURE) == "“negative” (87 % < 93 %, left to a person)"
    assert sentence(saying(UNSURE), []).startswith("It would leave this text to a person: “negative” is likeliest (87")
    change = change_sentence(SURE, UNSURE, "After your edit")
    assert figures_in(change) == ["97 %", "87 %", "93 %"] and answer_words(UNSURE) in change
    several = Prediction("a, b", {"a": 0.9, "b": 0.8}, ("a", "b"))
    assert "stays “a”, “b”" in change_sentence(several, several, "After your edit")
