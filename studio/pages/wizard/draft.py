"""Draft: what the wizard knows so far, as one frozen value, and the changes that a person can make to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from engine.config.adversary import NoAdversary
from engine.config.choice import Choice
from engine.config.data import DataConfig, Source
from engine.config.model import Model
from engine.config.presets import PRESETS, Preset, with_adaptation, with_preset
from engine.config.pretrained import Pretrained
from engine.config.reading import Reading
from engine.config.roles import LABEL, SOURCE, TARGET, Role
from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by, unmeasured
from engine.config.tasks.registry import TASK_TYPES, Task, target_kind, type_of
from engine.config.training import TrainingConfig
from engine.records import DataReport, Preview, TargetKind
from engine.targets import target_of
from studio.file_pairs import named, parts_of
from studio.recipes import Recipe, recipe, recipes
from studio.tasks.registry import VIEWS, view_of
from studio.tasks.run_words import is_mended, source_name

SourceKind = Literal["file", "folder", "hub", "builtin"]
IGNORE = "ignore"
"""The role of a column that is of no use."""
_OF_DATA = ("max_length", "tokenizer")
"""Settings of the data that a recipe brings, unless somebody chose others."""


@dataclass(frozen=True)
class Draft:
    """The config, where its model and training came from, and what the engine said about its data.

    `preset` is None once somebody typed another length of training. `preview` and `report` belong to the config as it
    stands, or are None while they are being asked for. `open_roles` are roles whose column somebody took away;
    `num_sources` counts how often data was chosen, the same data too. `is_kind_chosen`: somebody said what a text gets
    (one label, several, a number); else the data say it. `kept_roles` (role, column, place, of how many) were chosen
    under another reading of the file; they are given again to what now stands there.
    """

    config: RunConfig
    recipe: str = "quick-look"
    preset: Preset | None = "balanced"
    source_kind: SourceKind = "file"
    name: str = ""
    preview: Preview | None = None
    report: DataReport | None = None
    open_roles: frozenset[str] = frozenset()
    num_sources: int = 0
    is_kind_chosen: bool = False
    kept_roles: tuple[tuple[str, str, int, int], ...] = ()

    @property
    def kind(self) -> TargetKind:
        """What a text gets: one label, several, or a number."""
        return target_kind(self.config.task)

    @property
    def label_columns(self) -> tuple[str, ...]:
        """The columns of labels where each label has its own."""
        return self.config.data.label_columns

    @property
    def goal(self) -> str:
        """The name of its task."""
        return self.config.task.name

    @property
    def has_kinds(self) -> bool:
        """Whether the task leaves it to the data what a text gets."""
        return type_of(self.config.task).can("label lists")

    @property
    def has_source(self) -> bool:
        return self.config.data.train != ""

    @property
    def wanted_roles(self) -> tuple[str, ...]:
        """The keys of the roles that the task asks for."""
        return tuple(role.key for role in type_of(self.config.task).roles)

    @property
    def missing_role(self) -> Role | None:
        """One that no column plays yet."""
        return next((one for one in type_of(self.config.task).roles if one.key not in self.roles), None)

    @property
    def roles(self) -> dict[str, str]:
        """{role: column}: as chosen, else as guessed; those that the task asks for."""
        guessed = self.preview.roles if self.preview else {}
        roles = {**guessed, **self.config.data.columns}
        if self.label_columns:
            roles[LABEL.key] = self.label_columns[0]
        closed = set(self.wanted_roles) - self.open_roles
        return {role: column for role, column in roles.items() if role in closed}


def new_draft(key: str = "attention") -> Draft:
    """A draft from a recipe, with no data chosen yet."""
    config = recipe(key).config
    data = config.data.model_copy(update={"train": ""})
    return Draft(config.model_copy(update={"title": "", "description": "", "data": data}), recipe=key)


def draft_of(config: RunConfig) -> Draft:
    """A draft that goes on from a whole config, such as a recipe's or an earlier run's."""
    key = next((one.key for one in _recipes_like(config)), view_of(config.task).recipe)
    kind = source_kind(config.data.train)
    bare = config.model_copy(update={"title": "", "description": ""})
    preset = _preset_of(bare, key)
    return Draft(bare, key, preset, kind, _own_name(config), is_kind_chosen=True)


def with_goal(draft: Draft, goal: str) -> Draft:
    """Another thing to learn. Model and training stay where the goal takes them too, without an adversary where it has
    one itself; else they are its own recipe's. Some have built-in texts at hand until others are chosen."""
    if goal == draft.goal:
        return draft
    kind, view = TASK_TYPES[goal], VIEWS[goal]
    task: Task = kind.spec()
    if not takes_models_of(task, draft.config.task):
        draft = with_recipe(draft, recipe(view.recipe))
    if not task.has_labels:
        return with_source(draft, "builtin", "builtin") if view.has_builtin_source and not draft.has_source else draft
    training = draft.config.training
    fault = kind.misfit(task, draft.config.model, training, None)
    if fault is not None and fault.path == "training.adversary":
        training = training.model_copy(update={"adversary": NoAdversary()})
    task = _with_positive(task, draft.config.task.positive)
    data = draft.config.data.model_copy(update={"label_columns": ()})
    aimed = with_values(draft, {"task": task, "training": training, "data": data})
    return _asked_again(replace(aimed, is_kind_chosen=False))


def with_recipe(draft: Draft, chosen: Recipe) -> Draft:
    """Model, loss and training of the recipe; the data, the positive label and the preset stay. The built-in texts
    become those of the recipe where the task cannot use others. The goal stays where it takes what another one's recipe
    brings: few labels stay few, unless the recipe has an adversary of its own. What a text gets stays too, unless the
    recipe is about that and nothing but invented texts is chosen."""
    theirs, mine = chosen.config, draft.config
    task = mine.task if _keeps_goal(draft, theirs) else _with_positive(theirs.task, mine.task.positive)
    data, training = _data_for(draft, chosen), theirs.training
    if type_of(task).can("label lists") and not _brings_its_kind(draft, theirs):
        task = task.with_target(target_of(draft.kind))
        training = _suited(training, task)
    config = mine.model_copy(update={"task": task, "model": theirs.model, "training": training, "data": data})
    preset = draft.preset or "balanced"
    return _asked_again(replace(draft, config=with_preset(config, theirs, preset), recipe=chosen.key, preset=preset))


def with_source(draft: Draft, kind: SourceKind, source: Source) -> Draft:
    """Other data: what was said about the old data (columns, mends, extra files, its layout) is forgotten. Of the same
    file, chosen anew, the layout stays."""
    update: dict[str, Any] = {
        "train": source,
        "validation": None,
        "test": None,
        "unlabelled": None,
        "columns": {},
        "mends": {},
    }
    reading = draft.config.data.reading if source == draft.config.data.train else Reading()
    update |= {"label_columns": (), "label_separator": "", "reading": reading}
    data = draft.config.data.model_copy(update=update)
    task = _with_positive(draft.config.task, None)
    config = draft.config.model_copy(update={"data": data, "task": task})
    fresh = replace(draft, config=config, source_kind=kind, num_sources=draft.num_sources + 1)
    return replace(fresh, preview=None, report=None, open_roles=frozenset(), is_kind_chosen=False, kept_roles=())


def with_reading(draft: Draft, reading: Reading) -> Draft:
    """Somebody says how the file is laid out, or leaves it to be found again. Its columns may be others then, so those
    that were chosen are remembered by name and place until the preview tells what stands there."""
    data = draft.config.data
    if reading == data.reading:
        return draft
    shown = draft.preview.columns if draft.preview is not None else ()
    chosen = [*data.columns.items(), *(("label", name) for name in data.label_columns)]
    kept = tuple((role, name, shown.index(name) if name in shown else -1, len(shown)) for role, name in chosen)
    other = data.model_copy(update={"reading": reading, "columns": {}, "label_columns": ()})
    return replace(with_data(draft, other), kept_roles=kept or draft.kept_roles, open_roles=frozenset())


def with_kept_roles(draft: Draft) -> Draft:
    """The roles that were chosen before the file was read in another way: to the column of that name or, where names
    are others, to what stands in its place among as many columns. What stands nowhere is guessed."""
    if not draft.kept_roles or draft.preview is None:
        return draft
    columns = draft.preview.columns
    found = [
        (role, name if name in columns else columns[place])
        for role, name, place, width in draft.kept_roles
        if name in columns or (place >= 0 and width == len(columns))
    ]
    labels = tuple(name for role, name in found if role == "label" and name in draft.preview.marked_columns)
    has_own = draft.config.task.is_multi_label and len(labels) > 1
    roles = {role: name for role, name in found if not (has_own and role == "label")}
    update = {"columns": roles, "label_columns": labels if has_own else ()}
    return replace(
        draft,
        config=draft.config.model_copy(update={"data": draft.config.data.model_copy(update=update)}),
        kept_roles=(),
    )


class Known(Protocol):
    """What the engine has said of configs."""

    def preview(self, config: RunConfig) -> Preview | None: ...
    def report(self, config: RunConfig) -> DataReport | None: ...


def with_answers(draft: Draft, known: Known) -> Draft:
    """Draft + Preview + Report -> Draft: what is known about it is filled in. What the preview says of the labels leads
    to another config, whose report may be known already; the old preview stands until the new one comes."""
    if not draft.has_source:
        return replace(draft, report=None)
    preview = known.preview(draft.config)
    filled = replace(draft, preview=preview or draft.preview)
    if preview is not None:
        filled = with_guess(with_kept_roles(filled))
    return replace(filled, report=known.report(filled.config))


def with_chosen_kind(draft: Draft, kind: TargetKind) -> Draft:
    """Somebody says what a text gets."""
    return replace(_with_kind(draft, kind), is_kind_chosen=True)


def with_guess(draft: Draft) -> Draft:
    """What a text gets as the preview has it, unless somebody said it, or the goal leaves no choice."""
    preview = draft.preview
    if preview is None or draft.is_kind_chosen or not draft.has_kinds:
        return draft
    columns = preview.label_columns if target_of(preview.kind).may_have_several else ()
    if draft.kind == preview.kind and draft.label_columns == columns:
        return draft
    return _with_kind(draft, preview.kind)


def _with_kind(draft: Draft, kind: TargetKind) -> Draft:
    """Columns of yes and no are each a label where a text may have several."""
    config, task = draft.config, draft.config.task
    target = target_of(kind)
    columns = draft.preview.label_columns if draft.preview is not None and target.may_have_several else ()
    update = {
        "task": task.with_target(target),
        "training": _suited(config.training, task.with_target(target)),
        "data": config.data.model_copy(update={"label_columns": columns}),
    }
    return _asked_again(replace(draft, config=config.model_copy(update=update), open_roles=frozenset()))


def _suited(training: TrainingConfig, task: Task) -> TrainingConfig:
    """Only a text with one label can be attacked, and only what is measured can choose the best checkpoint."""
    update: dict[str, object] = {"attacked_rows": 0} if task.target is None or not task.target.is_exclusive else {}
    if unmeasured(task, training.best) is not None:
        metric = judged_by(task, training.best)
        update["best"] = training.best.model_copy(update={"metric": metric})
    return training.model_copy(update=update)


def with_data(draft: Draft, data: DataConfig) -> Draft:
    """Other settings of the same data."""
    return _asked_again(with_part(draft, "data", data))


def with_role(draft: Draft, column: str, role: str) -> Draft:
    """Let a column play a role; the column that played it before plays none. Of several labels each column of yes and
    no may be one."""
    if draft.config.task.is_multi_label and draft.preview is not None and column in draft.preview.marked_columns:
        return _with_label_column(draft, column, role)
    if role == LABEL.key:
        draft = replace(draft, config=_without_label_columns(draft.config))
    roles = {key: name for key, name in draft.roles.items() if name != column}
    if role != IGNORE:
        roles[role] = column
    is_open = frozenset(one for one in draft.wanted_roles if one not in roles)
    if draft.label_columns:
        roles.pop("label", None)
    changed = with_data(draft, draft.config.data.model_copy(update={"columns": roles}))
    return replace(changed, open_roles=is_open)


def _with_label_column(draft: Draft, column: str, role: str) -> Draft:
    """A column of yes and no becomes a label of its own, or is none any more."""
    assert draft.preview is not None
    roles = {key: name for key, name in draft.roles.items() if key != LABEL.key and name != column}
    if role not in (LABEL.key, IGNORE):
        roles[role] = column
    columns = [name for name in draft.label_columns if name != column]
    if role == LABEL.key:
        columns = [name for name in draft.preview.columns if name in (*columns, column)]
    data = draft.config.data.model_copy(update={"columns": roles, "label_columns": tuple(columns)})
    filled = {*roles, *([LABEL.key] if columns else [])}
    return replace(with_data(draft, data), open_roles=frozenset(draft.wanted_roles) - filled, is_kind_chosen=True)


def _without_label_columns(config: RunConfig) -> RunConfig:
    data = config.data.model_copy(update={"label_columns": ()})
    return config.model_copy(update={"data": data})


def lone_file(draft: Draft) -> Path | None:
    """A file of one text a row where the task reads a text and writes another: the other file is still to come."""
    preview, source = draft.preview, draft.config.data.train
    if preview is None or len(preview.columns) != 1 or not type_of(draft.config.task).can("transform"):
        return None
    return Path(source) if isinstance(source, str) and Path(source).is_file() else None


def can_exchange(draft: Draft) -> bool:
    """Whether there is a column of texts to read and one of texts to write, which may be the other way round."""
    is_chosen = draft.source_kind != "builtin" and type_of(draft.config.task).can("transform")
    return is_chosen and {SOURCE.key, TARGET.key} <= set(draft.roles)


def with_exchanged(draft: Draft) -> Draft:
    """What was read is written, and the other way round; of two files that belong together the second comes first."""
    roles, data = draft.roles, draft.config.data
    pairs = {split: parts_of(getattr(data, split)) for split in ("train", "validation", "test")}
    turned = {split: named(pair[::-1]) for split, pair in pairs.items() if pair is not None}
    if "train" in turned:
        columns = {role: column for role, column in data.columns.items() if role not in (SOURCE.key, TARGET.key)}
        fresh = with_data(draft, data.model_copy(update={**turned, "columns": columns}))
        return replace(fresh, preview=None, num_sources=draft.num_sources + 1)
    columns = {**data.columns, SOURCE.key: roles[TARGET.key], TARGET.key: roles[SOURCE.key]}
    return with_data(draft, data.model_copy(update={"columns": columns}))


def with_mends(draft: Draft, mends: dict[str, str]) -> Draft:
    """Mend findings ({kind: mend}), or keep them as they are ("keep")."""
    return with_data(draft, draft.config.data.model_copy(update={"mends": {**draft.config.data.mends, **mends}}))


def with_positive_label(draft: Draft, label: str | None) -> Draft:
    return with_part(draft, "task", _with_positive(draft.config.task, label))


def with_length(draft: Draft, preset: Preset) -> Draft:
    """Quick look, balanced or best, measured in the updates of the recipe."""
    return replace(draft, config=with_preset(draft.config, recipe(draft.recipe).config, preset), preset=preset)


def with_model(draft: Draft, model: Model) -> Draft:
    """Another model; what of an encoder learns brings the learning rate that suits it."""
    if not (isinstance(model, Pretrained) and isinstance(draft.config.model, Pretrained)):
        return with_part(draft, "model", model)
    training = with_adaptation(draft.config, model.adaptation).training
    return with_values(draft, {"model": model, "training": training})


def with_part(draft: Draft, name: str, part: Choice) -> Draft:
    """Another `data`, `task`, `model` or `training`."""
    return with_values(draft, {name: part})


def with_values(draft: Draft, update: dict[str, Any]) -> Draft:
    """Other values of the config's fields; the preset is named anew if the training changed."""
    config = draft.config.model_copy(update=update)
    preset = _preset_of(config, draft.recipe) if "training" in update else draft.preset
    is_said = draft.is_kind_chosen or target_kind(config.task) != draft.kind
    return replace(draft, config=config, preset=preset, is_kind_chosen=is_said)


def confirmed_config(draft: Draft) -> RunConfig:
    """What is handed over at the end: the config under the run's name."""
    return draft.config.model_copy(update={"title": draft.name.strip()})


def first_mends(report: DataReport) -> dict[str, str]:
    """The best mend of everything that the doctor would mend and nobody decided on. Texts of none of several labels are
    no fault: only a person knows whether they were ever looked at."""
    found = [one for one in report.findings if one.mends and not is_mended(one) and one.is_fault]
    return {one.kind: next(iter(one.mends)) for one in found}


def sign_of(draft: Draft) -> str | None:
    """What stands between the labels of a cell; None where a cell is one label."""
    if not draft.config.task.is_multi_label:
        return None
    return draft.config.data.label_separator or (draft.preview.separator if draft.preview else "")


def topics(task: Task, current: str) -> tuple[str, ...]:
    """The kinds of built-in texts that suit a task, and the one that is chosen."""
    fitting = view_of(task).wizard.topics
    return fitting if current in fitting or task.has_labels else (*fitting, current)


def source_kind(source: Source) -> SourceKind:
    if source == "builtin":
        return "builtin"
    first = Path(source if isinstance(source, str) else source[0])
    if first.is_dir():
        return "folder"
    return "file" if first.is_file() or first.suffix or first.is_absolute() else "hub"


def suggested_name(draft: Draft, model_title: str) -> str:
    """A name for the run, such as “reviews · Attention”."""
    return f"{source_name(draft.config.data.train)} · {model_title}"


def preview_key(config: RunConfig) -> str:
    """Two configs with the same key have the same preview."""
    roles = " ".join(role.key for role in type_of(config.task).roles)
    return roles + _key(config, {"data": {"train", "columns", "builtin", "reading"}})


def report_key(config: RunConfig) -> str:
    """Two configs with the same key have the same doctor's report."""
    return _key(config, {"data": True, "task": True, "seed": True})


def estimate_key(config: RunConfig) -> str:
    """Two configs with the same key cost the same."""
    return _key(config, {"data": True, "task": True, "model": True, "training": True})


def _key(config: RunConfig, parts: dict[str, bool | set[str]]) -> str:
    return json.dumps(config.model_dump(mode="json", include=parts), sort_keys=True)  # type: ignore[arg-type]


def _asked_again(draft: Draft) -> Draft:
    """The report of other settings is none; the preview goes on standing until the new one comes."""
    return replace(draft, report=None)


def _data_for(draft: Draft, chosen: Recipe) -> DataConfig:
    """The same texts; settings are the recipe's, unless somebody chose others than the recipe before had."""
    mine, theirs, before = draft.config.data, chosen.config.data, recipe(draft.recipe).config.data
    update = {name: getattr(theirs, name) for name in _OF_DATA if getattr(mine, name) == getattr(before, name)}
    is_other = not takes_models_of(draft.config.task, chosen.config.task)
    if is_other or _brings_its_kind(draft, chosen.config):
        update["builtin"] = theirs.builtin.model_copy(update={"language": mine.builtin.language})
    return mine.model_copy(update=update)


def takes_models_of(mine: Task, other: Task) -> bool:
    """Whether two tasks choose from the same models."""
    return type_of(mine).model_names == type_of(other).model_names


def _keeps_goal(draft: Draft, theirs: RunConfig) -> bool:
    """Whether the task as it is takes model and training of a recipe that is another task's."""
    mine = draft.config.task
    if draft.goal == theirs.task.name or not takes_models_of(mine, theirs.task):
        return False
    return type_of(mine).misfit(mine, theirs.model, theirs.training, None) is None


def _brings_its_kind(draft: Draft, theirs: RunConfig) -> bool:
    """Whether a recipe decides what a text gets: before data were chosen, and as long as they are invented ones if the
    recipe is about several labels or numbers."""
    kind = target_kind(theirs.task)
    if not draft.has_kinds or kind == draft.kind:
        return False
    return not draft.has_source or (draft.source_kind == "builtin" and not target_of(kind).is_exclusive)


def _with_positive(task: Task, label: str | None) -> Task:
    """Not every task has a positive label."""
    has_one = "positive_label" in type(task).model_fields
    return task.model_copy(update={"positive_label": label}) if has_one else task


def _recipes_like(config: RunConfig) -> list[Recipe]:
    """Those of the same goal and model; the one with the same title first."""
    fitting = [one for one in recipes() if takes_models_of(config.task, one.config.task)]
    same = [one for one in fitting if _is_like(one.config.model, config.model)]
    return sorted(same, key=lambda one: one.config.title != config.title)


def _is_like(theirs: Model, mine: Model) -> bool:
    """The same model; or an encoder, whichever it is."""
    return theirs == mine or (isinstance(theirs, Pretrained) and isinstance(mine, Pretrained))


def _own_name(config: RunConfig) -> str:
    """A recipe's title is no name of a run."""
    return "" if config.title in {one.config.title for one in recipes()} else config.title


def _preset_of(config: RunConfig, key: str) -> Preset | None:
    """The preset whose length the training has; more of the training may differ from the recipe."""
    mine = _length_of(config)
    return next((one for one in PRESETS if _length_of(with_preset(config, recipe(key).config, one)) == mine), None)


def _length_of(config: RunConfig) -> tuple[int, int, int, int | None]:
    training = config.training
    return training.max_steps, training.pretraining.steps, training.evaluate_every, training.best.patience
