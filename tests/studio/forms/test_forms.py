"""A form for every family of choices: each field has an editor, models survive the round trip, limits are said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit

from engine.config.choice import Choice
from engine.config.classifiers import AdditiveAttention, Fusion, MultiHeadAttention, Recurrent, Transformer
from engine.config.data import BuiltinTexts, DataConfig
from engine.config.optimizer import SGD, AdamW
from engine.config.run import RunConfig
from engine.config.training import TrainingConfig
from studio.forms.choice_form import EDITORS, ChoiceForm, FamilyEditor
from studio.forms.editors import decimal_text, typed_number
from studio.forms.fields import fields_of, summary_of, title_of


def families(root: type[Choice] = RunConfig) -> Iterator[type[Choice]]:
    yield root
    for field in fields_of(root):
        for member in field.members:
            yield from families(member)


ALL = sorted(set(families()), key=lambda one: one.__name__)


def typed(form: ChoiceForm, name: str, text: str) -> None:
    line = form.editor(name).findChild(QLineEdit)
    line.setText(text)
    line.textEdited.emit(text)


def seen(form: ChoiceForm) -> tuple[list[Any], list[tuple[str, str]]]:
    changed: list[Any] = []
    refused: list[tuple[str, str]] = []
    form.changed.connect(changed.append)
    form.refused.connect(lambda path, reason: refused.append((path, reason.english())))
    return changed, refused


@pytest.mark.parametrize("family", ALL, ids=lambda one: one.__name__)
def test_every_field_of_every_family_has_an_editor_and_words(qtbot, family):
    form = ChoiceForm(family())
    qtbot.addWidget(form)
    shown = {field.name for field in fields_of(family)}
    assert shown == {name for name in family.model_fields if name != "name"}
    for field in fields_of(family):
        assert type(form.editor(field.name)) is EDITORS[field.kind]
        assert field.title and field.help
    assert title_of(family) and summary_of(family)
    assert form.model() == family()


@pytest.mark.parametrize("family", ALL, ids=lambda one: one.__name__)
def test_editors_read_back_what_they_show(qtbot, family):
    """Every single-value editor, touched without a change, gives the same model again."""
    form = ChoiceForm(family())
    qtbot.addWidget(form)
    changed, refused = seen(form)
    for field in fields_of(family):
        editor = form.editor(field.name)
        if line := editor.findChild(QLineEdit):
            line.textEdited.emit(line.text())
        elif box := editor.findChild(QPlainTextEdit):
            box.textChanged.emit()
    assert refused == []
    assert all(model == family() for model in changed)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_decimal_text_reads_back_exactly(value):
    assert float(decimal_text(value)) == value
    assert typed_number(decimal_text(value)) == decimal_text(value)


@pytest.mark.parametrize(
    ("value", "text"), [(0.001, "0.001"), (2e-5, "2e-5"), (1e-8, "1e-8"), (1e4, "10000"), (0.0, "0"), (1.5e9, "1.5e9")]
)
def test_decimal_text_is_short(value, text):
    assert decimal_text(value) == text


def test_numbers_are_read_in_every_notation(qtbot):
    form = ChoiceForm(AdamW())
    qtbot.addWidget(form)
    changed, _ = seen(form)
    typed(form, "learning_rate", "3e-4")
    assert changed[-1].learning_rate == 3e-4
    form = ChoiceForm(BuiltinTexts())
    qtbot.addWidget(form)
    changed, _ = seen(form)
    typed(form, "num_rows", "12,000")
    assert changed[-1].num_rows == 12_000


@pytest.mark.parametrize(
    ("text", "words"), [("0", "At least 1"), ("9999", "At most 64"), ("four", "whole number"), ("", "Nothing is typed")]
)
def test_a_refused_value_is_explained_and_not_taken(qtbot, text, words):
    form = ChoiceForm(MultiHeadAttention())
    qtbot.addWidget(form)
    changed, refused = seen(form)
    typed(form, "num_heads", text)
    assert changed == [] and form.model() == MultiHeadAttention()
    assert refused[-1][0] == "num_heads" and words in refused[-1][1]
    assert words in form.refusals()["num_heads"].english()
    typed(form, "num_heads", "2")
    assert form.refusals() == {} and changed[-1].num_heads == 2


@pytest.mark.slow
@given(st.integers(min_value=-(10**6), max_value=10**6))
def test_limits_are_those_of_the_field(qapp, value):
    form = ChoiceForm(BuiltinTexts())
    changed, refused = seen(form)
    typed(form, "num_rows", str(value))
    is_within = 60 <= value <= 200_000
    assert bool(changed) is is_within and bool(refused) is not is_within
    form.deleteLater()


def test_values_that_only_fit_together_can_be_typed_one_after_the_other(qtbot):
    form = ChoiceForm(Transformer(hidden_size=128, num_heads=4))
    qtbot.addWidget(form)
    changed, refused = seen(form)
    typed(form, "num_heads", "6")
    assert "multiple" in refused[-1][1] and changed == []
    typed(form, "dropout", "0.3")
    assert changed[-1].dropout == 0.3 and changed[-1].num_heads == 4
    assert "num_heads" in form.refusals()
    typed(form, "hidden_size", "120")
    assert (changed[-1].hidden_size, changed[-1].num_heads, changed[-1].dropout) == (120, 6, 0.3)
    assert form.refusals() == {}


def test_another_member_starts_from_its_defaults(qtbot):
    form = ChoiceForm(TrainingConfig(optimizer=AdamW(learning_rate=0.5)), only=("optimizer",))
    qtbot.addWidget(form)
    changed, _ = seen(form)
    editor = form.editor("optimizer")
    assert isinstance(editor, FamilyEditor)
    combo = editor.findChild(QComboBox)
    index = combo.findText("SGD")
    combo.setCurrentIndex(index)
    combo.activated.emit(index)
    assert changed[-1].optimizer == SGD()


def test_nested_refusals_carry_their_path(qtbot):
    form = ChoiceForm(RunConfig(model=Recurrent(pooling=MultiHeadAttention())), only=("model",))
    qtbot.addWidget(form)
    changed, refused = seen(form)
    nested = form.editor("model").nested.findChild(ChoiceForm)
    inner = nested.editor("pooling").nested.findChild(ChoiceForm)
    typed(inner, "num_heads", "0")
    assert refused[-1][0] == "model.pooling.num_heads"
    assert list(form.refusals()) == ["model.pooling.num_heads"]
    typed(inner, "num_heads", "8")
    assert changed[-1].model.pooling.num_heads == 8 and form.refusals() == {}


def test_empty_means_none_where_the_field_allows_it(qtbot):
    form = ChoiceForm(DataConfig(max_rows=5))
    qtbot.addWidget(form)
    changed, _ = seen(form)
    typed(form, "max_rows", "")
    assert changed[-1].max_rows is None


def test_sources_and_pairs_are_lines(qtbot):
    form = ChoiceForm(DataConfig(train=("a.csv", "b.csv"), columns={"text": "review"}))
    qtbot.addWidget(form)
    changed, _ = seen(form)
    assert form.editor("train").findChild(QPlainTextEdit).toPlainText() == "a.csv\nb.csv"
    form.editor("train").findChild(QPlainTextEdit).setPlainText("one.csv\n")
    assert changed[-1].train == "one.csv"
    form.editor("columns").findChild(QPlainTextEdit).setPlainText("text = body\nlabel = stars = x")
    assert changed[-1].columns == {"text": "body", "label": "stars = x"}


def test_showing_a_model_is_silent_and_forgets_refusals(qtbot):
    form = ChoiceForm(Fusion())
    qtbot.addWidget(form)
    changed, _ = seen(form)
    typed(form, "num_heads", "0")
    form.show_model(Fusion(dropout=0.4, pooling=AdditiveAttention()))
    assert changed == [] and form.refusals() == {} and form.model().dropout == 0.4
