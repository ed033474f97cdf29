"""PreviewTable: the first rows of the data, with a chip above each column that says what the column is for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QWidget,
)

from engine.config.roles import LABEL, ROLES
from engine.records import Preview, PreviewRows
from studio.pages.wizard.draft import IGNORE
from studio.pages.wizard.preview_cells import readable_cell
from studio.pages.wizard.preview_model import LABELS, Index, PreviewModel, role_words, shown_name
from studio.theme import font, icon, tokens
from studio.translation import tr
from studio.widgets import painting

_PADDING = 12
_NARROWEST, _WIDEST = 96, 190
_NUM_MEASURED = 20
_CHIP_PADDING = 7
_PALE = 0.4


def row_height() -> int:
    """Room for a line of text in the size that is chosen."""
    return max(36, QFontMetrics(font(13)).height() + 16)


def header_height() -> int:
    """A column's name, and the chip beneath it."""
    return _name_height() + _chip_height() + 18


def _name_height() -> int:
    return max(18, QFontMetrics(font(12, mono=True)).height())


def _chip_height() -> int:
    return max(24, QFontMetrics(font(12, 600)).height() + 6)


_LEAST_TEXT, _LEAST_OF_SEVERAL = 160, 110
"""Pixels of the texts' column, and of each where there are several: it gives way before one has to scroll."""


class PreviewTable(QTableView):
    """`role_chosen(column, role)` when somebody gives a column another role; `row_opened(row)` when somebody clicks a
    row of the model, or presses Return on it, to read all of it."""

    role_chosen = Signal(str, str)
    row_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preview")
        self.setAccessibleName(tr("Preview of the data"))
        self.setShowGrid(False)
        self.is_dimmed = False
        self.setAccessibleDescription(tr("Return opens the whole text of a row."))
        self.setVerticalHeader(_Numbers(self))
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.clicked.connect(self._open)
        self.activated.connect(self._open)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerWidget(QWidget())  # else the style draws its own sign between the scroll bars
        self.setItemDelegate(_Cells(self))
        self._header = _RoleHeader(self)
        self._header.role_chosen.connect(self.role_chosen.emit)
        self.setHorizontalHeader(self._header)

    def show_preview(
        self,
        preview: Preview,
        roles: dict[str, str],
        offered: Sequence[str] = (*ROLES, IGNORE),
        label_columns: Sequence[str] = (),
        sign: str | None = None,
        asked: PreviewRows | None = None,
    ) -> None:
        """`roles` are {role: column}; `offered` stand in every chip's menu. Labels as `PreviewModel` takes them."""
        old = self.model()
        model = PreviewModel(preview, roles, offered, label_columns, sign, asked)
        self.clearSpans()
        self.setModel(model)
        if model.band is not None and model.columnCount() > 1:
            self.setSpan(model.band, 0, 1, model.columnCount())
        if old is not None:
            old.deleteLater()
        self._header.show_chips()
        self._fit()

    def set_dimmed(self, is_dimmed: bool) -> None:
        """Paler, while it is read in another way."""
        self.is_dimmed = is_dimmed
        for part in (self.viewport(), self._header.viewport(), self.verticalHeader().viewport()):
            part.update()

    def show_row(self, number: int, *, is_asked: bool) -> bool:
        """Bring the row with this number into sight and choose it; False if it is not in the table."""
        model = self.model()
        row = model.row_of(number, is_asked=is_asked) if isinstance(model, PreviewModel) else None
        if row is None:
            return False
        index = self.model().index(row, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def tab_parts(self) -> list[QWidget]:
        """What says of each column what it is for, in their order, then the rows."""
        return [*self._header.chips(), self]

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        current = self.currentIndex()
        if self.hasFocus() and current.isValid():
            painter = QPainter(self.viewport())
            row = self.visualRect(current)
            row.setLeft(0)
            row.setRight(self.viewport().width() - 1)
            painting.focus_ring(painter, row.adjusted(1, 0, -1, -1), 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _open(self, index: QModelIndex) -> None:
        model = self.model()
        if isinstance(model, PreviewModel) and index.row() != model.band:
            self.row_opened.emit(index.row())

    def _fit(self) -> None:
        """Every column as wide as its cells need, within bounds; the texts share what is left."""
        model = self.model()
        if not isinstance(model, PreviewModel):
            return
        widths = [self._wanted_width(model, section) for section in range(model.columnCount())]
        texts = [i for i in range(len(widths)) if _is_text(model.role_of(i))] or [len(widths) - 1][: len(widths)]
        room = self.viewport().width() - sum(width for i, width in enumerate(widths) if i not in texts)
        for place, section in enumerate(texts):
            least = _LEAST_TEXT if len(texts) == 1 else max(_LEAST_OF_SEVERAL, self._header.chip_width(section) + 20)
            widths[section] = max(least, room // (len(texts) - place))
            room -= widths[section]
        for section, width in enumerate(widths):
            self.setColumnWidth(section, width)

    def _wanted_width(self, model: PreviewModel, section: int) -> int:
        metrics = QFontMetrics(font(13))
        role = model.role_of(section)
        cells = [readable_cell(role, row[section])[:60] for row in model.preview.rows[:_NUM_MEASURED]]
        name = QFontMetrics(font(12, mono=True)).horizontalAdvance(shown_name(model.preview.columns[section]))
        widest = max([metrics.horizontalAdvance(cell) for cell in cells] + [name])
        chip = self._header.chip_width(section)
        return min(max(widest + 2 * _PADDING + 4, chip + 2 * _PADDING, _NARROWEST), _WIDEST)


class _RoleHeader(QHeaderView):
    """The columns' names, with a menu button beneath each."""

    role_chosen = Signal(str, str)

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._chips: list[QToolButton] = []
        self.setFixedHeight(header_height())
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.sectionResized.connect(self._place)
        table.horizontalScrollBar().valueChanged.connect(self._place)

    def show_chips(self) -> None:
        for chip in self._chips:
            chip.deleteLater()
        model = self.model()
        assert isinstance(model, PreviewModel)
        count = model.columnCount() if model.offered else 0  # bare lines play no role
        self._chips = [self._chip(model, section) for section in range(count)]
        for chip in self._chips:
            chip.show()
        self._place()

    def chips(self) -> list[QWidget]:
        return list(self._chips)

    def chip_width(self, section: int) -> int:
        return self._chips[section].sizeHint().width() if section < len(self._chips) else 0

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        model = self.model()
        assert isinstance(model, PreviewModel)
        colors = tokens()
        painter.save()
        painter.fillRect(rect, QColor(colors.sunk))
        painter.setOpacity(_opacity(self.parent()))
        painter.fillRect(rect, _tint(model.role_of(section), 26))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(colors.line))
        painter.setFont(font(12, mono=True))
        painter.setPen(QColor(colors.text2))
        space = QRect(rect.left() + _PADDING, rect.top() + 6, rect.width() - 2 * _PADDING, _name_height())
        name = str(model.headerData(section, Qt.Orientation.Horizontal))
        elided = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, space.width())
        painter.drawText(space, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)
        painter.restore()

    def _chip(self, model: PreviewModel, section: int) -> QToolButton:
        role, column = model.role_of(section), model.preview.columns[section]
        chip = QToolButton(self.viewport())
        chip.setObjectName(f"role-{section + 1}")
        chip.setText(role_words(role))
        chip.setFont(font(12, 600))
        chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        chip.setCursor(Qt.CursorShape.PointingHandCursor)
        chip.setAccessibleName(tr("Column {column} is for: {role}", column=shown_name(column), role=role_words(role)))
        chip.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        ink, _ = _inks(role)
        if role != IGNORE:
            chip.setIcon(icon("ph.text-aa" if _is_text(role) else "ph.tag", ink))
        chip.setStyleSheet(_chip_style(role))
        chip.setMenu(self._menu(chip, column, role, model.offered))
        return chip

    def _menu(self, chip: QToolButton, column: str, role: str, offered: Sequence[str]) -> QMenu:
        menu = QMenu(chip)
        group = QActionGroup(menu)
        for one in offered:
            action = menu.addAction(role_words(one))
            action.setCheckable(True)
            action.setChecked(one == role)
            group.addAction(action)
            action.triggered.connect(lambda _=False, one=one: self.role_chosen.emit(column, one))
        return menu

    def _place(self) -> None:
        for section, chip in enumerate(self._chips):
            chip.adjustSize()
            left = self.sectionViewportPosition(section) + _PADDING - 2
            width = min(chip.sizeHint().width(), self.sectionSize(section) - _PADDING)
            chip.setGeometry(left, _name_height() + 10, width, _chip_height())


class _Cells(QStyledItemDelegate):
    """One line of text on the tint of the column's role, with a hairline beneath."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, PreviewModel)
        role, colors = model.role_of(index.column()), tokens()
        rect: QRect = option.rect  # type: ignore[attr-defined]
        if index.row() == model.band:
            _paint_band(painter, rect, str(index.data() or ""))
            return
        painter.save()
        painter.fillRect(rect, QColor(colors.card))  # the style's own mark of a chosen row would drown the text
        painter.setOpacity(_opacity(self.parent()))
        painter.fillRect(rect, _tint(role, 13))
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(rect, _pale(colors.accent, 28))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(colors.line))
        labels = index.data(LABELS)
        if labels:
            _paint_chips(painter, rect, labels)
            painter.restore()
            return
        painter.setFont(font(13, 400 if role == IGNORE or _is_text(role) else 500))
        painter.setPen(QColor(colors.text2 if role == IGNORE else colors.text))
        space = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, space.width())
        painter.drawText(space, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()


class _Numbers(QHeaderView):
    """The rows' numbers, as the doctor's findings name them."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self.setDefaultSectionSize(row_height())
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setAccessibleName(tr("Numbers of the rows"))

    def sizeHint(self) -> QSize:
        model = self.model()
        rows = range(model.rowCount()) if isinstance(model, PreviewModel) else range(0)
        widest = max((len(model.number(row)) for row in rows), default=1)  # type: ignore[union-attr]
        return QSize(QFontMetrics(font(12)).horizontalAdvance("0" * widest) + _PADDING + 8, 0)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        model, colors = self.model(), tokens()
        if not isinstance(model, PreviewModel):
            return
        painter.save()
        painter.setOpacity(_opacity(self.parent()))
        painter.fillRect(rect, QColor(colors.sunk))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(colors.line))
        space = rect.adjusted(4, 0, -8, 0)
        painting.text(painter, space, model.number(section), font(12), colors.text3, painting.RIGHT)
        painter.restore()


def _opacity(table: QObject) -> float:
    return _PALE if isinstance(table, PreviewTable) and table.is_dimmed else 1.0


def _paint_band(painter: QPainter, rect: QRect, told: str) -> None:
    painter.fillRect(rect, QColor(tokens().sunk))
    painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(tokens().line))
    space = rect.adjusted(_PADDING, 0, -_PADDING, 0)
    painting.text(painter, space, told, font(12, 500), tokens().text2)


def _paint_chips(painter: QPainter, rect: QRect, labels: Sequence[str]) -> None:
    """As many labels as fit, each in a box; what is left is counted."""
    painter.setFont(font(12, 500))
    metrics, left, right = painter.fontMetrics(), rect.left() + _PADDING, rect.right() - _PADDING
    for number, one in enumerate(labels):
        rest = f"+{len(labels) - number}"
        wanted = metrics.horizontalAdvance(one) + 2 * _CHIP_PADDING
        room = right - left - (0 if number == len(labels) - 1 else metrics.horizontalAdvance(rest) + 4)
        if wanted > room and (number or room < 40):
            painter.setPen(QColor(tokens().text2))
            painter.drawText(QRect(left, rect.top(), right - left, rect.height()), Qt.AlignmentFlag.AlignVCenter, rest)
            return
        box = QRect(left, rect.center().y() - 11, min(wanted, room), 22)
        painting.box(painter, box, 6, _tint(LABEL.key, 40).name(QColor.NameFormat.HexArgb))
        inner = box.adjusted(_CHIP_PADDING, 0, -_CHIP_PADDING + 2, 0)
        painting.text(painter, inner, one, font(12, 500), tokens().text)
        left = box.right() + 6


def _is_text(role: str) -> bool:
    return role != IGNORE and ROLES[role].is_text


def _inks(role: str) -> tuple[str, str]:
    """(ink, border) of a role: each has a color of its own."""
    colors = tokens()
    if role == IGNORE:
        return colors.text2, colors.line2
    inks = (colors.s1, colors.s2, colors.s3, colors.s4, colors.s5)
    ink = inks[list(ROLES).index(role) % len(inks)]
    return ink, ink


def _tint(role: str, alpha: int) -> QColor:
    return _pale(_inks(role)[0], 0 if role == IGNORE else alpha)


def _pale(ink: str, alpha: int) -> QColor:
    color = QColor(ink)
    color.setAlpha(alpha)
    return color


def _chip_style(role: str) -> str:
    ink, border = _inks(role)
    fill, edge = _tint(role, 40), QColor(border)
    edge.setAlpha(255 if role == IGNORE else 120)
    return (
        f"QToolButton {{ color: {ink}; border: 1px solid {edge.name(QColor.NameFormat.HexArgb)}; border-radius: 6px;"
        f" padding: 0 20px 0 6px; background: {fill.name(QColor.NameFormat.HexArgb)}; }}"
        f" QToolButton:hover {{ border-color: {ink}; }}"
        f" QToolButton:focus {{ border: 2px solid {tokens().accent}; padding: 0 19px 0 5px; }}"
        f" QToolButton::menu-indicator {{ subcontrol-position: right center; right: 6px; width: 10px; }}"
    )
