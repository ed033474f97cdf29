"""Where a draft stands: what a step still lacks, and what it leads to, in one sentence each."""

from __future__ import annotations

from typing import Literal

from engine.config.combination import misfit
from engine.errors import AttuneError
from engine.messages import Message, message
from engine.records import DataReport, Estimate
from studio.pages.wizard.draft import Draft, lone_file
from studio.pages.wizard.inquiries import Answers
from studio.recipes import recipe
from studio.tasks.registry import view_of
from studio.tasks.run_words import is_mended, split_sentence

StepName = Literal["goal", "data", "model", "training", "review"]
STEPS: tuple[StepName, ...] = ("goal", "data", "model", "training", "review")


def lack(draft: Draft, answers: Answers, step: StepName) -> Message | None:
    """What must be done before the wizard can leave this step; None if it can."""
    missing = _data_lack(draft, answers) if step in ("data", "review") else None
    return missing or _misfit_lack(draft, step)


def consequence(draft: Draft, answers: Answers, step: StepName) -> Message | None:
    """What going on from this step means, with numbers where they are known."""
    estimate = answers.estimate(draft.config)
    match step:
        case "goal":
            return message(
                "Starts from “{recipe}”. Everything can be changed in the next steps.",
                recipe=Message(recipe(draft.recipe).config.title),  # words: a recipe's
            )
        case "data":
            return split_sentence(draft.report) if draft.report else None
        case "model":
            return _cost(draft, estimate, answers.estimate_error(draft.config))
        case "training":
            return view_of(draft.config.task).wizard.length(draft.config, draft.report, estimate)
        case "review":
            return message("Training starts at once. It can be paused, stopped and resumed at any time.")


def _misfit_lack(draft: Draft, step: StepName) -> Message | None:
    """On the step where it can be mended; and before it starts."""
    config = draft.config
    fault = misfit(config.task, config.model, config.training, config.data)
    if fault is None or not (step == "review" or _step_of(fault.path) == step):
        return None
    return fault.advice


def _step_of(path: str) -> str:
    """The loss stands among the settings of the training."""
    return "training" if path.startswith("task.") else path.partition(".")[0]


def _data_lack(draft: Draft, answers: Answers) -> Message | None:
    if not draft.has_source:
        return _NO_SOURCE[draft.source_kind]
    if answers.error(draft.config) is not None:
        return message("This data cannot be used yet: the red box says what to mend.")
    if draft.preview is None:
        return message("The data is still being read. One moment.")
    missing = draft.missing_role
    if missing is not None:
        return _NO_PARTNER if lone_file(draft) is not None else missing.wanted
    if draft.report is None:
        return message("The doctor still looks through the rows. One moment.")
    return _finding_lack(draft.report)


_NO_PARTNER = message("This file has one text a row. Add the file that holds the other texts, line by line.")
_NO_SOURCE: dict[str, Message] = {
    "file": message("Choose a file to learn from."),
    "folder": message("Choose a folder to learn from."),
    "hub": message("Type the name of a data set and read it."),
    "builtin": message("Choose what to learn from."),
}


def _finding_lack(report: DataReport) -> Message | None:
    for finding in report.findings:
        if finding.severity == "error" and not is_mended(finding):
            return message("One finding must be mended first: {finding}", finding=finding.title)
    return None


def _cost(draft: Draft, estimate: Estimate | None, error: AttuneError | None) -> Message:
    if error is not None:
        return message("What it costs could not be measured: {reason}", reason=error.what)
    if estimate is None:
        return message("Parameters, memory and time are being measured on this machine.")
    return view_of(draft.config.task).wizard.cost(estimate)
