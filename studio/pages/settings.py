"""SettingsPage: language, theme, text size, device and where runs lie; every choice holds at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio import theme
from studio.preferences import DEVICES, TEXT_SIZES, Preferences, default_runs_folder
from studio.translation import tr
from studio.widgets import Button, Caption, Card, ElidingLabel, Hairline, Heading, SegmentedControl


class SettingsPage(QWidget):
    """Edits the preferences; the window hears of it from them."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._preferences = preferences
        scroll = QScrollArea()
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self._content())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def state(self) -> dict[str, Any]:
        """Nothing is kept here: the preferences know all."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """See `state`."""

    def _content(self) -> QWidget:
        content = QWidget()
        content.setObjectName("scrolled")
        column = QVBoxLayout(content)
        column.setContentsMargins(theme.PAGE_MARGIN, 16, theme.PAGE_MARGIN, theme.PAGE_MARGIN)
        column.setSpacing(theme.GAP)
        column.addWidget(Heading(tr("Settings"), "page"))
        told = QLabel(tr("Every change holds at once; a run that trains goes on."))
        told.setProperty("kind", "second")
        column.addWidget(told)
        looks = Card(tr("Look and language"))
        looks.body.addWidget(_row(tr("Language"), tr("All words of the window"), self._language()))
        looks.body.addWidget(Hairline())
        looks.body.addWidget(_row(tr("Theme"), tr("Light, dark, or what the system shows"), self._theme()))
        looks.body.addWidget(Hairline())
        looks.body.addWidget(_row(tr("Text size"), tr("Letters of the whole window"), self._text_size()))
        work = Card(tr("Training"))
        work.body.addWidget(_row(tr("Device"), tr("What computes new runs"), self._device()))
        work.body.addWidget(Hairline())
        work.body.addWidget(_row(tr("Runs folder"), tr("Where runs, curves and models are kept"), self._folder()))
        for card in (looks, work):
            card.setMaximumWidth(theme.tall(860))
            column.addWidget(card)
        column.addStretch(1)
        return content

    def _language(self) -> QWidget:
        control = SegmentedControl([("system", tr("System"), None), ("en", "English", None), ("zh", "中文", None)])
        control.setObjectName("language")
        control.setAccessibleName(tr("Language"))
        control.set_current(self._preferences.language)
        control.changed.connect(lambda key: setattr(self._preferences, "language", key))
        return control

    def _theme(self) -> QWidget:
        options = [
            ("system", tr("System"), "ph.desktop"),
            ("light", tr("Light"), "ph.sun"),
            ("dark", tr("Dark"), "ph.moon"),
        ]
        control = SegmentedControl(options)
        control.setObjectName("theme")
        control.setAccessibleName(tr("Theme"))
        control.set_current(self._preferences.theme)
        control.changed.connect(lambda key: setattr(self._preferences, "theme", key))
        return control

    def _text_size(self) -> QWidget:
        sizes = sorted(TEXT_SIZES, key=int)
        control = SegmentedControl([(size, f"{size} %", None) for size in sizes])
        control.setObjectName("text_size")
        control.setAccessibleName(tr("Text size"))
        control.set_current(self._preferences.text_size)
        control.changed.connect(lambda key: setattr(self._preferences, "text_size", key))
        return control

    def _device(self) -> QWidget:
        box = QComboBox()
        box.setObjectName("device")
        box.setAccessibleName(tr("Device"))
        box.setFont(theme.font())
        titles = {"auto": tr("Choose for me"), "cpu": tr("CPU"), "cuda": tr("NVIDIA GPU"), "mps": tr("Apple GPU")}
        for device in DEVICES:
            box.addItem(titles[device], device)
        box.setCurrentIndex(DEVICES.index(self._preferences.device))
        box.activated.connect(lambda index: setattr(self._preferences, "device", DEVICES[index]))
        box.setMinimumWidth(180)
        return box

    def _folder(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        self._folder_label = ElidingLabel(str(self._preferences.runs_folder))
        self._folder_label.setObjectName("runs_folder")
        self._folder_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._folder_label.setProperty("kind", "second")
        row.addWidget(self._folder_label, 1)
        row.addSpacing(6)
        actions = (
            ("choose_folder", tr("Choose…"), self._choose_folder),
            ("show_folder", tr("Show"), self._show_folder),
            ("default_folder", tr("Default"), self._take_default),
        )
        for name, text, act in actions:
            button = Button(text, "plain" if name == "choose_folder" else "quiet", size="small")
            button.setObjectName(name)
            button.clicked.connect(act)
            row.addWidget(button)
        return holder

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Runs folder"), str(self._preferences.runs_folder))
        if chosen:
            self._set_folder(chosen)

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._preferences.runs_folder)))

    def _take_default(self) -> None:
        self._set_folder(str(default_runs_folder()))

    def _set_folder(self, folder: str) -> None:
        self._preferences.runs_folder = Path(folder)
        self._folder_label.setText(folder)


def _row(title: str, caption: str, editor: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 6, 0, 6)
    row.setSpacing(24)
    words = QVBoxLayout()
    words.setSpacing(2)
    name = QLabel(title)
    name.setFont(theme.font(theme.BODY, 500))
    words.addWidget(name)
    words.addWidget(Caption(caption))
    row.addLayout(words)
    if editor.sizePolicy().horizontalPolicy() == editor.sizePolicy().Policy.Fixed or isinstance(editor, QComboBox):
        row.addStretch(1)
        row.addWidget(editor)
    else:
        row.addWidget(editor, 1)
    return holder
