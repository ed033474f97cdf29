"""LabellingDialog: which texts shall be labelled, and what the labels are called."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from engine.config.data import DataConfig
from engine.errors import AttuneError
from engine.runs.labelling import Labelling
from studio import theme
from studio.translation import tr
from studio.widgets import Button, ElidingLabel, ErrorBanner, Heading
from studio.widgets.labels import label
from studio.widgets.layouts import fill, hbox
from studio.workers.query import Asker, MakeWorker, Query

_WIDTH = 480
_BETWEEN = re.compile(r"[,;，；、\n]")


class LabellingDialog(QDialog):
    """`begun(project)` once the project lies on the disk; a file that cannot be used says why, and the dialog stays."""

    begun = Signal(object)

    def __init__(
        self,
        runs: Path,
        data: DataConfig | None = None,
        start: Path | None = None,
        make_worker: MakeWorker | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Without `data` the person chooses a file first, from the folder `start` on. The project is made in `runs`."""
        super().__init__(parent)
        self.setObjectName("labelling_dialog")
        self.setWindowTitle("Attune")
        self.setModal(True)
        self._runs, self._data, self._start = runs, data, start
        self._asker = Asker(make_worker, self)
        self._file = ElidingLabel()
        self._file.setObjectName("labelling_file")
        self._browse = Button(tr("Choose a file…"), "plain", "ph.folder-open", "small")
        self._browse.setObjectName("labelling_browse")
        self._browse.clicked.connect(self._choose_file)
        self._names = QLineEdit()
        self._names.setObjectName("labelling_names")
        self._names.setAccessibleName(tr("Names of the labels"))
        self._names.setPlaceholderText(tr("spam, honest"))
        self._names.textChanged.connect(self._show)
        self._told = label("", theme.CAPTION, "caption")
        self._told.setObjectName("labelling_told")
        self._banner = ErrorBanner()
        self._begin = Button(tr("Begin labelling"), "primary", "ph.tag")
        self._begin.setObjectName("begin_labelling")
        self._begin.clicked.connect(self._ask)
        self._cancel = Button(tr("Cancel"))
        self._cancel.clicked.connect(self.reject)
        self._lay_out()
        self._show()
        self._names.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        what = label(
            tr(
                "Name two labels or more; others can be added later. The first 20 texts are drawn by chance, then the "
                "model says which ones teach it most. Every third text is a check text, which tells how good it is."
            ),
            theme.BODY,
            "second",
        )
        what.setMinimumWidth(theme.tall(_WIDTH))
        fill(
            QVBoxLayout(self),
            Heading(tr("Label some texts first"), "card"),
            what,
            6,
            hbox((self._file, 1), self._browse, gap=8),
            label(tr("Names of the labels"), theme.BODY, "", 500),
            self._names,
            self._told,
            self._banner,
            8,
            hbox(None, self._cancel, self._begin, gap=8),
            gap=8,
            margins=(24, 20, 24, 20),
        )

    def names(self) -> list[str]:
        """The labels that stand in the field, each once."""
        found = (" ".join(name.split()) for name in _BETWEEN.split(self._names.text()))
        return list(dict.fromkeys(name for name in found if name))

    def take_file(self, path: Path) -> None:
        """These texts shall be labelled."""
        self._data = DataConfig(train=str(path))
        self._banner.clear()
        self._show()

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Open a file"), str(self._start or ""))
        if chosen:
            self.take_file(Path(chosen))

    def _show(self) -> None:
        names, data = self.names(), self._data
        source = "" if data is None else data.train if isinstance(data.train, str) else data.train[0]
        self._file.setText(Path(source).name or source if source else tr("No file of texts is chosen yet."))
        is_asking = self._asker.is_asking("begin_labelling")
        self._begin.setEnabled(data is not None and len(names) > 1 and not is_asking)
        told = tr("Write commas between them.") if len(names) < 2 else tr("{count} labels", count=len(names))
        self._told.setText(tr("The texts are being read …") if is_asking else told)

    def _ask(self) -> None:
        if not self._begin.isEnabled() or self._data is None:
            return
        self._banner.clear()
        query = Query("begin_labelling", (self._data, tuple(self.names())), self._data, self.names(), self._runs)
        self._asker.ask(query.success(self._take).failure(self._refuse))
        self._show()

    def _take(self, project: Labelling) -> None:
        self.begun.emit(project)
        self.accept()

    def _refuse(self, error: AttuneError) -> None:
        self._banner.show_error(error)
        self._show()

    def done(self, result: int) -> None:
        """Nobody waits any more."""
        self._asker.close()
        super().done(result)
