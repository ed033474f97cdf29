"""scored_table: the answers in words as a CSV file, one row each."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from engine.records import Progress, ScoredRows
from engine.runs.files import disk_errors
from engine.runs.partial_files import aside_of, discard
from engine.runs.spreadsheets import Cell, Sheet, digits

_BETWEEN = " | "
_ROWS_AT_ONCE = 500


def save_scored_rows(scored: ScoredRows, path: Path) -> Generator[Progress, None, Path]:
    """Columns: row, one a text that was read, `right` (several right answers with “|” between them), `said`, and one a
    score. The file is there whole or not at all. Raises RunFailure where it cannot be written."""
    scores = sorted({name for row in scored.rows for name in row.scores})
    aside = aside_of(path)
    with disk_errors(path):
        try:
            with aside.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
                sheet = Sheet(file)
                sheet.write(["row", *scored.roles, "right", "said", *scores])
                for place, row in enumerate(scored.rows):
                    values: list[Cell] = [digits(row.scores.get(name, float("nan")), ".6g") for name in scores]
                    sheet.write([row.row, *row.read, _BETWEEN.join(row.wanted), row.said, *values])
                    if place % _ROWS_AT_ONCE == 0:
                        yield Progress(place, len(scored))
            aside.replace(path)
        finally:
            discard(aside)
    return path
