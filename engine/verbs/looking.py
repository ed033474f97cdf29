"""One answer to one text, where the model looks, and why."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from engine.config.data import Source
from engine.inspection.attention import attend as looking
from engine.inspection.attention import head_importance as head_effects
from engine.inspection.attention import rollout as rolling
from engine.inspection.attribution import attribute as reasons
from engine.inspection.attribution import faithfulness as many_texts
from engine.inspection.attribution import trust as one_text
from engine.inspection.attribution.attribution_target import Answering, ask
from engine.inspection.attribution.gradients import importance_of_heads
from engine.inspection.evaluation.examined_rows import textless_in
from engine.inspection.prediction.labelled_rows import labelled_rows
from engine.inspection.prediction.texts_with_evidence import evidence_of, texts_of
from engine.inspection.subjects.loaded_models import trained
from engine.records import (
    UNCHANGED,
    AttentionMap,
    AttentionRecord,
    Attribution,
    Faithfulness,
    Head,
    HeadTable,
    LeftOut,
    Method,
    Prediction,
    Progress,
    SwitchEffect,
    Switches,
)
from engine.runs.model_folder import Subject


def predict(subject: Subject, text: str, checkpoint: str = "best") -> Prediction:
    """The answer of a run's checkpoint, or of another model, to one text."""
    return looking.attend(trained(subject, checkpoint), text).prediction


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


def textless(subject: Subject, source: Source) -> tuple[LeftOut, ...]:
    """The rows of a file that have no text to look into."""
    return textless_in(subject, source)


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
