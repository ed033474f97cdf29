"""no_graph: why a task's model is no plain graph, in words; None where it is one, and ONNX can hold it.

A model that answers questions reads once and points: what makes an answer of that is a small script beside the graph.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.config.tasks.registry import type_of
from engine.config.tasks.task_type import Ability, TaskSpec
from engine.messages import Message, message

_WORD_BY_WORD = message(
    "It writes word by word, each of them by all words before it: that is a program around a model, and no plain graph."
)
_NO_GRAPH: Mapping[Ability, Message] = {
    "transform": _WORD_BY_WORD,
    "write on": _WORD_BY_WORD,
    "chat": _WORD_BY_WORD,
}


def no_graph(task: TaskSpec) -> Message | None:
    """Of a task that answers in words."""
    return next((_NO_GRAPH[one] for one in sorted(type_of(task).says) if one in _NO_GRAPH), None)
