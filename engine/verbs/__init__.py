"""All that a person can ask of the engine, each verb from the room that answers it. Two doors open on it: the command
line and the window's workers."""

from __future__ import annotations

from datasets import disable_progress_bars
from transformers.utils import logging as transformers_logging

from engine.export.export import export
from engine.inspection.chat.leaning import leaned_on
from engine.inspection.chat.talking import answer_text, chat, chat_room, usual_instructions
from engine.inspection.comparison.compare import compare
from engine.inspection.counting.occurrences import occurrences
from engine.inspection.counting.speaking import speaking_words
from engine.inspection.evaluation.bag_of_words import bag_of_words_answers as counted
from engine.inspection.evaluation.calibrate import calibrate
from engine.inspection.evaluation.evaluate import evaluate
from engine.inspection.evaluation.examine import examine
from engine.inspection.evaluation.examined_rows import left_out_of as left_out
from engine.inspection.evaluation.measure import measure
from engine.inspection.evaluation.precision_guarantee import promise
from engine.inspection.evaluation.robustness import robustness as attack
from engine.inspection.evaluation.score_rows import score_rows
from engine.inspection.evaluation.scored_table import save_scored_rows
from engine.inspection.evaluation.slices import slices
from engine.inspection.evaluation.text_slices import text_slices
from engine.inspection.evaluation.throughput import throughput as speed
from engine.inspection.generation.generators import generate, sweep
from engine.inspection.labelling.beginning import begin_labelling
from engine.inspection.labelling.files import contradiction, export_labels, import_labels, labelled_files
from engine.inspection.labelling.learning import learn_labels
from engine.inspection.labelling.queue import labelling_queue
from engine.inspection.labels.corrections import correct
from engine.inspection.labels.corrections import undo as undo_correction
from engine.inspection.labels.label_errors import find_label_errors as hunt
from engine.inspection.labels.label_errors import suspects
from engine.inspection.labels.near_duplicates import near_duplicates as similar
from engine.inspection.prediction.batch_answers import predict_file
from engine.inspection.reading.answer import answer_question
from engine.inspection.reading.influence import question_losses, reading_trust
from engine.inspection.reading.silence import promise_silence
from engine.inspection.reporting.report import report
from engine.inspection.translation.alignment_trust import alignment_trust
from engine.inspection.translation.leaving_out import leave_out
from engine.inspection.translation.search_worth import search_worth
from engine.inspection.translation.translate import translate
from engine.inspection.writing.copied import copied
from engine.inspection.writing.figures import writing_figures
from engine.inspection.writing.looked_at import looked_at
from engine.inspection.writing.surprise import surprise
from engine.inspection.writing.write import distribution, write
from engine.metrics.summed_figures import figures as text_figures
from engine.studies.search_record import search_record
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
from engine.verbs.studying import ablate, create_ablation, create_best, create_search, find_best, go_on, search

# Events tell the progress; the libraries' own bars would run across the command line's answers.
disable_progress_bars()
transformers_logging.disable_progress_bar()

__all__ = [
    "RECIPES",
    "Training",
    "ablate",
    "alignment_trust",
    "answer_question",
    "answer_text",
    "attack",
    "attend",
    "attribute",
    "begin_labelling",
    "calibrate",
    "chat",
    "chat_room",
    "compare",
    "contradiction",
    "copied",
    "correct",
    "counted",
    "create",
    "create_ablation",
    "create_best",
    "create_search",
    "diagnose",
    "distribution",
    "estimate",
    "evaluate",
    "exact_map",
    "examine",
    "export",
    "export_labels",
    "faithfulness",
    "find_best",
    "first_lines",
    "first_look",
    "generate",
    "go_on",
    "guessed_target",
    "heads",
    "hunt",
    "import_labels",
    "importance",
    "labelled_files",
    "labelling_queue",
    "leaned_on",
    "learn_labels",
    "leave_out",
    "left_out",
    "load_config",
    "looked_at",
    "measure",
    "occurrences",
    "predict",
    "predict_file",
    "preview",
    "preview_rows",
    "promise",
    "promise_silence",
    "question_losses",
    "reading_trust",
    "recipes",
    "report",
    "resume",
    "rollout",
    "save_scored_rows",
    "score_rows",
    "search",
    "search_record",
    "search_worth",
    "similar",
    "slices",
    "speaking_words",
    "speed",
    "study_report",
    "surprise",
    "suspects",
    "sweep",
    "switch_effect",
    "text_figures",
    "text_slices",
    "textless",
    "train",
    "translate",
    "trust",
    "undo_correction",
    "usual_instructions",
    "with_guessed_target",
    "write",
    "writing_figures",
]
