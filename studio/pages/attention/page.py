"""AttentionPage: why does it say so? Type a text, read the answer and see where the model looked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.errors import AttuneError
from engine.records import UNCHANGED, AttentionRecord, Prediction
from studio.pages.attention.compare_menu import name_of
from studio.pages.attention.effects import Effects
from studio.pages.attention.examples import examples
from studio.pages.attention.inquiries import Inquiries, Worker
from studio.pages.attention.layout import Parts, lay_out
from studio.pages.attention.looker import Looker
from studio.pages.attention.map_card import Shown
from studio.pages.attention.map_files import write_map
from studio.pages.attention.reading import (
    Choice,
    Scope,
    exact_data,
    first_choice,
    fitting,
    head_of,
    marks_for,
    received_words,
    slice_of,
    without_special,
)
from studio.pages.attention.reasons import Reasons
from studio.pages.attention.second import Other, Second
from studio.pages.attention.sentences import answer_words, change_sentence, notices, sentence, switch_words
from studio.pages.attention.timeline import Timeline
from studio.plots.map_data import MapData
from studio.plots.marked_text import Marks
from studio.translation import tr
from studio.workers.latest_worker import Verb
from studio.workers.run_book import RunBook

_WIDE = 1080
_PATIENCE_MS = 300
_LOW = 740
"""Pixels of height under which the chips take one line only."""


class AttentionPage(QWidget):
    """Shows what the looker, its reasons, effects, timeline and second know; another layer, head or view only slices.

    `training_requested(path)`: the run has nothing to look with yet.
    """

    training_requested = Signal(object)

    def __init__(
        self, book: RunBook, make_worker: Callable[[Verb], Worker] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._book = book
        self._inquiries = Inquiries(make_worker, self)
        self._looker = Looker(book, self._inquiries, self)
        self._reasons = Reasons(self._looker, self._inquiries, self)
        self._effects = Effects(self._looker, self._inquiries, self)
        self._second = Second(self._looker, book, self._inquiries, self)
        self._timeline = Timeline(self._looker, book, self)
        self._choice: Choice | None = None
        self._exact: tuple[object, np.ndarray] | None = None
        self._parts = Parts(self._looker, book)
        self._columns = lay_out(self, self._parts)
        self._slow = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._slow.timeout.connect(lambda: self._say(tr("Reading …")))
        self._listen_to_the_engine()
        self._listen_to_the_person()

    # -- what is looked into -------------------------------------------------------------------------------------------

    def show_run(self, path: Path) -> None:
        """Look through another run or model. Raises InputError when the folder holds none."""
        entry = self._book.entry(path)
        if path != self._looker.path:
            self._looker.look_at(path)
            self._choice = self._exact = None
            self._second.compare_with(None)
            self._parts.banner.clear()
            self._parts.text.set_notices([])
            self._parts.text.count.setText("")
        texts = examples(entry.history, entry.config)
        self._parts.text.set_examples(texts)
        if not self._parts.text.text().strip() and texts:
            self._parts.text.set_text(texts[0])
        self._ask()
        self._show_all()

    def state(self) -> dict[str, Any]:
        """What a page built anew needs to show the same."""
        return {
            "path": str(self._looker.path) if self._looker.path else None,
            "text": self._parts.text.text(),
            "view": self._parts.map.view.current(),
            "choice": self._choice,
            "switches": self._looker.switches,
            "other": self._second.other,
        }

    def restore(self, state: dict[str, Any]) -> None:
        self._parts.text.set_text(str(state.get("text", "")))
        self._parts.map.view.set_current(str(state.get("view", "map")))
        if state.get("path"):
            self.show_run(Path(state["path"]))
            self._choice = state.get("choice")
            self._looker.switch(state.get("switches") or UNCHANGED)
            self._second.compare_with(state.get("other"))

    def close_workers(self) -> None:
        """No more answers; those under way are dropped."""
        self._inquiries.close()

    # -- the engine ----------------------------------------------------------------------------------------------------

    def _listen_to_the_engine(self) -> None:
        self._looker.asked.connect(self._slow.start)
        self._looker.answered.connect(self._on_answered)
        self._looker.failed.connect(self._on_failed)
        self._reasons.changed.connect(self._show_reasons)
        self._effects.changed.connect(self._show_effects)
        self._effects.failed.connect(self._parts.banner.show_error)
        self._second.changed.connect(self._show_second)
        self._second.failed.connect(self._parts.banner.show_error)
        self._timeline.changed.connect(self._show_film)
        self._timeline.shown.connect(self._show_all)
        self._inquiries.answered.connect(self._take_exact)
        self._book.advanced.connect(self._on_advanced)

    def _ask(self) -> None:
        if self.isVisible():
            text = self._parts.text.text()
            self._looker.ask(text)
            self._effects.look_again()
            self._timeline.follow(text)

    def _on_answered(self) -> None:
        record = self._looker.record
        self._slow.stop()
        if record is None:
            return
        self._parts.banner.clear()
        if self._choice is None or not record.maps:
            self._choice = first_choice(record)
        self._parts.text.set_notices(notices(record))
        self._parts.text.count.setText(tr("{count:plural:token:tokens}", count=len(record.tokens)))
        self._show_all()

    def _on_failed(self, error: AttuneError) -> None:
        self._slow.stop()
        self._parts.banner.show_error(error)
        self._show_all()

    def _on_advanced(self, path: Path) -> None:
        """A better checkpoint answers anew, and there may be another frame."""
        if path == self._looker.path and self.isVisible():
            self._ask()

    # -- the person ----------------------------------------------------------------------------------------------------

    def _listen_to_the_person(self) -> None:
        parts, looker = self._parts, self._looker
        parts.text.typed.connect(self._reasons.hold)
        parts.text.rested.connect(lambda _text: self._ask())
        parts.chips.mask_requested.connect(lambda place: self._edit(place, self._mask_token))
        parts.chips.delete_requested.connect(lambda place: self._edit(place, ""))
        parts.chips.replace_requested.connect(self._edit)
        parts.chips.hovered.connect(self._mark_token)
        parts.map.heat_map.pointed.connect(lambda _query, key: self._mark_chip(key))
        parts.heads.chosen.connect(lambda layer, head: self._choose(layer=layer, head=head, scope="head"))
        parts.heads.toggled.connect(lambda layer, head: looker.toggle({(self._map_name, layer, head)}))
        parts.heads.layer_toggled.connect(self._toggle_layer)
        parts.heads.uniform_toggled.connect(lambda is_on: looker.switch(replace(looker.switches, uniform=is_on)))
        parts.heads.all_on_requested.connect(lambda: looker.switch(UNCHANGED))
        parts.head.switched.connect(lambda _is_on: self._toggle_chosen())
        parts.head.measure_requested.connect(lambda: self._with_rows(self._effects.measure))
        parts.head.stop_requested.connect(self._effects.stop)
        parts.ranking.rank_requested.connect(lambda: self._with_rows(self._effects.rank))
        parts.ranking.stop_requested.connect(self._effects.stop)
        parts.ranking.chosen.connect(lambda layer, head: self._choose(layer=layer, head=head, scope="head"))
        parts.film.chosen.connect(self._timeline.show_step)
        parts.film.probe_chosen.connect(parts.text.set_text)
        parts.now.clicked.connect(lambda: self._timeline.show_step(None))
        parts.map.map_chosen.connect(self._choose_map)
        parts.map.method_chosen.connect(self._choose_method)
        parts.map.special_toggled.connect(lambda is_on: self._choose(with_special=is_on))
        parts.map.zoom_requested.connect(lambda _query, _key: self._ask_exact())
        parts.map.zoom_left.connect(self._leave_exact)
        parts.compare.chosen.connect(self._compare)
        parts.second.closed.connect(lambda: self._compare(None))
        parts.second.text_changed.connect(self._compare_text)
        parts.copy.clicked.connect(lambda: QGuiApplication.clipboard().setImage(parts.map.image()))
        parts.export_chosen.connect(self._export_as)
        parts.nothing.acted.connect(lambda: self.training_requested.emit(looker.path))

    def _choose(self, **changes: Any) -> None:
        if self._record is not None and self._choice is not None:
            self._choice = fitting(replace(self._choice, **changes), self._record)
            self._show_slice()

    def _choose_map(self, index: int, scope: Scope) -> None:
        """Rollout is asked for when it is first wanted; it is the map after the model's own."""
        record, choice = self._looker.record, self._choice
        if record is None or choice is None:
            return
        if index < 0:
            self._reasons.want_rollout()
            index = len(record.maps)
        if index != choice.map:
            choice = replace(choice, map=index, layer=10**6, head=0)
        self._choice = replace(choice, scope=scope)
        if self._record is not None and index < len(self._record.maps):
            self._choose()

    def _choose_method(self, method: str) -> None:
        self._reasons.want_marks(method or None)  # type: ignore[arg-type]
        self._show_slice()

    def _toggle_layer(self, layer: int) -> None:
        if self._record is not None and self._choice is not None:
            heads = self._record.maps[self._choice.map].weights.shape[1]
            self._looker.toggle({(self._map_name, layer, head) for head in range(heads)})

    def _toggle_chosen(self) -> None:
        if self._record is not None and self._choice is not None:
            self._looker.toggle({head_of(self._record, self._choice)})

    def _mark_token(self, place: int) -> None:
        """A chip under the pointer marks its column; not where bins or words alone are shown."""
        data = self._parts.map.data
        if data is not None and self._looker.record is not None and len(data.keys) == len(self._looker.record.tokens):
            self._parts.map.heat_map.set_marked(place if place >= 0 else None)

    def _mark_chip(self, key: int) -> None:
        data = self._parts.map.data
        if data is not None and self._looker.record is not None and len(data.keys) == len(self._looker.record.tokens):
            self._parts.chips.set_current(key if key >= 0 else None)

    def _edit(self, place: int, words: str) -> None:
        """Change one token of the text; the step can be undone in the text itself."""
        record = self._looker.record
        if record is None or record.text != self._parts.text.text():
            return  # the chips are of a text that is gone
        self._looker.note_edit(self._parts.text.replace(*record.spans[place], words))

    def _compare(self, other: Other | None) -> None:
        self._second.compare_with(other)
        self._parts.second.show_other(other, name_of(other, self._book) if other else "")
        if other is not None and other.text is not None:
            self._parts.second.editor.setFocus()
            self._parts.second.editor.selectAll()

    def _compare_text(self, text: str) -> None:
        if self._second.other is not None:
            self._second.compare_with(replace(self._second.other, text=text))

    def _with_rows(self, measure: Callable[[], None]) -> None:
        """A model that was only opened is measured on a labelled file of the person's."""
        if self._effects.needs_file:
            chosen, _ = QFileDialog.getOpenFileName(self, tr("Choose a file of labelled texts"), str(Path.home()))
            if not chosen:
                return
            self._effects.source = chosen
        measure()

    def _ask_exact(self) -> None:
        """The chosen head of a long text without pooling."""
        record, question = self._looker.record, self._looker.question
        if record is None or question is None or self._choice is None or self._timeline.step is not None:
            return
        if self._choice.map < len(record.maps) and record.maps[self._choice.map].bin_size > 1:
            head = head_of(record, self._choice)
            key = (question, head)
            self._say(tr("Reading …"))
            self._inquiries.forget("exact")
            self._inquiries.ask(
                "exact",
                key,
                self._looker.subject,
                question.text,
                head,
                question.checkpoint,
                switches=question.switches,
            )

    def _take_exact(self, name: str, key: object, answer: object) -> None:
        if name == "exact" and isinstance(answer, np.ndarray):
            self._exact = (key, answer)
            self._show_all()

    def _leave_exact(self) -> None:
        self._exact = None
        self._show_slice()

    # -- showing -------------------------------------------------------------------------------------------------------

    @property
    def _record(self) -> AttentionRecord | None:
        """What is shown: a frame of the training, or the answer of now with its rollout."""
        if self._timeline.record is not None:
            return self._timeline.record
        record = self._looker.record
        if record is None or not self._reasons.rollout:
            return record
        return replace(record, maps=(*record.maps, *self._reasons.rollout))

    @property
    def _map_name(self) -> str:
        record = self._looker.record
        assert record is not None and self._choice is not None
        return record.maps[min(self._choice.map, len(record.maps) - 1)].name

    @property
    def _mask_token(self) -> str:
        return (self._looker.record.mask_token if self._looker.record else None) or ""

    def _show_all(self) -> None:
        """What can be shown now: the answer, or why there is none yet."""
        record = self._record
        can_answer = self._looker.step is not None
        self._parts.show_place(has_record=record is not None, can_answer=can_answer)
        if record is None:
            self._say(tr("Type a text to see what the model says of it, and why.") if can_answer else "")
            return
        self._choice = fitting(self._choice or first_choice(record), record)
        self._parts.answer.show_record(record, received_words(record), self._before)
        self._show_moment()
        self._show_slice()
        self._show_reasons()

    def _show_moment(self) -> None:
        """Whether the present is shown, or a frame of the training."""
        step = self._timeline.step
        self._parts.show_moment("" if step is None else tr("as it was at step {step}", step=step))

    @property
    def _before(self) -> Prediction | None:
        """What was said before the switches or the edit that the shown answer comes of."""
        looker = self._looker
        if self._timeline.step is not None or looker.record is None:
            return None
        if looker.record.switches:
            return looker.plain.prediction if looker.plain is not None else None
        return looker.edit[1] if looker.edit else None

    def _show_reasons(self) -> None:
        """What takes a moment longer than the map: chips, trust, importance, the sentence, marks."""
        record = self._looker.record
        if record is None:
            return
        is_present = self._timeline.step is None
        parts, reasons = self._parts, self._reasons
        one_out = reasons.one_out
        fits = one_out is not None and len(one_out.tokens) == len(record.tokens)
        parts.chips.setVisible("explain" in record.abilities)
        parts.chips.set_mask_token(record.mask_token)
        scores = one_out.scores if one_out is not None and fits and is_present else None
        parts.chips.set_tokens(record.tokens, record.special, scores)
        parts.trust.show_trust(
            reasons.trust if is_present else None,
            reasons.errors.get("trust") if is_present else None,
            is_measuring=reasons.is_measuring and is_present,
        )
        if self._choice is not None and record.maps:
            parts.heads.show_importance(reasons.importance.get(self._map_name))
        self._show_slice()
        self._say(self._sentence())

    def _sentence(self) -> str:
        record = self._record
        if record is None:
            return ""
        if self._timeline.step is not None:
            said = tr(
                "At step {step} it said {answer}.", step=self._timeline.step, answer=answer_words(record.prediction)
            )
            return said if record.has_answer else ""
        if not self._parts.text.text().strip():
            return tr("The text is empty; the last answer is still shown.")
        before = self._before
        if before is not None and record.has_answer:
            reason = switch_words(record.switches) if record.switches else tr("After your edit")
            return change_sentence(before, record.prediction, reason)
        return sentence(record, received_words(record), self._reasons.one_out)

    def _show_slice(self) -> None:
        record, choice = self._record, self._choice
        if record is None or choice is None:
            return
        choice = fitting(choice, record)
        parts = self._parts
        parts.map.show_map(self._shown(record, choice))
        shapes = [one.weights.shape[:2] for one in record.maps]
        has_heads = any(layers * heads > 1 for layers, heads in shapes)
        if record.maps:
            parts.heads.show_record(record, choice)
            parts.heads.show_switches(self._looker.switches, record.maps[choice.map].name)
            parts.head.show_record(record, choice, self._looker.switches)
        self._columns.set_has_heads(has_heads or "uniform" in record.abilities, bool(self._timeline.texts))
        self._show_effects()
        self._show_film()

    def _shown(self, record: AttentionRecord, choice: Choice) -> Shown:
        second, titles = self._second_data(choice), ("A", "B")
        return Shown(record, choice, self._exact_data(record, choice), second, titles, self._marks(record))

    def _exact_data(self, record: AttentionRecord, choice: Choice) -> MapData | None:
        """Only of the answer and the head that it was asked about."""
        if self._exact is None or not record.maps:
            return None
        if self._exact[0] != (self._looker.question, head_of(record, choice)) or choice.scope != "head":
            return None
        data = exact_data(record, self._exact[1])
        return data if choice.with_special else without_special(data)

    def _second_data(self, choice: Choice) -> MapData | None:
        second = self._second.record
        if second is None or not second.maps or self._timeline.step is not None:
            return None
        return slice_of(second, fitting(choice, second))

    def _marks(self, record: AttentionRecord) -> Marks | None:
        """The text marked by the method that was chosen; without any attention by leaving words out."""
        method = self._parts.map.method.currentData() or ("" if record.maps else "leave-one-out")
        found = self._reasons.marks.get(method)
        if not method or found is None or len(found.scores) != len(record.tokens):
            return None
        return marks_for(record, found.scores, signed=method not in ("attention", "rollout"))

    def _show_second(self) -> None:
        self._parts.second.show_record(self._second.record)
        other = self._second.other
        self._parts.second.show_other(other, name_of(other, self._book) if other else "")
        self._show_slice()

    def _show_effects(self) -> None:
        record, choice, effects = self._record, self._choice, self._effects
        if record is None or choice is None or not record.maps:
            return
        one = record.maps[min(choice.map, len(record.maps) - 1)]
        self._parts.head.show_effect(
            self._looker.switches, effects.effect, effects.measured, is_measuring=effects.is_measuring
        )
        self._parts.ranking.setVisible("mute" in record.abilities and "explain" in record.abilities)
        self._parts.ranking.show_ranking(one, effects.table, effects.ranked, is_ranking=effects.is_ranking)
        self._parts.ranking.show_current((choice.layer, choice.head) if choice.scope == "head" else None)

    def _show_film(self) -> None:
        record, choice = self._record, self._choice
        if record is None or choice is None or not record.maps:
            return
        self._parts.film.show_timeline(self._timeline, record, fitting(choice, record), self._parts.text.text())

    def _say(self, words: str) -> None:
        self._parts.say(words)

    # -- taking it away ------------------------------------------------------------------------------------------------

    def _export_as(self, suffix: str) -> None:
        path = self._ask_path(suffix)
        data = self._parts.map.data
        if path is None or data is None:
            return
        try:
            write_map(path, data, self._parts.map.image(), self._record)
        except AttuneError as error:
            self._parts.banner.show_error(error)

    def _ask_path(self, suffix: str) -> Path | None:
        start = str(Path.home() / f"attention{suffix}")
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Export map"), start, f"*{suffix}")
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(suffix)

    # -- size ----------------------------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._columns.set_wide(self.width() >= _WIDE)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._parts.text.editor.setFocus()
        self._ask()
