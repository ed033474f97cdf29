"""The wizard without a window: drafts, what they lack, and the run in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.config.losses import MeanSquaredError
from engine.config.run import RunConfig
from engine.config.tasks.classification import Classification
from engine.errors import InputError
from engine.messages import message
from studio.pages.wizard import draft as drafts
from studio.pages.wizard.draft import Draft, draft_of, new_draft, with_role, with_source
from studio.pages.wizard.inquiries import Answers
from studio.pages.wizard.row_links import rows_text
from studio.pages.wizard.source_panel import facts_line, shown_source
from studio.pages.wizard.step_validation import STEPS, consequence, lack
from studio.recipes import recipe, recipes
from studio.widgets.choice_card import even_columns
from tests.studio.pages.wizard.answers import estimate_of, paragraph, preview_of, report_of


def complete(**data: object) -> tuple[Draft, Answers]:
    """A draft whose questions are all answered."""
    draft = with_source(new_draft(), "file", "/data/tickets.csv")
    draft = drafts.with_data(draft, draft.config.data.model_copy(update=data))
    config, answers = draft.config, Answers()
    answers.known["preview", drafts.preview_key(config)] = preview_of(config.data)
    answers.known["diagnose", drafts.report_key(config)] = report_of(config)
    answers.known["estimate", drafts.estimate_key(config)] = estimate_of(config)
    return replace(draft, preview=answers.preview(config), report=answers.report(config)), answers


def test_all_recipes_are_shipped_in_order():
    sorting = ["quick-look", "word-counting", "lstm-baseline", "attention", "three-in-one", "fraud-adversarial"]
    larger = ["several-labels", "stars", "convolutional", "transformer", "fusion", "wide-and-deep", "bert-finetune"]
    inventing = ["text-gan", "text-gan-transformer", "text-gan-collapse"]
    reading = ["squad-reader", "squad-reader-no-attention", "squad-bert"]
    turning = ["translate-attention", "translate-no-attention", "translate-transformer", "summarise"]
    writing = ["ngram", "lstm-lm", "transformer-lm", "chat"]
    assert [one.key for one in recipes()] == [*sorting, *larger, *inventing, *reading, *turning, *writing]


def test_a_recipe_keeps_data_and_positive_label():
    draft, _ = complete(mends={"blank_rows": "drop"})
    draft = drafts.with_positive_label(draft, "Billing")
    chosen = drafts.with_recipe(drafts.with_length(draft, "quick"), recipe("fusion"))
    assert chosen.config.model == recipe("fusion").config.model
    assert chosen.config.data.train == "/data/tickets.csv" and chosen.config.data.mends == {"blank_rows": "drop"}
    assert chosen.config.task.positive_label == "Billing" and chosen.config.task.loss.name == "binary-cross-entropy"
    assert chosen.preset == "quick" and chosen.config.training.max_steps == 300


def test_a_recipe_brings_its_limit_unless_somebody_chose_one():
    draft = new_draft("attention")
    assert drafts.with_recipe(draft, recipe("quick-look")).config.data.max_length == 96
    own = drafts.with_data(draft, draft.config.data.model_copy(update={"max_length": 400}))
    assert drafts.with_recipe(own, recipe("quick-look")).config.data.max_length == 400


def test_other_data_forgets_what_was_said_about_the_old():
    draft, _ = complete(columns={"text": "message"}, mends={"x": "drop"}, test="t.csv")
    other = with_source(draft, "builtin", "builtin")
    data = other.config.data
    assert (data.columns, data.mends, data.test, other.preview, other.report) == ({}, {}, None, None, None)


def test_typing_another_length_is_no_preset_and_back_is_one():
    draft = new_draft()
    training = draft.config.training
    own = drafts.with_part(draft, "training", training.model_copy(update={"max_steps": 7}))
    assert own.preset is None
    assert drafts.with_part(own, "training", training).preset == "balanced"


def test_a_column_has_one_role_and_a_role_one_column():
    draft, answers = complete()
    moved = with_role(draft, "id", "label")
    assert moved.roles == {"text": "message", "label": "id"} and moved.report is None
    ignored = with_role(draft, "message", "ignore")
    assert ignored.roles == {"label": "team"}
    assert "holds the texts" in lack(ignored, answers, "data").english()
    assert with_role(ignored, "created", "text").roles == {"text": "created", "label": "team"}


@pytest.mark.parametrize(
    ("train", "kind"),
    [("builtin", "builtin"), ("reviews.csv", "file"), ("stanfordnlp/imdb", "hub"), (("a.csv", "b.csv"), "file")],
)
def test_the_kind_of_a_source_is_guessed(train, kind):
    assert drafts.source_kind(train) == kind


def test_a_folder_is_a_folder(tmp_path):
    assert drafts.source_kind(str(tmp_path)) == "folder"


def test_a_whole_config_goes_on_under_its_recipe():
    draft = draft_of(recipe("transformer").config)
    assert (draft.recipe, draft.preset, draft.source_kind, draft.name) == ("transformer", "balanced", "builtin", "")
    assert draft_of(recipe("fusion").config.model_copy(update={"title": "My run"})).name == "My run"


def test_what_is_lacking_is_said_in_the_order_of_doing():
    empty, answers = with_source(new_draft(), "file", ""), Answers()
    assert lack(empty, answers, "data").english().startswith("Choose a file")
    reading = with_source(empty, "file", "a.csv")
    assert "still being read" in lack(reading, answers, "data").english()
    answers.errors["preview", drafts.preview_key(reading.config)] = InputError(message("empty"))
    assert "cannot be used" in lack(reading, answers, "data").english()
    draft, known = complete()
    assert "doctor" in lack(replace(draft, report=None), known, "data").english()
    assert [lack(draft, known, step) for step in STEPS] == [None] * 5


def test_an_error_among_the_findings_must_be_mended():
    draft, answers = complete()
    broken = replace(draft.report.findings[0], severity="error")
    draft = replace(draft, report=replace(draft.report, findings=(broken,)))
    assert "must be mended first: Empty texts" in lack(draft, answers, "data").english()
    mended = replace(draft.report, findings=(replace(broken, chosen="drop"),))
    assert lack(replace(draft, report=mended), answers, "data") is None


def test_each_step_says_what_it_leads_to():
    draft, answers = complete()
    said = {step: consequence(draft, answers, step).english() for step in STEPS}
    assert said["data"].startswith("180,328 rows will be used: 144,262 to learn from")
    assert "Attention" in said["goal"]
    assert said["model"].startswith("2,612,802 parameters")
    assert "1,200 updates of 64 texts each: 53% of all texts are read" in said["training"]


def test_the_paragraph_tells_the_whole_run():
    draft, answers = complete(mends={"blank_rows": "drop"})
    text = " ".join(one.english() for one in paragraph(draft.config, draft.report, answers.estimate(draft.config)))
    for part in (
        "one of 5 labels",
        "144,262 texts of “tickets”",
        "1 finding of the doctor is mended first",
        "an LSTM that reads in both directions and looks back at every word with additive attention",
        "change 1,200 times, each after 64 texts",
        "best balance of precision and recall",
        "ends early after 6 checks",
        "Word counting is trained beside it",
    ):
        assert part in text


@pytest.mark.parametrize("key", [one.key for one in recipes()])
def test_every_recipe_can_be_told_before_anything_is_known(key):
    sentences = [one.english() for one in paragraph(recipe(key).config, None, None)]
    assert all(one.endswith(".") for one in sentences) and len(sentences) >= 5


def test_precision_never_stands_without_recall():
    config = RunConfig().with_values({"training.best.metric": "precision", "training.best.recall_floor": 0.85})
    assert any("85%" in one.english() and "recall" in one.english() for one in paragraph(config, None, None))


def test_numbers_as_labels_are_told():
    config = RunConfig(task=Classification(loss=MeanSquaredError()))
    report = replace(report_of(config), is_numeric=True, balance={})
    assert "a number" in paragraph(config, report, None)[0].english()


def test_row_numbers_of_a_finding():
    finding = report_of(RunConfig()).findings[0]
    assert rows_text(finding) == "rows 77, 1,203, 9,418 and 409 more"
    assert rows_text(replace(finding, rows=(5,), count=1)) == "row 5"
    assert rows_text(replace(finding, rows=(5, 6), count=2, split="test")) == "test: rows 5, 6"
    assert rows_text(replace(finding, rows=())) == ""


def test_facts_of_a_file():
    preview = preview_of(RunConfig().data)
    assert facts_line(preview) == "184,120 rows · 4 columns · 39.8 MB · UTF-8, comma"
    assert facts_line(replace(preview, has_header=False)).endswith("no header row")
    assert shown_source(("/x/a.csv", "/x/b.csv")) == "a.csv and 1 more"


@pytest.mark.parametrize(
    ("count", "most", "columns"), [(5, 5, 5), (5, 4, 3), (5, 2, 2), (3, 9, 3), (0, 3, 1), (4, 0, 1)]
)
def test_cards_stand_in_even_rows(count, most, columns):
    assert even_columns(count, most) == columns
