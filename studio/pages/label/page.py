"""LabelPage: which label fits this text? A queue of what teaches most, large letters, keys, and what it gains."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from engine.errors import AttuneError
from engine.records import Contradiction, LabelsTaken
from studio import theme
from studio.numbers import duration
from studio.pages.label.queue_card import QueueCard
from studio.pages.label.sentences import sentence
from studio.pages.label.session import Session
from studio.pages.label.side_cards import CountsCard, CurveCard, LearningCard
from studio.pages.label.text_card import NUM_KEYS, TextCard
from studio.pages.label.text_view import SignKeys
from studio.pages.page import Page
from studio.pages.page_header import PageHeader
from studio.tables.line_painting import one_line
from studio.theme import GAP, PAGE_MARGIN
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.drop_area import dragged_path
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.labels import ElidingCaption, label
from studio.widgets.layouts import fill, hbox, scrolling, vbox
from studio.widgets.notice import Notice
from studio.workers.query import MakeWorker, Query
from studio.workers.run_book import RunBook

_LEFT, _RIGHT = 272, 338
_NARROW = 1100
_SHOWN = 70
_TELL_EVERY = 5
"""Labels between two looks of the list of runs, which reads all that was said."""


class LabelPage(Page):
    """`training_wished(train, test)`: a run shall learn from these files of the project (test may be None), as the
    project `name`d says."""

    training_wished = Signal(object, object, str)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent, urgent=("contradiction", "labelling_queue", "labelled_files"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self._session = Session(self._asker, self)
        self._told = -1
        self._build()
        self._lay_out()
        self._listen()

    def show_run(self, path: Path) -> None:
        """Label the texts of another project. Raises InputError when the folder holds none."""
        self._book.entry(path)
        if path != self._path:
            self._banner.clear()
            self._notice.hide()
            self._session.open(path)
            self._path = path
        self._show()

    # -- building ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._export = Button(tr("Export labels"), "plain", "ph.export")
        self._export.setObjectName("exportLabels")
        self._import = Button(tr("Import labels"), "plain", "ph.download-simple")
        self._import.setObjectName("importLabels")
        self._train = Button(tr("Train"), "primary", "ph.graduation-cap")
        self._train.setObjectName("trainWithLabels")
        self._header = PageHeader(tr("Label"), "labelSentence", self._import, self._export, self._train)
        self._banner, self._notice = ErrorBanner(), Notice()
        self._queue, self._text = QueueCard(self), TextCard()
        self._curve, self._counts, self._learning = CurveCard(), CountsCard(), LearningCard()

    def _lay_out(self) -> None:
        self._right = scrolling(
            vbox((self._curve, 1), self._counts, self._learning, gap=GAP), tr("What labelling gains")
        )
        self._columns = fill(QHBoxLayout(), self._queue, (self._text, 1), self._right, gap=GAP)
        column = vbox(
            self._header,
            self._banner,
            self._notice,
            (self._columns, 1),
            gap=10,
            margins=(PAGE_MARGIN, 14, PAGE_MARGIN, 12),
        )
        self._foot = self._keys_bar()
        fill(QVBoxLayout(self), (column, 1), self._foot, gap=0)
        self._fit()

    def _keys_bar(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("footBar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._number_keys = SignKeys(["1", str(NUM_KEYS)], tr("label"), tr("to"))
        others = [
            SignKeys(["Enter"], tr("accept the suggestion")),
            SignKeys(["U"], tr("undo")),
            SignKeys(["S"], tr("skip")),
            SignKeys(["N"], tr("not sure")),
            SignKeys(["↑", "↓"], tr("next texts")),
            SignKeys(["H"], tr("hide the suggestion")),
        ]
        self._pace = ElidingCaption("")
        self._pace.setObjectName("labelPace")
        self._pace.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        title = label(tr("Keys"), theme.CAPTION, "", 600, wraps=False)
        self._hints = [self._number_keys, *others]
        return _filled(
            bar, hbox(title, *self._hints, (self._pace, 1), gap=18, margins=(PAGE_MARGIN, 9, PAGE_MARGIN, 9))
        )

    def _listen(self) -> None:
        session, text = self._session, self._text
        session.changed.connect(self._show)
        session.learned.connect(self._show_learned)
        session.failed.connect(self._banner.show_error)
        session.contradicted.connect(self._tell_contradiction)
        self._queue.chosen.connect(session.choose)
        self._queue.ordered.connect(session.order_by)
        self._counts.more_wished.connect(lambda name: session.order_by("like", name))
        self._curve.target_chosen.connect(self._aim)
        text.given.connect(self._give)
        text.accepted.connect(self._accept)
        text.undone.connect(self._undo)
        text.skipped.connect(session.skip)
        text.unsure.connect(session.unsure)
        text.helped.connect(lambda _on: text.show_session(session))
        text.named.connect(session.name)
        self._export.clicked.connect(self._choose_file)
        self._import.clicked.connect(self._choose_labels)
        self._train.clicked.connect(self._wish_training)

    # -- what the person says ------------------------------------------------------------------------------------------

    def _give(self, name: str) -> None:
        self._notice.hide()
        self._session.give(name)
        self.setFocus()

    def _accept(self) -> None:
        current = self._session.current
        if current is not None and current.suggestion is not None and self._text.suggestion.isChecked():
            self._give(current.suggestion)

    def _undo(self) -> None:
        self._notice.hide()
        self._session.undo()

    def _aim(self, target: float) -> None:
        self._session.target = target
        self._session.learn()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._takes_key(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list of texts would look for texts that begin with a letter."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._takes_key(event)
        return super().eventFilter(watched, event)

    def _takes_key(self, event: QKeyEvent) -> bool:
        """Whether a key said something here; never while a field has the keyboard."""
        if isinstance(QApplication.focusWidget(), QLineEdit | QComboBox):
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        session, key = self._session, Qt.Key(event.key())
        place = event.key() - Qt.Key.Key_1.value
        if 0 <= place < NUM_KEYS:
            names = self._text.ordered_labels() if session.project is not None else []
            if place < len(names) and session.current is not None and not event.isAutoRepeat():
                self._give(names[place])
            return True
        acts = {
            Qt.Key.Key_Return: self._accept,
            Qt.Key.Key_Enter: self._accept,
            Qt.Key.Key_U: self._undo,
            Qt.Key.Key_S: session.skip,
            Qt.Key.Key_N: session.unsure,
            Qt.Key.Key_H: self._text.suggestion.toggle,
            Qt.Key.Key_Up: lambda: session.step(-1),
            Qt.Key.Key_Down: lambda: session.step(1),
            Qt.Key.Key_Slash: self._text.type_label,
        }
        if key not in acts or session.project is None:
            return False
        if not event.isAutoRepeat() or key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            acts[key]()
        return True

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        session = self._session
        if session.project is None:
            return
        self._header.say(*sentence(session))
        self._queue.show_session(session)
        self._text.show_session(session)
        self._counts.show_session(session)
        self._learning.show_session(session)
        self._curve.show_learning(is_learning=session.is_learning and session.measured is not None)
        if session.measured is None:
            self._curve.show_learned(None, session.target)
        self._number_keys.show_keys(["1", str(min(NUM_KEYS, len(session.journal.labels.names)))])
        count = session.num_labels
        self._train.setText(tr("Train with {count:plural:label:labels}", count=count) if count else tr("Train"))
        self._train.setEnabled(len(set(session.journal.labels.learned.values())) > 1)
        self._train.updateGeometry()
        self._export.setEnabled(count > 0)
        self._show_pace()
        if count != self._told and count % _TELL_EVERY == 0:
            self._told = count
            self._book.tell_labelled(session.project.path)

    def _show_learned(self) -> None:
        assert self._session.project is not None
        self._book.tell_labelled(self._session.project.path)
        self._curve.show_learned(self._session.measured, self._session.target)

    def _show_pace(self) -> None:
        pace, measured = self._session.labels_a_minute(), self._session.measured
        if pace is None:
            self._pace.setText("")
            return
        told = tr("{count} texts a minute", count=round(pace) if pace >= 2 else round(pace, 1))
        ahead = measured.projection if measured is not None else None
        if ahead is not None and ahead.labels is not None and ahead.labels > self._session.num_labels:
            left = duration(60 * (ahead.labels - self._session.num_labels) / pace)
            told = tr("{pace}: {time} to {labels}", pace=told, time=left, labels=ahead.labels)
        self._pace.setText(told)

    def _tell_contradiction(self, found: Contradiction) -> None:
        text = one_line(found.text)
        text = text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()} …"
        told = tr(
            "A nearly equal text is labelled {label}: “{text}” (row {row}).",
            label=found.label,
            text=text,
            row=found.row,
        )
        self._notice.say(told, tr("Undo"), self._undo)

    # -- files and training --------------------------------------------------------------------------------------------

    def _choose_file(self) -> None:
        session = self._session
        assert session.project is not None
        start = str(Path(session.project.source).with_name(f"{session.project.path.name}-labels.csv"))
        kinds = f"{tr('Table')} (*.csv);;{tr('JSON Lines')} (*.jsonl)"
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Export labels"), start, kinds)
        if chosen:
            self.export_to(Path(chosen))

    def export_to(self, file: Path) -> None:
        """All labels as a table (.csv) or JSON Lines (.jsonl)."""
        assert self._session.project is not None
        query = Query("export_labels", file, self._session.project.path, file)
        told = tr("The labels lie in {file}.", file=str(file))
        self._asker.ask(query.success(lambda _file: self._notice.say(told)).failure(self._banner.show_error))

    def _choose_labels(self) -> None:
        assert self._session.project is not None
        start = str(Path(self._session.project.source).parent)
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Import labels"), start)
        if chosen:
            self.import_from(Path(chosen))

    def import_from(self, file: Path) -> None:
        """Take the labels of a file."""
        assert self._session.project is not None
        self._banner.clear()
        query = Query("import_labels", file, self._session.project.path, str(file))
        self._asker.ask(query.success(self._take_labels).failure(self._banner.show_error))

    def _take_labels(self, taken: LabelsTaken) -> None:
        told = tr("{count:plural:label was:labels were} taken.", count=taken.num_taken)
        if taken.num_empty or taken.num_unknown:
            left = taken.num_empty + taken.num_unknown
            told += " " + tr("{count:plural:row says:rows say} nothing of these texts.", count=left)
        self._session.take_file()
        self._notice.say(told)

    def _wish_training(self) -> None:
        session = self._session
        assert session.project is not None
        name, path = session.project.name, session.project.path
        query = Query("labelled_files", (path, session.num_labels), path)
        query = query.success(lambda files: self.training_wished.emit(*files, name))
        self._asker.ask(query.failure(self._refuse_training))

    def _refuse_training(self, error: AttuneError) -> None:
        self._banner.show_error(error)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        path = dragged_path(event.mimeData())
        if path is None or path.is_dir():
            event.ignore()
            return
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dragged_path(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.import_from(path)

    # -- size ----------------------------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        is_narrow = self.width() < _NARROW
        self._queue.setFixedWidth(theme.tall(196 if is_narrow else _LEFT))
        self._right.setFixedWidth(theme.tall(284 if is_narrow else _RIGHT))
        for hint in self._hints[4:]:
            hint.setVisible(not is_narrow)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus()


def _filled(widget: QWidget, layout: QHBoxLayout) -> QWidget:
    widget.setLayout(layout)
    return widget
