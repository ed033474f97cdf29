"""Wizard desk: the wizard on the screen, before an engine that answers in the next turn of the event loop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from engine.config.run import RunConfig
from studio.pages.wizard import WizardPage
from studio.pages.wizard.draft import Draft
from studio.preferences import Preferences
from studio.widgets.choice_card import ChoiceCard
from tests.studio.desk import Desk, Reply
from tests.studio.pages.wizard.answers import reply as usual_reply

FILE = Path("/data/tickets.csv")


class WizardDesk(Desk[WizardPage]):
    """`confirmed` holds (config, name) of what was started."""

    def __init__(self, qtbot: QtBot, folder: Path, reply: Reply = usual_reply) -> None:
        super().__init__(qtbot, reply, is_slow=True)
        self.preferences = Preferences(folder / "studio.ini")
        self.confirmed: list[tuple[RunConfig, str]] = []
        self.new_page()

    def new_page(self) -> WizardPage:
        page = self.put(WizardPage(self.preferences, self.make_worker), (1192, 900))
        page.confirmed.connect(lambda config, name: self.confirmed.append((config, name)))
        return page

    def begin(self, file: Path = FILE, config: RunConfig | None = None) -> None:
        """At the data step, once the doctor has looked the file through."""
        self.page.begin(config, None if config is not None else file)
        self.wait_for_report()

    def wait_for_report(self) -> None:
        self.qtbot.waitUntil(lambda: self.draft.report is not None, timeout=3000)

    def rest(self) -> None:
        """Until no model is being measured."""
        self.qtbot.waitUntil(lambda: not self.worker("estimate").is_busy)

    def choose(self, card: str) -> None:
        self.qtbot.mouseClick(self.find(card, ChoiceCard), Qt.MouseButton.LeftButton)

    def go_on(self, num_steps: int = 1) -> None:
        for _ in range(num_steps):
            self.press("continue")

    @property
    def draft(self) -> Draft:
        return self.page.draft()

    @property
    def config(self) -> RunConfig:
        return self.draft.config

    @property
    def shown_step(self) -> QScrollArea:
        steps = (one for one in self.page.findChildren(QScrollArea) if one.objectName().startswith("step-"))
        return next(one for one in steps if one.isVisible())

    @property
    def step(self) -> str:
        return self.shown_step.objectName().removeprefix("step-")
