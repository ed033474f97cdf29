"""FindingsCard: what the doctor found, with row numbers, and one click to mend each thing or to undo that."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QWidget

from engine.records import DataReport, Finding
from studio.pages.wizard.draft import first_mends
from studio.pages.wizard.row_links import RowLinks
from studio.tasks.run_words import is_mended
from studio.theme import icon, tokens
from studio.translation import tr, words
from studio.widgets import Button, Card, Hairline
from studio.widgets.labels import label


class FindingsCard(Card):
    """`mended({kind: mend})` asks for mends, “keep” among them: that is the undo. `row_wanted(split, row)` wants to see
    a row that a finding names."""

    mended = Signal(object)
    row_wanted = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("The doctor's findings"), " ")
        self.setObjectName("card")
        self._report: DataReport | None = None
        self._mend_all = Button(tr("Mend all"), "plain", "ph.first-aid-kit", "small")
        self._mend_all.setObjectName("mend-all")
        self._mend_all.clicked.connect(self._ask_for_all)
        self.header.addWidget(self._mend_all)
        self._table = QWidget()
        self.body.addWidget(self._table)

    def show_report(self, report: DataReport) -> None:
        """Draw the findings in the doctor's order."""
        self._report = report
        count, done = len(report.findings), sum(is_mended(one) for one in report.findings)
        found = tr("{count} found, {done} mended", count=count, done=done)
        self.caption.setText(found if count else tr("nothing to mend: the data looks well"))
        self._mend_all.setVisible(bool(first_mends(report)))
        self.body.removeWidget(self._table)
        self._table.deleteLater()
        self._table = self._drawn(report.findings)
        self.body.addWidget(self._table)

    def _ask_for_all(self) -> None:
        assert self._report is not None
        self.mended.emit(first_mends(self._report))

    def _drawn(self, findings: tuple[Finding, ...]) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 5)
        grid.setColumnStretch(2, 4)
        for index, finding in enumerate(findings):
            if index:
                grid.addWidget(Hairline(), 2 * index - 1, 0, 1, 4)
            self._draw(grid, 2 * index, finding)
        return table

    def _draw(self, grid: QGridLayout, row: int, finding: Finding) -> None:
        grid.addWidget(_sign(finding), row, 0, Qt.AlignmentFlag.AlignTop)
        words_of = QWidget()
        column = QGridLayout(words_of)
        column.setContentsMargins(0, 0, 0, 0)
        column.setVerticalSpacing(1)
        column.addWidget(label(words(finding.title), 13, "second" if is_mended(finding) else "", 500))
        column.addWidget(label(_consequence(finding), 12, "ok" if is_mended(finding) else "caption"))
        grid.addWidget(words_of, row, 1)
        links = RowLinks(finding)
        links.chosen.connect(lambda number: self.row_wanted.emit(finding.split, number))
        grid.addWidget(links, row, 2, Qt.AlignmentFlag.AlignVCenter)
        action = self._action(finding)
        if action is not None:
            grid.addWidget(action, row, 3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _action(self, finding: Finding) -> Button | None:
        if is_mended(finding):
            undo = Button(tr("Undo"), "quiet", "ph.arrow-counter-clockwise", "small")
            undo.setObjectName(f"undo-{finding.kind}")
            undo.clicked.connect(lambda: self.mended.emit({finding.kind: "keep"}))
            return undo
        if not finding.mends:
            return None
        best, title = next(iter(finding.mends.items()))
        if len(finding.mends) == 1:
            mend = Button(words(title), "plain", size="small")
            mend.clicked.connect(lambda: self.mended.emit({finding.kind: best}))
        else:
            mend = Button(tr("Mend…"), "plain", size="small")
            mend.clicked.connect(lambda: self._offer(mend, finding))
        mend.setObjectName(f"mend-{finding.kind}")
        return mend

    def _offer(self, button: Button, finding: Finding) -> None:
        menu = QMenu(button)
        for name, title in finding.mends.items():
            chosen = menu.addAction(words(title))
            chosen.triggered.connect(lambda _=False, name=name: self.mended.emit({finding.kind: name}))
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


def _consequence(finding: Finding) -> str:
    """What was done about it, or what it would do."""
    if is_mended(finding) and finding.chosen in finding.mends:
        return tr("mended: {mend}", mend=finding.mends[finding.chosen])
    return words(finding.detail)


def _sign(finding: Finding) -> QLabel:
    colors = tokens()
    name, color, told = {
        "mended": ("ph.check-circle", colors.ok, tr("mended")),
        "info": ("ph.info", colors.text3, tr("note")),
        "warning": ("ph.warning", colors.warn, tr("warning")),
        "error": ("ph.warning-circle", colors.bad, tr("must be mended")),
    }["mended" if is_mended(finding) else finding.severity]
    sign = QLabel()
    sign.setPixmap(icon(name, color).pixmap(QSize(18, 18)))
    sign.setAccessibleName(told)
    sign.setToolTip(told)
    return sign
