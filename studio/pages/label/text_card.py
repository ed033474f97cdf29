"""TextCard: the text, what the model suggests, and the labels to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.records import NextText
from studio import theme
from studio.numbers import percent
from studio.pages.label.label_colours import colours_of
from studio.pages.label.sentences import last_words
from studio.pages.label.session import Session
from studio.pages.label.text_view import MarkedWords
from studio.tables.line_painting import one_line
from studio.theme import icon, tokens
from studio.translation import tr
from studio.widgets import Button, Card, Toggle, painting
from studio.widgets.keys import Pressable
from studio.widgets.labels import Caption, ElidingLabel, label
from studio.widgets.layouts import fill, hbox, scrolling, vbox
from studio.widgets.search_field import SearchField

NUM_KEYS = 9
_ROW, _LOW_ROW, _FEW = 46, 38, 6
"""Heights of a label's button: of many labels each is lower."""
_MOST_LAST = 60


class TextCard(Card):
    """`given(label)`, `accepted`, `undone`, `skipped`, `unsure`, `helped(is_on)`, `named(label)`: what the person says
    of the text that is shown."""

    given = Signal(str)
    accepted = Signal()
    undone = Signal()
    skipped = Signal()
    unsure = Signal()
    helped = Signal(bool)
    named = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Which label fits?"), "", parent)
        self.setObjectName("textCard")
        self._told = label(tr("Suggestion"), theme.BODY, "second", wraps=False)
        self.suggestion = Toggle()
        self.suggestion.setObjectName("suggestionToggle")
        self.suggestion.setAccessibleName(tr("Suggestion"))
        self.suggestion.setChecked(True)
        self.suggestion.toggled.connect(self.helped)
        self.header.addWidget(self._told)
        self.header.addWidget(self.suggestion)
        self.text = MarkedWords()
        self._legend = Caption("", wrap=True)
        self._legend.setObjectName("marksLegend")
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._hint = _Suggestion()
        self._hint.accept.clicked.connect(self.accepted)
        self._note = label("", theme.CAPTION, "caption")
        self._note.setObjectName("textNote")
        self._search = SearchField(tr("Type a label, Enter takes the first"))
        self._search.setObjectName("labelSearch")
        self._search.textChanged.connect(lambda _words: self._show_buttons())
        self._search.returnPressed.connect(self._take_first)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(7)
        self._buttons: list[LabelButton] = []
        self._adding = _NewLabel()
        self._adding.named.connect(self.named)
        self._last = ElidingLabel("")
        self._last.setObjectName("lastLabel")
        self._last.setProperty("kind", "second")
        self._last.setFont(theme.font(theme.CAPTION))
        self._last_label = label("", theme.CAPTION, "", 600, wraps=False)
        self._sign = QLabel()
        self._sign.setPixmap(icon("ph.check-circle", tokens().ok).pixmap(16, 16))
        self._session: Session | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        reading = vbox(8, self.text, self._legend, self._note, 4, self._hint, 6, self._search, self._rows, None, gap=6)
        self._scroll = scrolling(reading, tr("The text and its labels"))
        self._undo = self._action(tr("Undo"), "ph.arrow-counter-clockwise", "undoLabel", self.undone)
        self._skip = self._action(tr("Skip"), "ph.skip-forward", "skipText", self.skipped)
        self._unsure = self._action(tr("Not sure"), "ph.question", "notSure", self.unsure)
        actions = hbox(self._undo, self._skip, self._unsure, None, self._adding, gap=8)
        last = hbox(self._sign, self._last, self._last_label, None, gap=8)
        self.body.addWidget(self._scroll, 1)
        self.body.addLayout(actions)
        self.body.addLayout(last)

    def _action(self, words: str, sign: str, name: str, told: object) -> Button:
        made = Button(words, "plain", sign, "small")
        made.setObjectName(name)
        made.clicked.connect(told)
        return made

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_session(self, session: Session) -> None:
        """The session's current text and its labels, or that there is none."""
        self._session = session
        current, labels = session.current, session.journal.labels
        is_another = self.text.accessibleName() != (current.text if current is not None else "")
        colours = colours_of(labels.names)
        has_help = self.suggestion.isChecked()
        marks = current.marks if current is not None and has_help else ()
        self.text.show_text(current.text if current is not None else "", marks, colours)
        assert session.project is not None
        name = session.project.source.rsplit("/", 1)[-1]
        self.caption.setText(tr("row {row} of {file}", row=current.row, file=name) if current is not None else "")
        self._show_legend(marks, colours)
        self._show_note(session, current)
        self._hint.show_text(current if has_help else None, colours)
        self._search.setVisible(len(labels.names) > NUM_KEYS)
        self._show_buttons()
        self._undo.setEnabled(bool(labels.acts))
        self._skip.setEnabled(current is not None)
        self._unsure.setEnabled(current is not None)
        self._show_last(session, colours)
        if is_another:
            self._search.clear()
            self._scroll.verticalScrollBar().setValue(0)

    def _show_legend(self, marks: Sequence[object], colours: dict[str, str]) -> None:
        said = list(dict.fromkeys(mark.label for mark in marks))  # type: ignore[attr-defined]
        names = " &nbsp; ".join(f'<b style="color:{colours.get(one, "")}">{_escaped(one)}</b>' for one in said)
        self._legend.setText(f"{tr('underlined: words that speak for')} &nbsp; {names}" if said else "")
        self._legend.setVisible(bool(said))

    def _show_note(self, session: Session, current: NextText | None) -> None:
        told = ""
        if current is None:
            told = tr("The next texts are being looked for …") if session.is_asking else tr("Every text has its label.")
        elif current.is_check:
            told = tr("A check text: drawn by chance, shown without a suggestion, never learned from.")
        elif not current.chances:
            told = tr("The model has not learned yet: no suggestion.")
        self._note.setText(told)
        self._note.setVisible(bool(told))

    def ordered_labels(self) -> list[str]:
        """As the keys stand for them; of more than nine the likeliest first where the model may help."""
        assert self._session is not None
        names, current = list(self._session.journal.labels.names), self._session.current
        if len(names) <= NUM_KEYS:
            return names
        wanted = self._search.text().casefold().strip()
        if current is not None and current.chances and self.suggestion.isChecked():
            names.sort(key=lambda name: -current.chances.get(name, 0.0))
        if wanted:
            names = [name for name in names if wanted in name.casefold()]
            names.sort(key=lambda name: not name.casefold().startswith(wanted))
        return names

    def _show_buttons(self) -> None:
        session = self._session
        if session is None:
            return
        names = self.ordered_labels()
        shown = names[:NUM_KEYS] if len(session.journal.labels.names) > NUM_KEYS else names
        while len(self._buttons) < len(shown):
            made = LabelButton()
            made.clicked.connect(lambda _=False, made=made: self.given.emit(made.label))
            self._buttons.append(made)
            self._rows.addWidget(made)
        colours, current = colours_of(session.journal.labels.names), session.current
        chances = current.chances if current is not None and self.suggestion.isChecked() else {}
        best = max(chances, key=lambda one: chances[one], default=None)
        for number, made in enumerate(self._buttons):
            made.setVisible(number < len(shown))
            if number < len(shown):
                name = shown[number]
                made.show_label(number + 1, name, colours[name], chances.get(name), is_best=name == best)
                made.setEnabled(current is not None)
                made.setFixedHeight(theme.tall(_ROW if len(shown) <= _FEW else _LOW_ROW))

    def _show_last(self, session: Session, colours: dict[str, str]) -> None:
        last = session.last
        has_last = last is not None
        self._sign.setVisible(has_last)
        text = ""
        if last is not None and session.project is not None:
            text = one_line(session.project.text(last.row))
            text = text if len(text) <= _MOST_LAST else f"{text[:_MOST_LAST].rstrip()} …"
        self._last.setText(last_words(last, text))
        label_said = last.label if last is not None else ""
        self._last_label.setText(label_said)
        self._last_label.setStyleSheet(f"color: {colours.get(label_said, tokens().text)};")

    # -- what the person types -----------------------------------------------------------------------------------------

    def type_label(self) -> bool:
        """Let the person type a label, where there are more than there are keys. Whether there is a field for it."""
        if self._search.isHidden():
            return False
        self._search.setFocus()
        return True

    def _take_first(self) -> None:
        names = self.ordered_labels()
        if self._search.text().strip() and names:
            self.given.emit(names[0])


class LabelButton(Pressable):
    """A label with its key, and how likely the model finds it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(theme.tall(_ROW))
        self.label = ""
        self._key, self._colour, self._is_best = 0, tokens().s1, False
        self._chance: float | None = None

    def show_label(self, key: int, label: str, colour: str, chance: float | None, *, is_best: bool) -> None:
        """`chance` from 0 to 1, None where nothing is suggested."""
        self.label, self._key, self._colour, self._chance, self._is_best = label, key, colour, chance, is_best
        self.setObjectName(f"label_{label}")
        told = f"{key}: {label}" if key <= NUM_KEYS else label
        self.setAccessibleName(told if chance is None else f"{told}, {percent(chance, 0)}")
        self.setToolTip(label)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours, rect = QPainter(self), tokens(), self.rect()
        is_over = self.underMouse() and self.isEnabled()
        border = self._colour if self._is_best else colours.line2
        fill = colours.hover if is_over and self.isDown() else colours.sunk if is_over else colours.card
        painting.box(painter, rect, 8, fill, border, 1.6 if self._is_best else 1)
        side = theme.tall(26)
        badge = QRect(rect.left() + 12, rect.center().y() - side // 2 + 1, side, side)
        left = badge.left()
        if self._key <= NUM_KEYS:
            painting.box(painter, badge, 5, theme.mixed(self._colour, colours.card, 0.14))
            painting.text(painter, badge, str(self._key), theme.font(theme.CAPTION, 600), self._colour, painting.CENTER)
            left = badge.right() + 12
        right = rect.right() - 14
        if self._chance is not None:
            number = percent(self._chance, 0)
            strong = self._is_best or self._chance >= 0.2
            font = theme.font(theme.BODY, 600 if strong else 400)
            width = QFontMetrics(font).horizontalAdvance("100 %") + 4
            ink = colours.text if strong else colours.text2
            painting.text(painter, QRect(right - width, 0, width, rect.height()), number, font, ink, painting.RIGHT)
            length = min(130, rect.width() // 4)
            bar = QRect(right - width - length - 14, rect.center().y() - 2, length, 6)
            painting.bar(painter, bar, self._chance, self._colour)
            right = bar.left() - 10
        font = theme.font(theme.BODY, 600)
        painting.text(painter, QRect(left, 0, max(10, right - left), rect.height()), self.label, font, self._colour)
        if self.hasFocus():
            painting.focus_ring(painter, rect, 8)


class _Suggestion(QFrame):
    """What the model would say, and a button that takes it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "soft")
        self.setObjectName("suggestion")
        sign = QLabel()
        sign.setPixmap(icon("ph.lightbulb", tokens().accent_text).pixmap(22, 22))
        self._main = QLabel()
        self._main.setObjectName("suggestionWords")
        self._main.setFont(theme.font(theme.BODY + 1))
        self._main.setTextFormat(Qt.TextFormat.RichText)
        self._main.setWordWrap(True)
        self._next = Caption("", wrap=True)
        self.accept = Button(tr("Accept  Enter"), "plain")
        self.accept.setObjectName("acceptSuggestion")
        fill(
            QHBoxLayout(self),
            sign,
            (vbox(self._main, self._next, gap=2), 1),
            self.accept,
            gap=12,
            margins=(14, 10, 12, 10),
        )
        self.hide()

    def show_text(self, one: NextText | None, colours: dict[str, str]) -> None:
        ranked = list(one.chances.items()) if one is not None else []
        self.setVisible(bool(ranked))
        if not ranked:
            return
        label, share = ranked[0]
        name = f'<b style="color:{colours.get(label, "")}">{_escaped(label)}</b>'
        self._main.setText(tr("The model suggests {label}, {share} sure.", label=name, share=percent(share, 0)))
        told = ""
        if len(ranked) > 1:
            other, less = ranked[1]
            is_close = less > 0.5 * share
            close = tr("{label} is close behind with {share}.", label=other, share=percent(less, 0))
            told = close if is_close else tr("Next is {label} with {share}.", label=other, share=percent(less, 0))
        self._next.setText(told)


class _NewLabel(QWidget):
    """“New label”, which becomes a field to type its name into."""

    named = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._button = Button(tr("New label"), "link", "ph.plus")
        self._button.setObjectName("newLabel")
        self._line = _Line()
        self._line.setObjectName("newLabelName")
        self._line.setPlaceholderText(tr("Name of the label"))
        self._line.setAccessibleName(tr("Name of the label"))
        self._line.setMaxLength(80)
        self._line.hide()
        self._button.clicked.connect(self.open)
        self._line.returnPressed.connect(self._name)
        self._line.left.connect(self._close)
        fill(QHBoxLayout(self), self._button, self._line)

    def open(self) -> None:
        self._button.hide()
        self._line.show()
        self._line.setFocus()

    def _name(self) -> None:
        wanted = self._line.text()
        self._close()
        if wanted.strip():
            self.named.emit(wanted)

    def _close(self) -> None:
        self._line.clear()
        self._line.hide()
        self._button.show()


class _Line(QLineEdit):
    """`left` by Escape."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
