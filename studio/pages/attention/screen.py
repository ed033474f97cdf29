"""Screen: shows what is known on the parts of the page; another layer, head or view only slices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QTimer

from engine.errors import AttuneError
from engine.records import UNCHANGED, AttentionRecord
from studio.pages.attention.columns import Columns
from studio.pages.attention.comparison_bar import name_of
from studio.pages.attention.layout import Parts
from studio.pages.attention.map_card import Shown
from studio.pages.attention.page_state import PageState
from studio.pages.attention.reading import Choice, first_choice, fitting, marks_for, received_words
from studio.pages.attention.sentences import answer_words, change_sentence, sentence, switch_words
from studio.plots.attention.marked_text import Marks
from studio.translation import tr
from studio.widgets.text_bar import notices
from studio.widgets.veil import Veil
from studio.workers.run_book import RunBook

_LATER_MS = 5
_PATIENCE_MS = 300


class Screen:
    """`choice` is what the person wishes to see; it is fitted to each record anew, and so outlives a shorter one."""

    def __init__(self, parts: Parts, columns: Columns, known: PageState, book: RunBook) -> None:
        self._parts, self._columns, self._known, self._book = parts, columns, known, book
        self.choice: Choice | None = None
        self._pictured: tuple[object, ...] = ()
        self._sliced: AttentionRecord | None = None
        self._slow = QTimer(parts, interval=_PATIENCE_MS, singleShot=True)
        self._slow.timeout.connect(lambda: self.say(tr("Reading …")))
        self._veils = [Veil(part) for part in (columns, parts.chips)]
        self._second_veil = Veil(parts.map)
        self._listen()

    def _listen(self) -> None:
        known = self._known
        known.looker.asked.connect(self._slow.start)
        for news in (known.looker.asked, known.timeline.shown, known.second.changed, known.second.failed):
            news.connect(self.dim)
        known.looker.switched.connect(self.show_heads)
        for heard in (self.take_answer, self.show_all, self.dim):
            known.looker.answered.connect(heard)
        known.looker.failed.connect(self.show_failure)
        known.reasons.changed.connect(self.show_reasons)
        known.effects.changed.connect(self.show_effects)
        known.second.changed.connect(self.show_second)
        known.timeline.changed.connect(self.show_film)
        known.timeline.shown.connect(self.show_all)
        known.zoom.changed.connect(self.show_slice)
        known.zoom.changed.connect(self.show_sentence)
        known.reasons.failed.connect(self.give_up)
        for part in (known.reasons, known.effects, known.second, known.zoom):
            part.failed.connect(self._parts.banner.show_error)

    def forget(self) -> None:
        """Another run or model is looked into."""
        self.choice = None
        self._pictured = ()
        self._columns.to_top()
        self._parts.banner.clear()
        self._parts.text.set_notices([])
        self._parts.text.count.setText("")

    def fitted(self) -> Choice | None:
        """The choice as the shown record has it; None where there is no map."""
        record = self._known.record
        if record is None or not record.maps:
            return None
        return fitting(self.choice or first_choice(record), record)

    def choose(self, **changes: Any) -> None:
        """Show something else of the same record."""
        choice = self.fitted()
        if choice is not None and self.choice is not None:
            self.choice = replace(choice if "head" in changes else self.choice, **changes)
            self.show_slice()

    # -- all of it -----------------------------------------------------------------------------------------------------

    def take_answer(self) -> None:
        """A new record came: what is said beside it, and which of its maps is shown."""
        self._slow.stop()
        record = self._known.looker.record
        if record is None:
            return
        self._parts.banner.clear()
        if self.choice is None and record.maps:
            self.choice = first_choice(record)
        self._parts.text.set_notices(notices(record))
        self._parts.text.count.setText(tr("{count:plural:token:tokens}", count=len(record.tokens)))
        self._paint_map_first()

    def show_failure(self, error: AttuneError) -> None:
        """There is no answer; the last one stays."""
        self._slow.stop()
        self._parts.banner.show_error(error)
        self.show_all()
        self.dim()

    def show_text(self) -> None:
        """The text in the field may be another one than that of the answer."""
        if not self._known.looker.is_waiting:
            self.show_sentence()
        self.dim()

    def dim(self) -> None:
        """What stands there is no answer to the text in the field: it is still awaited, was refused, or there is no
        text. Of a past step all is known."""
        known, has_text = self._known, bool(self._parts.text.text().strip())
        is_past = known.is_past
        for veil in self._veils:
            veil.draw(known.looker.is_old(has_text=has_text) and not is_past, at_once=not has_text)
        self._second_veil.draw(known.second.is_waiting and known.second.record is not None)

    def _paint_map_first(self) -> None:
        """The map is what a person waits for: the other parts are painted in turns of the event loop of their own, so
        that no single one holds the window up."""
        for place, part in enumerate((self._parts.answer, self._parts.heads, self._parts.chips)):
            if part.updatesEnabled():
                part.setUpdatesEnabled(False)
                QTimer.singleShot(_LATER_MS * (place + 1), part, lambda part=part: part.setUpdatesEnabled(True))

    def show_all(self) -> None:
        """What can be shown now: the answer, or why there is none yet."""
        record = self._known.record
        can_answer = self._known.looker.step is not None
        has_maps = record is not None and bool(record.maps)
        self._parts.show_place(has_record=record is not None, has_maps=has_maps, can_answer=can_answer)
        if record is None:
            self.say(tr("Type a text to see what the model says of it, and why.") if can_answer else "")
            return
        self._parts.answer.show_record(record, received_words(record), self._known.before)
        step = self._known.timeline.step
        self._parts.show_moment("" if step is None else tr("as it was at step {step}", step=step))
        self.show_picture()
        self._show_chosen()
        self.show_reasons()

    # -- what takes a moment longer than the map -----------------------------------------------------------------------

    def show_reasons(self) -> None:
        """Chips, trust, importance, the sentence, and marks where the text is seen."""
        record, reasons = self._known.looker.record, self._known.reasons
        if record is None:
            return
        is_now = not self._known.is_past
        self._show_chips(record, reasons.one_out.scores if reasons.one_out is not None and is_now else None)
        self._parts.trust.show_trust(
            reasons.trust if is_now else None,
            reasons.errors.get("trust") if is_now else None,
            is_measuring=reasons.is_measuring and is_now,
        )
        if is_now:
            self._parts.heads.show_importance(reasons.importance)
        if self._known.record is self._sliced:
            self.show_picture()
        else:
            self.show_slice()  # rollout is among the maps now
        self.show_sentence()

    def _show_chips(self, record: AttentionRecord, scores: np.ndarray | None) -> None:
        chips = self._parts.chips
        chips.setVisible("explain" in record.abilities)
        chips.set_mask_token(record.mask_token)
        chips.set_tokens(
            record.tokens, record.special, scores if scores is not None and len(scores) == len(record.tokens) else None
        )

    def say(self, words: str) -> None:
        self._parts.say(words)

    def show_sentence(self) -> None:
        """What the answer is and why; of a run that cannot answer yet, nothing."""
        if self._known.record is not None:
            self.say(self._sentence(self._known.record))

    def _sentence(self, record: AttentionRecord) -> str:
        known = self._known
        if known.is_past:
            if not record.has_answer:
                return tr("As it read at step {step}.", step=known.timeline.step)
            return tr(
                "At step {step} it said {answer}.", step=known.timeline.step, answer=answer_words(record.prediction)
            )
        if not self._parts.text.text().strip():
            return tr("The text is empty; the last answer is still shown.")
        before = known.before
        if before is not None and record.has_answer:
            reason = switch_words(record.switches) if record.switches else tr("After your edit")
            return change_sentence(before, record.prediction, reason)
        return sentence(record, received_words(record), known.reasons.one_out)

    # -- the chosen slice ----------------------------------------------------------------------------------------------

    def show_slice(self) -> None:
        """The large picture, the thumbnails, and what is said of the chosen head."""
        self.show_picture()
        self._show_chosen()

    def _show_chosen(self) -> None:
        record = self._known.record
        if record is None or self._is_half_known:
            return
        self._sliced = record
        self.show_heads()
        self.show_effects()
        self.show_film()

    def show_picture(self) -> None:
        """The large picture, unless it is seen already, or a part of it is still on its way."""
        record, choice = self._known.record, self.fitted() or Choice()
        if record is None or self._is_half_known:
            return
        exact, marks = self._known.zoom.data(record, choice), self._marked(record)
        parts = (record, choice, exact, self._known.second.record, self._known.is_past, *marks)
        if len(parts) == len(self._pictured) and all(_same(*pair) for pair in zip(parts, self._pictured, strict=True)):
            return
        self._pictured = parts
        self._parts.map.show_map(
            Shown(record, choice, exact, self._known.second_data(choice), ("A", "B"), self._marks(record, *marks))
        )

    @property
    def _is_half_known(self) -> bool:
        return self.choice is not None and self._known.is_half_known(self.choice)

    def give_up(self) -> None:
        """What was wished for cannot be had: choose what is seen instead."""
        self.choice = self.fitted()
        self._pictured = ()
        if "marks" in self._known.reasons.errors:
            self._parts.map.choose_method("")

    def show_heads(self) -> None:
        """Thumbnails, switches and the chosen head in words."""
        record, choice = self._known.record, self.fitted()
        num_heads = sum(one.weights.shape[0] * one.weights.shape[1] for one in record.maps) if record else 0
        present = self._known.looker.record
        can_switch = present is not None and bool(present.maps) and "uniform" in present.abilities
        self._columns.set_has_heads(num_heads > 1 or can_switch, bool(self._known.timeline.texts))
        if record is None or choice is None:
            return
        is_past = self._known.is_past
        switches = UNCHANGED if is_past else self._known.looker.switches
        self._parts.heads.show_record(record, choice, is_frame=is_past)
        self._parts.heads.show_switches(switches, record.maps[choice.map].name)
        self._parts.head.show_record(record, choice, switches)

    def show_effects(self) -> None:
        """What switches cost, and the ranking of heads."""
        record, choice, effects = self._known.record, self.fitted(), self._known.effects
        present = self._known.looker.record
        if record is None or choice is None or present is None:
            return
        one = record.maps[choice.map]
        self._parts.head.show_effect(
            self._known.looker.switches, effects.effect, effects.measured, is_measuring=effects.is_measuring
        )
        num_heads = sum(own.weights.shape[0] * own.weights.shape[1] for own in present.maps)
        self._parts.ranking.setVisible({"mute", "explain"} <= present.abilities and num_heads > 1)
        self._parts.ranking.show_ranking(
            one, effects.table, effects.ranked, is_ranking=effects.is_ranking, can_rank=effects.can_rank
        )
        self._parts.ranking.show_current((choice.layer, choice.head) if choice.scope == "head" else None)

    def show_film(self) -> None:
        """The chosen head through training."""
        record, choice = self._known.record, self.fitted()
        if record is None or choice is None:
            self._parts.film.hide()
            return
        self._parts.film.show_timeline(self._known.timeline, record, choice, self._parts.text.text())

    def show_second(self) -> None:
        """What it is compared with."""
        second = self._known.second
        self._parts.second.show_record(second.record)
        self._parts.second.show_other(second.other, name_of(second.other, self._book) if second.other else "")
        self.show_picture()

    # -- marked text ---------------------------------------------------------------------------------------------------

    def _marked(self, record: AttentionRecord) -> tuple[str, np.ndarray | None]:
        """(the method by which the text is marked, its scores); "" where the map itself marks it."""
        if self._known.is_past:
            return "", None
        self._parts.map.offer_methods(record)
        method = self._parts.map.chosen_method
        found = self._known.reasons.marks.get(method)  # type: ignore[call-overload]
        is_of_this = found is not None and len(found.scores) == len(record.tokens)
        return method, found.scores if is_of_this else None

    def _marks(self, record: AttentionRecord, method: str, scores: np.ndarray | None) -> Marks | None:
        """Plain text until the scores are there; nothing where they cannot be had."""
        if not method:
            return None
        question = "one-out" if method == "leave-one-out" else "marks"
        if scores is None and (question in self._known.reasons.errors or "explain" not in record.abilities):
            return None
        if scores is None:
            scores = np.zeros(len(record.tokens), dtype=np.float32)
        return marks_for(record, scores, signed=method not in ("attention", "rollout"))


def _same(one: object, other: object) -> bool:
    """The same object, or an equal small one; arrays are not compared."""
    return one is other or (isinstance(one, str | bool | Choice) and one == other)
