"""Running an ablation: every variant with every seed, one run after the other, each an ordinary run.

    for each seed: for each variant: train or go on with its run -> what it tells, passed on -> the table so far

Going on with a study skips what is finished and goes on with everything else, a run that failed included. Wrong input
ends the study, as every run has the same data; a run that fails in another way (its loss is not finite any more) is
told in the report, and the next one begins.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from engine.commands import Command, Stop
from engine.config.accumulation import FixedAccumulation
from engine.config.training import TrainingConfig
from engine.errors import AttuneError, InputError
from engine.events import Event, Progressed, StepsTaken
from engine.records import Progress, StudyReport
from engine.runs.run import Run
from engine.runs.study import Member, RunNews, Study, StudyState
from engine.studies.table import study_report

Training = Generator[Event | None, Command | None, None]
Ablating = Generator[Progress, Command | None, StudyReport]


def run_ablation(study: Study, train: Callable[[Run], Training]) -> Ablating:
    """Run what is not finished; the result is the last report. `train` begins a run or goes on with it, and writes its
    journal; commands that are sent reach the run that trains, and `Stop` ends the study after it.

    Each `Progress` counts micro-batches over all runs, so that a run that accumulates counts like the others. Its
    `partial` is the report where the table is new, `RunNews` where a run told something, and None while it breathes.
    Raises InputError while another process runs the study, and for wrong input.
    """
    with study.locked():
        study.become("running")
        state: StudyState = "interrupted"
        try:
            is_stopped = yield from _Ablation(study, train).run()
            state = "stopped" if is_stopped else "finished"
        except AttuneError:
            state = "stopped"
            raise
        finally:
            if state != "interrupted":
                study.become(state)
    return _kept(study)


class _Ablation:
    """How far one call of `run_ablation` has come."""

    def __init__(self, study: Study, train: Callable[[Run], Training]) -> None:
        self._study, self._train = study, train
        self._total = sum(_extent(one) for one in study.members)
        self._before = 0
        self._is_stopping = False

    def run(self) -> Generator[Progress, Command | None, bool]:
        """Whether it was stopped."""
        yield from self._tell_table()
        for member in self._study.members:
            if self._is_stopping:
                return True
            run = member.run
            if run is None or run.state != "finished":
                yield from self._train_one(member)
                yield from self._tell_table(_extent(member))
            self._before += _extent(member)
        return self._is_stopping

    def _train_one(self, member: Member) -> Generator[Progress, Command | None, None]:
        run = member.made()
        training, weight = self._train(run), _weight(member.variant.config.training)
        step, command = 0, None
        while True:
            try:
                event = training.send(command)
            except StopIteration:
                break
            except InputError:
                raise
            except AttuneError:
                return  # it is the last word of the run's journal, where the report reads it
            if isinstance(event, StepsTaken):
                step = int(event.steps[-1])
            elif isinstance(event, Progressed):
                step = event.step
            news = None if event is None else RunNews(run.path, event)
            command = yield Progress(self._before + step * weight, self._total, news)
            self._is_stopping |= isinstance(command, Stop)
        self._is_stopping |= run.state == "stopped"  # by a command that came another way

    def _tell_table(self, done: int = 0) -> Generator[Progress, Command | None, None]:
        command = yield Progress(self._before + done, self._total, _kept(self._study))
        self._is_stopping |= isinstance(command, Stop)


def _kept(study: Study) -> StudyReport:
    report = study_report(study)
    study.keep(report)
    return report


def _extent(member: Member) -> int:
    """Micro-batches of a whole run."""
    training = member.variant.config.training
    return training.max_steps * _weight(training)


def _weight(training: TrainingConfig) -> int:
    """Micro-batches of an update, as far as they are known beforehand."""
    accumulation = training.accumulation
    return accumulation.steps if isinstance(accumulation, FixedAccumulation) else 1
