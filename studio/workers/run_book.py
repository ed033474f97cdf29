"""RunBook: the runs and models that the window knows, their histories, and the run that it trains now."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from engine.commands import Command, Stop
from engine.errors import AttuneError, InputError
from engine.events import Event
from engine.messages import message
from engine.runs.damage import accept, faults_of, refuse_changed
from engine.runs.damaged_run import DamagedRun
from engine.runs.history import History, open_history
from engine.runs.journal import JournalReader
from engine.runs.labelling import Labelling, is_labelling, labellings_in
from engine.runs.model_folder import ModelFolder, Subject, is_model_folder, open_subject
from engine.runs.names import free_name
from engine.runs.repair import mend
from engine.runs.run import Run, runs_in
from engine.runs.run_maintenance import Marks, delete, mark, marks_of, rename, restore
from engine.runs.study import Study, is_study, studies_in
from studio.workers.run_worker import RunWorker
from studio.workers.study_worker import StudyStanding, StudyWorker

if TYPE_CHECKING:  # the choices load after the first paint
    from engine.config.run import RunConfig
    from engine.config.search import SearchPlan


OPENED = "model"
"""The state of a model that was not trained here."""

LABELLING = "labelling"
"""The state of a project of texts that a person labels."""

DAMAGED = "damaged"
"""The state of a run or a study that cannot be opened."""


@dataclass
class RunEntry:
    """One run in the list, a study of several runs, or a model that was opened to look into. `state` is kept up to date
    by the book; the history is read when first asked for. `standing` is how far a study is that this window runs;
    `marks` are what the person wrote on it."""

    subject: Subject | Study | Labelling | DamagedRun
    name: str
    created: float
    state: str
    standing: StudyStanding | None = None
    marks: Marks = field(default_factory=Marks)
    _reader: JournalReader | None = field(default=None, repr=False)

    @property
    def path(self) -> Path:
        return self.subject.path

    @property
    def run(self) -> Run:
        """For what only a run can do. Raises InputError for an opened model, and what is wrong with a damaged run."""
        if isinstance(self.subject, DamagedRun):
            raise self.subject.error
        if isinstance(self.subject, ModelFolder):
            raise InputError(
                message("This model was not trained here."), self.name, message("Look into it on the Attention page.")
            )
        if isinstance(self.subject, Study):
            raise InputError(message("This is a study of several runs."), self.name, message("Choose one of its runs."))
        if isinstance(self.subject, Labelling):
            raise InputError(
                message("This is a labelling project, not a run."), self.name, message("Train with its labels first.")
            )
        return self.subject

    @property
    def study(self) -> Study | None:
        """None for everything else."""
        return self.subject if isinstance(self.subject, Study) else None

    @property
    def labelling(self) -> Labelling | None:
        """None for everything but a labelling project."""
        return self.subject if isinstance(self.subject, Labelling) else None

    @property
    def damage(self) -> InputError | None:
        """Why it cannot be opened."""
        return self.subject.error if isinstance(self.subject, DamagedRun) else None

    @property
    def is_mendable(self) -> bool:
        """Whether something of a damaged run can be made anew."""
        return isinstance(self.subject, DamagedRun) and self.subject.is_mendable

    @cached_property
    def whole(self) -> Path | None:
        """The study that this run is a part of; lists then show that alone."""
        folder = self.path.parent
        return folder if isinstance(self.subject, Run) and is_study(folder) else None

    @cached_property
    def config(self) -> RunConfig:
        """Raises InputError where the settings cannot be read."""
        if isinstance(self.subject, DamagedRun):
            raise self.subject.error
        if isinstance(self.subject, ModelFolder | Labelling):
            from engine.config.run import RunConfig

            return RunConfig(title=self.name)
        return self.subject.base if isinstance(self.subject, Study) else self.subject.config

    @cached_property
    def history(self) -> History:
        if not isinstance(self.subject, Run):
            return History()
        history, self._reader = open_history(self.subject.journal)
        return history

    def follow(self) -> None:
        """Take over what was written into the journal since the last look."""
        history = self.history
        for event in self._reader.read() if self._reader else ():
            history.append(event)
        if self._reader is not None:
            history.tell_damage(self._reader.num_damaged)
        if history.state != "new":
            self.state = history.state


class AnsweringCheckpoint(NamedTuple):
    """`name` as the verbs take it; `step` tells whether a better one answers since."""

    name: Literal["best", "last"]
    step: int


def answering_checkpoint(entry: RunEntry) -> AnsweringCheckpoint | None:
    """The one that answers for a run: its best, else its last; a model that was only opened is its own. None before
    the first."""
    if entry.state == OPENED:
        return AnsweringCheckpoint("best", 0)
    history = entry.history
    if history.best is not None:
        return AnsweringCheckpoint("best", history.best.step)
    return AnsweringCheckpoint("last", history.checkpoints[-1].step) if history.checkpoints else None


class RunBook(QObject):
    """`changed`: the list or a state; `advanced(path)`: a run has new events; `failed(path, error)`: it ended badly;
    `deleted(path)`: a run or study lies in the trash now, told before `changed`.

    One run, or one study, trains at a time. The book belongs to the application, so a run goes on while pages come and
    go.
    """

    changed = Signal()
    advanced = Signal(object)
    failed = Signal(object, object)
    deleted = Signal(object)

    def __init__(self, folder: Path, parent: QObject | None = None, models: Iterable[Path] = ()) -> None:
        """`models` are folders that were opened before; those that are gone are left out."""
        super().__init__(parent)
        self.folder = folder
        self._models = [path for path in models if is_model_folder(path)]
        self._entries: dict[Path, RunEntry] = {}
        self._worker: RunWorker | StudyWorker | None = None
        self.refresh()

    def entries(self) -> list[RunEntry]:
        """Newest first; a study stands for its runs."""
        listed = [entry for entry in self._entries.values() if entry.whole is None]
        return sorted(listed, key=lambda entry: entry.created, reverse=True)

    def entry(self, path: Path) -> RunEntry:
        """Raises InputError when the folder holds neither a run, nor a study, nor a model."""
        if path not in self._entries:
            self._entries[path] = _entry(_opened(path))
        return self._entries[path]

    def known(self, path: Path) -> RunEntry | None:
        """The entry of what is listed; None for all else."""
        return self._entries.get(path)

    def faults(self, path: Path) -> list[InputError]:
        """What is not as it was written of a run or a study that opens all the same."""
        subject = self.entry(path).subject
        return faults_of(subject) if isinstance(subject, Run | Study) else []

    @property
    def models(self) -> list[Path]:
        """The models that were opened to look into, the newest last."""
        return list(self._models)

    def open_model(self, path: Path) -> Path:
        """Take a model's folder into the list. Raises InputError when it holds none."""
        folder = ModelFolder.open(path).path
        if folder not in self._models:
            self._models.append(folder)
            self.refresh()
        return folder

    def forget_model(self, path: Path) -> None:
        """Out of the list; the folder itself stays as it is."""
        self._models = [one for one in self._models if one != path]
        self._entries.pop(path, None)
        self.changed.emit()

    def rename(self, path: Path, name: str) -> None:
        """Give a run or a study another name. Raises InputError for an empty one."""
        rename(path, name)
        for entry in self._entries.values():
            if path in (entry.path, entry.whole):
                entry.name = _listed(entry.subject).name
        self.changed.emit()

    def mark(self, path: Path, marks: Marks) -> None:
        """Star, tags and note of a run or a study. Raises RunFailure when the disk refuses."""
        mark(path, marks)
        self.entry(path).marks = marks_of(path)
        self.changed.emit()

    def mend(self, path: Path) -> None:
        """Make anew what can be made anew of a damaged run. Raises InputError where nothing can."""
        mend(path)
        self._entries.pop(path, None)
        self.refresh()

    def delete(self, path: Path) -> Path:
        """Into the trash; returns where it lies there, for `restore`. Raises InputError for what is being trained."""
        place = delete(path)
        self._entries = {at: one for at, one in self._entries.items() if path not in (at, one.whole)}
        self.deleted.emit(path)
        self.changed.emit()
        return place

    def restore(self, place: Path) -> Path:
        """Back out of the trash; returns where it lies now."""
        path = restore(place)
        self.refresh()
        return path

    @property
    def active(self) -> Path | None:
        """The run that this window trains now, or the study that it runs."""
        return self._worker.run_folder.path if self._worker else None

    def refresh(self) -> None:
        """Read the folder again; runs that are known stay as they are."""
        found: dict[Path, Subject | Study | Labelling | DamagedRun] = {run.path: run for run in runs_in(self.folder)}
        found |= {study.path: study for study in studies_in(self.folder)}
        found |= {project.path: project for project in labellings_in(self.folder)}
        found |= {path: ModelFolder(str(path)) for path in self._models}
        known = {path: entry for path, entry in self._entries.items() if path in found or self._is_part_of_now(path)}
        known = {path: one for path, one in known.items() if not _has_turned(one, found.get(path))}
        self._entries = known | {path: _listed(subject) for path, subject in found.items() if path not in known}
        self.changed.emit()

    def move_to(self, folder: Path) -> None:
        """Look at another folder of runs."""
        self.folder = folder
        self.refresh()

    def add_labelling(self, project: Labelling) -> Path:
        """Take a project that was just begun into the list."""
        self._entries[project.path] = _entry(project)
        self.changed.emit()
        return project.path

    def tell_labelled(self, path: Path) -> None:
        """Something was labelled in a project: lists say how far it is."""
        self.advanced.emit(path)

    def start(self, config: RunConfig, name: str | None = None) -> Path:
        """Make a run and train it. Raises InputError while another one trains, or when the name is taken."""
        self._refuse_second()
        run = Run.create(config, self.folder, name)
        self._entries[run.path] = _entry(run)
        self._begin(run, "train")
        return run.path

    def start_study(self, config: RunConfig, num_seeds: int, name: str | None = None) -> Path:
        """Make an ablation of a config and run it. Raises InputError while another run trains, for a config that cannot
        be taken apart, or when the name is taken."""
        from engine.studies.variants import create_ablation

        self._refuse_second()
        study = create_ablation(config, self.folder, num_seeds, name)
        self._entries[study.path] = _entry(study)
        self._begin(study, "train")
        return study.path

    def start_search(self, config: RunConfig, plan: SearchPlan, name: str | None = None) -> Path:
        """Make a search around a config and run it. Raises InputError while another run trains, for a plan that does
        not fit the config, or when the name is taken."""
        from engine.config.search import checked_plan
        from engine.runs.search_folder import create_search

        self._refuse_second()
        study = create_search(config, checked_plan(plan, config), self.folder, name)
        self._entries[study.path] = _entry(study)
        self._begin(study, "train")
        return study.path

    def start_best(
        self,
        config: RunConfig,
        recipes: Mapping[str, RunConfig],
        minutes: float,
        encoder: str | None = None,
        name: str = "",
    ) -> Path:
        """Find the best model for a config's texts; a `name` that is taken gets a number. Raises InputError while
        another run trains, and for a goal that knows no word counting."""
        from engine.studies.best import create_best

        self._refuse_second()
        called = free_name(self.folder, name) if name else None
        study = create_best(config, recipes, minutes, self.folder, encoder, called)
        self._entries[study.path] = _entry(study)
        self._begin(study, "train")
        return study.path

    def resume(self, path: Path, *, as_it_is: bool = False) -> None:
        """Go on with a run or a study. Raises InputError while another one trains, when it is finished, and
        ChangedByHand for settings that are not as they were written, unless it is to go on with them as they are."""
        self._refuse_second()
        entry = self.entry(path)
        subject = entry.study or entry.run
        if as_it_is:
            accept(subject)
            vars(entry).pop("config", None)
            vars(subject).pop("config", None)
        refuse_changed(subject)
        if entry.state == "finished":
            raise InputError(
                message("This run is finished already."), entry.name, message("Start a new run to train on.")
            )
        self._begin(subject, "resume")

    def send(self, command: Command) -> None:
        """To the active run; without one nothing happens."""
        if self._worker:
            self._worker.send(command)

    def stop_and_wait(self) -> None:
        """Stop and keep, and wait for it: the window is closing."""
        if self._worker:
            worker = self._worker
            worker.send(Stop())
            worker.wait()
            self._finished(worker.run_folder.path, None)

    def _refuse_second(self) -> None:
        if self._worker:
            raise InputError(
                message("Another run is training."),
                self._entries[self._worker.run_folder.path].name,
                message("Wait until it is done, or stop it; then start this one."),
            )

    def _begin(self, run: Run | Study, action: Literal["train", "resume"]) -> None:
        worker = StudyWorker(run) if isinstance(run, Study) else RunWorker(run, action)
        self._worker = worker
        entry = self._entries[run.path]
        entry.state = "running"
        entry.history.state = "running"
        if isinstance(worker, StudyWorker):
            worker.stood.connect(self._stand)
        else:
            worker.advanced.connect(self._advance)
        worker.ended.connect(self._finished)
        worker.start()
        self.changed.emit()

    @Slot(object, object)
    def _advance(self, path: Path, events: list[Event]) -> None:
        entry = self._entries[path]
        before = entry.state
        for event in events:
            entry.history.append(event)
        if entry.history.state != "new":
            entry.state = entry.history.state
        self.advanced.emit(path)
        if entry.state != before:
            self.changed.emit()

    @Slot(object, object)
    def _stand(self, path: Path, standing: StudyStanding) -> None:
        """A study came on: so did the run of it that trains, whose journal tells how."""
        self._entries[path].standing = standing
        for part in standing.advanced:
            self.entry(part).follow()
            self.advanced.emit(part)
        self.advanced.emit(path)

    def _is_part_of_now(self, path: Path) -> bool:
        """What is training now, and its parts, stay though the folder is another one."""
        return self.active is not None and self.active in (path, path.parent)

    @Slot(object, object)
    def _finished(self, path: Path, error: AttuneError | None) -> None:
        if self._worker is None or path != self.active:
            return
        worker, self._worker = self._worker, None
        worker.wait()
        entry = self._entries[path]
        entry.state = _state_after(entry, error)
        self.advanced.emit(path)
        self.changed.emit()
        if error is not None:
            self.failed.emit(path, error)


def _state_after(entry: RunEntry, error: AttuneError | None) -> str:
    """A study that an error ended can go on, when that is mended: it is stopped, not failed."""
    if entry.study is not None:
        return entry.study.state
    return "failed" if error else entry.run.state


def _has_turned(entry: RunEntry, found: object) -> bool:
    """Whether a run that was listed was damaged since, or mended, or is damaged in another way."""
    now = str(found.error) if isinstance(found, DamagedRun) else None
    return (None if entry.damage is None else str(entry.damage)) != now


def _opened(path: Path) -> Subject | Study | Labelling:
    if _is_whole_study(path):
        return Study.open(path)
    return Labelling.open(path) if is_labelling(path) else open_subject(path)


def _is_whole_study(path: Path) -> bool:
    return is_study(path) and not (path / "run.json").is_file()


def _listed(subject: Subject | Study | Labelling | DamagedRun) -> RunEntry:
    """What is damaged between the look at the folder and the look into it is damaged too."""
    try:
        return _entry(subject)
    except InputError as error:
        return _entry(DamagedRun(subject.path, error, is_study=isinstance(subject, Study)))
    except OSError as error:
        what = message("The folder cannot be read: {reason}.", reason=error.strerror or str(error))
        mending = message("Ask for the right to read it, or move it away.")
        return _entry(DamagedRun(subject.path, InputError(what, str(subject.path), mending)))


def _entry(subject: Subject | Study | Labelling | DamagedRun) -> RunEntry:
    if isinstance(subject, DamagedRun):
        return RunEntry(subject, subject.name, subject.created, DAMAGED)
    if isinstance(subject, ModelFolder):
        created = subject.path.stat().st_mtime if subject.path.exists() else 0.0
        return RunEntry(subject, subject.name, created, OPENED)
    about = subject.about
    created, marks = float(about.get("created", 0.0)), Marks.of(about)
    if isinstance(subject, Study):
        return RunEntry(subject, str(about.get("title", subject.path.name)), created, subject.state, marks=marks)
    if isinstance(subject, Labelling):
        return RunEntry(subject, str(about.get("title", subject.path.name)), created, LABELLING, marks=marks)
    name = str(about.get("name", subject.path.name))
    if is_study(subject.path.parent):
        with contextlib.suppress(InputError):  # a damaged study's runs open all the same
            name = f"{Study.open(subject.path.parent).name} · {subject.path.name}"
    return RunEntry(subject, name, created, subject.state, marks=marks)
