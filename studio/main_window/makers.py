"""How each page is made and wired to the window. A page's room is entered when the page is first shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtWidgets import QWidget

from studio.main_window.beginning import Beginning
from studio.main_window.draft import WaitingDraft
from studio.main_window.opening import Opening
from studio.preferences import Preferences
from studio.workers.run_book import RunBook

if TYPE_CHECKING:  # the choices load after the first paint
    from engine.config.run import RunConfig


class Host(Protocol):
    """What a page may ask of the window."""

    book: RunBook
    preferences: Preferences
    run: Path | None
    opening: Opening
    beginning: Beginning
    draft: WaitingDraft

    def go(self, place: str) -> None: ...
    def look_into(self, text: str) -> None: ...


Maker = Callable[[Any], QWidget]


def _home(window: Host) -> QWidget:
    from studio.pages.home import HomePage

    page = HomePage(window.book)
    page.quick_look_requested.connect(window.beginning.start_quick_look)
    page.new_run_requested.connect(lambda goal: window.beginning.begin_wizard(goal=goal))
    page.recipe_chosen.connect(window.beginning.start_recipe)
    page.ablation_wished.connect(window.beginning.ablate_recipe)
    page.files_chosen.connect(window.opening.open_paths)
    page.browse_requested.connect(window.opening.browse)
    page.model_requested.connect(window.opening.browse_model)
    page.run_opened.connect(window.opening.open_run)
    page.resume_requested.connect(window.beginning.resume)
    page.draft_requested.connect(lambda: window.go("wizard"))
    page.labelling_requested.connect(window.beginning.ask_labelling)
    return page


def _wizard(window: Host) -> QWidget:
    from studio.pages.wizard.page import WizardPage

    def settle() -> None:
        page.settle()
        window.draft.keep()

    def start(config: RunConfig, name: str) -> None:
        if window.beginning.start(config, name):
            settle()

    page = WizardPage(window.preferences)
    page.confirmed.connect(start)
    page.ablation_wished.connect(lambda *wish: window.beginning.ask_ablation(*wish, then=settle))
    page.search_wished.connect(lambda *wish: window.beginning.ask_search(*wish, then=settle))
    page.best_wished.connect(lambda *wish: window.beginning.ask_best(*wish, then=settle))
    page.labelling_wished.connect(window.beginning.ask_labelling)
    page.cancelled.connect(lambda: window.go("home"))
    return page


def _training(window: Host) -> QWidget:
    from studio.pages.training import TrainingPage

    page = TrainingPage(window.book)
    page.attention_requested.connect(lambda path: window.opening.open_run(path, "attention"))
    page.next_run_wished.connect(lambda config, step: window.beginning.begin_wizard(config, step=step))
    page.search_wished.connect(window.beginning.search_run)
    page.stage_requested.connect(window.opening.open_run)
    return page


def _label(window: Host) -> QWidget:
    from studio.pages.label import LabelPage

    page = LabelPage(window.book)
    page.training_wished.connect(window.beginning.begin_labelled)
    return page


def _study(window: Host) -> QWidget:
    from studio.pages.study import StudyPage

    page = StudyPage(window.book)
    page.run_chosen.connect(window.opening.open_run)
    return page


def _search(window: Host) -> QWidget:
    from studio.pages.search import SearchPage

    page = SearchPage(window.book)
    page.run_chosen.connect(window.opening.open_run)
    page.counting_wished.connect(window.beginning.begin_counting)
    return page


def _words(window: Host) -> QWidget:
    from studio.pages.words import WordsPage

    page = WordsPage(window.book)
    page.training_requested.connect(window.opening.open_run)
    return page


def _attention(window: Host) -> QWidget:
    from studio.pages.attention import AttentionPage

    page = AttentionPage(window.book)
    page.training_requested.connect(window.opening.open_run)
    return page


def _samples(window: Host) -> QWidget:
    from studio.pages.samples import SamplesPage

    page = SamplesPage(window.book)
    page.commanded.connect(window.book.send)
    page.attention_wanted.connect(window.look_into)
    page.training_requested.connect(window.opening.open_run)
    return page


def _evaluation(window: Host) -> QWidget:
    from studio.pages.evaluation import EvaluationPage

    def begin_corrected(corrections: Path) -> None:
        assert window.run is not None, "the page shows a run"
        window.beginning.begin_corrected(window.run, corrections)

    page = EvaluationPage(window.book)
    page.attention_requested.connect(lambda _path, text: window.look_into(text))
    page.training_requested.connect(window.opening.open_run)
    page.rerun_requested.connect(begin_corrected)
    return page


def _scores(window: Host) -> QWidget:
    from studio.pages.scores import ScoresPage

    page = ScoresPage(window.book)
    page.training_requested.connect(window.opening.open_run)
    return page


def _chat(window: Host) -> QWidget:
    from studio.pages.chat import ChatPage

    page = ChatPage(window.book)
    page.training_requested.connect(window.opening.open_run)
    page.export_requested.connect(lambda path: window.opening.open_run(path, "export"))
    return page


def _try(window: Host) -> QWidget:
    from studio.pages.try_it import TryPage

    page = TryPage(window.book)
    page.attention_requested.connect(window.look_into)
    page.training_requested.connect(window.opening.open_run)
    return page


def _read(window: Host) -> QWidget:
    from studio.pages.read import ReadPage

    page = ReadPage(window.book)
    page.training_requested.connect(window.opening.open_run)
    return page


def _translate(window: Host) -> QWidget:
    from studio.pages.translate import TranslatePage

    page = TranslatePage(window.book)
    page.training_requested.connect(window.opening.open_run)
    page.run_requested.connect(window.opening.open_run)
    return page


def _write(window: Host) -> QWidget:
    from studio.pages.write import WritePage

    page = WritePage(window.book)
    page.training_requested.connect(window.opening.open_run)
    return page


def _export(window: Host) -> QWidget:
    from studio.pages.export import ExportPage

    page = ExportPage(window.book)
    page.training_requested.connect(window.opening.open_run)
    return page


def _compare(window: Host) -> QWidget:
    from studio.pages.compare import ComparePage

    page = ComparePage(window.book)
    page.run_chosen.connect(window.opening.open_run)
    page.ablation_wished.connect(window.beginning.ask_ablation)
    return page


def _settings(window: Host) -> QWidget:
    from studio.pages.settings import SettingsPage

    return SettingsPage(window.preferences)


MAKERS: Mapping[str, Maker] = {
    "home": _home,
    "wizard": _wizard,
    "label": _label,
    "training": _training,
    "words": _words,
    "attention": _attention,
    "study": _study,
    "search": _search,
    "samples": _samples,
    "read": _read,
    "evaluation": _evaluation,
    "scores": _scores,
    "chat": _chat,
    "try": _try,
    "translate": _translate,
    "write": _write,
    "export": _export,
    "compare": _compare,
    "settings": _settings,
}
