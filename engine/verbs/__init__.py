"""All that a person can ask of the engine. Two doors open on it: the command line and the window's workers."""

from __future__ import annotations

from datasets import disable_progress_bars
from transformers.utils import logging as transformers_logging

from engine.verbs.beginning import (
    RECIPES,
    create,
    diagnose,
    estimate,
    first_lines,
    first_look,
    guessed_target,
    load_config,
    preview,
    preview_rows,
    recipes,
    with_guessed_target,
)
from engine.verbs.correcting import correct, hunt, similar, suspects, undo_correction
from engine.verbs.exporting import export, predict_file
from engine.verbs.judging import (
    attack,
    calibrate,
    compare,
    counted,
    evaluate,
    examine,
    left_out,
    measure,
    promise,
    report,
    slices,
    speed,
)
from engine.verbs.looking import (
    attend,
    attribute,
    exact_map,
    faithfulness,
    heads,
    importance,
    predict,
    rollout,
    switch_effect,
    textless,
    trust,
)
from engine.verbs.running import Training, resume, train
from engine.verbs.studying import ablate, create_ablation, study_report
from engine.verbs.writing import generate, sweep

# Events tell the progress; the libraries' own bars would run across the command line's answers.
disable_progress_bars()
transformers_logging.disable_progress_bar()

__all__ = [
    "RECIPES",
    "Training",
    "ablate",
    "attack",
    "attend",
    "attribute",
    "calibrate",
    "compare",
    "correct",
    "counted",
    "create",
    "create_ablation",
    "diagnose",
    "estimate",
    "evaluate",
    "exact_map",
    "examine",
    "export",
    "faithfulness",
    "first_lines",
    "first_look",
    "generate",
    "guessed_target",
    "heads",
    "hunt",
    "importance",
    "left_out",
    "load_config",
    "measure",
    "predict",
    "predict_file",
    "preview",
    "preview_rows",
    "promise",
    "recipes",
    "report",
    "resume",
    "rollout",
    "similar",
    "slices",
    "speed",
    "study_report",
    "suspects",
    "sweep",
    "switch_effect",
    "textless",
    "train",
    "trust",
    "undo_correction",
    "with_guessed_target",
]
