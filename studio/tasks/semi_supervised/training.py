"""The training page of runs with few labels: that of any sorting, with the generator beside the model."""

from __future__ import annotations

from dataclasses import replace

from engine.messages import message
from studio.tasks.classification.training import TRAINING as OF_SORTING
from studio.tasks.judgement import MODEL, WRITER

TRAINING = replace(
    OF_SORTING,
    players=(MODEL, WRITER),
    player_names={**OF_SORTING.player_names, WRITER: message("generator")},
    player_colors={**OF_SORTING.player_colors, WRITER: "s5"},
)
