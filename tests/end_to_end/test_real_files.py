"""Files as their makers published them go through the wizard as they lie there: guessed, diagnosed, learned, asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from engine.records import DataReport
from tests.end_to_end.person import Person
from tests.studio.desk import drop

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class RealFile:
    """What a person sees who drops `train` on Home. `findings` are kind -> least count; `asked` has an answer that a
    person would give, which so short a training need not."""

    train: str
    roles: dict[str, str]
    positive: str | None
    num_labels: int
    findings: dict[str, int]
    asked: str
    validation: str = ""
    facts: tuple[str, ...] = ()
    words: list[str] = field(default_factory=list)


SMS = RealFile(
    "sms_spam/SMSSpamCollection",
    {"text": "SMS", "label": "Label"},
    "spam",
    2,
    {"duplicates": 400, "unbalanced": 740},
    "win a free prize now",
    facts=("5,574 rows", "tab"),
)
FRAUD = RealFile(
    "fraud/fraud_call.file",
    {"text": "column_2", "label": "column_1"},
    "fraud",
    2,
    {"duplicates": 310, "blank_rows": 5},
    "your card is blocked",
    facts=("no header row", "tab"),
)
BANKING = RealFile(
    "banking77/train.csv",
    {"text": "text", "label": "category"},
    None,
    77,
    {"unbalanced": 1},
    "where is my card",
    facts=("10,003 rows", "comma"),
)
CHINESE = RealFile(
    "chnsenticorp/train.tsv",
    {"text": "column_1", "label": "column_2"},
    None,
    2,
    {"duplicates": 1300, "duplicates_across": 300, "conflicting_labels": 27},
    "房间很干净",
    validation="chnsenticorp/dev.tsv",
    facts=("9,600 rows", "no header row"),
    words=list("房间很干净"),
)


def diagnosed(person: Person) -> DataReport:
    draft = person.window.page("wizard").draft  # type: ignore[attr-defined]
    person.wait(lambda: draft().report is not None)
    report: DataReport = draft().report
    return report


def drop_and_look(person: Person, folder: Path, real: RealFile) -> DataReport:
    """The Data step of the wizard: what it shows of the file."""
    person.open_window()
    drop(person.window.page("home"), folder / real.train)
    if real.validation:
        person.will_choose(folder / real.validation)
        person.press("add-validation")
    report = diagnosed(person)
    assert person.window.page("wizard").draft().roles == real.roles  # type: ignore[attr-defined]
    person.reads(*real.facts)
    return report


def check_findings(person: Person, report: DataReport, real: RealFile) -> None:
    for kind, least in real.findings.items():
        found = [one for one in report.findings if one.kind == kind]
        assert sum(one.count for one in found) >= least, (kind, found)
        person.reads(*(one.title.english() for one in found))
    assert len(report.balance) == real.num_labels
    if real.positive is not None:
        assert report.positive_label == real.positive


def train_a_little(person: Person) -> None:
    """All that can be mended is mended; then a quick look of forty updates."""
    if person.visible("mend-all"):
        person.press("mend-all")
    person.go_on()
    person.press("model-quick-look")
    person.go_on()
    person.type_into("max_steps", "40")
    person.press_named("All settings")
    person.type_into("evaluate_every", "20")
    person.go_on()
    person.start()
    person.wait(lambda: person.text("run_state") == "done" and person.book.active is None)
    losses = person.history.steps("model")[1]
    assert len(losses) == 40
    assert losses[-8:].mean() < losses[:8].mean()
    assert person.history.metric("f1")[0].tolist() == [20, 40]
    assert person.history.baselines["validation"].metrics["f1"] > 0, "word counting stands beside it"


@pytest.mark.parametrize(
    "real",
    [
        SMS,
        pytest.param(FRAUD, marks=pytest.mark.slow),
        pytest.param(BANKING, marks=pytest.mark.slow),
        pytest.param(CHINESE, marks=pytest.mark.slow),
    ],
    ids=lambda real: real.train.split("/")[0],
)
def test_real_files(person: Person, shared_data: Path, real: RealFile) -> None:
    report = drop_and_look(person, shared_data, real)
    check_findings(person, report, real)
    train_a_little(person)
    person.press("stage_attention")
    person.ask(real.asked, real.words or real.asked.split())
    assert person.text("predictedLabel") in report.balance
    assert person.window.close()
