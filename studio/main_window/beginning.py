"""Beginning: how a run or a study begins, and how a run goes on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from engine.errors import AttuneError, InputError
from engine.runs.damage import ChangedByHand
from studio.main_window.ablation_dialog import AblationDialog
from studio.main_window.draft import WaitingDraft
from studio.main_window.opening import Opening
from studio.main_window.pages import Pages
from studio.main_window.troubles import Troubles
from studio.preferences import Preferences
from studio.recipes import COUNTING, QUICK_LOOK, recipe, recipes
from studio.tasks.registry import FIRST_GOAL
from studio.translation import tr
from studio.workers.run_book import RunBook

if TYPE_CHECKING:  # the choices load after the first paint
    from engine.config.data import DataConfig
    from engine.config.run import RunConfig
    from engine.config.search import SearchPlan


_LABELLED = "attention"
"""The recipe that learns from labels given here."""


class Beginning(QObject):
    """`wizard_ready`: the wizard holds what was asked for and shall be shown. What has begun is opened at once; while
    another run trains, it is said, with an offer to look at that one."""

    wizard_ready = Signal()

    def __init__(
        self,
        book: RunBook,
        preferences: Preferences,
        pages: Pages,
        draft: WaitingDraft,
        opening: Opening,
        troubles: Troubles,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._book, self._preferences, self._pages = book, preferences, pages
        self._draft, self._opening, self._troubles, self._host = draft, opening, troubles, parent

    # through the wizard

    def begin_wizard(
        self,
        config: RunConfig | None = None,
        file: Path | Sequence[Path] | None = None,
        goal: str = FIRST_GOAL,
        step: str = "",
    ) -> None:
        """Begin a new run, from a recipe's config or a file where there is one, else with a goal; `step` of the wizard
        is shown first where it is given. A draft that waits is not thrown away unasked."""

        def begin() -> None:
            page: Any = self._pages.page("wizard")
            page.begin(config, file, goal)
            if step:
                page.show_step(step)
            self.wizard_ready.emit()

        self._draft.ask_before(begin)

    def start_recipe(self, key: str) -> None:
        self.begin_wizard(recipe(key).config)

    def begin_corrected(self, run: Path, corrections: Path) -> None:
        """That run once more, with the labels that were corrected in it: the wizard, to look it over."""
        config = self._book.entry(run).config
        files = dict.fromkeys([*config.data.corrections, str(corrections)])
        self.begin_wizard(config.with_values({"data.corrections": list(files)}))

    def begin_labelled(self, train: Path, test: Path | None, name: str) -> None:
        """A run that learns from what was labelled, and is tested on the check texts: the wizard, to look it over."""
        config = recipe(_LABELLED).config.model_copy(update={"title": name})
        data = {"data.train": str(train), "data.test": str(test) if test is not None else None}
        self.begin_wizard(config.with_values({**data, "data.columns": {"text": "text", "label": "label"}}))

    def ask_labelling(self, data: DataConfig | None = None) -> None:
        """Which texts shall be labelled, and with what; then their page."""
        from studio.main_window.labelling_dialog import LabellingDialog  # the choices load after the first paint

        dialog = LabellingDialog(self._book.folder, data, self._preferences.last_folder, parent=self._host)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.begun.connect(lambda project: self._opening.open_made(lambda: self._book.add_labelling(project)))
        dialog.open()

    # at once

    def start_quick_look(self) -> None:
        one = recipe(QUICK_LOOK)
        self.start(one.config.model_copy(update={"title": one.title}))

    def start(self, config: RunConfig, name: str = "") -> bool:
        """Train it and show it. Whether it began."""
        config = self._with_device(config)
        return self._opening.open_made(lambda: self._book.start(config, name or None))

    def start_study(self, config: RunConfig, num_seeds: int) -> bool:
        """Run an ablation and show it. Whether it began."""
        config = self._with_device(config)
        return self._opening.open_made(lambda: self._book.start_study(config, num_seeds))

    def _with_device(self, config: RunConfig) -> RunConfig:
        device = self._preferences.device
        return config if device == "auto" else config.with_values({"training.device": device})

    def resume(self, path: Path) -> None:
        """Settings that are not as they were written are said, and can be taken as they are now."""
        try:
            self._book.resume(path)
        except ChangedByHand as error:
            go_on = tr("Go on as it is now")
            self._troubles.show(error, action=go_on, act=lambda: self._resume_as_it_is(path))
        except AttuneError as error:
            self._troubles.show(error, self._book.active)
        else:
            self._troubles.clear()
            self._opening.open_run(path)

    def _resume_as_it_is(self, path: Path) -> None:
        def go_on() -> Path:
            self._book.resume(path, as_it_is=True)
            return path

        self._opening.open_made(go_on)

    # searches

    def search_run(self, path: Path) -> None:
        """Better settings for a run of the book."""
        entry = self._book.entry(path)
        try:
            config, progress = entry.config, entry.history.progress
        except AttuneError as error:
            self._troubles.show(error)
            return
        seconds = progress.seconds if progress and entry.state == "finished" else math.nan
        self.ask_search(config, entry.name, seconds)

    def ask_search(
        self,
        config: RunConfig,
        name: str = "",
        seconds: float = math.nan,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Which ranges, what goal and how long; when the search has begun, `then`."""
        from studio.main_window.search_dialog import SearchDialog  # with the choices, which load after the first paint

        dialog = SearchDialog(name, config, seconds, self._host)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def begin(plan: SearchPlan) -> None:
            titled = self._with_device(config).model_copy(update={"title": name})
            if self._opening.open_made(lambda: self._book.start_search(titled, plan)) and then is not None:
                then()

        dialog.confirmed.connect(begin)
        dialog.open()

    def ask_best(
        self, config: RunConfig, name: str = "", seconds: float = math.nan, then: Callable[[], None] | None = None
    ) -> None:
        """How many minutes, and which encoder; when it has begun, `then`. A goal without word counting says so."""
        from engine.studies.candidates import CANDIDATES, packaged_encoder, refuse_unfit
        from studio.main_window.best_dialog import BestDialog

        del seconds  # the minutes are chosen
        offered = {one.key: one.config for one in recipes() if one.key in CANDIDATES}
        try:
            refuse_unfit(config, offered[COUNTING])
        except InputError as error:
            self._troubles.show(error)
            return
        dialog = BestDialog(packaged_encoder, self._host)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def begin(minutes: float, encoder: str) -> None:
            def made() -> Path:
                return self._book.start_best(self._with_device(config), offered, minutes, encoder or None, name)

            if self._opening.open_made(made) and then is not None:
                then()

        dialog.confirmed.connect(begin)
        dialog.open()

    def begin_counting(self, config: RunConfig) -> None:
        """The wizard with word counting on the same data."""
        counting = recipe(COUNTING).config
        self.begin_wizard(counting.model_copy(update={"data": config.data}), step="training")

    # ablations

    def ablate_recipe(self, key: str) -> None:
        one = recipe(key)
        self.ask_ablation(one.config, one.title)

    def ablate_run(self, path: Path) -> None:
        """A finished run knows how long one takes."""
        entry = self._book.entry(path)
        try:
            config, progress = entry.config, entry.history.progress
        except AttuneError as error:
            self._troubles.show(error)
            return
        seconds = progress.seconds if progress and entry.state == "finished" else math.nan
        self.ask_ablation(config, entry.name, seconds)

    def ask_ablation(
        self,
        config: RunConfig,
        name: str = "",
        seconds: float = math.nan,
        then: Callable[[], None] | None = None,
    ) -> None:
        """How many seeds; when the study has begun, `then`. A config that cannot be taken apart says so instead."""
        from engine.studies.variants import ablation_variants

        try:
            num_variants = len(ablation_variants(config))
        except InputError as error:
            self._troubles.show(error)
            return
        dialog = AblationDialog(name, num_variants, seconds, self._host)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def begin(num_seeds: int) -> None:
            if self.start_study(config.model_copy(update={"title": name}), num_seeds) and then is not None:
                then()

        dialog.confirmed.connect(begin)
        dialog.open()
