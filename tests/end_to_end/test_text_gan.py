"""A text GAN from Home's recipe card through the wizard, Training and Samples, with nothing made up."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from studio.plots.charts.learning_curve import CurvePlot
from tests.end_to_end.person import Person

pytestmark = pytest.mark.slow


def test_from_the_recipe_to_its_texts(person: Person) -> None:
    person.open_window()
    person.press("recipe_text-gan")
    person.type_into("num_rows", "400")
    person.go_on()
    person.press("discriminator-convolutional")
    person.go_on()
    person.type_into("rehearsal", "12")
    person.type_into("game", "6")
    person.press_named("All settings")
    person.type_into("num_samples", "60")
    person.type_into("evaluate_every", "3")
    person.go_on()
    person.reads("First the writer rehearses: in 12 updates")
    person.start()

    person.wait(lambda: person.book.active is None)
    assert person.state == "finished"
    assert person.history.players == ("pretraining", "discriminator", "generator")
    losses = set(person.see("lossPlot", CurvePlot).line_ends())
    assert losses == {"train:pretraining", "train:discriminator", "train:generator", "validation"}
    person.wait(lambda: "distinct_2" in person.see("qualityPlot", CurvePlot).line_ends())
    assert "distinct_2" in person.see("qualityPlot", CurvePlot).levels()
    assert "everse perplexity" in person.see("verdict", QLabel).text()
    assert person.history.gauge("temperature")[1][-1] == pytest.approx(100.0)
    assert person.history.last_step == 18

    person.press("stage_samples")
    person.reads("What it writes")
    assert [one.step for one in person.history.samples] == [3, 6, 9, 12, 15, 18]
