"""Asks the model in this folder.

    python ask.py --ROLE "a text" [--ROLE "another text"]        such as: python ask.py --source "Good morning."
    python ask.py --data rows.csv --out answers.csv              a CSV file, or JSON Lines (.jsonl), with such columns

The columns are those that asking.json names as "roles". All columns stay, the answers come behind them. From Python:

    from ask import Model
    print(Model().answers([{"source": "Good morning."}]))

Needs Python 3.10 or later. Where model.onnx lies beside this file: onnxruntime, tokenizers and numpy. Else torch and
transformers (5.24 or later); for a kind of model that only Attune knows, attune-studio as well.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
GRAPH = HERE / "model.onnx"
ABOUT = json.loads((HERE / "asking.json").read_text(encoding="utf-8"))
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Model:
    """Opened once, then asked for rows: dicts with a text for each role."""

    def __init__(self, folder: Path = HERE) -> None:
        folder = Path(folder)
        try:
            self.model, self.tokenizer = opened_graph(folder) if GRAPH.exists() else opened_model(folder)
        except ImportError as problem:
            package = "attune-studio" if (problem.name or "").startswith("engine") else problem.name
            sys.exit(f"{problem.name} is missing. Run: pip install {package}")

    def answers(self, rows: list[dict], batch_size: int = ABOUT["rows_at_once"]) -> list[dict]:
        """One a row, with "answer" and what else there is to say of it; rows are read in batches."""
        from answering import answers

        found = []
        for start in range(0, len(rows), batch_size):
            found += answers(self.model, self.tokenizer, ABOUT, rows[start : start + batch_size])
        return found


def opened_graph(folder: Path) -> tuple:
    import onnxruntime
    import tokenizers

    session = onnxruntime.InferenceSession(str(folder / GRAPH.name), providers=["CPUExecutionProvider"])
    return session, tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))


def opened_model(folder: Path) -> tuple:
    import torch
    import transformers

    if ABOUT["is_ours"]:
        import engine.models  # noqa: F401 - makes the classes of Attune known
    transformers.utils.logging.disable_progress_bar()
    torch.manual_seed(0)
    opened = getattr(transformers, ABOUT["class"])
    model = opened.from_pretrained(folder, dtype=torch.float32, attn_implementation=ABOUT["attention"]).eval()
    return model, transformers.AutoTokenizer.from_pretrained(folder)


def read_rows(path: Path) -> tuple[list[dict], bool]:
    """(rows, whether it is JSON Lines)"""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
        return [json.loads(line) for line in text.splitlines() if line.strip()], True
    return list(csv.DictReader(text.splitlines(keepends=True))), False


def write_rows(path: Path, rows: list[dict]) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with aside.open("w", encoding="utf-8", errors="replace", newline="") as file:
            if path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            else:
                heads = list(dict.fromkeys(name for row in rows for name in row))
                writer = csv.writer(file)
                writer.writerow([harmless(name) for name in heads])
                writer.writerows([harmless(row.get(name, "")) for name in heads] for row in rows)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def harmless(cell: object) -> object:
    """A spreadsheet would compute a text that begins like a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell


def answer_file(source: Path, out: Path, batch_size: int) -> None:
    """Every row in its order; one without a text has no answer."""
    if out.exists() and out.samefile(source):
        sys.exit(f"The answers would overwrite {source}: name another file.")
    rows, _ = read_rows(source)
    missing = [role for role in ABOUT["roles"] if rows and role not in rows[0]]
    if missing:
        sys.exit(f"There is no column “{missing[0]}” in {source}; there are: {', '.join(rows[0])}.")
    asked = [place for place, row in enumerate(rows) if all(str(row[role] or "").strip() for role in ABOUT["roles"])]
    found = dict(zip(asked, Model().answers([rows[place] for place in asked], batch_size), strict=True))
    taken = set().union(*rows) if rows else set()
    answered = [
        {**row, **{f"{name} of the model" if name in taken else name: value for name, value in told.items()}}
        for row, told in ((row, found.get(place, {"answer": ""})) for place, row in enumerate(rows))
    ]
    write_rows(out, answered)
    if len(asked) < len(rows):
        print(f"Rows without a text, and so without an answer: {len(rows) - len(asked)}.", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description="Ask the model in this folder.")
    parser.add_argument("--data", type=Path, metavar="FILE", help="a CSV file or JSON Lines, a row a question")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the rows with their answers are written")
    parser.add_argument("--batch", type=int, default=ABOUT["rows_at_once"], metavar="N", help="rows read at once")
    for role in ABOUT["roles"]:
        parser.add_argument(f"--{role}", metavar="TEXT")
    asked = parser.parse_args()
    texts = {role: getattr(asked, role) for role in ABOUT["roles"]}
    if asked.data is not None and asked.out is not None:
        answer_file(asked.data, asked.out, max(1, asked.batch))
    elif all(texts.values()):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        print(json.dumps(Model().answers([texts])[0], ensure_ascii=False))
    else:
        parser.error(f"give {' and '.join(f'--{role} TEXT' for role in ABOUT['roles'])}, or --data FILE and --out FILE")


if __name__ == "__main__":
    main()
