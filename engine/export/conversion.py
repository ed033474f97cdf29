"""converted: a model written as ONNX by a process of its own.

Tracing holds Python's lock for a second at a time, and changes what the whole process warns of: a window beside it
would stand still. A process can also be stopped at any moment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path

from engine.errors import InputError
from engine.export.child_process import lack_in, run_child
from engine.messages import message
from engine.runs.model_folder import Subject, open_subject
from engine.runs.run import Run

_ROOT = Path(__file__).resolve().parents[2]


def converted(subject: Subject, checkpoint: str, file: Path) -> Generator[None, None, None]:
    """Write `file`; closed meanwhile, nothing goes on. Raises InputError with what the process said at last,
    RunFailure where it lacked disk or memory."""
    paths = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-W", "ignore", "-m", __name__, str(subject.path), checkpoint, str(file)]
    reason = yield from run_child(command, environment={**os.environ, "PYTHONPATH": paths})
    if reason is not None:
        lack = lack_in(reason, file.parent)
        raise lack or InputError(
            message("This model cannot be written as ONNX: {reason}", reason=reason),
            str(subject.path),
            message("Export it as a Hugging Face folder instead."),
        )


def main(arguments: list[str]) -> None:
    """`SUBJECT CHECKPOINT FILE`: the child's side."""
    from engine.export.in_words import answers_in_words, leaving_in_words
    from engine.export.model_loading import model_to_export
    from engine.export.onnx import write_onnx
    from engine.export.reader_onnx import write_reader

    path, checkpoint, file = arguments
    subject = open_subject(Path(path))
    if isinstance(subject, Run) and answers_in_words(subject):
        write_reader(leaving_in_words(subject, checkpoint), Path(file))
    else:
        write_onnx(model_to_export(subject, checkpoint), Path(file))


if __name__ == "__main__":
    main(sys.argv[1:])
