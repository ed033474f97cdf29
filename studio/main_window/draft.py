"""WaitingDraft: the wizard's run that was not begun; it waits, also from one session to the next."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from studio.main_window.draft_dialog import DraftDialog
from studio.main_window.pages import Pages
from studio.preferences import Preferences


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
