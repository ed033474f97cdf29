"""Gestures: what the person does on the Attention page, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from engine.errors import AttuneError
from engine.records import UNCHANGED, Switches
from studio.pages.attention.comparison_model import Other
from studio.pages.attention.layout import Parts
from studio.pages.attention.map_files import write_map
from studio.pages.attention.page_state import PageState
from studio.pages.attention.reading import Scope, is_traced
from studio.pages.attention.screen import Screen
from studio.translation import tr


class Gestures(QObject):
    """Listens to the parts; asks what is known for more, or the screen for another slice."""

    def __init__(self, parts: Parts, known: PageState, screen: Screen, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._known, self._screen = parts, known, screen
        self._listen_to_the_text()
        self._listen_to_the_heads()
        self._listen_to_the_map()
        self._listen_to_the_rest()

    # -- the text ------------------------------------------------------------------------------------------------------

    def _listen_to_the_text(self) -> None:
        parts = self._parts
        parts.text.typed.connect(self._known.reasons.hold)
        parts.chips.mask_requested.connect(lambda place: self._edit(place, self._mask_token))
        parts.chips.delete_requested.connect(lambda place: self._edit(place, ""))
        parts.chips.replace_requested.connect(self._edit)
        parts.chips.hovered.connect(self._mark_token)
        parts.map.heat_map.pointed.connect(lambda _query, key: self._mark_chip(key))

    @property
    def _mask_token(self) -> str:
        record = self._known.looker.record
        return (record.mask_token if record else None) or ""

    def _edit(self, place: int, words: str) -> None:
        """Change one token of the text; the step can be undone in the text itself."""
        record = self._known.looker.record
        if record is None or record.text != self._parts.text.text():
            return  # the chips are of a text that is gone
        self._known.timeline.show_step(None)
        self._known.looker.note_edit(self._parts.text.replace(*record.spans[place], words))

    def _mark_token(self, place: int) -> None:
        """A chip under the pointer marks its column."""
        if self._has_token_columns():
            self._parts.map.heat_map.set_marked(place if place >= 0 else None)

    def _mark_chip(self, key: int) -> None:
        if self._has_token_columns():
            self._parts.chips.set_current(key if key >= 0 else None)

    def _has_token_columns(self) -> bool:
        """Not where bins or words alone are shown."""
        data, record = self._parts.map.data, self._known.looker.record
        return data is not None and record is not None and len(data.keys) == len(record.tokens)

    # -- the heads -----------------------------------------------------------------------------------------------------

    def _listen_to_the_heads(self) -> None:
        parts, effects = self._parts, self._known.effects
        parts.heads.chosen.connect(self._choose_head)
        parts.heads.toggled.connect(self._toggle_head)
        parts.heads.layer_toggled.connect(self._toggle_layer)
        parts.heads.uniform_toggled.connect(self._set_uniform)
        parts.heads.all_on_requested.connect(lambda: self._switch(UNCHANGED))
        parts.heads.importance_wanted.connect(self._known.reasons.want_importance)
        parts.head.switched.connect(lambda _is_on: self._toggle_chosen())
        parts.head.measure_requested.connect(lambda: self._with_rows(effects.measure))
        parts.head.stop_requested.connect(effects.stop)
        parts.ranking.rank_requested.connect(lambda: self._with_rows(effects.rank))
        parts.ranking.stop_requested.connect(effects.stop)
        parts.ranking.chosen.connect(self._choose_head)

    def _choose_head(self, layer: int, head: int) -> None:
        """In a text that is looked at closely the head's exact map is asked for at once."""
        is_close = self._known.zoom.is_in
        self._screen.choose(layer=layer, head=head, scope="head")
        if is_close:
            self._look_closer()

    def _switch(self, switches: Switches) -> None:
        """The past cannot be switched: who does it wants to see the present."""
        self._known.timeline.show_step(None)
        self._known.looker.switch(switches)

    def _set_uniform(self, is_on: bool) -> None:
        self._switch(replace(self._known.looker.switches, uniform=is_on))

    def _toggle_head(self, layer: int, head: int) -> None:
        self._toggle(lambda num_heads: {head} if head < num_heads else set(), layer)

    def _toggle_layer(self, layer: int) -> None:
        self._toggle(lambda num_heads: set(range(num_heads)), layer)

    def _toggle_chosen(self) -> None:
        choice = self._screen.fitted()
        if choice is not None:
            self._toggle_head(choice.layer, choice.head)

    def _toggle(self, heads_of: Callable[[int], set[int]], layer: int) -> None:
        """Off, or on again where all of them are off; only heads that the model itself has."""
        record, choice = self._known.record, self._screen.fitted()
        if record is None or choice is None or is_traced(record.maps[choice.map].name):
            return
        one = record.maps[choice.map]
        heads = {(one.name, layer, head) for head in heads_of(one.weights.shape[1])}
        muted = self._known.looker.switches.muted
        self._switch(replace(self._known.looker.switches, muted=muted - heads if heads <= muted else muted | heads))

    def _with_rows(self, measure: Callable[[], None]) -> None:
        """A model that was only opened is measured on a labelled file of the person's."""
        if self._known.effects.needs_file:
            title = tr("Choose a file of labelled texts")
            chosen, _ = QFileDialog.getOpenFileName(self._parts.map, title, str(Path.home()))
            if not chosen:
                return
            self._known.effects.source = chosen
        self._parts.banner.clear()
        measure()

    # -- the map -------------------------------------------------------------------------------------------------------

    def _listen_to_the_map(self) -> None:
        parts = self._parts
        parts.map.map_chosen.connect(self._choose_map)
        parts.map.method_chosen.connect(self._choose_method)
        parts.map.special_toggled.connect(lambda is_on: self._screen.choose(with_special=is_on))
        parts.map.zoom_requested.connect(lambda _query, _key: self._look_closer())
        parts.map.zoom_left.connect(self._known.zoom.leave)

    def _choose_map(self, index: int, scope: Scope) -> None:
        """Rollout is asked for when it is first wanted; it is the map after the model's own."""
        record, choice = self._known.looker.record, self._screen.choice
        if record is None or choice is None:
            return
        index = len(record.maps) if index < 0 else index
        if index != choice.map:
            choice = replace(choice, map=index, layer=10**6, head=0)
        self._screen.choice = replace(choice, scope=scope)
        is_rollout = index >= len(record.maps)
        if is_rollout:
            self._known.timeline.show_step(None)  # the past was not followed through its layers
        self._known.reasons.want_rollout(is_rollout)
        self._screen.show_slice()

    def _choose_method(self, method: str) -> None:
        self._known.reasons.want_marks(method or None)  # type: ignore[arg-type]
        self._screen.show_picture()

    def _look_closer(self) -> None:
        """The chosen head of a long text without pooling."""
        choice = self._screen.fitted()
        if choice is not None and not self._known.is_past and self._known.zoom.ask(choice):
            self._screen.say(tr("Reading …"))
            self._screen.choose(scope="head")

    # -- past, second, files -------------------------------------------------------------------------------------------

    def _listen_to_the_rest(self) -> None:
        parts, known = self._parts, self._known
        parts.film.chosen.connect(known.timeline.show_step)
        parts.film.probe_chosen.connect(parts.text.set_text)
        parts.now.clicked.connect(lambda: known.timeline.show_step(None))
        parts.compare.chosen.connect(self._compare)
        parts.second.closed.connect(lambda: self._compare(None))
        parts.second.text_changed.connect(known.second.change_text)
        parts.copy.clicked.connect(lambda: QGuiApplication.clipboard().setImage(parts.map.image()))
        parts.export_chosen.connect(self._export_as)

    def _compare(self, other: Other | None) -> None:
        self._known.timeline.show_step(None)
        self._known.second.compare_with(other)
        if other is not None and other.text is not None:
            self._parts.second.editor.setFocus()
            self._parts.second.editor.selectAll()

    def _export_as(self, suffix: str) -> None:
        data = self._parts.map.data
        path = self._ask_path(suffix) if data is not None else None
        if path is None or data is None:
            return
        try:
            write_map(path, data, self._parts.map.image(), self._known.record, self._parts.map.drawing())
        except AttuneError as error:
            self._parts.banner.show_error(error)

    def _ask_path(self, suffix: str) -> Path | None:
        start = str(Path.home() / f"attention{suffix}")
        chosen, _ = QFileDialog.getSaveFileName(self._parts.map, tr("Export map"), start, f"*{suffix}")
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(suffix)
