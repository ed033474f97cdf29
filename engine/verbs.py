"""All that a person can ask of the engine. Two doors open on it: the command line and the window's workers."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
import torch
from datasets import disable_progress_bars
from transformers.utils import logging as transformers_logging

from engine.commands import Command
from engine.config.data import DataConfig, Source
from engine.config.pretrained import Pretrained
from engine.config.run import RunConfig, from_tree, from_yaml, merged, read_tree
from engine.data import doctor, sources
from engine.errors import AttuneError, InputError
from engine.events import Event, RunFailed
from engine.export.export import export as export_model
from engine.inspection import answers, batch_answers, correcting, generators, promising
from engine.inspection import attend as looking
from engine.inspection import attribute as reasons
from engine.inspection import faithfulness as many_texts
from engine.inspection import heads as head_effects
from engine.inspection import rollout as rolling
from engine.inspection import similar as near_duplicates
from engine.inspection import suspects as hunting
from engine.inspection import trust as one_text
from engine.inspection.calibrate import calibrate as calibrate_run
from engine.inspection.compare import compare as compare_runs
from engine.inspection.counted import counted as counted_rows
from engine.inspection.estimate import estimate_cost
from engine.inspection.examine import examine as examine_rows
from engine.inspection.gradients import importance_of_heads
from engine.inspection.labelled import labelled_rows
from engine.inspection.measure import measure as measure_rows
from engine.inspection.questions import Answering, ask
from engine.inspection.report import report as write_report
from engine.inspection.robustness import robustness
from engine.inspection.slices import slices as slices_of_rows
from engine.inspection.speed import speed as speed_of
from engine.inspection.subjects import trained
from engine.inspection.texts import evidence_of, texts_of
from engine.messages import message
from engine.records import (
    UNCHANGED,
    Answers,
    AttackMethod,
    AttentionMap,
    AttentionRecord,
    Attribution,
    BatchPredicted,
    Calibration,
    CheckedPromise,
    Comparison,
    DataReport,
    Estimate,
    Evaluation,
    Exported,
    Faithfulness,
    Format,
    Head,
    HeadTable,
    Hunt,
    Measures,
    Method,
    Prediction,
    Preview,
    Progress,
    Robustness,
    Samples,
    Similar,
    Slice,
    Speed,
    StudyReport,
    Suspect,
    Sweep,
    SwitchEffect,
    Switches,
)
from engine.runs.correction_files import Correction, corrections_file
from engine.runs.inbox import Inbox
from engine.runs.journal import JournalWriter
from engine.runs.model_folder import Subject
from engine.runs.run import Run
from engine.runs.samples import keep_sweep
from engine.runs.study import Study
from engine.studies import ablation, table, variants
from engine.training import prepare

# Events tell the progress; the libraries' own bars would run across the command line's answers.
disable_progress_bars()
transformers_logging.disable_progress_bar()

RECIPES = Path(__file__).resolve().parents[1] / "resources" / "recipes"
Training = Generator[Event | None, Command | None, None]


def recipes() -> dict[str, RunConfig]:
    """The recipes that come with Attune, by name."""
    return {path.stem: from_yaml(path) for path in sorted(RECIPES.glob("*.yaml"))}


def load_config(recipe_or_yaml: str, changes: dict[str, object]) -> RunConfig:
    """A recipe by name, or a YAML file by path, with `changes` (dotted paths) put in. Raises InputError."""
    path = Path(recipe_or_yaml)
    if path.suffix not in (".yaml", ".yml"):
        path = RECIPES / f"{recipe_or_yaml}.yaml"
        if not path.is_file():
            known = ", ".join(sorted(one.stem for one in RECIPES.glob("*.yaml")))
            raise InputError(
                message("There is no recipe “{name}”.", name=recipe_or_yaml),
                recipe_or_yaml,
                message("Choose one of {known}, or give the path of a YAML file.", known=known),
            )
    tree = from_tree(read_tree(path), where=str(path)).to_tree()
    return from_tree(merged(tree, changes))


def preview(data: DataConfig) -> Preview:
    """The first rows of the training source, its columns and what they seem to be."""
    return sources.preview(data.train, data.builtin, data.columns)


def diagnose(config: RunConfig) -> DataReport:
    """The doctor's findings on all splits, and what is left after the chosen mends."""
    return doctor.diagnose(config.data, config.task, config.seed)


def estimate(config: RunConfig) -> Estimate:
    """Parameters, memory and time, measured by a short probe on this machine."""
    return estimate_cost(config)


def create(config: RunConfig, folder: Path, name: str | None = None) -> Run:
    """A new run's folder. Paths (of data, of a model) become absolute: the run can be resumed from anywhere."""
    return Run.create(_with_absolute_sources(config), folder, name)


def train(run: Run) -> Training:
    """Train a run that was just created. Every event is in the journal before it is yielded; an error ends the run
    with RunFailed and is raised after it."""
    yield from _journaled(run, prepare.train(run))


def resume(run: Run) -> Training:
    """Go on with a run that was stopped, interrupted or failed."""
    yield from _journaled(run, prepare.resume(run))


def evaluate(run: Run, source: Source | None = None, split: str | None = None, checkpoint: str = "best") -> Evaluation:
    """How good a checkpoint is on a split of the run's data, or on another labelled file; of a text GAN: every meter,
    beside those of real text."""
    return answers.evaluate(run, source, split, checkpoint)


def examine(
    subject: Subject, source: Source | None = None, split: str | None = None, checkpoint: str = "best"
) -> Generator[Progress, None, Answers]:
    """What a checkpoint says of every row of a file, or of a split of the run's data; kept in the run's `answers`."""
    return (yield from examine_rows(subject, source, split, checkpoint))


def promise(
    run: Run,
    precision: float,
    confidence: float = 0.95,
    label: str | None = None,
    checkpoint: str = "best",
    source: Source | None = None,
    split: str | None = None,
) -> Generator[Progress, None, CheckedPromise]:
    """From which probability on a label is right often enough: promised on validation rows, checked on test rows (or a
    named split, or a file). Without a label: the positive one of two, whichever it says of many."""
    return (yield from promising.promise(run, precision, confidence, label, checkpoint, source, split))


def measure(
    subject: Subject,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    temperature: float | None = None,
) -> Generator[Progress, None, Measures]:
    """Every figure with its interval, and baselines beside them. A `Progress.partial` has the figures early, before
    the intervals that take long. `temperature` None: that of the saved decision."""
    return (yield from measure_rows(subject, source, split, checkpoint, temperature))


def counted(
    run: Run, source: Source | None = None, split: str | None = None, checkpoint: str = "best"
) -> Generator[Progress, None, np.ndarray]:
    """Word counting's probabilities [N, L] on the rows of `examine`; kept beside them."""
    return (yield from counted_rows(run, source, split, checkpoint))


def calibrate(run: Run, checkpoint: str = "best", split: str | None = None) -> Generator[Progress, None, Calibration]:
    """The temperature that fits the validation rows best, and how far probabilities can be believed before and after
    it: on test rows, where the run has some."""
    return (yield from calibrate_run(run, checkpoint, split))


def slices(
    subject: Subject,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    word: str = "",
) -> Generator[Progress, None, tuple[Slice, ...]]:
    """Parts of the rows (by length, label, column, a word) and whether the model does worse there than elsewhere."""
    return (yield from slices_of_rows(subject, source, split, checkpoint, word))


def speed(subject: Subject, checkpoint: str = "best") -> Generator[Progress, None, Speed]:
    """Rows a second in batches, and the seconds that one text takes."""
    return (yield from speed_of(subject, checkpoint))


def report(
    run: Run,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    folder: Path | None = None,
    language: str = "en",
) -> Generator[Progress, None, tuple[Path, Path]]:
    """One HTML file for people and the CSV of all predictions, in `folder` (the run's `report`)."""
    return (yield from write_report(run, source, split, checkpoint, folder, language))


def compare(
    runs: Sequence[Run | Study], split: str | None = None, source: Source | None = None
) -> Generator[Progress, None, Comparison]:
    """Runs, or the runs of studies, on the same texts: the first one's group against each other one."""
    return (yield from compare_runs(runs, split, source))


def suspects(
    run: Run, split: str = "train", checkpoint: str = "best", source: Source | None = None, num: int = 200
) -> Generator[Progress, None, tuple[Suspect, ...]]:
    """The rows whose labels are likely wrong, worst first, by a model that did not learn from them."""
    return (yield from hunting.hunt(run, split, checkpoint, source, num)).suspects


def hunt(
    run: Run, split: str = "train", checkpoint: str = "best", source: Source | None = None, num: int = 200
) -> Generator[Progress, None, Hunt]:
    """The same, with how many rows were judged and how many labels are wrong in all by estimate."""
    return (yield from hunting.hunt(run, split, checkpoint, source, num))


def correct(run: Run, split: str, row: int, labels: Sequence[str] | None, *, keep: bool = False) -> Correction:
    """Say what a row's label should be (None: leave the row out; `keep`: it is right); kept beside the run."""
    return correcting.correct(run, split, row, labels, keep=keep)


def undo_correction(run: Run, split: str, row: int) -> Correction:
    """Take back what was said of a row's label."""
    return correcting.undo(run, split, row)


def similar(run: Run, text: str, num: int = 3) -> Generator[Progress, None, tuple[Similar, ...]]:
    """The training rows that are nearly the same text, with their labels."""
    return (yield from near_duplicates.similar(run, text, num))


def generate(
    run: Run,
    num: int = 50,
    temperature: float = 1.0,
    seed: int | None = None,
    checkpoint: str = "best",
    judged: bool = True,
) -> Generator[Progress, None, Samples]:
    """New texts of a text GAN, judged by its critic and compared with the training texts. Without a seed they are new
    each time."""
    return (yield from generators.generate(run, num, temperature, seed, checkpoint, judged=judged))


def sweep(
    run: Run, checkpoint: str = "best", temperatures: Sequence[float] = generators.TEMPERATURES
) -> Generator[Progress, None, Sweep]:
    """Quality against variety: the maximum-likelihood model through temperatures, the GAN and real text beside it. The
    result is kept in the run's `report/sweep.json`."""
    found = yield from generators.sweep(run, checkpoint, temperatures)
    keep_sweep(run, found)
    return found


def predict(subject: Subject, text: str, checkpoint: str = "best") -> Prediction:
    """The answer of a run's checkpoint, or of another model, to one text."""
    return looking.attend(trained(subject, checkpoint), text).prediction


def predict_file(
    subject: Subject, data: Source, out: Path, checkpoint: str = "best", *, for_spreadsheets: bool = False
) -> Generator[Progress, None, BatchPredicted]:
    """The answers to every text of a file as a CSV; whole when this ends, none when it is closed before."""
    answering = batch_answers.predict_file(subject, data, out, checkpoint, for_spreadsheets=for_spreadsheets)
    return (yield from answering)


def attend(subject: Subject, text: str, checkpoint: str = "best", switches: Switches = UNCHANGED) -> AttentionRecord:
    """Where a run's checkpoint, or another model, looks while it reads a text, with some of its heads off."""
    return looking.attend(trained(subject, checkpoint), text, switches)


def exact_map(
    subject: Subject, text: str, head: Head, checkpoint: str = "best", switches: Switches = UNCHANGED
) -> np.ndarray:
    """One head's weights, [query, key], where the text is so long that `attend` pools them."""
    return looking.exact_map(trained(subject, checkpoint), text, head, switches)


def attribute(
    subject: Subject,
    text: str,
    method: Method,
    checkpoint: str = "best",
    switches: Switches = UNCHANGED,
    label: str | None = None,
) -> Answering[Attribution]:
    """How much each token counts for the answer (or for `label`). Breathes; its result is the `Attribution`."""
    return (yield from reasons.attribute(trained(subject, checkpoint), text, method, switches, label))


def rollout(
    subject: Subject, text: str, checkpoint: str = "best", switches: Switches = UNCHANGED
) -> tuple[AttentionMap, ...]:
    """Attention followed through all layers: "rollout" and, where a pooling looks on top, "rollout to the answer"."""
    return rolling.rollout(looking.attend(trained(subject, checkpoint), text, switches))


def importance(
    subject: Subject, text: str, checkpoint: str = "best", switches: Switches = UNCHANGED
) -> dict[str, np.ndarray]:
    """How strongly the answer would react to each head's being turned down, by map name: float32 [layers, heads]."""
    return importance_of_heads(ask(trained(subject, checkpoint), text, switches))


def trust(
    subject: Subject, text: str, checkpoint: str = "best", switches: Switches = UNCHANGED
) -> Answering[Faithfulness]:
    """How far the attention shown for this text can be trusted as the reason of the answer."""
    model = trained(subject, checkpoint)
    return (yield from one_text.trust(model, text, evidence_of(subject, text), switches))


def faithfulness(
    subject: Subject,
    source: Source | None = None,
    split: str | None = None,
    num_rows: int = 200,
    checkpoint: str = "best",
) -> Answering[Faithfulness]:
    """`trust` as the mean over rows: of a file with texts, or of the run's test (else validation) split."""
    model = trained(subject, checkpoint)
    return (yield from many_texts.faithfulness(model, texts_of(subject, source, split, num_rows)))


def switch_effect(
    subject: Subject,
    switches: Switches,
    source: Source | None = None,
    split: str | None = None,
    num_rows: int | None = None,
    checkpoint: str = "best",
) -> Generator[Progress, None, SwitchEffect]:
    """What switched-off heads, or uniform attention, cost on labelled rows: all of the run's validation split, or of
    another labelled file. Goes on while it is iterated; closing it stops it."""
    model = trained(subject, checkpoint)
    rows = labelled_rows(subject, model, source, split, num_rows)
    return (yield from head_effects.switch_effect(model, rows, switches))


def heads(
    subject: Subject,
    source: Source | None = None,
    split: str | None = None,
    num_rows: int | None = 200,
    checkpoint: str = "best",
) -> Generator[Progress, None, HeadTable]:
    """Every head switched off alone, the most costly one first, on `num_rows` labelled rows. Goes on while it is
    iterated; closing it stops it."""
    model = trained(subject, checkpoint)
    rows = labelled_rows(subject, model, source, split, num_rows)
    return (yield from head_effects.head_table(model, rows))


def attack(
    subject: Subject,
    method: AttackMethod,
    source: Source | None = None,
    split: str | None = None,
    num_rows: int = 200,
    checkpoint: str = "best",
) -> Generator[Progress, None, Robustness]:
    """What is left of precision and recall when texts are misspelled or reworded against the model: `num_rows` rows of
    a labelled file, or of the run's test (else validation) split. Goes on while it is iterated; closing it stops it."""
    return (yield from robustness(subject, method, source, split, num_rows, checkpoint))


def export(
    subject: Subject, format: Format, out: Path, checkpoint: str = "best"
) -> Generator[Progress, None, Exported]:
    """A folder that works without the studio ("hf": transformers opens it; "onnx": onnxruntime does), compared with the
    studio's own answers before it is called done. `Progress.partial` says in words what is being done."""
    return (yield from export_model(subject, format, out, checkpoint))


def create_ablation(config: RunConfig, folder: Path, seeds: int, name: str | None = None) -> Study:
    """A new study's folder: the plain network, each part of the config alone, and all three, each with `seeds` seeds.
    Raises InputError for a config that cannot be taken apart."""
    return variants.create_ablation(_with_absolute_sources(config), folder, seeds, name)


def ablate(study: Study) -> Generator[Progress, Command | None, StudyReport]:
    """Run what is not finished of a study. `Progress.partial` is the report where the table is new, or `RunNews`."""
    return (yield from ablation.run_ablation(study, lambda run: resume(run) if run.journal.exists() else train(run)))


def study_report(study: Study) -> StudyReport:
    """The table of a study so far, and what it says in words."""
    return table.study_report(study)


def _journaled(run: Run, loop: Training) -> Training:
    """Append each event, take commands from whoever iterates and from the inbox, end with RunFailed on an error."""
    with run.locked(), JournalWriter(run.journal) as journal:
        inbox = Inbox(run)
        command: Command | None = None
        step = 0
        while True:
            try:
                event = loop.send(command)
                if event is not None:
                    step = getattr(event, "step", step)
                    journal.append(event)
            except StopIteration:
                return
            except (AttuneError, torch.OutOfMemoryError) as problem:
                error = problem if isinstance(problem, AttuneError) else _out_of_memory(run)
                failed = RunFailed(step=step, what=error.what, where=error.where, mend=error.mend)
                _append_if_possible(journal, failed)
                yield failed
                raise error from problem
            sent = yield event
            command = sent or inbox.next()


def _append_if_possible(journal: JournalWriter, event: Event) -> None:
    try:
        journal.append(event)
    except AttuneError:
        return  # the disk that refused the run refuses its last word too; it is told all the same


def _out_of_memory(run: Run) -> AttuneError:
    return AttuneError(
        message("The device's memory is full."),
        run.name,
        message(
            "Halve “Micro-batch” and double “Accumulation”: the result is the same. Then start again, or resume: the "
            "last checkpoint is safe."
        ),
    )


def _with_absolute_sources(config: RunConfig) -> RunConfig:
    changes: dict[str, object] = {
        f"data.{name}": _absolute(source)
        for name in ("train", "validation", "test", "unlabelled")
        if (source := getattr(config.data, name)) is not None
    }
    if config.data.corrections:
        changes["data.corrections"] = [str(corrections_file(one).resolve()) for one in config.data.corrections]
    if isinstance(config.model, Pretrained):
        changes["model.source"] = _absolute(config.model.source)
    return config.with_values(changes)


def _absolute(source: Source) -> str | list[str]:
    if isinstance(source, tuple):
        return [str(_absolute(one)) for one in source]
    path = Path(source).expanduser()
    return str(path.resolve()) if source != "builtin" and path.exists() else source
