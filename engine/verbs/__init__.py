"""All that a person can ask of the engine, each verb from the room that answers it. Two doors open on it: the command
line and the window's workers."""

from __future__ import annotations

from datasets import disable_progress_bars
from transformers.utils import logging as transformers_logging

from engine.export.export import export
from engine.inspection.chat.leaning import leaned_on
from engine.inspection.chat.talking import answer_text, chat, chat_room, usual_instructions
from engine.inspection.comparison.compare import compare
from engine.inspection.evaluation.bag_of_words import bag_of_words_answers as counted
from engine.inspection.evaluation.calibrate import calibrate
from engine.inspection.evaluation.evaluate import evaluate
from engine.inspection.evaluation.examine import examine
from engine.inspection.evaluation.examined_rows import left_out_of as left_out
from engine.inspection.evaluation.measure import measure
from engine.inspection.evaluation.precision_guarantee import promise
from engine.inspection.evaluation.robustness import robustness as attack
from engine.inspection.evaluation.score_rows import score_rows
from engine.inspection.evaluation.slices import slices
from engine.inspection.evaluation.throughput import throughput as speed
from engine.inspection.generation.generators import generate, sweep
from engine.inspection.labels.corrections import correct
from engine.inspection.labels.corrections import undo as undo_correction
from engine.inspection.labels.label_errors import find_label_errors as hunt
from engine.inspection.labels.label_errors import suspects
from engine.inspection.labels.near_duplicates import near_duplicates as similar
from engine.inspection.prediction.batch_answers import predict_file
from engine.inspection.reporting.report import report
from engine.studies.table import study_report
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
from engine.verbs.studying import ablate, create_ablation

# Events tell the progress; the libraries' own bars would run across the command line's answers.
disable_progress_bars()
transformers_logging.disable_progress_bar()

__all__ = [
    "RECIPES",
    "Training",
    "ablate",
    "answer_text",
    "attack",
    "attend",
    "attribute",
    "calibrate",
    "chat",
    "chat_room",
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
    "leaned_on",
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
    "score_rows",
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
    "usual_instructions",
    "with_guessed_target",
]
