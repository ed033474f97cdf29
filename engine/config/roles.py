"""Role: what a column of the data may be for a task. A task names those that it needs (`TaskType.roles`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.messages import Message, message


@dataclass(frozen=True)
class Role:
    """`key` is its name in files ("data.columns.KEY") and that of a split's column. `title` stands above a column that
    plays it, `content` is what such a column holds; `not_found` and `wanted` are said where none does. `column_names`
    tell it, the most telling first. Texts (`is_text`) are read, other roles tell what is true of them."""

    key: str
    title: Message
    content: Message
    not_found: Message
    wanted: Message
    column_names: tuple[str, ...]
    is_text: bool = True


TEXT = Role(
    "text",
    title=message("Text"),
    content=message("texts"),
    not_found=message("No column of texts was found."),
    wanted=message("Say which column holds the texts: click the chip above it."),
    column_names=(
        *("text", "sentence", "review", "content", "message", "sms", "comment", "tweet", "body", "document"),
        *("question", "title", "utterance", "文本", "内容", "评论", "句子", "正文"),
    ),
)
LABEL = Role(
    "label",
    title=message("Label"),
    content=message("labels"),
    not_found=message("No column of labels was found."),
    wanted=message("Say which column holds the labels: click the chip above it."),
    column_names=(
        *("label", "labels", "category", "class", "sentiment", "target", "intent", "polarity", "tag", "y", "topic"),
        *("标签", "类别", "情感", "分类"),
    ),
    is_text=False,
)

ROLES: Mapping[str, Role] = {one.key: one for one in (TEXT, LABEL)}
"""Every role by its key."""
