"""Plain results that travel between rooms and threads."""

from __future__ import annotations

from engine.records.answers import WRONG_IF_UNKNOWN, Answers, LabelRule, LeftOut, TargetKind, UnknownLabel
from engine.records.attention import (
    UNCHANGED,
    WHOLE_TEXT,
    Ability,
    AttentionMap,
    AttentionRecord,
    Head,
    HeadFacts,
    Pattern,
    Prediction,
    Switches,
)
from engine.records.batch import BatchPredicted
from engine.records.comparison import Change, ComparedFigure, ComparedGroup, Comparison, Outcome, Pair, Setting
from engine.records.data import DataReport, Finding, Preview, PreviewRows
from engine.records.decision import UNDECIDED, Decision, Promise
from engine.records.export import BUILT_IN, Exported, Format
from engine.records.generation import Sample, Samples, Sweep, SweepPoint
from engine.records.measures import (
    Calibration,
    CheckedPromise,
    Figure,
    Hunt,
    Judge,
    Measures,
    Reliability,
    Similar,
    Slice,
    SliceKind,
    Speed,
    Suspect,
)
from engine.records.reading import AnswerSpan, MeetingMap, ReadAnswer, ReadingTrust, Silence, Word, WordLosses
from engine.records.reasons import METHODS, Attribution, Faithfulness, HeadTable, Method, SwitchEffect, Trust
from engine.records.robustness import ATTACK_METHODS, AttackedText, AttackMethod, Robustness
from engine.records.scored import ScoredRow, ScoredRows, TextSlice
from engine.records.studies import Spread, StudyReport, VariantResult
from engine.records.training import Estimate, Evaluation, Progress

__all__ = [
    "ATTACK_METHODS",
    "BUILT_IN",
    "METHODS",
    "UNCHANGED",
    "UNDECIDED",
    "WHOLE_TEXT",
    "WRONG_IF_UNKNOWN",
    "Ability",
    "AnswerSpan",
    "Answers",
    "AttackMethod",
    "AttackedText",
    "AttentionMap",
    "AttentionRecord",
    "Attribution",
    "BatchPredicted",
    "Calibration",
    "Change",
    "CheckedPromise",
    "ComparedFigure",
    "ComparedGroup",
    "Comparison",
    "DataReport",
    "Decision",
    "Estimate",
    "Evaluation",
    "Exported",
    "Faithfulness",
    "Figure",
    "Finding",
    "Format",
    "Head",
    "HeadFacts",
    "HeadTable",
    "Hunt",
    "Judge",
    "LabelRule",
    "LeftOut",
    "Measures",
    "MeetingMap",
    "Method",
    "Outcome",
    "Pair",
    "Pattern",
    "Prediction",
    "Preview",
    "PreviewRows",
    "Progress",
    "Promise",
    "ReadAnswer",
    "ReadingTrust",
    "Reliability",
    "Robustness",
    "Sample",
    "Samples",
    "ScoredRow",
    "ScoredRows",
    "Setting",
    "Silence",
    "Similar",
    "Slice",
    "SliceKind",
    "Speed",
    "Spread",
    "StudyReport",
    "Suspect",
    "Sweep",
    "SweepPoint",
    "SwitchEffect",
    "Switches",
    "TargetKind",
    "TextSlice",
    "Trust",
    "UnknownLabel",
    "VariantResult",
    "Word",
    "WordLosses",
]
