"""Role: what a column of the data may be for a task. A task names those that it needs (`TaskType.roles`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.messages import Message, message


@dataclass(frozen=True)
class Role:
    """`key` is its name in files ("data.columns.KEY") and that of a split's column. `title` stands above a column that
    plays it, `content` is what such a column holds; `not_found` and `wanted` are said where none does. `column_names`
    tell it, the most telling first. Texts (`is_text`) are read, other roles tell what is true of them. `may_be_empty`:
    a row without it is a row all the same. `looks` tells texts of several roles apart where names do not: "long" ones,
    "short" ones, ones with a "question" mark; "any" are taken in the order of the columns.
    `is_wanted`: the right answer, which nobody needs to be asked something. `holds_turns`: its cells are
    dialogues, as `data.columns.dialogues` has them. `stays_together`: rows with the same one are not divided between
    training and what is measured on."""

    key: str
    title: Message
    content: Message
    not_found: Message
    wanted: Message
    column_names: tuple[str, ...]
    is_text: bool = True
    may_be_empty: bool = False
    looks: Literal["any", "long", "short", "question"] = "any"
    is_wanted: bool = False
    holds_turns: bool = False
    stays_together: bool = False


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
QUESTION = Role(
    "question",
    title=message("Question"),
    content=message("questions"),
    not_found=message("No column of questions was found."),
    wanted=message("Say which column holds the questions: click the chip above it."),
    column_names=("question", "questions", "query", "问题", "提问"),
    looks="question",
)
CONTEXT = Role(
    "context",
    title=message("Passage"),
    content=message("passages"),
    not_found=message("No column of passages was found."),
    wanted=message("Say which column holds the passages: click the chip above it."),
    column_names=(
        *("context", "passage", "paragraph", "document", "article", "text", "content", "body"),
        *("上下文", "段落", "文章", "原文"),
    ),
    looks="long",
    stays_together=True,
)
ANSWER = Role(
    "answer",
    title=message("Answer"),
    content=message("answers"),
    not_found=message("No column of answers was found."),
    wanted=message("Say which column holds the answers: click the chip above it."),
    column_names=("answer", "answers", "answer_text", "response", "span", "答案", "回答"),
    may_be_empty=True,
    looks="short",
    is_wanted=True,
)
SOURCE = Role(
    "source",
    title=message("From"),
    content=message("texts to turn into others"),
    not_found=message("No column of texts to begin with was found."),
    wanted=message("Say which column holds the texts to begin with: click the chip above it."),
    column_names=(
        *("source", "src", "input", "original", "dialogue", "article", "document", "text"),
        *("源文", "原文", "输入", "正文"),
    ),
)
TARGET = Role(
    "target",
    title=message("To"),
    content=message("texts to write"),
    not_found=message("No column of texts to write was found."),
    wanted=message("Say which column holds the texts to write: click the chip above it."),
    column_names=(
        *("target", "tgt", "output", "translation", "summary", "highlights", "headline", "title"),
        *("译文", "目标", "输出", "摘要"),
    ),
    is_wanted=True,
)
DIALOGUE = Role(
    "dialogue",
    title=message("Dialogue"),
    content=message("dialogues"),
    not_found=message("No column of dialogues was found."),
    wanted=message("Say which column holds the dialogues: click the chip above it."),
    column_names=("dialogue", "messages", "conversations", "conversation", "turns", "dialog", "chat", "对话", "会话"),
    holds_turns=True,
)

ROLES: Mapping[str, Role] = {one.key: one for one in (TEXT, LABEL, QUESTION, CONTEXT, ANSWER, SOURCE, TARGET, DIALOGUE)}
"""Every role by its key."""
