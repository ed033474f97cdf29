"""EvaluationPage: how good is it, and where does it fail?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.errors import AttuneError
from engine.records import CheckedPromise, LabelRule, Promise
from studio.pages.evaluation.details_place import MakeTexts, details
from studio.pages.evaluation.layout import DropCover, Parts, lay_out
from studio.pages.evaluation.page_state import PageState
from studio.pages.evaluation.screen import Screen
from studio.translation import tr
from studio.widgets.drop_area import dragged_path
from studio.workers.latest_worker import Verb
from studio.workers.questions import Worker
from studio.workers.run_book import RunBook

_SETTINGS = (".yaml", ".yml")


class EvaluationPage(QWidget):
    """Brings together what is known, the screen that shows it and the person's wishes.

    `attention_requested(path, text)`: see where the model looks in a text; `training_requested(path)`: the run has
    nothing to measure yet; `rerun_requested(file)`: begin a run that uses these corrections.
    """

    attention_requested = Signal(object, str)
    training_requested = Signal(object)
    rerun_requested = Signal(object)

    def __init__(
        self,
        book: RunBook,
        make_worker: Callable[[Verb], Worker] | None = None,
        make_texts: MakeTexts = details,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAcceptDrops(True)
        self._book = book
        self._known = PageState(book, make_worker, self)
        self._texts: Any = make_texts(self._known.inquiries.worker_for)
        self._parts = Parts(self._texts)
        self._columns = lay_out(self, self._parts)
        self._screen = Screen(self._parts, self._columns, self._known)
        self._cover = DropCover(self)
        self._listen()

    # -- what is looked over -------------------------------------------------------------------------------------------

    def show_run(self, path: Path) -> None:
        """Look another run or model over. Raises InputError when the folder holds none."""
        self._book.entry(path)
        known, examined = self._known, self._known.examined
        if path != examined.path:
            known.look_at(path)
            self._parts.source.forget_file()
            self._parts.banner.clear()
            self._parts.notice.hide()
            self._texts.clear()
        if examined.shown is None or examined.is_newer:
            shown = examined.shown
            self._open(shown.split if shown and shown.source is None else None, shown.source if shown else None)
        self._screen.show_source()

    def state(self) -> dict[str, Any]:
        """What a page built anew needs to show the same; what was measured is not measured again."""
        known, parts = self._known, self._parts
        shown = known.examined.shown
        return {
            "path": str(known.examined.path) if known.examined.path else None,
            "split": shown.split if shown is not None else None,
            "source": shown.source if shown is not None else None,
            "label": parts.precision.label,
            "target": (parts.precision.target.target, parts.precision.target.chosen_confidence),
            "numbers": parts.matrix.numbers.current(),
            "view": parts.matrix.view.current(),
            "all": parts.source.all.isChecked(),
            "draft": known.draft.state(),
            "facts": known.facts.state(),
            "texts": self._texts.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        known, parts = self._known, self._parts
        parts.precision.target.set_target(*state["target"])
        parts.matrix.numbers.set_current(state["numbers"])
        parts.matrix.view.set_current(state["view"])
        if not state["path"]:
            return
        known.look_at(Path(state["path"]))
        source = state["source"]
        if state["split"] is not None or source is not None:
            known.examined.open(None if source else state["split"], source, may_ask=False)
        if known.answers is not None:
            known.facts.restore(state["facts"])
            known.draft.restore(state["draft"])
            parts.precision.set_label(state["label"])
            self._screen.show_all()
            self._texts.restore(state["texts"])
        parts.source.all.setChecked(state["all"])

    def close_workers(self) -> None:
        """No more answers; those under way are dropped."""
        self._known.inquiries.close()
        self._texts.close_workers()

    # -- the engine ----------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        known, parts, screen = self._known, self._parts, self._screen
        known.examined.changed.connect(screen.show_source)
        known.examined.failed.connect(parts.banner.show_error)
        known.answered_anew.connect(self._show_anew)
        known.judged_anew.connect(screen.show_judged)
        known.facts.changed.connect(screen.show_facts)
        known.facts.promised.connect(self._take_promise)
        known.facts.reported.connect(self._show_report)
        known.facts.failed.connect(parts.banner.show_error)
        parts.head.save_wished.connect(self._save)
        parts.head.report_wished.connect(known.facts.report)
        parts.head.stop_wished.connect(known.facts.stop_report)
        parts.left_out.rule_chosen.connect(self._read_labels)
        parts.source.split_chosen.connect(self._open)
        parts.source.file_chosen.connect(self.measure_file)
        parts.source.ask_wished.connect(self._ask)
        parts.source.stop_wished.connect(known.examined.stop)
        parts.source.all_wished.connect(parts.all.show_card)
        parts.precision.label_chosen.connect(lambda _: screen.show_label())
        parts.precision.moved.connect(self._move)
        parts.precision.wished.connect(self._wish)
        parts.precision.cleared.connect(lambda: self._set_threshold(self._label, None))
        parts.precision.target.target_changed.connect(screen.show_curves)
        parts.calibration.corrected.connect(self._correct)
        for card in (parts.matrix, parts.labels):
            card.chosen.connect(self._texts.choose)
        parts.nothing.acted.connect(lambda: self.training_requested.emit(known.examined.path))
        parts.drop.dropped.connect(self.measure_file)
        parts.drop.browsed.connect(parts.source.browse)
        self._texts.choice_dropped.connect(self._drop_choice)
        self._texts.rerun_wanted.connect(self.rerun_requested)
        self._texts.text_wanted.connect(lambda text: self.attention_requested.emit(known.examined.path, text))
        self._book.advanced.connect(self._on_advanced)

    def _open(self, split: str | None = None, source: str | None = None) -> None:
        """While the window trains, a long answer waits for a word: both would be slow."""
        self._known.examined.open(split, source, may_ask=source is not None or self._book.active is None)

    def measure_file(self, path: Path) -> None:
        """A file with texts and, best, with labels."""
        self._parts.banner.clear()
        self._known.examined.open(source=str(path))

    def _read_labels(self, rule: LabelRule) -> None:
        """The file once more, its labels read by another rule."""
        shown = self._known.examined.shown
        if shown is not None and shown.source is not None:
            self._parts.banner.clear()
            self._known.examined.open(source=shown.source, rule=rule)

    def _ask(self) -> None:
        self._parts.banner.clear()
        self._known.examined.ask()

    def _show_anew(self) -> None:
        self._parts.head.forget_height()
        self._drop_choice()
        self._screen.show_all()
        self._texts.choose(None, None)

    def _drop_choice(self) -> None:
        for card in (self._parts.matrix, self._parts.labels):
            card.set_choice(None)

    def _on_advanced(self, path: Path) -> None:
        """There may be a first, or a better, checkpoint."""
        examined = self._known.examined
        if path == examined.path and self.isVisible():
            if examined.shown is None and not examined.is_asking and examined.wanted is None:
                self._open()
            self._screen.show_source()

    # -- the decision --------------------------------------------------------------------------------------------------

    @property
    def _label(self) -> str:
        answers = self._known.answers
        assert answers is not None
        return answers.labels[self._parts.precision.label]

    def _move(self, threshold: float) -> None:
        self._set_threshold(self._label, threshold)

    def _wish(self, precision: float, confidence: float) -> None:
        self._parts.banner.clear()
        self._known.facts.promise(self._label, precision, confidence)

    def _take_promise(self, checked: CheckedPromise) -> None:
        """A threshold that can be promised is tried at once; where there is none, the label goes without one."""
        promise = checked.promise
        self._set_threshold(promise.label, promise.threshold, promise)

    def _set_threshold(self, label: str, threshold: float | None, promise: Promise | None = None) -> None:
        answers = self._known.answers
        is_pair = answers is not None and answers.kind == "one" and len(answers.labels) == 2
        self._known.draft.set_threshold(label, threshold, promise, is_pair=is_pair)

    def _save(self) -> None:
        draft = self._known.draft
        if self._tried(draft.save):
            told = tr(", ").join(
                tr("“{label}” from {threshold}", label=label, threshold=f"{value:.2f}")
                for label, value in draft.saved.thresholds.items()
            )
            words = tr("Saved into the model: {thresholds}.", thresholds=told) if told else tr("Saved: no threshold.")
            self._parts.notice.say(words, tr("Undo"), self._undo)

    def _correct(self, temperature: float) -> None:
        draft, answers = self._known.draft, self._known.answers
        if answers is not None and self._tried(lambda: draft.correct(temperature, answers)):
            shown = f"{temperature:.2f}"
            words = tr("Saved into the model: temperature {temperature}.", temperature=shown)
            self._parts.notice.say(words, tr("Undo"), self._undo)

    def _undo(self) -> None:
        if self._known.draft.can_undo and self._tried(self._known.draft.undo):
            self._parts.notice.say(tr("Undone: the model decides as before."))

    def _tried(self, act: Callable[[], None]) -> bool:
        """Whether it went well; else the banner says why not."""
        try:
            act()
        except AttuneError as error:
            self._parts.banner.show_error(error)
            return False
        self._screen.show_judged()
        self._screen.show_facts()
        return True

    # -- the report ----------------------------------------------------------------------------------------------------

    def _show_report(self, files: tuple[Path, Path]) -> None:
        page = files[0]
        words = tr("The report lies in {folder}.", folder=str(page.parent))
        self._parts.notice.say(words, tr("Open the folder"), lambda: open_file(page.parent))
        open_file(page)

    # -- files and size ------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        path = dragged_path(event.mimeData())
        if path is None or path.is_dir() or path.suffix.lower() in _SETTINGS or self._known.examined.step is None:
            event.ignore()  # a run, a model or settings: the window knows what to do with them
            return
        event.acceptProposedAction()
        self._cover.cover(self.rect())

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._cover.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._cover.hide()
        path = dragged_path(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.measure_file(path)

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._parts.head.forget_height()
        self._columns.fit(self.width())


def open_file(path: Path) -> None:
    """With the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
