"""FileCard: a whole file of texts is answered and written as a table, with progress and a stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLabel, QStackedWidget, QVBoxLayout, QWidget

from engine.errors import AttuneError
from engine.records import BatchPredicted, Progress
from engine.runs.model_folder import Subject
from engine.runs.run import Run
from studio.numbers import duration, number, percent
from studio.theme import tokens
from studio.translation import tr
from studio.widgets.bar_list import Bar, BarList
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.drop_area import DropArea
from studio.widgets.labels import Caption, ElidingLabel
from studio.widgets.layouts import fill, hbox
from studio.widgets.progress_track import ProgressTrack
from studio.workers.query import Asker, Query

_MOST_LABELS = 8


class FileCard(Card):
    """For any page whose subject answers: it asks `asker` for what `subject()` says to every row of a file.
    `failed(error)` where a file could not be answered; nothing is written then."""

    failed = Signal(object)
    began = Signal()

    def __init__(self, subject: Callable[[], Subject], asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(tr("A whole file"), tr("every text gets its answer, in a table"), parent)
        self._subject, self._asker = subject, asker
        self._began, self._source, self._written = 0.0, Path(), Path()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._asking())
        self._stack.addWidget(self._working())
        self._stack.addWidget(self._done())
        self.body.addWidget(self._stack)

    def take(self, path: Path) -> None:
        """Ask where to write the answers, then begin."""
        proposed = path.with_name(tr("{name} answers.csv", name=path.stem))
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Where to write the answers"), str(proposed), self._kinds())
        if chosen:
            self.answer(path, Path(chosen))

    def _kinds(self) -> str:
        """What can be written: answers in words also as JSON Lines."""
        tables = tr("Table (*.csv)")
        return f"{tables};;{tr('JSON Lines (*.jsonl)')}" if self._says_words() else tables

    def _says_words(self) -> bool:
        try:
            return says_words(self._subject())
        except AttuneError:  # it says so when it is asked
            return False

    def answer(self, source: Path, out: Path) -> None:
        self._source, self._began = source, time.monotonic()
        self._name.setText(source.name)
        self._track.set_share(0.0)
        self._how_far.setText(tr("Reading the file …"))
        self._stack.setCurrentIndex(1)
        self.began.emit()
        query = Query("predict_file", (source, out), self._subject(), str(source), out, for_spreadsheets=True)
        self._asker.ask(query.success(self._take).progress(self._follow).failure(self._fail))

    def stop(self) -> None:
        """Give up; nothing is written."""
        self._asker.stop("predict_file")
        self._stack.setCurrentIndex(0)

    # -- the three faces -----------------------------------------------------------------------------------------------

    def _asking(self) -> QWidget:
        kinds = tr("CSV, TSV, JSON Lines, Parquet or a text a line")
        area = DropArea(tr("Drop a file of texts"), kinds, tr("Choose a file"))
        area.setObjectName("tryDrop")
        area.dropped.connect(lambda paths: self.take(paths[0]))
        area.browsed.connect(self._browse)
        return area

    def _working(self) -> QWidget:
        whole, column = _column()
        self._name, self._track, self._how_far = ElidingLabel(), ProgressTrack(), Caption()
        self._track.setAccessibleName(tr("Texts answered"))
        stop = Button(tr("Stop"), "plain", "ph.stop-fill", size="small")
        stop.setObjectName("stopFile")
        stop.clicked.connect(self.stop)
        row = hbox((self._how_far, 1), stop)
        for part in (self._name, self._track):
            column.addWidget(part)
        column.addLayout(row)
        column.addStretch(1)
        return whole

    def _done(self) -> QWidget:
        whole, column = _column()
        self._said, self._counts, self._where = QLabel(), BarList(), ElidingLabel()
        self._said.setObjectName("fileSaid")
        self._said.setWordWrap(True)
        self._where.setProperty("kind", "second")
        self._counts.setAccessibleName(tr("Answers by label"))
        show, again = Button(tr("Open the table"), "plain", "ph.table"), Button(tr("Another file"), "quiet")
        show.setObjectName("openTable")
        again.setObjectName("anotherFile")
        show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written))))
        again.clicked.connect(lambda: self._stack.setCurrentIndex(0))
        row = hbox(show, again, None)
        for part in (self._said, self._counts, self._where):
            column.addWidget(part)
        column.addLayout(row)
        column.addStretch(1)
        return whole

    # -- what comes back -----------------------------------------------------------------------------------------------

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Choose a file"))
        if chosen:
            self.take(Path(chosen))

    def _follow(self, progress: Progress) -> None:
        share = progress.done / max(1, progress.total)
        self._track.set_share(share)
        passed = time.monotonic() - self._began
        left = duration(passed * (1 - share) / share) if share > 0.02 else ""
        said = tr("{done} of {total} texts", done=number(progress.done), total=number(progress.total))
        self._how_far.setText(tr("{said}, {left} left", said=said, left=left) if left else said)

    def _take(self, answer: BatchPredicted) -> None:
        self._written = Path(answer.path)
        self._said.setText(_sentence(answer))
        self._counts.set_bars(_bars(answer))
        self._counts.setVisible(bool(answer.counts))
        self._where.setText(str(answer.path))
        self._stack.setCurrentIndex(2)

    def _fail(self, error: AttuneError) -> None:
        self._stack.setCurrentIndex(0)
        self.failed.emit(error)


def says_words(subject: Subject) -> bool:
    """Whether its answers are texts."""
    from engine.config.tasks.registry import type_of  # the choices load after the first paint

    return isinstance(subject, Run) and bool(type_of(subject.config.task).says)


def _column() -> tuple[QWidget, QVBoxLayout]:
    whole = QWidget()
    column = fill(QVBoxLayout(whole), gap=8)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    return whole, column


def _sentence(answer: BatchPredicted) -> str:
    said = tr(
        "{count:plural:text:texts} answered in {time}, {rate} a second.",
        count=answer.num_rows,
        time=duration(answer.seconds),
        rate=number(round(answer.rows_per_second)),
    )
    if answer.num_blank:
        said += " " + tr("{count:plural:row has:rows have} no text, and so no answer.", count=answer.num_blank)
    if not answer.num_abstained:
        return said
    if not answer.counts:
        return said + " " + tr("{count:plural:row gets:rows get} no answer.", count=answer.num_abstained)
    share = percent(answer.num_abstained / max(1, answer.num_rows))
    return said + " " + tr("{count} of them ({share}) are left to a person.", count=answer.num_abstained, share=share)


def _bars(answer: BatchPredicted) -> list[Bar]:
    ordered = sorted(answer.counts.items(), key=lambda item: -item[1])[:_MOST_LABELS]
    most = max((count for _, count in ordered), default=1)
    return [
        Bar(label, count / max(1, most), number(count), percent(count / max(1, answer.num_rows)), tokens().s1)
        for label, count in ordered
    ]
