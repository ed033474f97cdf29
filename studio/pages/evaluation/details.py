"""Details: the rows behind the figures: texts, doubtful labels, slices, and how fast it answers."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from engine.records import Slice
from studio.pages.evaluation.doubtful.doubtful_panel import DoubtfulPanel
from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.slices.slices_panel import SlicesPanel, slice_title
from studio.pages.evaluation.speed_panel import SpeedPanel
from studio.pages.evaluation.texts.label_edits import LabelEdits
from studio.pages.evaluation.texts.rows_model import RowSelection, first_choice
from studio.pages.evaluation.texts.texts_panel import TextsPanel
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.empty_state import EmptyState
from studio.widgets.layouts import fill
from studio.widgets.segmented_control import SegmentedControl
from studio.workers.query import Asker


class Details(QWidget):
    """The lower part of the Evaluation page. Without a run (a foreign model) nothing is asked of the engine and no
    label can be corrected. `text_wanted(text)` looks into a text; `rerun_wanted(path)` begins a run that uses the file
    of corrections; `choice_dropped` when the person lets go of a cell here."""

    text_wanted = Signal(str)
    rerun_wanted = Signal(object)
    choice_dropped = Signal()

    def __init__(self, asker: Asker, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self.ledger = LabelEdits(self)
        self.texts = TextsPanel(asker, self.ledger, draft)
        self.doubtful = DoubtfulPanel(asker, self.ledger)
        self.slices = SlicesPanel(asker)
        self.speed = SpeedPanel(asker)
        self._panels = {"texts": self.texts, "doubtful": self.doubtful, "slices": self.slices, "speed": self.speed}
        names = (tr("Texts"), tr("Doubtful labels"), tr("Slices"), tr("Speed"))
        self.panels = SegmentedControl([(key, name, None) for key, name in zip(self._panels, names, strict=True)])
        self.panels.setAccessibleName(tr("What to look at"))
        self.corrections = CorrectionsBar()
        self.nothing = EmptyState(
            "ph.rows", tr("No answers yet"), tr("Here stand the texts, once the model has answered them.")
        )
        self._lay_out()
        self._connect()
        draft.opened.connect(self._begin)
        self._begin()

    def _lay_out(self) -> None:
        card = Card()
        self.corrections.row.insertWidget(0, self.panels)
        card.body.setSpacing(12)
        card.body.addWidget(self.corrections)
        for panel in (*self._panels.values(), self.nothing):
            card.body.addWidget(panel, 1)
        column = fill(QVBoxLayout(self), card)
        column.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)  # whatever least height its place has in mind

    def _connect(self) -> None:
        self.panels.changed.connect(self._show_panel)
        self.texts.attention_wanted.connect(self.text_wanted)
        self.texts.choice_dropped.connect(self.choice_dropped)
        self.texts.row_opened.connect(lambda: QTimer.singleShot(0, self, self._bring_row))
        self.slices.slice_chosen.connect(self._show_slice)
        self.corrections.rerun_wished.connect(self._rerun)
        self.ledger.changed.connect(lambda _row: self._count_corrections())
        self.ledger.failed.connect(self.texts.banner.show_error)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(self._undo)

    # -- what the page says --------------------------------------------------------------------------------------------

    def choose(self, truth: int | None, said: int | None) -> None:
        """Show the texts of a cell, row or column of the confusion matrix; None is any, both None all errors again."""
        subject = self._draft.subject
        if subject is None:
            return
        is_none = truth is None and said is None
        if not is_none:
            self._open("texts")
        self.texts.show_choice(first_choice(subject.answers) if is_none else RowSelection("cell", truth, said))

    def _begin(self) -> None:
        """Other answers; without any nothing is shown, nothing asked."""
        subject = self._draft.subject
        self.ledger.show_run(None if subject is None else subject.run)
        for panel in self._panels.values():
            panel.show_subject(subject)
        for key in ("doubtful", "slices", "speed"):
            self.panels.segment(key).setEnabled(subject is not None and subject.run is not None)
        if subject is None or subject.run is None:
            self.panels.set_current("texts")
        self._show_panel(self.panels.current())
        self._count_corrections()

    # -- what the person does ------------------------------------------------------------------------------------------

    def _open(self, panel: str) -> None:
        self.panels.set_current(panel)
        self._show_panel(panel)

    def _show_panel(self, panel: str) -> None:
        """Only the shown one counts for the height: that is why they are no stack."""
        for key, widget in self._panels.items():
            widget.setVisible(key == panel and self._draft.subject is not None)
        self.nothing.setVisible(self._draft.subject is None)
        self.panels.setVisible(self._draft.subject is not None)

    def _show_slice(self, one: Slice) -> None:
        self._open("texts")
        self.texts.show_choice(RowSelection("slice", places=one.places, title=slice_title(one)))

    def _bring_row(self) -> None:
        """In a low window what is looked at closely would lie under the edge."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(self.texts.look.card, 0, 16)

    def _rerun(self) -> None:
        if self.ledger.file is not None:
            self.rerun_wanted.emit(self.ledger.file)

    def _undo(self) -> None:
        if self.panels.current() == "doubtful":
            self.doubtful.undo()
        else:
            self.ledger.undo()

    def _count_corrections(self) -> None:
        self.corrections.show_count(self.ledger.num_changed)

    # -- state ---------------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """What a page built anew needs to show the same."""
        parts = {"doubtful": self.doubtful.state(), "slices": self.slices.state(), "texts": self.texts.state()}
        return {"panel": self.panels.current(), **parts} if self._draft.subject is not None else {}

    def restore(self, state: dict[str, Any]) -> None:
        """Once the same answers are open."""
        if not state or self._draft.subject is None:
            return
        self.texts.restore(state["texts"])
        self.doubtful.restore(state["doubtful"])
        self.slices.restore(state["slices"])
        self._open(state["panel"])


class CorrectionsBar(QWidget):
    """`row` takes what stands before it; `rerun_wished` when the person wants to train again."""

    rerun_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rerun = Button("", "plain", "ph.arrow-clockwise", size="small")
        self.rerun.setObjectName("trainAgain")
        self.rerun.setToolTip(tr("A new run with the same settings; this one stays as it is."))
        self.rerun.clicked.connect(self.rerun_wished)
        self.row = fill(QHBoxLayout(self), None, self.rerun, gap=10)
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Hidden while nothing is corrected."""
        self.rerun.setText(tr("Train again with {count:plural:correction:corrections}", count=count))
        self.rerun.updateGeometry()
        self.rerun.setVisible(count > 0)
