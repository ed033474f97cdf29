"""Layout: the parts of the Samples page, and where they stand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from studio.pages.samples.alarm import AlarmBanner
from studio.pages.samples.game_card import GameCard
from studio.pages.samples.head import Head
from studio.pages.samples.meter_column import Meters
from studio.pages.samples.step_card import StepCard
from studio.pages.samples.sweep_panel import SweepPanel
from studio.pages.samples.texts_card import TextsCard
from studio.theme import GAP, PAGE_MARGIN
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, panel, scrolling, set_wide, vbox
from studio.widgets.segmented_control import SegmentedControl

WIDE, ROOMY = 860, 1100
_RIGHT, _NARROW_RIGHT = 384, 304
_MOST_SHARE = 0.45
"""Of the page: the right column never takes more."""
_VIEWS = ("meters", "sweep")
_HEIGHTS = {"meters": 190, "sweep": 350}


class MeasureCard(Card):
    """The meters, or quality against variety."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setAccessibleName(tr("Meters"))
        self.meters, self.sweep = Meters(), SweepPanel()
        self.view = SegmentedControl(
            [("meters", tr("Meters"), "ph.chart-line"), ("sweep", tr("Quality and variety"), "ph.scales")]
        )
        self.view.setObjectName("measureView")
        self.view.changed.connect(self.show_view)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.meters)
        self._stack.addWidget(_scrolled(self.sweep))
        self.header.addWidget(self.view)
        self.header.addStretch(1)
        self.header.addWidget(self.meters.choose)
        self.body.addLayout(self.header)
        self.body.addWidget(self._stack, 1)
        self.show_view("meters")

    def show_view(self, view: str) -> None:
        self.view.set_current(view)
        self._stack.setCurrentIndex(_VIEWS.index(view))
        self.meters.choose.setVisible(view == "meters")
        self.setMinimumHeight(_HEIGHTS[view])


class Parts:
    """Every widget of the page by its name."""

    def __init__(self) -> None:
        self.head, self.banner, self.alarm = Head(), ErrorBanner(), AlarmBanner()
        self.steps, self.texts = StepCard(), TextsCard()
        self.measures, self.game = MeasureCard(), GameCard()
        self.meters, self.sweep = self.measures.meters, self.measures.sweep
        self.stack, self.scroll = QStackedWidget(), QScrollArea()
        self.empty: EmptyState | None = None


class Columns(QWidget):
    """Steps and texts on the left, meters and game on the right; one column where there is no room for two."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._right = panel(vbox((parts.measures, 1), parts.game, gap=GAP))
        left = panel(vbox(parts.steps, (parts.texts, 1), gap=GAP))
        self._row = fill(QBoxLayout(QBoxLayout.Direction.LeftToRight, self), (left, 1), self._right, gap=GAP)
        for card in (parts.steps, parts.texts):
            card.setSizePolicy(QSizePolicy.Policy.Ignored, card.sizePolicy().verticalPolicy())
        parts.steps.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        parts.game.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._width = 1200
        self._right.installEventFilter(self)
        self.fit(self._width)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Other words in the right column may need more room than it has."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit(self._width)
        return super().eventFilter(watched, event)

    def fit(self, width: int) -> None:
        """For a page of so many pixels."""
        self._width = width
        least = _RIGHT if width >= ROOMY else _NARROW_RIGHT
        right = max(least, min(self._right.minimumSizeHint().width(), round(_MOST_SHARE * width)))
        set_wide(self._row, width >= WIDE, self._right, right, right)


def _scrolled(sweep: QWidget) -> QScrollArea:
    scroll = scrolling(sweep, tr("Quality and variety"))
    scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # the page must not grow with it
    return scroll


def lay_out(page: QWidget, parts: Parts) -> Columns:
    """Title, banners and columns, from top to bottom; it scrolls where the window is low."""
    margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN - 4)
    content = vbox(parts.head, parts.banner, parts.alarm, (parts.stack, 1), gap=GAP, margins=margins)
    parts.scroll = scrolling(content, tr("Samples"))
    parts.scroll.setObjectName("samplesScroll")
    parts.scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the keyboard scrolls it
    parts.scroll.setMinimumSize(560, 400)
    fill(QVBoxLayout(page), parts.scroll)
    columns = Columns(parts)  # from outside to inside: what moves with all that is in it is styled anew
    parts.stack.addWidget(columns)
    return columns
