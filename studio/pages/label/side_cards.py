"""What labelling gains: the curve against chance, labels so far, and when the model learns again."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from engine.records import LabelsLearned
from engine.runs.labelling import LEARN_EVERY
from studio import theme
from studio.numbers import duration, percent
from studio.pages.label.label_colours import colours_of
from studio.pages.label.sentences import rare_label, target_words, verdict
from studio.pages.label.session import Session
from studio.plots.charts.labels_curve import LabelsCurve
from studio.tables.line_painting import breakable
from studio.theme import icon, tokens
from studio.translation import tr
from studio.widgets import Bar, BarList, Button, Card, painting
from studio.widgets.labels import Caption, label
from studio.widgets.layouts import fill, hbox, vbox
from studio.widgets.veil import Veil

TARGETS = (0.8, 0.85, 0.9, 0.95, 0.98)
_MOST_BARS = 8


class CurveCard(Card):
    """`target_chosen(share)`: what it shall be right on."""

    target_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Does choosing help?"), "", parent)
        self.setObjectName("curveCard")
        self._under = Caption(tr("accuracy on check texts by number of labels; band: 95 % interval"), wrap=True)
        self.plot = LabelsCurve()
        self._verdict = label("", theme.BODY, "")
        self._verdict.setObjectName("choosingVerdict")
        self._needs = label("", theme.BODY, "ok", 600)
        self._needs.setObjectName("targetNeeds")
        self._how = label("", theme.CAPTION, "caption")
        self._how.setObjectName("targetHow")
        self._target = QComboBox()
        self._target.setObjectName("labelTarget")
        self._target.setAccessibleName(tr("Accuracy to reach"))
        for share in TARGETS:
            self._target.addItem(percent(share, 0), share)
        self._target.setCurrentIndex(TARGETS.index(0.95))
        self._target.activated.connect(lambda at: self.target_chosen.emit(self._target.itemData(at)))
        self._target.setToolTip(tr("The accuracy whose labels are projected"))
        for part in (self._under, self.plot, self._verdict):
            self.body.addWidget(part, 1 if part is self.plot else 0)
        self.body.addLayout(hbox(label(tr("Aim"), theme.BODY, "second", wraps=False), self._target, None, gap=8))
        self.body.addLayout(vbox(self._needs, self._how, gap=2))
        self._veil = Veil(self.plot)

    def show_learned(self, measured: LabelsLearned | None, target: float) -> None:
        self._target.setCurrentIndex(TARGETS.index(target))
        self.plot.show_learned(measured)
        has_curve = measured is not None and measured.curve is not None
        self.plot.setVisible(has_curve)
        self._under.setVisible(has_curve)
        self._verdict.setText(verdict(measured))
        told, how = target_words(measured)
        self._needs.setText(told)
        self._needs.setVisible(bool(told))
        self._how.setText(how)
        self._how.setVisible(bool(how))

    def show_learning(self, *, is_learning: bool) -> None:
        """What is being measured anew is paler."""
        self._veil.draw(is_learning)


class CountsCard(Card):
    """`more_wished(label)`: texts that look like that label shall come next."""

    more_wished = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Labels so far"), " ", parent)
        self.setObjectName("countsCard")
        self._bars = BarList()
        self._bars.setObjectName("labelCounts")
        self._rest = Caption("", wrap=True)
        self._few = QFrame()
        self._few.setProperty("surface", "warn")
        self._few.setObjectName("fewOfLabel")
        sign = QLabel()
        sign.setPixmap(icon("ph.warning-circle", tokens().warn).pixmap(16, 16))
        self._few_words = label("", theme.CAPTION, "warn")
        self._few_words.setObjectName("fewWords")
        self._look = Button(tr("Look for more"), "link", size="small")
        self._look.setObjectName("lookForMore")
        self._look.clicked.connect(lambda: self.more_wished.emit(self._rare))
        fill(QHBoxLayout(self._few), sign, (self._few_words, 1), self._look, gap=8, margins=(10, 4, 10, 4))
        self._rare = ""
        for part in (self._bars, self._rest, self._few):
            self.body.addWidget(part)

    def show_session(self, session: Session) -> None:
        labels = session.journal.labels
        counts, colours = labels.counts(), colours_of(labels.names)
        total, checked = len(labels.given), len(labels.checks)
        self.caption.setText(
            tr("{count}, of them {checked:plural:check text:check texts}", count=total, checked=checked)
        )
        most = max(counts.values(), default=0)
        shown = (
            sorted(counts, key=lambda name: -counts[name])[:_MOST_BARS] if len(counts) > _MOST_BARS else list(counts)
        )
        self._bars.set_bars(
            [Bar(name, counts[name] / max(1, most), f"{counts[name]:,}", color=colours[name]) for name in shown]
        )
        aside = []
        if len(counts) > len(shown):
            aside.append(tr("and {count:plural:other label:other labels}", count=len(counts) - len(shown)))
        if labels.unsure:
            aside.append(tr("{count} set aside as not sure", count=len(labels.unsure)))
        if labels.skipped:
            aside.append(tr("{count} skipped", count=len(labels.skipped)))
        if session.journal.num_damaged:
            aside.append(
                tr("{count:plural:line:lines} of the labels could not be read", count=session.journal.num_damaged)
            )
        self._rest.setText("; ".join(aside))
        self._rest.setVisible(bool(aside))
        rare = rare_label(counts)
        self._few.setVisible(rare is not None)
        if rare is not None:
            self._rare = rare[0]
            self._few_words.setText(tr("Only {count} of {label}.", count=rare[1], label=breakable(rare[0])))
            measured = session.measured
            can_look = rare[1] > 0 and measured is not None and measured.accuracy is not None
            self._look.setVisible(can_look)


class LearningCard(Card):
    """When the model learns again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", "", parent)
        self.setObjectName("learningCard")
        self._beads = _Beads()
        self._under = Caption("", wrap=True)
        self._under.setObjectName("learningWords")
        self.body.addWidget(self._beads)
        self.body.addWidget(self._under)

    def show_session(self, session: Session) -> None:
        since = min(session.num_since, LEARN_EVERY)
        if session.is_learning:
            self.title.setText(tr("The model is learning"))
            self._under.setText(tr("from {count:plural:label:labels}; you go on meanwhile", count=session.num_labels))
        else:
            left = LEARN_EVERY - since
            self.title.setText(tr("It learns again in {count:plural:label:labels}", count=left))
            took = session.measured.seconds if session.measured is not None else 0.0
            told = tr("{since} of {every} since it last learned", since=since, every=LEARN_EVERY)
            if took >= 1:
                told = tr("{told}; about {time}, you go on", told=told, time=duration(took))
            self._under.setText(told)
        self._beads.show_count(since, LEARN_EVERY)
        self.setAccessibleName(self.title.text())


class _Beads(QWidget):
    """So many of so many."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(10)
        self._count, self._all = 0, LEARN_EVERY

    def show_count(self, count: int, whole: int) -> None:
        self._count, self._all = count, whole
        self.setAccessibleName(f"{count} / {whole}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, gap = QPainter(self), 3
        width = (self.width() - gap * (self._all - 1)) / self._all
        for number in range(self._all):
            left = round(number * (width + gap))
            place = QRect(left, 1, max(2, round(width)), 8)
            painting.box(painter, place, 2, tokens().accent if number < self._count else tokens().track)
