"""SpeedPanel: how long does an answer take, and what does that mean for ten thousand texts?"""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.errors import AttuneError
from engine.records import Progress, Speed
from studio import theme
from studio.numbers import duration, number
from studio.pages.evaluation.draft import Subject
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox
from studio.widgets.progress_track import ProgressTrack
from studio.widgets.stat_tile import StatTile
from studio.widgets.veil import Veil
from studio.workers.query import Asker, Query

_MANY = 10_000


class SpeedPanel(QWidget):
    """Measured when the panel is first seen, and again by a button: other programs slow a machine down."""

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asker = asker
        self._subject: Subject | None = None
        self._is_wanted = False
        self.banner, self.told = ErrorBanner(), QLabel()
        self.told.setFont(theme.font(theme.CARD_TITLE, 600))
        self.told.setWordWrap(True)
        self.rate = StatTile(tr("Many texts at once"))
        self.one = StatTile(tr("One text alone"))
        self.many = StatTile(tr("10,000 texts"))
        self._veils = [Veil(tile) for tile in (self.rate, self.one, self.many)]
        self.where = Caption(wrap=True)
        self.track = ProgressTrack()
        self.track.setAccessibleName(tr("Progress of the measurement"))
        self.stop = Button(tr("Stop"), "plain", "ph.x", size="small")
        self.again = Button(tr("Measure again"), "plain", "ph.arrow-clockwise", size="small")
        self.again.setObjectName("speedAgain")
        self._lay_out()
        self.stop.clicked.connect(self._stop)
        self.again.clicked.connect(self._ask)
        self._show(None)

    def _lay_out(self) -> None:
        tiles = hbox((self.rate, 1), (self.one, 1), (self.many, 1), gap=12)
        foot = hbox((self.where, 1), (self.track, 1), self.stop, self.again, gap=10)
        fill(QVBoxLayout(self), self.banner, self.told, tiles, foot, None, gap=14, margins=(0, 8, 0, 0))

    def show_subject(self, subject: Subject | None) -> None:
        """The same checkpoint is as fast on other rows."""
        if subject is not None and self._subject is not None and _weights(subject) == _weights(self._subject):
            self._subject = subject
            return
        self._stop()
        self.banner.clear()
        self._subject = subject
        self._show(None)
        self._is_wanted = subject is not None and subject.run is not None
        if self._is_wanted and self.isVisible():
            self._ask()

    def _show(self, speed: Speed | None) -> None:
        if speed is None:
            self.told.setText(tr("How fast does it answer?"))
            for tile in (self.rate, self.one, self.many):
                tile.set_value("–")
            self.where.setText("")
            return
        whole = _MANY / speed.rows_per_second
        self.told.setText(tr("10,000 texts take {time} on this machine.", time=duration(whole)))
        self.rate.set_value(number(round(speed.rows_per_second)), tr("texts a second"), tr("read in batches"))
        slow = tr("the slowest of 20: {time}", time=time_words(speed.seconds_one_slow))
        self.one.set_value(*time_words(speed.seconds_one).split(" ", 1), slow)
        self.many.set_value(
            duration(whole), "", tr("one after the other: {time}", time=duration(_MANY * speed.seconds_one))
        )
        self.where.setText(
            tr(
                "on {device}, with {count:plural:text:texts} of this evaluation",
                device=speed.device,
                count=speed.num_rows,
            )
        )

    def _show_progress(self, share: float | None) -> None:
        """None while nothing is measured."""
        self.track.setVisible(share is not None)
        self.stop.setVisible(share is not None)
        self.where.setVisible(share is None)
        self.again.setVisible(share is None)
        self.track.set_share(share or 0.0)
        for veil in self._veils:
            veil.draw(share is not None and bool(self.where.text()))

    # -- the engine ----------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        subject = self._subject
        if subject is None or subject.run is None:
            return
        self._is_wanted = False
        self.banner.clear()
        self._show_progress(0.0)
        query = Query("speed", _weights(subject), subject.run, checkpoint=subject.checkpoint)
        self._asker.ask(query.success(self._take).progress(self._follow).failure(self._refuse))

    def _stop(self) -> None:
        self._asker.stop("speed")
        self._show_progress(None)

    def _take(self, speed: Speed) -> None:
        self._show_progress(None)
        self._show(speed)

    def _follow(self, progress: Progress) -> None:
        self._show_progress(progress.done / max(1, progress.total))

    def _refuse(self, error: AttuneError) -> None:
        self._show_progress(None)
        self.banner.show_error(error)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_wanted:
            self._ask()


def time_words(seconds: float) -> str:
    """`3.2 ms`, `0.41 s`, `12 s`."""
    if seconds < 0.1:
        return tr("{time} ms", time=f"{1000 * seconds:.2g}")
    return tr("{seconds} s", seconds=f"{seconds:.2g}" if seconds < 10 else f"{seconds:.0f}")


def _weights(subject: Subject) -> tuple[object, str]:
    return None if subject.run is None else subject.run.path, subject.checkpoint
