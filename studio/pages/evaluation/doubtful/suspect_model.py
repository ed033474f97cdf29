"""SuspectModel: rows whose label is likely wrong as the rows of a table, with what the person said of each."""

from __future__ import annotations

from PySide6.QtCore import QObject

from engine.records import Suspect
from engine.runs.corrections import Correction
from studio.pages.evaluation.sentences import sure_share
from studio.pages.evaluation.texts.answer_model import ARROW, Spans, TextsModel
from studio.pages.evaluation.texts.label_edits import LabelEdits
from studio.translation import tr


class SuspectModel(TextsModel[Suspect]):
    """Drawn as the answers' rows are."""

    def __init__(self, ledger: LabelEdits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ledger = ledger

    def counts(self) -> tuple[int, int]:
        """(reviewed, changed or left out) of the rows shown."""
        said = [found for found in map(self.correction, self.rows) if found is not None]
        return len(said), sum(not one.is_kept for one in said)

    def next_open(self, row: int) -> int | None:
        """The next row of which nothing was said, from `row` on and round; None where all were reviewed."""
        count = len(self.rows)
        order = [(row + step) % count for step in range(1, count + 1)]
        return next((at for at in order if self.correction(self.rows[at]) is None), None)

    def row_of(self, row: int, text: str) -> int | None:
        """Where a row of the file stands in the table."""
        return next((at for at, one in enumerate(self.rows) if one.row == row and one.text == text), None)

    def titles(self) -> tuple[str, str, str, str]:
        return tr("Text"), tr("Your label → proposed"), tr("How likely"), tr("Row")

    def text(self, row: Suspect) -> str:
        return row.text

    def spans(self, row: Suspect) -> Spans:
        return ()

    def labels(self, row: Suspect) -> tuple[str, str]:
        told = tr("Your label: {label}; proposed: {proposed}", label=row.label, proposed=row.proposed)
        return f"{row.label}{ARROW}{row.proposed}", told

    def sure(self, row: Suspect) -> tuple[str, float, str]:
        tone = "wrong" if self.correction(row) is None else "done"
        return sure_share(row.probability_proposed), row.probability_proposed, tone

    def number(self, row: Suspect) -> int:
        return row.row

    def correction(self, row: Suspect) -> Correction | None:
        return self._ledger.find(row.row, row.text)
