"""What is wrong with a run's files, without reading weights or journals: quick enough for whoever opens it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import InputError
from engine.messages import Message, message
from engine.runs.checksums import Damage, damaged_file, fits, is_sound, read_json, sealed, sha256
from engine.runs.files import write_atomic
from engine.runs.pointer import FILE as POINTER
from engine.runs.pointer import read_pointer, step_folders, step_number
from engine.runs.run import SUMMED, Run, ends_whole, last_saved
from engine.runs.run_facts import RUN_FILE, STUDY_FILE, how_to_go_on, read_run, read_study
from engine.runs.study import Study


class ChangedByHand(InputError):
    """A file that a run was made with is not as it was written: it can be put back, or accepted as it is now."""


def faults_of(subject: Run | Study) -> list[InputError]:
    """In the order in which they should be mended; none of a sound run. Whoever goes on in spite of them says them."""
    if isinstance(subject, Study):
        return _unsealed(subject, STUDY_FILE)
    return [*_unsealed(subject, RUN_FILE), *changed_files(subject), *_pointer_faults(subject), *_cut_journal(subject)]


def changed_files(run: Run) -> list[InputError]:
    """What was chosen and is not as it was written. A run of an older version has no sums: nothing is known of it."""
    about = run.about
    return [_changed(run, name) for name in SUMMED if not _is_as_written(about, run, name)]


def refuse_changed(subject: Run | Study) -> None:
    """Raises ChangedByHand for a run, or a study, whose settings are not as they were written."""
    found = _unsealed(subject, STUDY_FILE) if isinstance(subject, Study) else changed_files(subject)
    if found:
        raise found[0]


def accept(subject: Run | Study) -> tuple[str, ...]:
    """Take the files as they are now for right; returns their names. Raises InputError where they cannot be read,
    RunFailure when the disk refuses."""
    if isinstance(subject, Study):
        changed = _unsealed(subject, STUDY_FILE)
        write_atomic(subject.path / STUDY_FILE, sealed(read_study(subject.path), indent=1))
        return (STUDY_FILE,) if changed else ()
    about = read_run(subject.path)
    names = [RUN_FILE] if _unsealed(subject, RUN_FILE) else []
    names += [name for name in SUMMED if (subject.path / name).is_file() and not _is_as_written(about, subject, name)]
    sums = {name: sha256(subject.path / name) for name in SUMMED if (subject.path / name).is_file()}
    write_atomic(subject.path / RUN_FILE, sealed({**about, "sums": sums}))
    return tuple(names)


def _is_as_written(about: Mapping[str, Any], run: Run, name: str) -> bool:
    sums = about.get("sums")
    return not isinstance(sums, dict) or name not in sums or fits(run.path / name, sums[name])


def _changed(run: Run, name: str) -> InputError:
    return ChangedByHand(
        message("{file} is not as it was written: it was changed, or cut short.", file=name),
        str(run.path / name),
        message("Put it back from a copy; or, if it is right as it is now: resume with --accept."),
    )


def _unsealed(subject: Run | Study, name: str) -> list[InputError]:
    try:
        tree = read_json(subject.path / name)
    except (OSError, Damage) as error:
        return [damaged_file(subject.path / name, error, how_to_go_on(subject.path))]
    if isinstance(tree, dict) and is_sound(tree):
        return []
    return [
        ChangedByHand(
            message("{file} is not as it was written: it was changed, or cut short.", file=name),
            str(subject.path / name),
            how_to_go_on(subject.path),
        )
    ]


def _pointer_faults(run: Run) -> list[InputError]:
    try:
        read_pointer(run.path)
    except FileNotFoundError as error:
        if not step_folders(run.path):
            return []
        return [damaged_file(run.path / POINTER, error, _FOUND)]
    except (OSError, Damage) as error:
        return [damaged_file(run.path / POINTER, error, _FOUND)]
    return []


_FOUND = message("The checkpoints were found by their own folders; “resume” writes the file anew.")


def _cut_journal(run: Run) -> list[InputError]:
    """A journal that ends before the last checkpoint, or in the middle of a line, has lost its end; whoever trains now
    is still writing."""
    what = _what_is_lost(run)
    if what is None or run.is_locked:
        return []
    mend = message("Curves and log end early; the checkpoints themselves are not touched.")
    return [InputError(what, str(run.journal), mend)]


def _what_is_lost(run: Run) -> Message | None:
    last = run.checkpoints.get("last")
    if isinstance(last, str) and (run.path / "checkpoints" / last / "manifest.json").is_file():
        step, told = step_number(last), last_saved(run.journal)
        if told is None or told < step:
            return message("journal.jsonl lacks its end: it tells nothing of the checkpoint of step {step}.", step=step)
    if run.journal.is_file() and not ends_whole(run.journal):
        return message("journal.jsonl ends in the middle of a line: it was cut short.")
    return None
