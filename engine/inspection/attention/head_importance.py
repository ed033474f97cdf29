"""What heads are worth: the change of precision, recall and the rest when they are switched off, on labelled rows.

Both answers are generators: they say how far they have come after every batch, with what is known by then, and stop
where they are when they are closed. Michel 2019 ("Are sixteen heads really better than one?", section 3.2) measures
heads in this way.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence

import numpy as np

from engine.data.tokens.batches import Batch
from engine.inspection.prediction.labelled_rows import LabelledRows, answers, answers_before
from engine.inspection.subjects.loaded_models import Trained
from engine.metrics.paired import PairedBootstrap
from engine.models.lens import Lens
from engine.models.mechanisms import refuse_unable
from engine.models.stages import Course, divide, first_changed
from engine.records import Head, HeadTable, Progress, SwitchEffect, Switches

_GROWTH = 1.25
"""What is known is summed up again when there are so many times more rows."""

_EQUAL = 1e-5
"""Answers of a shortened pass and of a whole one differ by less, or the passes of this model are not shortened."""

_BREATH = 0.06

Answers = Sequence[np.ndarray]


def switch_effect(trained: Trained, rows: LabelledRows, switches: Switches) -> Generator[Progress, None, SwitchEffect]:
    """What `switches` cost on the rows; `partial` is the effect on the rows read so far. Raises InputError."""
    refuse_unable(switches, trained.mechanism)
    total = 2 * len(rows.batches)
    before: list[np.ndarray] = []
    after: list[np.ndarray] = []
    effect: SwitchEffect | None = None
    for number, batch in enumerate(rows.batches):
        before.append(answers_before(trained, rows, number))
        yield Progress(2 * number + 1, total, effect)
        after.append(answers(trained, batch, Lens(switches)))
        if effect is None or _count(after) > _GROWTH * effect.num_rows:
            effect = _effect(_bootstrap(rows, before), switches, after, rows.split)
        yield Progress(2 * number + 2, total, effect)
    return _effect(_bootstrap(rows, before), switches, after, rows.split)


def head_table(trained: Trained, rows: LabelledRows) -> Generator[Progress, None, HeadTable]:
    """Every head of every map switched off alone; `partial` is the table of the heads and rows measured so far.

    Raises InputError for a model whose heads cannot be switched off.
    """
    refuse_unable(Switches(muted=frozenset({("", 0, 0)})), trained.mechanism)
    before: list[np.ndarray] = []
    after: dict[Head, list[np.ndarray]] = {}
    table: HeadTable | None = None
    is_shortened = divide(trained.model) > 0
    for number, batch in enumerate(rows.batches):
        course, lens = Course(), Lens()
        with course.recorded():
            rows.before[number] = answers(trained, batch, lens)
        before.append(rows.before[number])
        heads = _heads(lens)
        done, total = number * len(heads), len(rows.batches) * len(heads)
        is_shortened = is_shortened and (number > 0 or _agrees(trained, batch, heads[-1], course))
        for head in heads:
            found = _shortened(trained, batch, head, course) if is_shortened else _whole(trained, batch, head)
            after.setdefault(head, []).append(found)
            done += 1
            if number == 0:
                table = _with(table, _effect(_bootstrap(rows, before), _off(head), after[head], rows.split))
            yield Progress(done, total, table)
        if number > 0 and table is not None and _count(before) > _GROWTH * table.num_rows:
            table = yield from _summed_up(rows, before, after, Progress(done, total, table))
    assert table is not None, "there are rows and heads"
    if table.num_rows < _count(before):
        table = yield from _summed_up(rows, before, after, Progress(total, total, table))
    return table


def _summed_up(
    rows: LabelledRows, before: Answers, after: dict[Head, list[np.ndarray]], known: Progress
) -> Generator[Progress, None, HeadTable]:
    """The table of all rows read so far; says what is `known` while it is made."""
    bootstrap = _bootstrap(rows, before)
    effects = []
    breathed = time.perf_counter()
    for head, found in after.items():
        effects.append(_effect(bootstrap, _off(head), found, rows.split))
        if time.perf_counter() - breathed > _BREATH:
            breathed = time.perf_counter()
            yield known
    return _table(effects)


def _with(table: HeadTable | None, effect: SwitchEffect) -> HeadTable:
    return _table([*(table.effects if table else ()), effect])


def _table(effects: Iterable[SwitchEffect]) -> HeadTable:
    ranked = sorted(effects, key=_cost, reverse=True)
    return HeadTable(tuple(ranked), ranked[0].before, ranked[0].num_rows, ranked[0].split)


def _cost(effect: SwitchEffect) -> float:
    """The true label's probability that is lost; of numbers the squared error that is added."""
    return -effect.change["probability"] if "probability" in effect.change else effect.change["mse"]


def _bootstrap(rows: LabelledRows, before: Answers) -> PairedBootstrap:
    found = np.concatenate(before)
    return PairedBootstrap(found, rows.truths[: len(found)], rows.labels, rows.positive_label, seed=rows.seed)


def _effect(bootstrap: PairedBootstrap, switches: Switches, after: Answers, split: str) -> SwitchEffect:
    found = bootstrap.compare(np.concatenate(after))
    return SwitchEffect(
        switches, found.before, found.after, found.change, found.intervals, num_rows=_count(after), split=split
    )


def _count(answered: Answers) -> int:
    return sum(len(part) for part in answered)


def _heads(lens: Lens) -> list[Head]:
    """Every head that passed by a lens."""
    return [
        (name, layer, head)
        for name, (num_layers, num_heads) in lens.shapes.items()
        for layer in range(num_layers)
        for head in range(num_heads)
    ]


def _off(head: Head) -> Switches:
    return Switches(muted=frozenset({head}))


def _whole(trained: Trained, batch: Batch, head: Head) -> np.ndarray:
    return answers(trained, batch, Lens(_off(head)))


def _shortened(trained: Trained, batch: Batch, head: Head, course: Course) -> np.ndarray:
    """The same from the head's layer on; what lies before it is known."""
    first, num_skipped = first_changed(trained.model, head[0], head[1])
    with course.shortened(first):
        return answers(trained, batch, Lens(_off(head), num_skipped=num_skipped))


def _agrees(trained: Trained, batch: Batch, head: Head, course: Course) -> bool:
    short, whole = _shortened(trained, batch, head, course), _whole(trained, batch, head)
    return bool(np.allclose(short, whole, rtol=_EQUAL, atol=_EQUAL))
