"""The wizard's draft that waits: kept over sessions, and the question before another one takes its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.main_window.pages import Pages
from studio.preferences import Preferences
from studio.translation import tr
from studio.widgets import Button, Heading
from studio.widgets.draft_words import draft_title, step_words


class DraftDialog(QDialog):
    """`gone_on`: with the draft; `begun_anew`: it may go. Escape leaves everything as it is."""

    gone_on = Signal()
    begun_anew = Signal()

    def __init__(self, name: str, step: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("draft_dialog")
        self.setWindowTitle("Attune")
        self.setModal(True)
        told = QLabel(
            tr("{where}. Go on with it, or begin anew? Beginning anew throws the draft away.", where=step_words(step))
        )
        told.setProperty("kind", "second")
        told.setWordWrap(True)
        told.setMinimumWidth(400)
        title = Heading(draft_title(name), "card")
        title.setWordWrap(True)
        self.anew = Button(tr("Begin anew"))
        self.anew.setObjectName("begin_anew")
        self.anew.clicked.connect(self._begin_anew)
        self.go_on = Button(tr("Go on with the draft"), "primary")
        self.go_on.setObjectName("go_on_with_draft")
        self.go_on.clicked.connect(self._go_on)
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(told)
        column.addSpacing(10)
        row.addStretch(1)
        row.addWidget(self.anew)
        row.addWidget(self.go_on)
        column.addLayout(row)
        self.go_on.setFocus(Qt.FocusReason.TabFocusReason)

    def _go_on(self) -> None:
        self.accept()
        self.gone_on.emit()

    def _begin_anew(self) -> None:
        self.accept()
        self.begun_anew.emit()


def kept_draft(text: str) -> dict[str, Any]:
    """The wizard's state as an earlier session kept it, with what the draft is called; nothing if it is no such text.
    The draft itself is read when the wizard is opened: the choices load after the first paint."""
    try:
        name, step = json.loads(text)["waiting"]
    except (ValueError, KeyError, TypeError):
        return {}
    if not isinstance(name, str) or step not in range(5):
        return {}
    return {"wizard": {"kept": text, "waiting": (name, step)}}


class WaitingDraft(QObject):
    """`looked_at` whenever it was kept: whoever shows that a draft waits asks anew. `gone_on`: with the draft."""

    looked_at = Signal()
    gone_on = Signal()

    def __init__(self, pages: Pages, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent)
        self._pages, self._preferences, self._host = pages, preferences, parent

    def waiting(self) -> tuple[str, int] | None:
        """What the draft is called and its step; None where nothing would be lost."""
        page: Any = self._pages.made("wizard")
        if page is None:
            return self._pages.state("wizard").get("waiting")
        return page.waiting() if hasattr(page, "waiting") else None

    def keep(self) -> None:
        """For another session, as it stands now."""
        page = self._pages.made("wizard")
        if page is not None and hasattr(page, "kept"):
            self._preferences.draft = page.kept()
        self.looked_at.emit()

    def ask_before(self, begin: Callable[[], None]) -> None:
        """`begin` another run, at once where nothing waits; a draft is not thrown away unasked."""
        waiting = self.waiting()
        if waiting is None:
            begin()
            return
        dialog = DraftDialog(*waiting, self._host)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.gone_on.connect(self.gone_on)
        dialog.begun_anew.connect(begin)
        dialog.open()
