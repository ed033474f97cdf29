"""write_in_words: a run that answers in words as a folder that transformers opens, with the script that asks it.

Pipelines for questions, translations and summaries are gone from transformers, so what comes after the model (pieces of
a passage, spans, tokens as text) lies in the folder as plain Python: `ask.py` and `answering.py`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.config.tasks.graphs import no_graph
from engine.config.tasks.registry import type_of
from engine.config.tasks.task_type import Ability
from engine.data.columns.dialogues import tidy, turns_in
from engine.errors import InputError
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.messages import message
from engine.models.adaptation import has_adapter, merged_state
from engine.models.quiet_libraries import quiet
from engine.resources import resource
from engine.runs.run import Run
from engine.tasks.task import Task, TellsHowToAsk

SCRIPT, ANSWERING, ABOUT = "ask.py", "answering.py", "asking.json"
_ROWS_AT_ONCE = 16


@dataclass(frozen=True)
class Kind:
    """How models of an ability are asked: the file of `resources/export/answering`, and what the hub calls the task.
    `as_read` makes of a cell of the data what the script takes."""

    answering: str
    hub_task: str
    as_read: Callable[[str], str] = str


def _messages(cell: str) -> str:
    """The turns up to the last question, as JSON."""
    turns = tidy(turns_in(cell))
    last = next((place for place in reversed(range(len(turns))) if turns[place].role == "user"), -1)
    return json.dumps([{"role": turn.role, "content": turn.content} for turn in turns[: last + 1]], ensure_ascii=False)


KINDS: Mapping[Ability, Kind] = {
    "answer questions": Kind("question.py", "question-answering"),
    "transform": Kind("transform.py", "text2text-generation"),
    "write on": Kind("write_on.py", "text-generation"),
    "chat": Kind("chat.py", "text-generation", _messages),
}


@dataclass(frozen=True)
class LeavingInWords:
    """A run's checkpoint as it goes out. The model is the studio's own, which is only read."""

    run: Run
    task: Task
    kind: Kind

    @property
    def model(self) -> PreTrainedModel:
        return self.task.models()[""]

    @property
    def tokenizer(self) -> PreTrainedTokenizerFast:
        return self.task.tokenizer

    @property
    def is_ours(self) -> bool:
        """Of a class that only Attune knows."""
        return type(self.model).__module__.startswith("engine.")

    @property
    def has_sides(self) -> bool:
        """Whether it is told which tokens are the question and which the passage."""
        return self.is_ours or (getattr(self.model.config, "type_vocab_size", 0) or 0) > 1

    @property
    def class_name(self) -> str:
        """The auto class of transformers that opens the folder."""
        if not self.model.can_generate():
            return "AutoModelForQuestionAnswering"
        return "AutoModelForSeq2SeqLM" if self.model.config.is_encoder_decoder else "AutoModelForCausalLM"

    @property
    def roles(self) -> tuple[str, ...]:
        """The texts of a row that are read."""
        return tuple(role.key for role in type_of(self.run.config.task).asked_roles)

    def about(self) -> dict[str, Any]:
        """What `asking.json` holds."""
        told = self.task.how_to_ask() if isinstance(self.task, TellsHowToAsk) else {}
        limit = min(self.run.config.data.max_length, int(self.tokenizer.model_max_length))
        return {
            "class": self.class_name,
            "is_ours": self.is_ours,
            "attention": None if self.is_ours else "eager",
            "roles": list(self.roles),
            "rows_at_once": _ROWS_AT_ONCE,
            "max_length": limit,
            "pad_token_id": int(self.tokenizer.pad_token_id),
            **told,
        }


def answers_in_words(subject: object) -> bool:
    """Whether it is exported here, and not as a classifier."""
    return isinstance(subject, Run) and bool(type_of(subject.config.task).says)


def kind_of(run: Run) -> Kind:
    """How runs of its goal are asked."""
    (ability,) = sorted(type_of(run.config.task).says)[:1]
    return KINDS[ability]


def refuse_no_graph(run: Run) -> None:
    """Raises InputError where a model is no plain graph."""
    why = no_graph(run.config.task)
    if why is not None:
        raise InputError(why, str(run.path), message("Export it as a Hugging Face folder instead."))


def leaving_in_words(run: Run, checkpoint: str) -> LeavingInWords:
    """Raises InputError for a run without a checkpoint, and for a damaged one."""
    return LeavingInWords(run, loaded_task(run, checkpoint), kind_of(run))


def write_in_words(leaving: LeavingInWords, folder: Path) -> None:
    """Weights, config, tokenizer, how it writes (`generation_config.json`), and the script with what it must know."""
    model = leaving.model
    with quiet():
        state = merged_state(model) if has_adapter(model) else None
        model.save_pretrained(folder, state_dict=state)
        leaving.tokenizer.save_pretrained(folder)
    config = folder / "config.json"
    tree: dict[str, Any] = json.loads(config.read_text(encoding="utf-8"))
    tree.pop("_name_or_path", None)
    _write_json(config, tree)
    write_script(leaving, folder)


def write_script(leaving: LeavingInWords, folder: Path) -> None:
    """What asks the model that lies there, and what it must know."""
    _write_json(folder / ABOUT, leaving.about())
    shutil.copyfile(resource("export", SCRIPT), folder / SCRIPT)
    shutil.copyfile(resource("export", "answering", leaving.kind.answering), folder / ANSWERING)


def _write_json(file: Path, tree: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(tree, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def snippet_in_words(leaving: LeavingInWords, place: str) -> str:
    """Python that asks the folder at `place`, given as Python reads it; the script first, then transformers alone."""
    row = ", ".join(f'"{role}": "A text to try."' for role in leaving.roles)
    lines = [
        "import sys",
        f"sys.path.insert(0, {place})",
        "from ask import Model",
        "",
        f"print(Model().answers([{{{row}}}]))",
    ]
    return "\n".join(lines) + "\n"
