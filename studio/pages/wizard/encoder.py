"""EncoderCard: which pretrained encoder goes on learning, and how much of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from engine.config.choice import Choice
from engine.config.model import Model
from engine.config.pretrained import HeadOnly, LastLayers, LoRA, Pretrained, WholeModel
from engine.errors import AttuneError
from engine.messages import Message
from studio.forms.fields import summary_of, title_of
from studio.pages.wizard.review import joined
from studio.translation import tr, words
from studio.widgets import Button, Card, SegmentedControl
from studio.widgets.labels import change, label
from studio.widgets.layouts import hbox

_ADAPTATIONS: dict[str, type[Choice]] = {
    "whole": WholeModel,
    "last-layers": LastLayers,
    "lora": LoRA,
    "head": HeadOnly,
}
"""From all of it to the least."""


class EncoderCard(Card):
    """`changed` carries a whole `Pretrained`; a name is taken when it is complete, not letter by letter: each would be
    looked for on the hub."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Which encoder?"), tr("a model that has read much already; it brings its own tokenizer"))
        self.setObjectName("encoder")
        self._model = Pretrained()
        self._source = _NameLine()
        self._source.setObjectName("encoder-source")
        self._source.setAccessibleName(tr("Model folder or hub name"))
        self._source.setPlaceholderText("owner/name")
        self._source.setMaxLength(1000)
        self._source.editingFinished.connect(self._take_typed)
        self._said = label("", 12, "caption")
        self._said.setObjectName("encoder-said")
        self._adaptation = SegmentedControl(
            [
                (name, words(Message(title_of(one))), None) for name, one in _ADAPTATIONS.items()
            ]  # words: a class's title
        )
        self._adaptation.setObjectName("encoder-adaptation")
        self._adaptation.setAccessibleName(tr("What learns"))
        self._adaptation.changed.connect(self._adapt)
        self._learns = label("", 12, "caption")
        self._lay_out()

    def show_model(self, model: Model, error: AttuneError | None) -> None:
        """Hidden for a model that is no pretrained one; `error` is why this one cannot be used, if so."""
        self.setVisible(isinstance(model, Pretrained))
        if not isinstance(model, Pretrained):
            return
        if self._source.text() != model.source and (model.source != self._model.source or not self._source.hasFocus()):
            self._source.setText(model.source)
        self._model = model
        self._adaptation.set_current(model.adaptation.name)
        self._learns.setText(words(Message(summary_of(type(model.adaptation)))))  # words: a class's docstring
        if error is None:
            change(self._said, _about(model.source), "caption")
        else:
            change(self._said, joined([words(error.what), words(error.mend)]), "bad")

    def _take_typed(self) -> None:
        typed = self._source.text().strip()
        source = QUrl(typed).toLocalFile() if typed.startswith("file:") else typed
        if not source:
            self._source.setText(self._model.source)
        elif source != self._model.source:
            self._propose(self._model.model_copy(update={"source": source}))

    def _browse(self) -> None:
        at = Path(self._model.source)
        start = at.parent if at.is_absolute() else Path.home()
        name = QFileDialog.getExistingDirectory(self, tr("Choose a model's folder"), str(start))
        if name:
            self._source.setText(name)
            self._take_typed()

    def _adapt(self, name: str) -> None:
        self._propose(self._model.model_copy(update={"adaptation": _ADAPTATIONS[name]()}))

    def _propose(self, model: Pretrained) -> None:
        self._model = model
        self.changed.emit(model)

    def _lay_out(self) -> None:
        choose = Button(tr("Choose a folder…"), "plain", "ph.folder-open")
        choose.setObjectName("encoder-folder")
        choose.clicked.connect(self._browse)
        line = hbox((self._source, 1), choose, gap=8)
        self.body.addLayout(line)
        self.body.addWidget(self._said)
        adaptation = hbox(self._adaptation, (self._learns, 1), gap=12, margins=(0, 6, 0, 0))
        self.body.addLayout(adaptation)


class _NameLine(QLineEdit):
    """Return takes the name, and does not go on to the next step as well."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


def _about(source: str) -> str:
    if Path(source).expanduser().is_dir():
        return tr("A folder on this machine.")
    return tr("From the Hugging Face hub: downloaded once, when it is measured. Your texts stay on this machine.")
