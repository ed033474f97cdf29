"""Asks the model in this folder about texts.

    python predict.py "a text" "another text"
    python predict.py --csv texts.csv --column text --out answers.csv

Needs Python 3.10 or later with onnxruntime, tokenizers and numpy: pip install onnxruntime tokenizers numpy
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

HERE = Path(__file__).resolve().parent


class Model:
    """`labels.json` says what the model answers: one label a text, several, or a number."""

    def __init__(self, folder=HERE):
        folder = Path(folder)
        about = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        self.kind, self.labels = about["kind"], about["labels"]
        self.thresholds = about["decision"]["thresholds"]
        self._pad = about["pad_token_id"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))  # cuts texts at the model's length
        self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])

    def probabilities(self, texts, batch_size=32):
        """[texts, labels], temperature included; of a number [texts, 1], the number itself."""
        ids = [one.ids or [self._pad] for one in self._tokenizer.encode_batch(list(texts))]
        found = np.empty((len(ids), max(1, len(self.labels))), dtype=np.float32)
        by_length = sorted(range(len(ids)), key=lambda place: -len(ids[place]))
        for start in range(0, len(ids), batch_size):
            places = by_length[start : start + batch_size]
            found[places] = self._run([ids[place] for place in places])
        return found

    def answers(self, texts, batch_size=32):
        """A dictionary a text: "label" (None: left to a person), "probability", "abstains", "probabilities"."""
        found = self.probabilities(texts, batch_size)
        if self.kind == "number":
            return [{"number": float(row[0])} for row in found]
        return [self._answer(row) for row in found.astype(float)]

    def _run(self, ids):
        longest = max(len(one) for one in ids)
        padded = np.full((len(ids), longest), self._pad, dtype=np.int64)
        mask = np.zeros((len(ids), longest), dtype=np.int64)
        for row, one in enumerate(ids):
            padded[row, : len(one)] = one
            mask[row, : len(one)] = 1
        return self._session.run(None, {"input_ids": padded, "attention_mask": mask})[-1]

    def _answer(self, row):
        probabilities = dict(zip(self.labels, row.tolist(), strict=True))
        if self.kind == "several":
            said = [label for label in self.labels if probabilities[label] >= self.thresholds.get(label, 0.5)]
            return {"labels": said, "abstains": False, "probabilities": probabilities}
        place = self._decided(row)
        likeliest = self.labels[int(row.argmax())]
        label = likeliest if place is None else self.labels[place]
        return {
            "label": None if place is None else label,
            "likeliest": likeliest,
            "probability": probabilities[label],
            "abstains": place is None,
            "probabilities": probabilities,
        }

    def _decided(self, row):
        """The place of the label that is said; None where the text is left to a person.

        A label with a threshold is said from that probability upwards: of more than two labels only the likeliest one.
        Where no threshold is reached, the likeliest label is said if it has none.
        """
        likeliest = int(row.argmax())
        reached = [place for place in range(len(row)) if self._reaches(row, place, likeliest)]
        if reached:
            return max(reached, key=lambda place: row[place])
        return None if self.labels[likeliest] in self.thresholds else likeliest

    def _reaches(self, row, place, likeliest):
        threshold = self.thresholds.get(self.labels[place])
        if threshold is None or (len(row) > 2 and place != likeliest):
            return False
        both = len(row) == 2 and all(label in self.thresholds for label in self.labels)
        return row[place] >= (max(threshold, 0.5) if both else threshold)


def in_words(answer):
    """One line for a person."""
    if "number" in answer:
        return f"{answer['number']:.6g}"
    if "labels" in answer:
        said = [f"{label} {100 * answer['probabilities'][label]:.1f} %" for label in answer["labels"]]
        return ", ".join(said) or "none of the labels"
    share = f"{100 * answer['probability']:.1f} %"
    if answer["abstains"]:
        return f"left to a person (likeliest: {answer['likeliest']}, {share})"
    return f"{answer['label']} {share}"


def in_columns(answer, with_all):
    """What is written behind the columns of a CSV file."""
    if "number" in answer:
        return {"answer": answer["number"]}
    every = {f"p({label})": value for label, value in answer["probabilities"].items()} if with_all else {}
    if "labels" in answer:
        return {"answer": " | ".join(answer["labels"]), **every}
    said = {"answer": answer["label"] or "", "probability": answer["probability"]}
    return {**said, "abstains": "yes" if answer["abstains"] else "no", **every}


def write_csv(model, asked):
    with Path(asked.csv).open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows, columns = list(reader), list(reader.fieldnames or [])
    if asked.column not in columns:
        sys.exit(f"There is no column “{asked.column}” in {asked.csv}; there are: {', '.join(columns)}.")
    answers = model.answers([row[asked.column] or "" for row in rows], asked.batch)
    found = [in_columns(answer, asked.all) for answer in answers]
    names = {name: f"{name} of the model" if name in columns else name for name in (found[0] if found else {})}
    with Path(asked.out).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*columns, *names.values()], extrasaction="ignore")
        writer.writeheader()
        for row, answer in zip(rows, found, strict=True):
            writer.writerow({**row, **{names[name]: value for name, value in answer.items()}})


def main():
    parser = argparse.ArgumentParser(description="Ask the model in this folder about texts.")
    parser.add_argument("texts", nargs="*", help="texts to ask about")
    parser.add_argument("--csv", metavar="FILE", help="a CSV file with a row a text")
    parser.add_argument("--column", default="text", help="the column that holds the texts (text)")
    parser.add_argument("--out", metavar="FILE", help="where the rows with their answers are written")
    parser.add_argument("--all", action="store_true", help="also write the probability of every label")
    parser.add_argument("--batch", type=int, default=32, metavar="N", help="texts that are read at once (32)")
    parser.add_argument("--json", action="store_true", help="print JSON, one object a text")
    asked = parser.parse_args()
    if bool(asked.csv) == bool(asked.texts) or bool(asked.csv) != bool(asked.out):
        parser.error("give texts, or --csv FILE with --out FILE")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    model = Model()
    if asked.csv:
        write_csv(model, asked)
        return
    for text, answer in zip(asked.texts, model.answers(asked.texts, asked.batch), strict=True):
        print(json.dumps({"text": text, **answer}, ensure_ascii=False) if asked.json else in_words(answer))


if __name__ == "__main__":
    main()
