"""SourcePanel: where the texts come from: a file or folder to drop, a hub name to type, or the built-in texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontMetrics
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.config.data import Source
from engine.config.roles import SOURCE, TARGET
from engine.config.tasks.registry import type_of
from engine.messages import Message
from engine.records import Preview
from studio.file_pairs import named, parts_of, short_name, source_of
from studio.numbers import file_size
from studio.pages.wizard.builtin_card import BuiltinCard
from studio.pages.wizard.draft import Draft, SourceKind, can_exchange, lone_file
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.unlabelled_row import UnlabelledRow
from studio.theme import GAP, font, icon, tokens
from studio.translation import tr
from studio.widgets import Button, Card, DropArea, ElidingLabel, IconButton, dragged_paths
from studio.widgets.labels import label

_LEAST_NAME = 12
"""Letters of a file's name that must be seen beside what can be done with it."""


class SourcePanel(QWidget):
    """Shows one of four ways to name data; all of them end in `chosen`. Further files end in `extra_chosen`."""

    chosen = Signal(str, object)  # kind of source, source
    extra_chosen = Signal(str, object)  # "validation", "test" or "unlabelled", source or None
    builtin_changed = Signal(object)
    exchange_wished = Signal()  # what is read shall be written, and the other way round

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = Path.home()
        self._file = self._drop_area(
            tr("Drop a file here"),
            tr("CSV, TSV, JSON, JSON Lines, Parquet or text; packed ones too"),
            tr("Choose a file…"),
        )
        folder, choose = tr("Drop a folder here"), tr("Choose a folder…")
        self._folder = self._drop_area(folder, tr("one folder for each label, with the texts as files inside"), choose)
        self._texts = self._drop_area(folder, tr("with one text a file, or files named train and test"), choose)
        self._hub = _HubCard()
        self._hub.chosen.connect(lambda name: self.chosen.emit("hub", name))
        self._builtin = BuiltinCard()
        self._builtin.changed.connect(self.builtin_changed.emit)
        self._loaded = _Loaded()
        self._loaded.replaced.connect(self._browse)
        self._loaded.dropped.connect(self._take)
        self._loaded.partner_wanted.connect(self._browse_partner)
        self._loaded.exchanged.connect(self.exchange_wished)
        self._loaded.extra_wanted.connect(self._browse_extra)
        self._loaded.extra_removed.connect(lambda split: self.extra_chosen.emit(split, None))
        self._unlabelled = UnlabelledRow()
        self._unlabelled.wanted.connect(lambda: self._browse_extra("unlabelled"))
        self._unlabelled.dropped.connect(lambda path: self.extra_chosen.emit("unlabelled", str(path)))
        self._unlabelled.removed.connect(lambda: self.extra_chosen.emit("unlabelled", None))
        self._kind: SourceKind = "file"
        self._takes_pairs = False
        self._train: Source = ""
        self._lone: Path | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for part in (self._loaded, self._file, self._folder, self._texts, self._hub, self._builtin, self._unlabelled):
            column.addWidget(part)

    def show_draft(self, draft: Draft, answers: Answers) -> None:
        self._kind, self._takes_pairs = draft.source_kind, type_of(draft.config.task).can("transform")
        self._lone, self._train = lone_file(draft), draft.config.data.train
        is_loaded = draft.has_source and self._kind != "builtin"
        data, has_labels = draft.config.data, draft.config.task.has_labels
        self._file.setVisible(self._kind == "file" and not is_loaded)
        self._folder.setVisible(self._kind == "folder" and not is_loaded and has_labels)
        self._texts.setVisible(self._kind == "folder" and not is_loaded and not has_labels)
        self._hub.setVisible(self._kind == "hub" and not is_loaded)
        self._builtin.setVisible(self._kind == "builtin")
        self._loaded.setVisible(is_loaded)
        if is_loaded:
            self._loaded.show_draft(draft, answers)
        self._builtin.show_builtin(data.builtin, draft.config.task)
        self._unlabelled.setVisible(draft.has_source and (has_labels or data.unlabelled is not None))
        self._unlabelled.show_source(data.unlabelled, shown_source(data.unlabelled or ""))

    def fit(self, width: int) -> None:
        """`width` is what the step has, however much its parts would like."""
        self._loaded.fit(width)

    def refusals(self) -> dict[str, Message]:
        return self._builtin.refusals() if self._kind == "builtin" else {}

    def _drop_area(self, title: str, caption: str, button: str) -> DropArea:
        area = DropArea(title, caption, button)
        area.setMinimumHeight(240)
        area.dropped.connect(self._take)
        area.browsed.connect(self._browse)
        return area

    def _take(self, paths: Sequence[Path]) -> None:
        """A file that comes to one without a partner becomes it."""
        self.folder = paths[0].parent
        if self._lone is not None and len(paths) == 1 and paths[0] != self._lone and paths[0].is_file():
            self.chosen.emit("file", named((self._lone, paths[0])))
            return
        kind = "folder" if paths[0].is_dir() else "file"
        self.chosen.emit(kind, source_of(paths, takes_pairs=self._takes_pairs))

    def _browse(self) -> None:
        if self._kind == "hub":
            self.chosen.emit("hub", "")
            return
        if self._kind == "folder":
            name = QFileDialog.getExistingDirectory(self, tr("Choose a folder"), str(self.folder))
        elif self._takes_pairs:
            paths = self._asked_files(tr("Choose a file, or two that belong together"))
            if paths:
                self._lone = None  # another one instead
                self._take(paths)
            return
        else:
            name, _ = QFileDialog.getOpenFileName(self, tr("Choose a file"), str(self.folder))
        if name:
            self._take([Path(name)])

    def _browse_partner(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("Choose the file with the texts to write"), str(self.folder))
        if name:
            self._take([Path(name)])

    def _asked_files(self, title: str) -> list[Path]:
        names, _ = QFileDialog.getOpenFileNames(self, title, str(self.folder))
        return [Path(name) for name in names]

    def _browse_extra(self, split: str) -> None:
        title = {
            "validation": tr("Choose a validation file"),
            "test": tr("Choose a test file"),
            "unlabelled": tr("Choose a file of texts without labels"),
        }[split]
        if self._takes_pairs and split != "unlabelled":
            paths = self._asked_files(title)
            if paths:
                self.extra_chosen.emit(split, source_of(paths, takes_pairs=True, like=self._train))
            return
        name, _ = QFileDialog.getOpenFileName(self, title, str(self.folder))
        if name:
            self.extra_chosen.emit(split, name)


class _HubCard(Card):
    """A field for the name of a Hugging Face data set."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(
            tr("A Hugging Face data set"), tr("by its name, such as stanfordnlp/imdb; it is downloaded once")
        )
        self._name = QLineEdit()
        self._name.setObjectName("hub-name")
        self._name.setAccessibleName(tr("Name of the data set"))
        self._name.setPlaceholderText("owner/name")
        self._name.returnPressed.connect(self._tell)
        read = Button(tr("Read it"))
        read.setObjectName("hub-read")
        read.clicked.connect(self._tell)
        line = QHBoxLayout()
        line.addWidget(self._name, 1)
        line.addWidget(read)
        self.body.addLayout(line)

    def _tell(self) -> None:
        if self._name.text().strip():
            self.chosen.emit(self._name.text().strip())


class _Loaded(QFrame):
    """The chosen data: its name and facts, how reading goes, and the files beside it."""

    replaced = Signal()
    dropped = Signal(object)
    extra_wanted = Signal(str)
    extra_removed = Signal(str)
    partner_wanted = Signal()
    exchanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("soft")
        self.setAcceptDrops(True)
        self._name = ElidingLabel()
        self._name.setObjectName("source-name")
        self._facts = ElidingLabel()
        self._facts.setObjectName("source-facts")
        self._facts.setProperty("kind", "second")
        self._name.setFont(font(14, 600))
        self._status_icon = QLabel()
        self._status = label("", 13, "second", wraps=False)
        replace = Button(tr("Replace"), "link")
        replace.setObjectName("replace")
        replace.clicked.connect(self.replaced.emit)
        self._partner = Button(tr("Add the other texts"), "link", "ph.plus")
        self._partner.setObjectName("add-partner")
        self._partner.clicked.connect(self.partner_wanted)
        self._exchange = Button(tr("Exchange"), "link", "ph.arrows-left-right")
        self._exchange.setObjectName("exchange")
        self._exchange.setToolTip(tr("Write what is read now, and read what is written"))
        self._exchange.clicked.connect(self.exchanged)
        self._extras = {split: _Extra(split) for split in ("validation", "test")}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 11, 16, 11)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(_file_sign(), 0, 0)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._name)
        names.addWidget(self._facts)
        self._grid.addLayout(names, 0, 1)
        self._tools = QWidget()
        line = QHBoxLayout(self._tools)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self._partner)
        line.addWidget(self._exchange)
        for extra in self._extras.values():
            extra.wanted.connect(self.extra_wanted.emit)
            extra.removed.connect(self.extra_removed.emit)
            line.addWidget(extra)
        line.addSpacing(8)
        line.addWidget(self._status_icon)
        line.addWidget(self._status)
        line.addSpacing(4)
        line.addWidget(replace)
        self._grid.addWidget(self._tools, 0, 2)

    def fit(self, width: int) -> None:
        """The name and what can be done with it side by side; beneath each other where the words are wide."""
        self._grid.removeWidget(self._tools)
        least = QFontMetrics(self._name.font()).horizontalAdvance("m") * _LEAST_NAME
        if self._tools.sizeHint().width() + least + 100 <= width:
            self._grid.addWidget(self._tools, 0, 2)
        else:
            self._grid.addWidget(self._tools, 1, 1, Qt.AlignmentFlag.AlignLeft)

    def show_draft(self, draft: Draft, answers: Answers) -> None:
        data = draft.config.data
        self._name.setText(_loaded_name(draft))
        self._partner.setVisible(lone_file(draft) is not None)
        self._exchange.setVisible(can_exchange(draft))
        self._facts.setText(facts_line(draft.preview) if draft.preview else shown_source(data.train, whole=True))
        self._show_status(draft, answers)
        self._extras["validation"].show_source(data.validation)
        self._extras["test"].show_source(data.test)

    def _show_status(self, draft: Draft, answers: Answers) -> None:
        colors = tokens()
        if answers.error(draft.config) is not None:
            name, color, text = "ph.warning-circle", colors.bad, tr("cannot be read")
        elif draft.preview is None:
            name, color, text = "ph.hourglass", colors.text2, tr("reading…")
        else:
            name, color, text = "ph.check-circle", colors.ok, tr("ready")
        self._status_icon.setPixmap(icon(name, color).pixmap(QSize(18, 18)))
        self._status.setText(text)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragged_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dragged_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)


class _Extra(QWidget):
    """A link that adds a file for validation or test; once added, its name and a cross."""

    wanted = Signal(str)
    removed = Signal(str)

    def __init__(self, split: str) -> None:
        super().__init__()
        self._split = split
        text = tr("Add a validation file") if split == "validation" else tr("Add a test file")
        self._link = Button(text, "link", "ph.plus")
        self._link.setObjectName(f"add-{split}")
        self._link.clicked.connect(lambda: self.wanted.emit(self._split))
        self._name = label("", 12, "second", wraps=False)
        remove = tr("Remove the validation file") if split == "validation" else tr("Remove the test file")
        self._remove = IconButton("ph.x", remove)
        self._remove.setObjectName(f"remove-{split}")
        self._remove.clicked.connect(lambda: self.removed.emit(self._split))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        for part in (self._link, self._name, self._remove):
            line.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_source(self, source: Source | None) -> None:
        self._link.setVisible(source is None)
        self._name.setVisible(source is not None)
        self._remove.setVisible(source is not None)
        if source is not None:
            file = shown_source(source)
            is_validation = self._split == "validation"
            self._name.setText(tr("validation: {file}", file=file) if is_validation else tr("test: {file}", file=file))


def shown_source(source: Source, whole: bool = False) -> str:
    """The last part of a path, or all of it; of several files the first, and how many more there are."""
    first = source if isinstance(source, str) else source[0]
    name = first if whole else short_name(first)
    rest = 0 if isinstance(source, str) else len(source) - 1
    return tr("{name} and {count} more", name=name, count=rest) if rest else name


def _loaded_name(draft: Draft) -> str:
    """Of a pair, which file is read and which one is written."""
    source, preview = draft.config.data.train, draft.preview
    pair = parts_of(source)
    if pair is not None and preview is not None and len(preview.columns) == 2:
        by_column = dict(zip(preview.columns, pair, strict=True))
        first, second = (by_column.get(draft.roles.get(role, "")) for role in (SOURCE.key, TARGET.key))
        if first is not None and second is not None:
            return f"{first.name} → {second.name}"
    return preview.name if preview is not None else shown_source(source)


_SNIFFED = ("tool", "encoding", "delimiter")


def facts_line(preview: Preview) -> str:
    """“184,120 rows · 4 columns · 39.8 MB · UTF-8, comma”."""
    parts = [
        tr("{count:plural:row:rows}", count=preview.num_rows),
        tr("{count:plural:column:columns}", count=len(preview.columns)),
    ]
    if preview.num_bytes:
        parts.append(file_size(preview.num_bytes))
    sniffed = [_fact_words(value) for key, value in preview.facts.items() if key in _SNIFFED and value]
    if sniffed:
        parts.append(tr(", ").join(sniffed))
    if not preview.has_header:
        parts.append(tr("no header row"))
    return " · ".join(parts)


def _fact_words(value: str) -> str:
    delimiters = {
        "comma": tr("comma"),
        "tab": tr("tab"),
        "semicolon": tr("semicolon"),
        "bar": tr("bar"),
    }
    return delimiters.get(value, value.upper() if value.lower().startswith("utf") else value)


def _file_sign() -> QLabel:
    colors = tokens()
    sign = QLabel()
    sign.setFixedSize(36, 36)
    sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
    sign.setPixmap(icon("ph.file-text", colors.accent).pixmap(QSize(20, 20)))
    sign.setStyleSheet(f"background: {colors.card}; border-radius: 7px")
    return sign
