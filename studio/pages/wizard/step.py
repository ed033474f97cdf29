"""Step: what the five steps of the wizard have in common."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from engine.messages import Message
from studio.pages.wizard.draft import Draft
from studio.pages.wizard.inquiries import Answers
from studio.theme import GAP, PAGE_MARGIN


class Step(QScrollArea):
    """One page of the wizard: draws a draft, and proposes other drafts; it never changes one in place."""

    proposed = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"step-{name}")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        content.setObjectName("page")
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN)
        self.column.setSpacing(GAP)
        self.setWidget(content)

    def show_draft(self, draft: Draft, answers: Answers) -> None:
        raise NotImplementedError

    def refusals(self) -> dict[str, Message]:
        """Values that stand typed but refused: path -> reason."""
        return {}
