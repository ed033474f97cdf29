"""LeftOutCard: which rows of a file were not measured, which count as wrong as the model does not know their label, and
how such labels shall be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from engine.records import Answers, LabelRule
from engine.targets import target_of
from studio.numbers import number
from studio.translation import tr, words
from studio.widgets.card import Card
from studio.widgets.flow_layout import FlowLayout
from studio.widgets.segmented_control import SegmentedControl
from studio.widgets.toggle import Toggle

_MOST_ROWS, _MOST_LABELS = 8, 6


class LeftOutCard(Card):
    """Hidden where every row was measured as it is. `rule_chosen(rule)`: labels shall be read otherwise."""

    rule_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", "", parent)
        self.setObjectName("leftOut")
        self._told = QLabel()
        self._told.setObjectName("leftOutWords")
        self._told.setProperty("kind", "second")
        self._told.setWordWrap(True)
        self._told.setTextFormat(Qt.TextFormat.PlainText)
        self._told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.unknown = SegmentedControl(
            [("wrong", tr("Count as wrong"), None), ("leave-out", tr("Leave out"), None)], self
        )
        self.unknown.setObjectName("unknownLabels")
        self.unknown.setAccessibleName(tr("Rows with a label that the model does not know"))
        self.unknown.changed.connect(lambda _key: self._choose())
        self.spelling = Toggle(tr("Take other spellings for the model's labels"))
        self.spelling.setObjectName("matchSpelling")
        self.spelling.toggled.connect(lambda _is_on: self._choose())
        self._controls = QWidget()
        line = FlowLayout(self._controls, spacing=14)
        line.addWidget(self.unknown)
        line.addWidget(self.spelling)
        for part in (self._told, self._controls):
            self.body.addWidget(part)
        self.hide()

    def show_answers(self, answers: Answers | None, rule: LabelRule) -> None:
        """`rule` is how the labels of the shown rows were read."""
        left_out = answers.left_out if answers is not None else ()
        strangers = answers.strangers if answers is not None else ()
        was_changed = rule.leave_out or rule.match_spelling
        self.setVisible(answers is not None and bool(left_out or strangers or was_changed))
        if answers is None:
            return
        self.title.setText(_headline(answers))
        self._told.setText("\n".join(_lines(answers)))
        self._told.setVisible(bool(self._told.text()))
        is_unknown = bool(strangers) or was_changed or any(one.reason == "unknown_label" for one in left_out)
        self._controls.setVisible(is_unknown and answers.split == "data" and target_of(answers.kind).is_categorical)
        self.spelling.setVisible(rule.match_spelling or any(one.like for one in strangers))
        for control in (self.unknown, self.spelling):
            control.blockSignals(True)
        self.unknown.set_current("leave-out" if rule.leave_out else "wrong")
        self.spelling.setChecked(rule.match_spelling)
        for control in (self.unknown, self.spelling):
            control.blockSignals(False)

    def told(self) -> str:
        """All that it says, line by line."""
        return f"{self.title.text()}\n{self._told.text()}".strip()

    def _choose(self) -> None:
        self.rule_chosen.emit(
            LabelRule(leave_out=self.unknown.current() == "leave-out", match_spelling=self.spelling.isChecked())
        )


def _headline(answers: Answers) -> str:
    left = sum(one.count for one in answers.left_out)
    if not left:
        return tr("All {count:plural:row was:rows were} measured", count=len(answers))
    values = {"count": number(len(answers)), "total": number(len(answers) + left)}
    return tr("{count} of {total} rows were measured", **values)


def _lines(answers: Answers) -> Iterator[str]:
    """Why rows were left out, then what counts as wrong, each with its first rows."""
    for one in answers.left_out:
        yield tr("Left out: {sentence} {rows}", sentence=words(one.sentence), rows=_rows(one.rows, one.count)).strip()
    for label in answers.strangers[:_MOST_LABELS]:
        yield f"{words(label.sentence)} {_rows(label.rows, label.count)}".strip()
    rest = len(answers.strangers) - _MOST_LABELS
    if rest > 0:
        yield tr("{count:plural:more label counts:more labels count} as wrong.", count=rest)


def _rows(rows: Sequence[int], count: int) -> str:
    """`Rows 3, 9, 12 …`; "" where none is known."""
    if not rows:
        return ""
    shown = ", ".join(number(row) for row in rows[:_MOST_ROWS])
    if count == 1:
        return tr("(row {rows})", rows=shown)
    return tr("(rows {rows} …)", rows=shown) if count > len(rows[:_MOST_ROWS]) else tr("(rows {rows})", rows=shown)
