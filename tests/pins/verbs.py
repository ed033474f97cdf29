"""Every verb of the command line on small runs: what it prints as JSON and in words, and the files that it writes.

`python -m tests.pins.verbs FOLDER` asks them all in a process of its own, with `pinned.ENVIRONMENT`, and writes the
canonical answers to the folder's `verbs.json`.
"""

from __future__ import annotations

import contextlib
import csv
import html
import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

_SMALL = (
    "data.builtin.num_rows=240",
    "data.max_length=24",
    "training.max_steps=8",
    "training.micro_batch_size=8",
    "training.evaluate_every=4",
    "training.device=cpu",
    "training.precision=fp32",
)
_RECURRENT = ("model.embedding_size=8", "model.hidden_size=8")
_FUSION = ("model.embedding_size=8", "model.num_heads=2", "model.feed_forward_size=8", "model.hidden_size=8")
_GAN = (
    "training.pretraining.steps=4",
    "task.num_samples=50",
    "model.generator.embedding_size=8",
    "model.generator.hidden_size=8",
    "model.discriminator.embedding_size=8",
    "model.discriminator.hidden_size=8",
)
_TEXT = "The phone is great, but the battery was awful."
_PROBES = json.dumps([_TEXT, "I hated it."])

HIDDEN = {
    "time": "<time>",
    "created": "<time>",
    "process": "<process>",
    "seconds": "<seconds>",
    "seconds_left": "<seconds>",
    "rows_per_second": "<speed>",
    "tokens_per_second": "<speed>",
    "texts_per_second": "<speed>",
    "memory_bytes": "<memory>",
    "memory_total": "<memory>",
    "bytes": "<bytes>",
    "max_difference": "<difference>",
}
"""Keys whose numbers are the machine's and the hour's, never the model's; whether a model was exported well is told by
another number than how small the difference is."""

_HIDDEN_WORDS = (
    (re.compile(r"\d\d:\d\d:\d\d"), "<time>"),
    (re.compile(r"\d{4}-\d\d-\d\d|\d{4} ?年 ?\d+ ?月 ?\d+ ?日"), "<date>"),
    (re.compile(r"(?<![\w.])[\d.,]+( ± [\d.,]+)? (seconds?|ms|s|min|h|KB|MB|GB)\b"), "<amount>"),
    (re.compile(r"(?<=the plain network being 1: ).*"), "<times>"),
)
_FLOAT = re.compile(r"-?\d+\.\d{5,}(e[-+]?\d+)?")
_DIGITS = 5
_NOISE = 1e-12  # what is left where two sums cancel out
_SCRIPTS = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def canonical(tree: Any, places: dict[str, str]) -> Any:
    """Placeholders for what is hidden, five digits of every number, none of what is zero but for rounding; `places` are
    {path: its placeholder}."""
    if isinstance(tree, dict):
        return {
            _shown(key, places): _hidden(value, HIDDEN[key]) if key in HIDDEN else canonical(value, places)
            for key, value in tree.items()
        }
    if isinstance(tree, list):
        return [canonical(one, places) for one in tree]
    if isinstance(tree, float):
        return float(f"{tree:.{_DIGITS}g}") if abs(tree) > _NOISE else 0.0
    return _shown(tree, places) if isinstance(tree, str) else tree


def _hidden(tree: Any, name: str) -> Any:
    """The same shape; a number is a placeholder."""
    if isinstance(tree, dict):
        return {key: _hidden(value, name) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_hidden(value, name) for value in tree]
    return tree if tree is None or isinstance(tree, bool) else name


def _shown(text: str, places: dict[str, str]) -> str:
    for place, name in places.items():
        text = text.replace(place, name)
    for pattern, name in _HIDDEN_WORDS:
        text = pattern.sub(name, text)
    return _FLOAT.sub(lambda found: f"{float(found[0]):.{_DIGITS}g}", text)


def one_step_each(lines: Sequence[Any]) -> Iterator[Any]:
    """Events in an order that does not hang on time: each step told by itself, the baseline, which is computed beside
    the training, at the end, and nothing of how far a training is."""
    beside = []
    for line in lines:
        match line.get("event"):
            case "StepsTaken":
                yield from ({**_of_step(line, place), "step": step} for place, step in enumerate(line["steps"]))
            case "BaselineEvaluated":
                beside.append(line)
            case "Progressed":
                pass
            case None:
                yield line
            case _:
                yield {name: value for name, value in line.items() if name != "share"}
    yield from beside


def _of_step(line: dict[str, Any], place: int) -> dict[str, Any]:
    columns = {name: value for name, value in line.items() if name not in ("steps", "share")}
    return {
        name: {key: values[place] for key, values in value.items()}
        if isinstance(value, dict)
        else (value[place] if isinstance(value, list) else value)
        for name, value in columns.items()
    }


class Asked:
    """Asks one verb after the other and keeps what each said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers: dict[str, Any] = {}
        self._places = {str(folder): "<folder>"}

    def __call__(self, title: str, *words: str, in_words: bool = True) -> None:
        """Keep a verb's JSON lines, exit code and standard error; and, where it changes nothing, its words."""
        code, out, err = _said([*words, "--json"])
        lines = [json.loads(line) for line in out.splitlines()]
        answer = {"code": code, "json": list(one_step_each(lines)), "error": _json_or_words(err)}
        if in_words:
            answer["words"] = _said(words)[1].splitlines()
        self.answers[title] = canonical(answer, self._places)

    def keep_table(self, title: str, path: Path) -> None:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [[_number(cell) for cell in row] for row in csv.reader(file)]
        self.answers[title] = canonical(rows, self._places)

    def keep_page(self, title: str, path: Path) -> None:
        """The words of an HTML page or of a Markdown file, a line a piece."""
        page = _SCRIPTS.sub("", path.read_text(encoding="utf-8"))
        lines = _TAG.sub("\n", page).splitlines() if path.suffix == ".html" else page.splitlines()
        self.answers[title] = canonical([html.unescape(line).strip() for line in lines if line.strip()], self._places)

    def keep_files(self, title: str, path: Path) -> None:
        self.answers[title] = sorted(one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file())


def _said(words: Sequence[str]) -> tuple[int, str, str]:
    from engine.__main__ import main

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(words))
    return code, out.getvalue(), err.getvalue()


def _json_or_words(text: str) -> list[Any]:
    found: list[Any] = []
    for line in text.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            found.append(line)
    return found


def _number(cell: str) -> Any:
    try:
        return float(cell) if "." in cell else cell
    except ValueError:
        return cell


def answers_of(folder: Path) -> dict[str, Any]:
    ask = Asked(folder)
    rows = _own_files(folder)
    _train(ask)
    run = str(folder / "one")
    ask("check", "check", run)
    ask("check --mend", "check", run, "--mend")
    _look(ask, run, rows)
    _judge(ask, run, rows)
    _invent(ask)
    _correct(ask, run, rows)
    _study(ask)
    _export(ask, run)
    _doctor(ask, rows)
    _refused(ask, run)
    return ask.answers


def _own_files(folder: Path) -> Path:
    """A labelled file with a row that is blank, one of an unknown label and two alike."""
    things = ("phone", "film", "hotel", "soup", "book", "tent")
    rows = [
        f'"The {thing} was {word}.",{label}'
        for thing in things
        for word, label in (("great", "positive"), ("awful", "negative"), ("not bad", "positive"))
    ]
    file = folder / "own.csv"
    lines = ["text,label", *rows, rows[0], '"",positive', '"The lamp was odd.",strange']
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _train(ask: Asked) -> None:
    ask("recipes", "recipes")

    def train(name: str, recipe: str, *settings: str) -> None:
        words = ("train", recipe, "--set", *_SMALL, *settings, "--runs", str(ask.folder), "--name", name)
        ask(f"train {name}", *words, in_words=False)

    train("one", "quick-look", *_RECURRENT, f"training.probes={_PROBES}")
    train("two", "lstm-baseline", *_RECURRENT, "seed=1")
    train("several", "several-labels", *_RECURRENT)
    train("stars", "stars", *_RECURRENT)
    train("fusion", "fusion", *_FUSION)
    train("fraud", "fraud-adversarial", *_RECURRENT, "training.attacked_rows=6")
    train("gan", "text-gan", *_GAN)
    _interrupt(ask.folder)
    ask("resume", "resume", str(ask.folder / "interrupted"), in_words=False)
    ask("resume of a finished run", "resume", str(ask.folder / "one"))


def _interrupt(folder: Path) -> None:
    """A training that died after its first checkpoint; without word counting beside it, which would be done by then or
    not."""
    from engine import verbs
    from engine.config.run import RunConfig

    settings: dict[str, object] = dict(pair.split("=") for pair in (*_SMALL, *_RECURRENT))
    config: RunConfig = verbs.load_config("quick-look", {**settings, "training.baseline": False})
    training = verbs.train(verbs.create(config, folder, "interrupted"))
    for event in training:
        if type(event).__name__ == "CheckpointSaved":
            training.close()


def _look(ask: Asked, run: str, rows: Path) -> None:
    ask("predict", "predict", run, "--text", _TEXT)
    ask("predict several", "predict", str(ask.folder / "several"), "--text", _TEXT)
    ask("predict stars", "predict", str(ask.folder / "stars"), "--text", _TEXT)
    out = ask.folder / "answers.csv"
    ask("predict a file", "predict", run, "--data", str(rows), "--out", str(out), in_words=False)
    ask.keep_table("predict a file: its table", out)
    fusion = str(ask.folder / "fusion")
    ask("attend", "attend", fusion, "--text", _TEXT)
    ask("attend, one head", "attend", fusion, "--text", _TEXT, "--layer", "0", "--head", "1")
    ask("attend, heads off", "attend", fusion, "--text", _TEXT, "--mute", "0.1")
    ask("attend, uniform", "attend", run, "--text", _TEXT, "--uniform")
    from engine.records import METHODS

    for method in METHODS:
        ask(f"attend by {method}", "attend", fusion, "--text", _TEXT, "--method", method)
    ask("faithfulness", "faithfulness", run, "--rows", "8")
    ask("heads", "heads", fusion, "--rows", "12")
    ask("heads on a file", "heads", fusion, "--data", str(rows))


def _judge(ask: Asked, run: str, rows: Path) -> None:
    ask("evaluate", "evaluate", run)
    ask("evaluate validation, last", "evaluate", run, "--split", "validation", "--checkpoint", "last")
    ask("evaluate a file", "evaluate", run, "--data", str(rows))
    for name in ("several", "stars", "gan"):
        ask(f"evaluate {name}", "evaluate", str(ask.folder / name))
    ask("attack", "attack", run, "--rows", "6")
    two = str(ask.folder / "two")
    ask("compare", "compare", run, two)
    ask("compare on a file", "compare", run, two, "--data", str(rows))
    report = ask.folder / "report"
    ask("report", "report", run, "--out", str(report), in_words=False)
    ask("report in Chinese", "report", run, "--out", str(report / "zh"), "--language", "zh", in_words=False)
    for table in sorted(report.glob("*.csv")):
        ask.keep_table(f"report: {table.name}", table)
    for page in sorted(report.rglob("*.html")):
        ask.keep_page(f"report: {page.relative_to(report).as_posix()}", page)
    target = ("--target-precision", ".5", "--confidence", ".8")
    ask("evaluate with a target", "evaluate", two, *target)
    ask("evaluate and keep it", "evaluate", two, *target, "--label", "positive", "--save")
    ask("predict with a target", "predict", two, "--text", _TEXT)
    ask("target of several", "evaluate", str(ask.folder / "several"), *target)


def _invent(ask: Asked) -> None:
    ask("generate", "generate", str(ask.folder / "gan"), "-n", "4", "--seed", "3")
    ask("generate, surer", "generate", str(ask.folder / "gan"), "-n", "3", "--seed", "3", "--temperature", ".5")


def _correct(ask: Asked, run: str, rows: Path) -> None:
    ask("suspects", "suspects", run, "-n", "5")
    ask("suspects of a file", "suspects", run, "--data", str(rows), "-n", "5")
    found = ask.answers["suspects"]["json"][0]
    row = str(found["suspects"][0]["row"])
    place = ("correct", run, "--split", "train", "--row", row)
    ask("correct", *place, "--label", "positive", in_words=False)
    ask("correct: leave out", *place, "--leave-out", in_words=False)
    ask("correct: keep", *place, "--keep", in_words=False)
    ask("correct: undo", *place, "--undo", in_words=False)


def _study(ask: Asked) -> None:
    settings = (*_SMALL, *_RECURRENT, "training.max_steps=2", "training.evaluate_every=2", "training.baseline=false")
    words = ("attention", "--seeds", "2", "--set", *settings, "--runs", str(ask.folder), "--name", "study")
    ask("ablate", "ablate", *words, in_words=False)
    study = str(ask.folder / "study")
    ask("ablate a finished study", "ablate", study, in_words=False)
    ask("compare a study and a run", "compare", study, str(ask.folder / "two"))
    ask("check a study", "check", study)


def _export(ask: Asked, run: str) -> None:
    for kind in ("hf", "onnx"):
        out = ask.folder / f"as-{kind}"
        ask(f"export {kind}", "export", run, "--format", kind, "--out", str(out), in_words=False)
        ask.keep_files(f"export {kind}: its files", out)
        ask.keep_page(f"export {kind}: its card", out / "README.md")


def _doctor(ask: Asked, rows: Path) -> None:
    ask("doctor", "doctor", str(rows))
    ask("doctor, mended", "doctor", str(rows), "--set", "data.mends.duplicates=drop")


def _refused(ask: Asked, run: str) -> None:
    ask("no such recipe", "train", "no-such-recipe")
    ask("no such setting", "train", "quick-look", "--set", "training.max_stepz=3")
    ask("a setting out of bounds", "train", "quick-look", "--set", "training.max_steps=-3")
    ask("parts that do not fit", "train", "text-gan", "--set", "training.adversary.name=fgm")
    ask("no such file", "train", "quick-look", "--set", f"data.train={ask.folder / 'none.csv'}")
    ask("no such run", "evaluate", str(ask.folder / "none"))
    ask("no such checkpoint", "evaluate", run, "--checkpoint", "step-3")
    ask("nothing to invent with", "generate", run)


def main() -> None:
    import torch

    torch.set_num_threads(1)
    torch.backends.mkldnn.enabled = False  # its kernels are chosen by the machine
    folder = Path(sys.argv[1]).resolve()
    found = answers_of(folder)
    (folder / "verbs.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
