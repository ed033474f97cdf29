"""EvaluationPage: how good is it, and where does it fail?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.errors import AttuneError
from engine.records import WRONG_IF_UNKNOWN, LabelRule
from studio.pages.evaluation.details_place import MakeTexts, details
from studio.pages.evaluation.evaluation_results import PageState
from studio.pages.evaluation.layout import Parts, lay_out
from studio.pages.page import Page
from studio.translation import tr
from studio.widgets.drop_area import DropCover, dragged_path
from studio.widgets.veil import Veil
from studio.workers.latest_worker import Verb
from studio.workers.query import Worker
from studio.workers.run_book import RunBook

_SETTINGS = (".yaml", ".yml")


class EvaluationPage(Page):
    """Brings together what is known, the parts that show it and the person's wishes; the parts follow the draft and the
    engine's answers by themselves.

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
        super().__init__(book, make_worker, parent, urgent=("examine", "promise"))  # a person waits for these
        self.setAcceptDrops(True)
        self._known = PageState(book, self._asker, self)
        self._texts: Any = make_texts(self._asker, self._known.draft)
        self._parts = Parts(self._known, self._texts)
        self._columns = lay_out(self, self._parts)
        self._veil = Veil(self._parts.measured)
        self._cover = DropCover(self)
        self._listen()

    # -- what is looked over -------------------------------------------------------------------------------------------

    @property
    def path(self) -> Path | None:
        return self._known.examined.path

    def show_run(self, path: Path) -> None:
        """Look another run or model over. Raises InputError when the folder holds none."""
        self._book.entry(path)
        known, examined = self._known, self._known.examined
        if path != examined.path:
            known.look_at(path)
            self._parts.source.forget_file()
            self._parts.banner.clear()
            self._parts.notice.hide()
        if examined.shown is None or examined.is_newer:
            shown = examined.shown
            self._open(shown.split if shown and shown.source is None else None, shown.source if shown else None)
        self._show_source()

    def state(self) -> dict[str, Any]:
        """What a page built anew needs to show the same; what was measured is not measured again."""
        known, parts = self._known, self._parts
        shown = known.examined.shown
        return {
            **super().state(),
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
        if known.draft.subject is not None:
            known.facts.restore(state["facts"])
            known.draft.restore(state["draft"])
            parts.precision.show_label(state["label"])
            self._texts.restore(state["texts"])
        parts.source.all.setChecked(state["all"])

    # -- the engine ----------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        known, parts = self._known, self._parts
        known.examined.changed.connect(self._show_source)
        known.examined.changed.connect(known.look_again)
        known.examined.failed.connect(parts.banner.show_error)
        known.draft.opened.connect(self._open_answers)
        known.facts.reported.connect(self._show_report)
        known.facts.failed.connect(parts.banner.show_error)
        parts.head.save_wished.connect(self._save)
        parts.left_out.rule_chosen.connect(self._read_labels)
        parts.source.split_chosen.connect(self._open)
        parts.source.file_chosen.connect(self.measure_file)
        parts.source.ask_wished.connect(self._ask)
        parts.source.stop_wished.connect(known.examined.stop)
        parts.source.all_wished.connect(parts.all.show_card)
        parts.precision.target.wished.connect(parts.banner.clear)
        parts.calibration.corrected.connect(self._correct)
        for card in (parts.matrix, parts.labels):
            card.chosen.connect(self._texts.choose)
        parts.nothing.acted.connect(lambda: self.training_requested.emit(known.examined.path))
        parts.drop.dropped.connect(lambda paths: self.measure_file(paths[0]))
        parts.drop.browsed.connect(parts.source.browse)
        self._texts.choice_dropped.connect(self._drop_choice)
        self._texts.rerun_wanted.connect(self.rerun_requested)
        self._texts.text_wanted.connect(lambda text: self.attention_requested.emit(known.examined.path, text))

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

    def _open_answers(self) -> None:
        """Other answers, or none."""
        subject, shown = self._known.draft.subject, self._known.examined.shown
        answers = None if subject is None else subject.answers
        self._drop_choice()
        self._parts.left_out.show_answers(answers, WRONG_IF_UNKNOWN if shown is None else shown.rule)
        if answers is not None:
            self._texts.choose(None, None)

    def _drop_choice(self) -> None:
        for card in (self._parts.matrix, self._parts.labels):
            card.set_choice(None)

    def follow(self) -> None:
        """There may be a first, or a better, checkpoint."""
        examined = self._known.examined
        if self.isVisible():
            if examined.shown is None and not examined.is_asking and examined.wanted is None:
                self._open()
            self._show_source()

    # -- which texts ---------------------------------------------------------------------------------------------------

    def _show_source(self) -> None:
        """What is measured, and how far that has come."""
        examined, parts = self._known.examined, self._parts
        parts.show_place(self._place())
        shown, answers = examined.shown, examined.answers
        needs_file = examined.is_model and answers is None and not examined.is_asking
        parts.source.setVisible(examined.step is not None and not needs_file)
        parts.source.show_source(examined.splits, examined.wanted, is_newer=examined.is_newer)
        is_known = shown is not None and answers is not None and shown == examined.wanted
        step = shown.step if shown is not None else examined.step
        parts.source.show_about(step or "", len(answers) if is_known and answers is not None else None)
        waits = examined.wanted is not None and (examined.wanted != shown or examined.is_newer)
        parts.source.show_progress(
            examined.progress, examined.seconds_left, is_asking=examined.is_asking, can_ask=waits
        )
        parts.source.all.setVisible(answers is not None and answers.truths is not None)
        if answers is None:
            parts.head.say(self._waiting_words())
        self._veil.draw(answers is not None and (examined.is_asking or shown != examined.wanted))

    def _place(self) -> QWidget:
        examined, parts = self._known.examined, self._parts
        if examined.answers is not None:
            return parts.measured
        if examined.step is None:
            return parts.nothing
        return parts.drop if examined.is_model and not examined.is_asking else parts.waiting

    def _waiting_words(self) -> str:
        examined = self._known.examined
        if examined.is_asking:
            return tr("The model is answering the texts …")
        return "" if examined.step is None or examined.is_model else tr("How good is it, and where does it fail?")

    # -- the decision --------------------------------------------------------------------------------------------------

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
        if self._tried(lambda: self._known.draft.correct(temperature)):
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
