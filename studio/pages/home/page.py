"""HomePage: try it at once, begin a run, or go back to one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studio import theme
from studio.pages.home.banners import DraftBanner, ResumeBanner
from studio.pages.home.card_grid import CardGrid
from studio.pages.home.hero import Hero
from studio.pages.home.run_table import RunTable
from studio.pages.home.sample import Sample, from_history
from studio.recipes import QUICK_LOOK, Recipe, recipe, recipes
from studio.tables.run_model import Book, RunModel
from studio.tasks.registry import VIEWS, view_of
from studio.tasks.task_view import GoalCard, HomeCard
from studio.translation import tr, words
from studio.widgets import ActionCard, Button, ElidingLabel, EmptyState, Heading, dragged_paths
from studio.widgets.choice_card import CardGrid as ChoiceGrid
from studio.widgets.layouts import fill, hbox, panel, scrolling
from studio.widgets.segmented_control import SegmentedControl

_MOST_RUNS = 5
_ABLATION, _ALL = "three-in-one", "all"
_RECIPE_ICONS = {
    "three-in-one": "ph.intersect",
    "text-gan": "ph.magic-wand",
    "text-gan-transformer": "ph.pen-nib",
    "text-gan-collapse": "ph.warning-circle",
    "lstm-baseline": "ph.repeat",
    "attention": "ph.eye",
    "transformer": "ph.stack",
    "convolutional": "ph.funnel",
    "word-counting": "ph.list-numbers",
    "wide-and-deep": "ph.arrows-in",
    "fusion": "ph.git-merge",
    "fraud-adversarial": "ph.shield-check",
    "bert-finetune": "ph.graduation-cap",
}


class HomePage(QWidget):
    """Signals tell what the person wants; the window does it."""

    quick_look_requested = Signal()
    new_run_requested = Signal(str)
    recipe_chosen = Signal(str)
    ablation_wished = Signal(str)
    files_chosen = Signal(object)
    browse_requested = Signal()
    model_requested = Signal()
    run_opened = Signal(object)
    resume_requested = Signal(object)
    labelling_requested = Signal()
    draft_requested = Signal()

    def __init__(self, book: Book, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self._book = book
        self._model = RunModel(book, self, limit=_MOST_RUNS)
        self._scroll = scrolling(self._content())
        fill(QVBoxLayout(self), self._scroll)
        self._model.dataChanged.connect(self._refresh)
        self._model.modelReset.connect(self._refresh)
        self._refresh()

    def state(self) -> dict[str, Any]:
        return {"scroll": self._scroll.verticalScrollBar().value()}

    def restore(self, state: dict[str, Any]) -> None:
        self._scroll.verticalScrollBar().setValue(int(state.get("scroll", 0)))

    def tab_parts(self) -> list[QWidget]:
        """What waits, then “Start learning”, then as the page is read: its recent runs before the recipes, if any."""
        parts = [self._recent, self._recipes]
        parts.sort(key=self._column.indexOf)
        return [self._draft, self._banner, self._hero, self._open_file, self._goals, *parts]

    def offer_draft(self, waiting: tuple[str, int] | None) -> None:
        """A draft of the wizard, by its name and step; None takes the offer away."""
        self._draft.offer(waiting)

    def _content(self) -> QWidget:
        content = QWidget()
        content.setObjectName("scrolled")
        column = QVBoxLayout(content)
        margin = theme.PAGE_MARGIN
        column.setContentsMargins(margin, 16, margin, margin)
        column.setSpacing(theme.GAP)
        self._hero = Hero()
        self._hero.started.connect(self.quick_look_requested)
        self._banner = ResumeBanner()
        self._banner.resumed.connect(self.resume_requested)
        self._banner.opened.connect(self.run_opened)
        column.addLayout(self._title_row())
        self._draft = DraftBanner()
        self._draft.opened.connect(self.draft_requested)
        column.addWidget(self._draft)
        column.addWidget(self._banner)
        column.addWidget(self._hero)
        cards = [*self._goal_cards(), self._file_card(), self._labels_card(), self._model_card()]
        column.addLayout(_section(tr("New run"), tr("choose a goal; the next steps explain themselves")))
        self._goals = CardGrid(cards, columns=4, least=280)
        column.addWidget(self._goals)
        self._recipes, self._recent = self._recipes_part(), self._recent_part()
        column.addWidget(self._recipes)
        column.addWidget(self._recent)
        column.addStretch(1)
        self._column = column
        return content

    def _recipes_part(self) -> QWidget:
        self._recipe_goals = {f"recipe_{one.key}": one.config.task.name for one in _offered()}
        self._recipe_grid = ChoiceGrid(least_width=280)
        self._recipe_grid.show_cards([self._recipe_card(one) for one in _offered()])
        caption = tr("ready settings, from small to large; all of them can be changed")
        title = _section(tr("Recipes"), caption)
        ablate = Button(tr("Ablation: what helped?"), "link", "ph.flask", "small")
        ablate.setObjectName("ablate_recipe")
        ablate.setToolTip(tr("Take a recipe apart and see what each part is worth"))
        ablate.clicked.connect(lambda: self.ablation_wished.emit(_taken_apart()))
        title.addWidget(ablate, 0, Qt.AlignmentFlag.AlignBaseline)
        return _part(title, self._goal_filter(), self._recipe_grid)

    def _goal_filter(self) -> QWidget:
        """Which goal's recipes are shown: there are many."""
        used = set(self._recipe_goals.values())
        goals = [(name, words(view.goal.title), None) for name, view in VIEWS.items() if name in used]
        self._goal_choice = SegmentedControl([(_ALL, tr("All"), None), *goals])
        self._goal_choice.setObjectName("recipeGoals")
        self._goal_choice.setAccessibleName(tr("Recipes of which goal"))
        self._goal_choice.changed.connect(self._show_recipes_of)
        return panel(hbox(self._goal_choice, None))

    def _show_recipes_of(self, goal: str) -> None:
        self._recipe_grid.show_only(lambda card: goal in (_ALL, self._recipe_goals[card.objectName()]))

    def _recent_part(self) -> QWidget:
        return _part(_section(tr("Recent runs"), ""), self._runs_card())

    def _title_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        title = Heading(tr("What would you like a model to learn?"), "page")
        title.setWordWrap(True)
        row.addWidget(title, 1)
        self._open_file = Button(tr("Open a file…"), "plain", "ph.folder-open")
        self._open_file.setObjectName("open_file")
        self._open_file.clicked.connect(self.browse_requested)
        row.addWidget(self._open_file)
        return row

    def _goal_cards(self) -> list[ActionCard]:
        """Of those tasks that have one here."""
        return [self._goal_card(name, one.goal, one.goal.home) for name, one in VIEWS.items() if one.goal.home]

    def _goal_card(self, name: str, goal: GoalCard, home: HomeCard) -> ActionCard:
        given, answer = goal.example
        color = str(getattr(theme.tokens(), home.color))
        card = ActionCard(home.icon, words(goal.title), words(home.purpose), (words(given), words(answer)), color)
        card.setObjectName(f"goal_{name}")
        card.clicked.connect(lambda: self.new_run_requested.emit(name))
        return card

    def _file_card(self) -> ActionCard:
        card = ActionCard(
            "ph.file-arrow-up",
            tr("Start from your file"),
            tr("Drop a table of texts and labels anywhere on this page"),
            (tr("CSV, TSV, JSON, Parquet, text, or a folder"), tr("a preview at once")),
            theme.tokens().s3,
        )
        card.setObjectName("file_card")
        card.clicked.connect(self.browse_requested)
        return card

    def _labels_card(self) -> ActionCard:
        card = ActionCard(
            "ph.tag",
            tr("Label your texts"),
            tr("Texts without labels: label a few, the model chooses which ones teach it most"),
            (tr("“Lena's bus did not come again today …”"), tr("Absence, by one key")),
            theme.tokens().s2,
        )
        card.setObjectName("labels_card")
        card.clicked.connect(self.labelling_requested)
        return card

    def _model_card(self) -> ActionCard:
        card = ActionCard(
            "ph.eye",
            tr("Look into a model"),
            tr("Open a Hugging Face folder and see where it looks"),
            (tr("BERT, RoBERTa, GPT-2, Llama …"), tr("its attention, as you type")),
            theme.tokens().s4,
        )
        card.setObjectName("model_card")
        card.clicked.connect(self.model_requested)
        return card

    def _recipe_card(self, one: Recipe) -> ActionCard:
        home = view_of(one.config.task).goal.home
        icon = _RECIPE_ICONS.get(one.key, home.icon if home is not None else "ph.flask")
        card = ActionCard(icon, one.title, one.description, None, theme.tokens().accent)
        card.setObjectName(f"recipe_{one.key}")
        card.clicked.connect(lambda: self.recipe_chosen.emit(one.key))
        return card

    def _runs_card(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("card")
        column = QVBoxLayout(frame)
        column.setContentsMargins(1, 1, 1, 1)
        self._table = RunTable(self._model)
        self._table.opened.connect(self.run_opened)
        self._empty = EmptyState(
            "ph.chart-line-up",
            tr("No runs yet"),
            tr("Every run that you train is listed here with its curve, and can be opened again."),
        )
        column.addWidget(self._table)
        column.addWidget(self._empty)
        return frame

    def _refresh(self) -> None:
        is_empty = self._model.rowCount() == 0
        self._table.setVisible(not is_empty)
        self._empty.setVisible(is_empty)
        self._order(is_empty)
        entries = self._book.entries()
        cut_off = next((entry for entry in entries if entry.state == "interrupted"), None)
        self._banner.offer(cut_off.path if cut_off else None, cut_off.name if cut_off else "")
        self._hero.show_sample(self._latest_quick_look())

    def _order(self, is_empty: bool) -> None:
        """Who has runs wants to go on with them; who has none wants something to begin with."""
        first, second = (self._recipes, self._recent) if is_empty else (self._recent, self._recipes)
        if self._column.indexOf(first) > self._column.indexOf(second):
            self._column.removeWidget(first)
            self._column.insertWidget(self._column.indexOf(second), first)

    def _latest_quick_look(self) -> Sample | None:
        """Only of runs whose journal the list has read already: painting waits for no disk."""
        quick = recipe(QUICK_LOOK)
        for entry in self._book.entries()[:_MOST_RUNS]:
            summary = self._model.summary(entry.path)
            if summary is None or not len(summary.steps):
                continue
            if entry.config.title in (quick.config.title, quick.title):
                sample = from_history(entry.history)
                if sample is not None:
                    return sample
        return None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragged_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dragged_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.files_chosen.emit(paths)


def _offered() -> list[Recipe]:
    """Goal by goal; the quick look is the hero itself."""
    places = {name: place for place, name in enumerate(VIEWS)}
    found = [one for one in recipes() if one.key != QUICK_LOOK and one.config.task.name in places]
    return sorted(found, key=lambda one: places[one.config.task.name])


def _taken_apart() -> str:
    """The recipe whose parts are in question, where it is shipped."""
    keys = [one.key for one in recipes()]
    return _ABLATION if _ABLATION in keys else "attention"


def _part(title: QHBoxLayout, *content: QWidget) -> QWidget:
    part = QWidget()
    fill(QVBoxLayout(part), title, *content, gap=theme.GAP)
    return part


def _section(title: str, caption: str) -> QHBoxLayout:
    row = hbox((Heading(title, "card"), 0, Qt.AlignmentFlag.AlignBaseline), gap=10, margins=(0, 6, 0, 0))
    told = ElidingLabel(caption)
    told.setProperty("kind", "caption")
    told.setFont(theme.font(theme.CAPTION))
    row.addWidget(told, 0, Qt.AlignmentFlag.AlignBaseline)
    row.addStretch(1)
    return row
