"""The verb that talks: chat. Lines in, answers out; a terminal sees each token as it comes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.command_line.console import say, say_part
from engine.command_line.parser import add_verb
from engine.command_line.printing import answered, print_json
from engine.records import ChatAnswer, Turn, WritingSettings
from engine.runs.run import Run

_QUIT, _ANEW = "/quit", "/new"


def add_chatting_verb(verbs: Any) -> None:
    """Put the verb of this file into the parser."""
    verb = add_verb(verbs, "chat", _chat, "talk with a run: each line is a turn; /new begins anew, /quit ends")
    verb.add_argument("run", type=Path, metavar="RUN", help="the run's folder")
    verb.add_argument(
        "--system", default=None, metavar="TEXT", help="instructions (the most frequent of its dialogues)"
    )
    verb.add_argument(
        "--temperature", type=float, default=0.7, metavar="T", help="below 1: surer; 0: the likeliest (.7)"
    )
    verb.add_argument("--top-k", type=int, default=0, metavar="K", help="choose among the K likeliest tokens (0: all)")
    verb.add_argument("--top-p", type=float, default=0.9, metavar="P", help="choose among the likeliest share (.9)")
    verb.add_argument("--max-tokens", type=int, default=None, metavar="N", help="of one answer (as the run says)")
    verb.add_argument("--seed", type=int, default=0, metavar="S", help="the same seed answers alike (0)")
    verb.add_argument("--checkpoint", default="best", metavar="C", help="best, last or step-N (best)")


def answer_once(run: Run, text: str, checkpoint: str, *, is_json: bool) -> None:
    """What `predict RUN --text T` says of a run that chats."""
    from engine import verbs

    found = answered(verbs.answer_text(run, text, None, checkpoint))
    if is_json:
        print_json(answer_tree(found))
    else:
        say(found.text)


def answer_tree(found: ChatAnswer) -> dict[str, Any]:
    return {"answer": found.text, "tokens": found.num_tokens, "seconds": round(found.seconds, 4)}


def _chat(asked: argparse.Namespace) -> None:
    from engine import verbs

    run = Run.open(asked.run)
    settings = _settings(asked, run)
    first = verbs.usual_instructions(run) if asked.system is None else [Turn("system", asked.system)]
    turns = first = [turn for turn in first if turn.content.strip()]
    for number, line in enumerate(_lines()):
        if line == _ANEW:
            turns = first
            continue
        turns = [*turns, Turn("user", line)]
        found = _answer(run, turns, replace(settings, seed=settings.seed + number), asked)
        turns = [*turns, Turn("assistant", found.text)]
        if found.dropped:
            say(f"{len(found.dropped)} of the first turns no longer fit and were not read.", sys.stderr)


def _settings(asked: argparse.Namespace, run: Run) -> WritingSettings:
    most = asked.max_tokens or int(getattr(run.config.task, "max_new_tokens", 80))
    return WritingSettings(
        temperature=asked.temperature, top_k=asked.top_k, top_p=asked.top_p, seed=asked.seed, max_tokens=most
    )


def _lines() -> Iterator[str]:
    """What is typed, until /quit or the end; blank lines say nothing. Whoever types is asked for the next one."""
    is_typed = sys.stdin.isatty() and sys.stderr.isatty()
    while True:
        if is_typed:
            say_part("> ", sys.stderr)
        line = sys.stdin.readline()
        if not line or line.strip() == _QUIT:
            return
        if line.strip():
            yield line.strip()


def _answer(run: Run, turns: list[Turn], settings: WritingSettings, asked: argparse.Namespace) -> ChatAnswer:
    from engine import verbs

    answering = verbs.chat(run, turns, settings, asked.checkpoint)
    if asked.json:
        found = answered(answering)
        print_json(answer_tree(found))
        return found
    told = ""
    while True:
        try:
            partial = next(answering).partial
        except StopIteration as end:
            whole: ChatAnswer = end.value
            say(whole.text[len(told) :] if whole.text.startswith(told) else whole.text)
            return whole
        if isinstance(partial, ChatAnswer) and partial.text.startswith(told) and not partial.text.endswith("\ufffd"):
            say_part(partial.text[len(told) :])
            told = partial.text
